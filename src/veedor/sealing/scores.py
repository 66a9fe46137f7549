"""What may be promised, and how a promise is scored: from counts, never from incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.errors import SealError
from veedor.forecasts import CountDistribution, Forecast, require_same_ground
from veedor.spacetime import week_blocks
from veedor.statistics import BlockBootstrap
from veedor.verification import SCORES, ImpliedGain, captured_at, implied_gain, log_score, widened

Floats = npt.NDArray[np.float64]
Score = Callable[[CountDistribution, npt.ArrayLike], Floats]

GAIN, CAPTURE = "information_gain", "capture_rate"


def known_scores() -> dict[str, Score]:
    """Proper scores that can be promised by name: all of `veedor.verification.SCORES`.

    >>> sorted(known_scores())[:2]
    ['brier', 'crps']
    """
    return {name: known.function for name, known in SCORES.items()}


def promisable() -> tuple[str, ...]:
    """Names that a promise may give: the proper scores, information gain and capture rate."""
    return (*known_scores(), GAIN, CAPTURE)


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
            "The scores of a promise must be known, each named once: "
            + ", ".join(promisable())
            + ".",
            found=", ".join(unknown or names) or "none",
        )


@dataclass(frozen=True, eq=False)
class Case:
    """A forecast to be scored, by what was promised.

    Parameters
    ----------
    forecast : Forecast
    reference : Forecast or None
        What it is held against.
    observed : array of int, shape (periods, cells)
    scores : tuple of str
        Of `promisable`.
    area_fractions : tuple of float
        Of the area, in (0, 1]: where capture rates are taken.
    seed : int
        Of the bootstrap of weeks.

    Raises
    ------
    SameGroundError
        If the reference is for other cells, periods or another category.
    """

    forecast: Forecast
    reference: Forecast | None
    observed: npt.NDArray[np.int64]
    scores: tuple[str, ...]
    area_fractions: tuple[float, ...]
    seed: int

    def __post_init__(self) -> None:
        require_known(self.scores)
        if self.reference is not None:
            require_same_ground(self.forecast, self.reference)


def evaluate(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Score forecasts, many at once: ten thousand small ones take seconds, not minutes.

    Parameters
    ----------
    cases : sequence of Case

    Returns
    -------
    list of dict
        One a case, JSON-ready: ``incidents``; ``scores``, by name, means over cells and periods;
        ``information_gain`` per incident, above 0 where the forecast is better than its
        reference, with ``by_period``, the gains and incidents that it is made of, and the variances
        that the two forecasts imply: its interval is the wider of weeks' and chance's;
        ``capture_rate`` at each area fraction, which is what chance captures. Numbers are
        estimates (value, interval, denominator); null where undefined or not promised.
    """
    known = known_scores()
    names = [name for name in known if any(name in case.scores for case in cases)]
    sums = {name: _sums(known[name], [case.forecast for case in cases], cases) for name in names}
    against = [case for case in cases if GAIN in case.scores and case.reference is not None]
    mine = _sums(log_score, [case.forecast for case in against], against)
    theirs = _sums(log_score, [case.reference for case in against if case.reference], against)
    gains = {
        id(case): (other - own, _implied(case))
        for case, own, other in zip(against, mine, theirs, strict=True)
    }
    return [
        _assembled(
            case,
            {name: sums[name][number] for name in names if name in case.scores},
            gains.get(id(case)),
        )
        for number, case in enumerate(cases)
    ]


def _sums(score: Score, forecasts: Sequence[Forecast], cases: Sequence[Case]) -> list[Floats]:
    """Sum a score over the cells of each period; all forecasts in one call."""
    if not forecasts:
        return []
    parts = [forecast.distribution for forecast in forecasts]
    joined = CountDistribution(
        np.concatenate([part.mean.ravel() for part in parts]),
        np.concatenate([part.dispersion.ravel() for part in parts]),
    )
    values = score(joined, np.concatenate([case.observed.ravel() for case in cases]))
    ends = np.cumsum([part.mean.size for part in parts])[:-1]
    return [
        one.reshape(part.shape).sum(axis=1)
        for one, part in zip(np.split(values, ends), parts, strict=True)
    ]


def _implied(case: Case) -> ImpliedGain:
    reference = case.reference
    assert reference is not None  # noqa: S101 - only cases that have one are asked
    return implied_gain(
        case.forecast.distribution,
        reference.distribution,
        forecast_totals=case.forecast.totals,
        reference_totals=reference.totals,
    )


def _assembled(
    case: Case, sums: Mapping[str, Floats], against: tuple[Floats, ImpliedGain] | None
) -> dict[str, Any]:
    forecast, observed = case.forecast, case.observed
    periods, cells = observed.shape
    bootstrap = _bootstrap(week_blocks(forecast.periods).tobytes(), case.seed)
    incidents = observed.sum(axis=1).astype(np.float64)
    recorded = "incidents recorded in the cells"

    def estimate(above: Floats, below: Floats, of: str) -> dict[str, Any]:
        return bootstrap.ratio(above, below, of=of).to_dict()

    size, of = np.full(periods, float(cells)), f"cells x periods: {cells:,} x {periods:,}"
    results: dict[str, Any] = {
        "incidents": int(observed.sum()),
        "scores": {name: estimate(total, size, of) for name, total in sums.items()},
        GAIN: None,
        CAPTURE: None,
    }
    if against is not None:
        gain, implied = against
        found = widened(
            bootstrap.ratio(gain, incidents, of=recorded), implied, float(incidents.sum())
        )
        results[GAIN] = found.to_dict() | {
            "by_period": {
                "gain": gain.tolist(),
                "incidents": observed.sum(axis=1).tolist(),
                "variance_if_reference": implied.if_reference.tolist(),
                "variance_if_forecast": implied.if_forecast.tolist(),
            }
        }
    if CAPTURE in case.scores:
        results[CAPTURE] = [
            {"area_fraction": fraction} | estimate(hits, incidents, recorded)
            for fraction, hits in zip(
                case.area_fractions,
                captured_at(forecast.mean, observed, forecast.cells.area_km2, case.area_fractions),
                strict=True,
            )
        ]
    return results


@lru_cache(maxsize=8)
def _bootstrap(blocks: bytes, seed: int) -> BlockBootstrap:
    """Draws of whole weeks; forecasts for the same time and of one seed share theirs."""
    return BlockBootstrap(np.frombuffer(blocks, dtype=np.int64), np.random.default_rng(seed))


def differs(stated: Any, found: Any, tolerance: float = 1e-6) -> str | None:
    """Where two results differ by more than rounding on another machine; None where they agree.

    >>> differs({"a": [1.0, 2.0]}, {"a": [1.0, 2.5]})
    'a.1: 2.0 stated, 2.5 found'
    """
    if stated == found:  # on one machine all of it, at once
        return None
    if isinstance(stated, Mapping) and isinstance(found, Mapping):
        if stated.keys() != found.keys():
            return "keys"
        pairs = [(str(key), stated[key], found[key]) for key in stated]
    elif isinstance(stated, list) and isinstance(found, list):
        if len(stated) != len(found):
            return "length"
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(stated, found, strict=True))]
    else:
        numbers = all(
            isinstance(one, (int, float)) and not isinstance(one, bool) for one in (stated, found)
        )
        same = abs(stated - found) <= tolerance * (1.0 + abs(found)) if numbers else stated == found
        return None if same else f": {stated} stated, {found} found"
    for key, a, b in pairs:
        if (inner := differs(a, b, tolerance)) is not None:
            return f"{key}{inner}" if inner.startswith(":") else f"{key}.{inner}"
    return None
