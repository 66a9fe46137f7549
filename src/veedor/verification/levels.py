"""Scores at every level of areas, by what was published first and by what was published last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

import msgspec
import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import SameGroundError, phrase
from veedor.forecasts import ALL, CELLS, CountDistribution, Layer
from veedor.forecasts.sums import sums_of
from veedor.record import CountedOutcomes
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate, TestResult
from veedor.statistics.resampling import usual_block_length
from veedor.verification.pit import pit_cdf, pit_histogram
from veedor.verification.score_calibration import score_calibration_test
from veedor.verification.scores import SCORES, KnownScore
from veedor.verification.trial import ForecastSeries, Trial

#: Editions that what happened is taken from: the first that has it, or the latest.
Vintage: TypeAlias = Literal["first", "latest"]

#: Scores of counts at every level. The CRPS of a count is its ranked probability score.
LEVEL_SCORES: tuple[KnownScore, ...] = ("log_score", "crps", "dawid_sebastiani")

_BARS = 10
_OF_SUMS = Denominator("sums_of_cells")


class LevelScored(msgspec.Struct, frozen=True, kw_only=True):
    """One forecaster at one level.

    Parameters
    ----------
    forecaster : str
    scores : dict of str to Estimate
        Means over the counts that were reported, by the names of `LEVEL_SCORES`.
    gain : Estimate or None
        Mean log score of the reference less this one's, nats a count, by the same draws of
        periods; above 0 this is better. None for the reference.
    pit : tuple of float
        Heights of the PIT histogram's bars, 1 where calibrated; empty where nothing was reported.
    calibration : dict of str to TestResult
        Whether the scores are those that the forecast expects of itself, by score; see
        `score_calibration_test`. Areas that rise and fall together make it reject too often.
    """

    forecaster: str
    scores: dict[str, Estimate]
    gain: Estimate | None
    pit: tuple[float, ...]
    calibration: dict[str, TestResult]


class LevelScores(msgspec.Struct, frozen=True, kw_only=True):
    """All forecasters at one level, by one vintage of what happened.

    Parameters
    ----------
    level : str
        ``"cells"``, the name of a division of areas, or ``"all"``.
    vintage : {"first", "latest"}
    groups, periods : int
    scored, not_reported : int
        Of groups times periods: those in which every area was reported, and those left out.
    forecasters : tuple of LevelScored
        The reference first.
    """

    level: str
    vintage: Vintage
    groups: int
    periods: int
    scored: int
    not_reported: int
    forecasters: tuple[LevelScored, ...]

    def of(self, forecaster: str) -> LevelScored:
        """What is said of one of them."""
        return next(one for one in self.forecasters if one.forecaster == forecaster)


@dataclass(frozen=True, eq=False)
class AtLevel:
    """Forecasts of the groups of one level, shape (periods, groups) each, the reference first.

    Parameters
    ----------
    layer : Layer or None
        None for the cells themselves.
    forecasts : mapping of str to CountDistribution
    """

    layer: Layer | None
    forecasts: Mapping[str, CountDistribution]

    @classmethod
    def of(cls, trial: Trial, layer: Layer | None) -> AtLevel:
        """Sums of the cells of each period's last forecast, as its maker ties them together.

        Sums are negative binomials with the means and variances that the forecast implies; see
        `veedor.forecasts.sums.sums_of`. All cells together are what it states of the total.
        """
        latest = trial.latest()
        return cls(layer, {name: _at(one, layer) for name, one in latest.forecasts.items()})

    @property
    def name(self) -> str:
        """Name of the level."""
        return CELLS if self.layer is None else self.layer.name


def score_levels(
    trial: Trial,
    layers: Sequence[Layer],
    published: Mapping[Vintage, CountedOutcomes],
    *,
    seed: int = 0,
) -> tuple[LevelScores, ...]:
    """Score forecasts at the cells, at each layer, and of all, against each vintage apart.

    Parameters
    ----------
    trial : Trial
        Its own outcomes play no part.
    layers : sequence of Layer
        As `area_layers` gives them.
    published : mapping of vintage to CountedOutcomes
        A row for each period of the trial, each once.
    seed : int
        Of the intervals.

    Returns
    -------
    tuple of LevelScores
        By vintage, then level from fine to coarse.

    Raises
    ------
    SameGroundError
        If outcomes are not of the trial's periods and cells.
    """
    levels = [AtLevel.of(trial, layer) for layer in (None, *layers)]
    return tuple(
        score_level(level, outcomes, vintage, seed=seed)
        for vintage, outcomes in published.items()
        for level in levels
    )


def score_level(
    level: AtLevel, published: CountedOutcomes, vintage: Vintage, *, seed: int = 0
) -> LevelScores:
    """Score forecasts of one level against one vintage.

    A group is scored in a period in which all its cells were reported; the others are left out,
    and counted. Intervals resample blocks of neighbouring periods, as many as their cube root.

    Parameters
    ----------
    level : AtLevel
    published : CountedOutcomes
        Of the cells, whatever the level.
    vintage : {"first", "latest"}
    seed : int

    Raises
    ------
    SameGroundError
        If outcomes are not of the level's periods and cells.
    """
    observed, reported = _summed(published, level.layer)
    shape = next(iter(level.forecasts.values())).shape
    if observed.shape != shape:
        raise SameGroundError(
            "What was published must be of the forecasts' periods and cells.",
            found=phrase(
                "outcomes of shape {shape}, forecasts of shape {other}",
                shape=observed.shape,
                other=shape,
            ),
            where=level.name,
        )
    periods = len(observed)
    block = np.arange(periods) // usual_block_length(periods)
    bootstrap = BlockBootstrap(block, np.random.default_rng(seed))
    counted = reported.sum(axis=1).astype(np.float64)
    rows: list[LevelScored] = []
    reference: Floats | None = None
    for name, distribution in level.forecasts.items():
        by_period = {
            score: np.where(reported, SCORES[score].function(distribution, observed), 0.0).sum(
                axis=1
            )
            for score in LEVEL_SCORES
        }
        gain = None
        if reference is None:
            reference = by_period["log_score"]
        else:
            gained = reference - by_period["log_score"]
            gain = bootstrap.ratio(gained, counted, of=_OF_SUMS)
        rows.append(
            LevelScored(
                forecaster=name,
                scores={
                    score: bootstrap.ratio(sums, counted, of=_OF_SUMS)
                    for score, sums in by_period.items()
                },
                gain=gain,
                **_calibration(distribution, observed, reported),
            )
        )
    return LevelScores(
        level=level.name,
        vintage=vintage,
        groups=shape[1],
        periods=periods,
        scored=int(reported.sum()),
        not_reported=int(reported.size - reported.sum()),
        forecasters=tuple(rows),
    )


def _at(series: ForecastSeries, layer: Layer | None) -> CountDistribution:
    if layer is None:
        return series.cells
    if layer.name == ALL:
        return CountDistribution(series.totals.mean[:, None], series.totals.dispersion[:, None])
    rows = [
        sums_of(
            series.cells[row],
            layer.of,
            len(layer),
            float(series.totals.dispersion[row]) if series.totals_stated else None,
        )
        for row in range(len(series.totals.mean))
    ]
    return CountDistribution(
        np.stack([one.mean for one in rows]), np.stack([one.dispersion for one in rows])
    )


def _summed(published: CountedOutcomes, layer: Layer | None) -> tuple[Ints, Bools]:
    """Outcomes of the groups; not reported where one of their cells is not."""
    if layer is None:
        return published.values, published.reported
    gaps = layer.sums((~published.reported).astype(np.int64))
    return layer.sums(published.values), gaps == 0


class _Calibration(TypedDict):
    pit: tuple[float, ...]
    calibration: dict[str, TestResult]


def _calibration(distribution: CountDistribution, observed: Ints, reported: Bools) -> _Calibration:
    if not reported.any():
        return {"pit": (), "calibration": {}}
    told = CountDistribution(distribution.mean[reported], distribution.dispersion[reported])
    counts = observed[reported]
    cumulative = pit_cdf(told, counts, np.linspace(0.0, 1.0, _BARS + 1))
    return {
        "pit": tuple(pit_histogram(cumulative.mean(axis=1)).tolist()),
        "calibration": {
            score: score_calibration_test(told, counts, score) for score in LEVEL_SCORES
        },
    }
