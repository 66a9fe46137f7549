"""What may be promised, and how a promise is scored: from counts, never from incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from veedor.arrays import Ints
from veedor.errors import SealError, phrase
from veedor.forecasts import Forecast, require_same_ground
from veedor.statistics.estimates import Estimate
from veedor.verification import (
    SCORES,
    Ask,
    Examination,
    ForecastSeries,
    GainByPeriod,
    Questions,
    Trial,
    captured_by,
    examine_each,
)

GAIN, CAPTURE = "information_gain", "capture_rate"
# Of a trial, whatever makers call themselves.
_MINE, _REFERENCE = "promised", "reference"


def promisable() -> tuple[str, ...]:
    """Names that a promise may give: the proper scores, information gain and capture rate.

    >>> promisable()[-2:]
    ('information_gain', 'capture_rate')
    """
    return (*SCORES, GAIN, CAPTURE)


def require_known(names: Sequence[str]) -> None:
    """Refuse names of scores that this version cannot compute.

    Raises
    ------
    SealError
        If there is one, or none is given at all.
    """
    unknown = [name for name in names if name not in promisable()]
    if unknown or not names or len(set(names)) < len(names):
        raise SealError(
            phrase(
                "The scores of a promise must be known, each named once: {names}.",
                names=", ".join(promisable()),
            ),
            found=", ".join(unknown or names) or phrase("none"),
        )


class PromisedGain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Information gain per incident over the promised reference, and the gains it is made of.

    Above 0 the forecast is better. The interval is the wider of independent weeks' and chance's,
    so that what was signed before is found again; no verdict rests on it. `by_period` holds what it
    takes to judge several rounds together, with the incidents of each period.
    """

    gain: Estimate
    by_period: GainByPeriod
    incidents: tuple[int, ...]


class PromisedCapture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Share of incidents captured at one share of the area, which is what chance captures."""

    area_fraction: float
    capture_rate: Estimate


class PromiseScores(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a promise is scored to be; None or empty where it was not promised.

    Parameters
    ----------
    incidents : int
        Recorded in the cells.
    scores : dict of str to Estimate
        Means over cells and periods.
    information_gain : PromisedGain or None
    capture_rate : tuple of PromisedCapture
    """

    incidents: int
    scores: dict[str, Estimate]
    information_gain: PromisedGain | None
    capture_rate: tuple[PromisedCapture, ...]


@dataclass(frozen=True, eq=False)
class PromisedTrial:
    """A forecast and its reference on their ground, and what was promised of their scoring.

    Parameters
    ----------
    trial : Trial
        The reference first, where there is one.
    forecaster : str
        Whose promise it is, as the trial names it.
    scores : tuple of str
        Of `promisable`.
    area_fractions : tuple of float
        Of the area, in (0, 1]: where capture rates are taken.
    seed : int
        Of the bootstrap of weeks.
    """

    trial: Trial
    forecaster: str
    scores: tuple[str, ...]
    area_fractions: tuple[float, ...]
    seed: int

    @classmethod
    def of(
        cls,
        forecast: Forecast,
        reference: Forecast | None,
        observed: Ints,
        scores: Sequence[str],
        area_fractions: Sequence[float],
        seed: int,
    ) -> PromisedTrial:
        """Lay a promise beside what was recorded, shape (periods, cells).

        Raises
        ------
        SameGroundError
            If the reference is for other cells, periods or another category.
        SealError
            If a score is not known.
        """
        require_known(scores)
        series = {_MINE: ForecastSeries.of([forecast])}
        if reference is not None:
            require_same_ground(forecast, reference)
            series = {_REFERENCE: ForecastSeries.of([reference]), **series}
        periods, nothing = forecast.periods, np.zeros(len(forecast.periods), dtype=np.int64)
        trial = Trial(
            category=forecast.category,
            cells=forecast.cells,
            start=periods.start,
            end=periods.end,
            lead_time=np.arange(1, len(periods) + 1),
            time_zone=periods.time_zone,
            observed=observed,
            unlocated=nothing,
            outside=nothing,
            forecasts=series,
            reference=next(iter(series)),
        )
        return cls(trial, _MINE, tuple(scores), tuple(area_fractions), seed)

    @property
    def questions(self) -> Questions:
        """What was promised, as it is asked."""
        return Questions(
            scores=tuple(name for name in SCORES if name in self.scores),
            ask=Ask.NOTHING_MORE,
        )


def score_promises(promised: Sequence[PromisedTrial]) -> list[PromiseScores]:
    """Score promises, many at once: ten thousand small ones take seconds, not minutes.

    Returns
    -------
    list of PromiseScores
        One a promise.
    """
    examined = examine_each(
        [one.trial for one in promised],
        [one.questions for one in promised],
        [one.seed for one in promised],
    )
    return [_scored(one, found) for one, found in zip(promised, examined, strict=True)]


def _scored(promised: PromisedTrial, found: Examination) -> PromiseScores:
    compared = found.comparisons if GAIN in promised.scores else ()
    return PromiseScores(
        incidents=found.recorded.inside,
        scores=found.of(promised.forecaster).scores,
        information_gain=next(
            (
                PromisedGain(
                    gain=row.gain.of_independent_weeks,
                    by_period=row.by_period,
                    incidents=found.recorded.by_period,
                )
                for row in compared
            ),
            None,
        ),
        capture_rate=_captured(promised) if CAPTURE in promised.scores else (),
    )


def _captured(promised: PromisedTrial) -> tuple[PromisedCapture, ...]:
    fractions = promised.area_fractions
    rates = captured_by(promised.trial, promised.forecaster, fractions, promised.seed)
    return tuple(
        PromisedCapture(area_fraction=fraction, capture_rate=rate)
        for fraction, rate in zip(fractions, rates, strict=True)
    )


def differs(stated: Any, found: Any, tolerance: float = 1e-6) -> dict[str, str] | None:
    """Where two results differ by more than rounding on another machine; None where they agree.

    >>> differs({"a": [1.0, 2.0]}, {"a": [1.0, 2.5]})
    {'at': 'a.1', 'stated': '2.0', 'found': '2.5'}
    >>> differs((1.0, {"a": 2.0}), (1.0, {"a": 2.0 + 1e-9}))
    """
    if stated == found:  # on one machine all of it, at once
        return None
    both = (stated, found)
    if all(isinstance(one, Mapping) for one in both) and stated.keys() == found.keys():
        pairs = [(str(key), stated[key], found[key]) for key in stated]
    elif all(isinstance(one, list | tuple) for one in both) and len(stated) == len(found):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(stated, found, strict=True))]
    else:
        numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in both)
        same = numbers and abs(stated - found) <= tolerance * (1.0 + abs(found))
        return None if same else {"at": "", "stated": str(stated), "found": str(found)}
    for key, a, b in pairs:
        if (inner := differs(a, b, tolerance)) is not None:
            return inner | {"at": f"{key}.{inner['at']}".rstrip(".")}
    return None
