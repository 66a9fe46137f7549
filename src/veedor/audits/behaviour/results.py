"""`BehaviourAudit`: what the audit found, as numbers and codes."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import msgspec

from veedor.audits.audit import Audit
from veedor.audits.behaviour.design import Question
from veedor.audits.behaviour.lows import LowPeriod
from veedor.audits.behaviour.panel import Role
from veedor.audits.behaviour.segmented import Segmented
from veedor.statistics.estimates import Estimate

#: What the audit says: of a comparison alone. ``none`` of a published study's design.
Verdict: TypeAlias = Literal["change", "no_change_detectable", "cannot_tell", "none"]
#: Why nothing can be told: ``lows`` that nobody declared, in sensitive series and controls alike;
#: negative controls that ``moved`` too; series that ``differ`` too much in what they did; placebos
#: ``in_space`` or ``in_time`` as large.
Reason: TypeAlias = Literal["lows", "moved", "differ", "in_space", "in_time"]
#: What was left out to see whether the answer stays.
LeftKind: TypeAlias = Literal["series", "period", "last"]


class SeriesUsed(msgspec.Struct, frozen=True):
    """How many series of a role there are, and how many of them enter.

    Parameters
    ----------
    role : str
    given, used : int
    small : int
        Set aside: a count below 10 in a period that enters.
    short : int
        Set aside: fewer than 8 periods with a value on a side.
    """

    role: Role
    given: int
    used: int
    small: int
    short: int


class Placebo(msgspec.Struct, frozen=True):
    """A fake event, or a control as if it were sensitive.

    Parameters
    ----------
    name : str
        The period, or the series.
    studentised : float
        Size of the level's change in its own errors.
    """

    name: str
    studentised: float


class Placebos(msgspec.Struct, frozen=True):
    """The change beside changes where there can be none.

    Parameters
    ----------
    studentised : float
        Of the change itself.
    placebos : tuple of Placebo
    p_value : float or None
        (1 + as large or larger) / (1 + placebos); None without any.
    """

    studentised: float
    placebos: tuple[Placebo, ...]
    p_value: float | None


class SingleSeries(msgspec.Struct, frozen=True):
    """A sensitive series by itself, beside the controls.

    Parameters
    ----------
    name : str
    level : Estimate
        Change at the event, as a ratio.
    p_value, q_value : float
        The second adjusted for the number of series: smallest false discovery rate that names it.
    """

    name: str
    level: Estimate
    p_value: float
    q_value: float


class LeftOut(msgspec.Struct, frozen=True):
    """The change of the level when something is left out.

    Parameters
    ----------
    kind : str
    name : str
        Of the series or period; how many of the last periods.
    ratio : float
    p_value : float
    """

    kind: LeftKind
    name: str
    ratio: float
    p_value: float


class Course(msgspec.Struct, frozen=True):
    """What is drawn: sensitive series by controls, 1 being their mean before the event.

    Parameters
    ----------
    periods : tuple of str
        All of them.
    entered : tuple of bool
    ratio : tuple of float or None
        None where it is missing.
    expected : tuple of float or None
        As it would have gone on without the event: the fitted line without its change.
    low, high : tuple of float or None
        The fitted line without each end of the change's interval; None before the event.
    fitted : tuple of float or None
    """

    periods: tuple[str, ...]
    entered: tuple[bool, ...]
    ratio: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    fitted: tuple[float | None, ...]


class Pooled(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison of all sensitive series with all controls.

    Parameters
    ----------
    course : Course
    p_value, p_value_of_others : float
        Of no change of the level: of these series, and of others like them.
    autocorrelation : float
        Mean by weight.
    autocorrelation_reml : float
    freedom : int
        Periods less coefficients.
    pairs : int
        Of harmonics.
    detectable_fall, detectable_rise : float
        Ratios of the level that would have been found with 80%.
    between : float or None
        Standard deviation by which the levels' changes of sensitive series differ, as a logarithm;
        None of one series.
    in_time, in_space : Placebos
    left_out : tuple of LeftOut
    negative_p : float or None
        Of the negative controls against the controls; None without any.
    """

    course: Course
    p_value: float
    p_value_of_others: float
    autocorrelation: float
    autocorrelation_reml: float
    freedom: int
    pairs: int
    detectable_fall: float
    detectable_rise: float
    between: float | None
    in_time: Placebos
    in_space: Placebos
    left_out: tuple[LeftOut, ...]
    negative_p: float | None


class BehaviourAudit(Audit, frozen=True, kw_only=True, tag="behaviour"):
    """What the audit found.

    Parameters
    ----------
    table : str
    question : Question
    unit : str
        Of the periods.
    first_after : str
        The first period after the event.
    before, after : int
        Periods that enter.
    series : tuple of SeriesUsed
    verdict : str
    reasons : tuple of str
        Why nothing can be told.
    lows : tuple of LowPeriod
    pooled : Pooled or None
    single : tuple of SingleSeries
    segmented : Segmented or None
        Of a published study's design.
    """

    newest_schema: ClassVar[int] = 1

    table: str
    question: Question
    unit: str
    first_after: str
    before: int
    after: int
    series: tuple[SeriesUsed, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]
    lows: tuple[LowPeriod, ...]
    pooled: Pooled | None
    single: tuple[SingleSeries, ...]
    segmented: Segmented | None
