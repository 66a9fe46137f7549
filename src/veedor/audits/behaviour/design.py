"""`Question`: what is asked of the series; and the columns of the regression that answers it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import msgspec
import numpy as np
import pyarrow as pa

from veedor.areas.layouts.periods import first_days
from veedor.areas.spans import Spans
from veedor.arrays import Bools, Floats, Ints
from veedor.audits.behaviour.lows import Lows
from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown
from veedor.tables.personal import Screen

Design: TypeAlias = Literal["comparative", "ols", "poisson", "quasi-poisson"]
DESIGNS: tuple[Design, ...] = get_args(Design)
Shape: TypeAlias = Literal["level", "level-and-slope"]
#: Points that each side of the event needs.
FEWEST_POINTS = 8
#: Pairs of harmonics of the year, and from how many years before the event on.
_PAIRS, _YEARS = 2, 2.0
_A_YEAR = {"day": 365.25, "week": 365.25 / 7.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
_FEWEST_WORDS = 4


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked.

    Parameters
    ----------
    event : str
        Day or period: the period that it lies in is the first after.
    because : str
        Why, written before the series are looked at, people may have changed what they do.
    anticipation : int
        Periods before the event that are left out, in which people may have known.
    design : str
        ``comparative``, or a published study's: ``ols``, ``poisson``, ``quasi-poisson``.
    shape : str
        ``level-and-slope`` or ``level``.
    harmonics : int or None
        Pairs for the season; None for two where there are two years before the event.
    ramp_from : int
        Value of the ramp in the first period after the event.
    lows : str or None
        What values are that fall below half of what is usual: ``counted`` or ``missing``.
    level : float
        Of intervals.

    Raises
    ------
    StudyError
        If one cannot be, or no reason is given.
    PersonalDataRefusal
        If the reason, which is printed, holds an identifier of a person.
    """

    event: str
    because: str
    anticipation: int = 0
    design: Design = "comparative"
    shape: Shape = "level-and-slope"
    harmonics: int | None = None
    ramp_from: int = 0
    lows: Lows | None = None
    level: float = 0.95

    def __post_init__(self) -> None:
        if len(self.because.split()) < _FEWEST_WORDS:
            raise StudyError(
                "A reason must be written why people may have changed what they do.",
                found=shown(self.because) or phrase("none"),
                where=phrase("--because"),
                remedy="say what became known, to whom, and what they may then have avoided; it is "
                "printed with the result",
            )
        screen = Screen("text", "--because", places=True)
        screen.look(pa.array([self.because]))
        screen.refuse()
        if not 0.0 < self.level < 1.0:
            raise StudyError("A level must be between 0 and 1.", found=f"{self.level:g}")


@dataclass(frozen=True, eq=False)
class Timing:
    """Where the event lies in a panel.

    Parameters
    ----------
    spans : Spans
    event : int
        The first period after.
    anticipation : int
    """

    spans: Spans
    event: int
    anticipation: int

    @classmethod
    def of(cls, spans: Spans, question: Question) -> Timing:
        """Find the event among the periods.

        Raises
        ------
        StudyError
            If it lies outside of them.
        """
        day = first_days([question.event], "--event")[1]
        place = int(spans.index_of(day)[0])
        if place < 0:
            raise StudyError(
                "The event must lie within the periods of the table.",
                found=shown(question.event),
                where=phrase(
                    "--event; the table runs from {first} to {last}",
                    first=spans.labels[0], last=spans.labels[-1],
                ),
            )  # fmt: skip
        return cls(spans, place, question.anticipation)

    @property
    def used(self) -> Bools:
        """Which periods enter: all but those in which people may have known, shape (periods,)."""
        at = np.arange(len(self.spans))
        return np.asarray((at < self.event - self.anticipation) | (at >= self.event))

    @property
    def after(self) -> Bools:
        """Which periods lie after the event, shape (periods,)."""
        return np.asarray(np.arange(len(self.spans)) >= self.event)

    def sides(self, known: Bools) -> tuple[int, int]:
        """How many of some periods lie before and after, of those that enter."""
        kept = known & self.used
        return int((kept & ~self.after).sum()), int((kept & self.after).sum())

    def pairs(self, question: Question) -> int:
        """How many pairs of harmonics of the year enter."""
        if question.harmonics is not None:
            return question.harmonics
        before = self.event - self.anticipation
        long = before >= _YEARS * _A_YEAR[self.spans.unit]
        return _PAIRS if long and self.spans.unit != "year" else 0


@dataclass(frozen=True, eq=False)
class Columns:
    """A design: a row for each period that enters.

    Parameters
    ----------
    matrix : array, shape (n, p)
    names : tuple of str
        ``intercept``, ``trend``, ``level``, ``ramp`` and harmonics.
    """

    matrix: Floats
    names: tuple[str, ...]

    def contrast(self, **weights: float) -> Floats:
        """Return the weights of a sum of coefficients, by name, shape (p,)."""
        found = np.zeros(len(self.names))
        for name, weight in weights.items():
            if name in self.names:
                found[self.names.index(name)] = weight
        return found

    @property
    def counterfactual(self) -> Floats:
        """The design as if there had been no event, shape (n, p)."""
        kept = self.matrix.copy()
        for name in ("level", "ramp"):
            if name in self.names:
                kept[:, self.names.index(name)] = 0.0
        return kept

    @property
    def mean_ramp(self) -> float:
        """Mean of the ramp over the periods after the event; 0 without one."""
        if "ramp" not in self.names:
            return 0.0
        after = self.matrix[:, self.names.index("level")] > 0.0
        return float(self.matrix[after, self.names.index("ramp")].mean())


def columns(timing: Timing, question: Question, periods: Ints) -> Columns:
    r"""Return the design of some periods.

    .. math:: \alpha + \beta t + \gamma\,1[t \ge t_0] + \delta\,(t - t_0 + r)\,1[t \ge t_0]
              + \sum_{k} a_k \sin(2\pi k s_t) + b_k \cos(2\pi k s_t)

    with t counted from 1, t_0 the first period after the event, r the ramp's first value and s_t
    the part of the year that is over. A harmonic that says the same as other columns is left out.

    Parameters
    ----------
    timing : Timing
    question : Question
    periods : array of int, shape (n,)
        Numbers of the periods, from 0.
    """
    at = periods.astype(np.float64)
    after = (periods >= timing.event).astype(np.float64)
    made = [("intercept", np.ones(len(at))), ("trend", at + 1.0), ("level", after)]
    if question.shape == "level-and-slope":
        made.append(("ramp", after * (at - timing.event + question.ramp_from)))
    matrix = np.column_stack([column for _, column in made])
    names = [name for name, _ in made]
    part = year_part(timing.spans)[periods]
    for pair in range(1, timing.pairs(question) + 1):
        for name, wave in (("sine", np.sin), ("cosine", np.cos)):
            column = wave(2.0 * math.pi * pair * part)
            wider = np.column_stack([matrix, column])
            if np.linalg.matrix_rank(wider) > matrix.shape[1]:
                matrix = wider
                names.append(f"{name}_{pair}")
    return Columns(matrix, tuple(names))


def year_part(spans: Spans) -> Floats:
    """Part of the year that is over when each span begins, shape (n,).

    >>> year_part(Spans("quarter", np.datetime64("2024-01-01"), 4)).tolist()
    [0.0, 0.25, 0.5, 0.75]
    """
    months = spans.starts.astype("datetime64[M]").astype(np.int64) % 12 / 12.0
    if spans.unit in ("month", "quarter", "year"):
        return np.asarray(months, dtype=np.float64)
    begins = spans.starts.astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray((spans.starts - begins).astype(np.int64) / 365.25, dtype=np.float64)
