"""`Examination`: every answer about the forecasts of one category, as numbers and codes.

One shape for anyone's forecasts: a study's own, a vendor's files, a promise in a log. What was not
asked is None or empty.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from veedor.statistics.estimates import Estimate, TestResult
from veedor.verification.area_swept import AreaSwept
from veedor.verification.changes import SkillChange
from veedor.verification.concentration import ForecastConcentration
from veedor.verification.confidence_set import ConfidenceSet
from veedor.verification.corp import BrierDecomposition
from veedor.verification.coverage import GroupCoverage
from veedor.verification.group_sums import SumCalibration
from veedor.verification.judging import Judged, judge_family
from veedor.verification.paired_tests import PairedGain
from veedor.verification.places import CapturedAt
from veedor.verification.reliability import MeanReliability, ReliabilityCurve
from veedor.verification.sequential import EProcess
from veedor.verification.stability import FlagStability
from veedor.verification.total_number import NumberTest


class TriedPeriods(msgspec.Struct, frozen=True, kw_only=True):
    """Periods, each once, local ISO 8601.

    `forecast_again` counts the forecasts of a period from an earlier issue time, which only skill
    by lead time looks at.
    """

    start: tuple[str, ...]
    end: tuple[str, ...]
    forecast_again: int


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents recorded in the periods: in the cells, without a place, and outside of them."""

    inside: int
    unlocated: int
    outside: int
    by_period: tuple[int, ...]


class PeriodSeries(msgspec.Struct, frozen=True, kw_only=True):
    """One forecaster, period by period.

    `expected`, `low` and `high` are of the total of all cells, the interval 95%; `log_score` is the
    mean over cells; `captured` the share of incidents in 5% of the area, None without incidents.
    """

    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    log_score: tuple[float, ...]
    captured: tuple[float | None, ...]


class LevelCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How often central intervals of one level held, of single cells and of the totals."""

    level: float
    cells: Estimate
    totals: Estimate


class ZoneCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Coverage of the cells of one zone."""

    zone: str
    coverage: GroupCoverage


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the uncertainty that is stated is the uncertainty there is.

    Parameters
    ----------
    pit, randomised_pit : tuple of float
        Heights of the PIT histogram's bars, 1 where calibrated.
    coverage : tuple of LevelCoverage
    coverage_by_level : tuple of GroupCoverage
        By the level of the forecast.
    coverage_by_zone : tuple of ZoneCoverage
    means : tuple of MeanReliability
        Recorded where so much was expected.
    sums : SumCalibration
    brier : BrierDecomposition
        Of at least one incident.
    reliability : ReliabilityCurve
        Of at least one incident.
    """

    pit: tuple[float, ...]
    randomised_pit: tuple[float, ...]
    coverage: tuple[LevelCoverage, ...]
    coverage_by_level: tuple[GroupCoverage, ...]
    coverage_by_zone: tuple[ZoneCoverage, ...]
    means: tuple[MeanReliability, ...]
    sums: SumCalibration
    brier: BrierDecomposition
    reliability: ReliabilityCurve


class Consistency(msgspec.Struct, frozen=True, kw_only=True):
    """Whether what was recorded is compatible with the forecast: N-, L-, CL- and S-test."""

    number: NumberTest
    likelihood: TestResult
    conditional_likelihood: TestResult
    space: TestResult

    @property
    def tests(self) -> dict[str, TestResult]:
        """The tests, by the names of their fields."""
        return {
            "number": self.number.result,
            "likelihood": self.likelihood,
            "conditional_likelihood": self.conditional_likelihood,
            "space": self.space,
        }


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """One forecaster, by itself.

    Parameters
    ----------
    forecaster : str
    scores : dict of str to Estimate
        Means over cells and periods, by the names of `veedor.verification.SCORES`.
    totals_stated : bool
        Whether the uncertainty of totals is its maker's; otherwise cells are taken as independent.
    by_period : PeriodSeries or None
    calibration : Calibration or None
    consistency : Consistency or None
    """

    forecaster: str
    scores: dict[str, Estimate]
    totals_stated: bool
    by_period: PeriodSeries | None = None
    calibration: Calibration | None = None
    consistency: Consistency | None = None


class GainByPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """Information gain of each period in nats, and its variance if either forecast were right.

    `per_incident` is None in periods without incidents.
    """

    gain: tuple[float, ...]
    per_incident: tuple[float | None, ...]
    variance_if_reference: tuple[float, ...]
    variance_if_forecast: tuple[float, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence that may be looked at after every period, for either side."""

    better: EProcess
    worse: EProcess


class SkillWhere(msgspec.Struct, frozen=True, kw_only=True):
    """Information gain per incident by lead time, month and, where zones are given, zone."""

    lead_time: dict[str, Estimate]
    month: dict[str, Estimate]
    zone: dict[str, Estimate]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One forecaster beside the reference.

    Parameters
    ----------
    forecaster : str
    gain : Judged
        Information gain, nats per incident.
    gain_at_same_totals : Judged or None
        Of the means as Poisson rates, scaled to the reference's totals: of places alone.
    by_period : GainByPeriod
    paired : PairedGain or None
        T- and W-test.
    diebold_mariano : dict of str to TestResult
        By score.
    e_process : Evidence or None
    change : SkillChange or None
    skill : SkillWhere or None
    """

    forecaster: str
    gain: Judged
    by_period: GainByPeriod
    gain_at_same_totals: Judged | None = None
    paired: PairedGain | None = None
    diebold_mariano: dict[str, TestResult] = {}
    e_process: Evidence | None = None
    change: SkillChange | None = None
    skill: SkillWhere | None = None


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """How well each forecast, chance and the oracle (what was recorded) rank places."""

    captured: tuple[CapturedAt, ...] = ()
    area_swept: tuple[AreaSwept, ...] = ()
    stability: tuple[FlagStability, ...] = ()
    concentration: tuple[ForecastConcentration, ...] = ()


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """All forecasts of one category, examined.

    Parameters
    ----------
    category : str
    reference : str
        The forecaster that the others are compared with.
    reference_made : bool
        Whether veedor made its forecasts, from the record before each data cut-off.
    cells : int
    periods : TriedPeriods
    recorded : Recorded
    forecasters : tuple of Examined
        The reference first.
    places : Places
    comparisons : tuple of Comparison
        Each forecaster but the reference.
    best : dict of str to ConfidenceSet
        Forecasters that cannot be told from the best, by score; empty for one alone.
    """

    category: str
    reference: str
    reference_made: bool
    cells: int
    periods: TriedPeriods
    recorded: Recorded
    forecasters: tuple[Examined, ...]
    places: Places = Places()
    comparisons: tuple[Comparison, ...] = ()
    best: dict[str, ConfidenceSet] = {}

    def of(self, forecaster: str) -> Examined:
        """Return one forecaster's part."""
        return next(one for one in self.forecasters if one.forecaster == forecaster)


def judged_together(examinations: Sequence[Examination]) -> tuple[Examination, ...]:
    """Give verdicts that hold together over all forecasters and categories; see `judge_family`.

    Gains are one family, gains at the same totals another.
    """
    rows = [row for one in examinations for row in one.comparisons]
    gains = iter(judge_family([row.gain for row in rows]))
    scaled = iter(
        judge_family([row.gain_at_same_totals for row in rows if row.gain_at_same_totals])
    )
    return tuple(
        replace(
            one,
            comparisons=tuple(
                replace(
                    row,
                    gain=next(gains),
                    gain_at_same_totals=next(scaled) if row.gain_at_same_totals else None,
                )
                for row in one.comparisons
            ),
        )
        for one in examinations
    )
