"""Whether one forecast is better than the reference, which of all together, when and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np

from veedor.arrays import Floats
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.verification.changes import skill_change
from veedor.verification.comparison import gain_of_scores
from veedor.verification.conditional_skill import (
    skill_by_lead_time,
    skill_by_month,
    skill_by_zone,
)
from veedor.verification.confidence_set import ConfidenceSet, model_confidence_set
from veedor.verification.equal_skill import diebold_mariano
from veedor.verification.examination import Comparison, Evidence, GainByPeriod, SkillWhere
from veedor.verification.implied import ImpliedGain, implied_gain
from veedor.verification.implied_scores import implied_score_errors
from veedor.verification.judging import judge
from veedor.verification.paired_tests import PairedGain, gain_at_incidents
from veedor.verification.score_sums import ScoreSums
from veedor.verification.scores import SCORES, log_score
from veedor.verification.sequential import e_process, plausible_gain
from veedor.verification.trial import ForecastSeries, Trial

#: Score -> errors of mean differences of each two forecasters, shape (forecasters, forecasters).
Errors: TypeAlias = Mapping[str, Floats]

OF_INCIDENTS = Denominator("incidents_in_cells")
_IN_NO_ZONE = "in no zone"
#: Scores by which those that may be the best are found.
_BEST_BY = ("log_score", "crps")


def compare(
    every: Trial,
    trial: Trial,
    sums: ScoreSums,
    bootstrap: BlockBootstrap,
    seed: int,
    *,
    errors: Errors | None,
    where: bool,
) -> tuple[Comparison, ...]:
    """Compare each forecaster with the reference.

    Parameters
    ----------
    every : Trial
        Every period as forecast from every issue time.
    trial : Trial
        Each period once.
    sums : mapping
        Scores of the latter.
    bootstrap : BlockBootstrap
    seed : int
    errors : mapping or None
        Of `implied_errors`; None for no tests beside the gain.
    where : bool
        Whether to say when and where too.

    Returns
    -------
    tuple of Comparison
        Verdicts are those of each gain alone.
    """
    reference = trial.forecasts[trial.reference]
    theirs = sums[trial.reference]
    tests = errors is not None
    rows = []
    for number, (name, series) in enumerate(trial.forecasts.items()):
        if name == trial.reference:
            continue
        mine = sums[name]
        gain = theirs["log_score"] - mine["log_score"]
        implied = series.implied_gain(reference)
        per_incident = np.divide(
            gain, trial.incidents, out=np.zeros(len(gain)), where=trial.incidents > 0
        )
        rows.append(
            Comparison(
                forecaster=name,
                gain=judge(
                    bootstrap,
                    gain,
                    trial.incidents,
                    implied,
                    same=series.same_as(reference),
                    of=OF_INCIDENTS,
                ),
                by_period=GainByPeriod(
                    gain=tuple(gain.tolist()),
                    per_incident=tuple(
                        one if some else None
                        for one, some in zip(
                            per_incident.tolist(), trial.incidents > 0, strict=True
                        )
                    ),
                    variance_if_reference=tuple(implied.if_reference.tolist()),
                    variance_if_forecast=tuple(implied.if_forecast.tolist()),
                ),
                gain_at_same_totals=judge(
                    bootstrap,
                    series.gain_of_places(reference, trial.observed),
                    trial.incidents,
                    series.implied_gain_of_places(reference),
                    same=series.same_places_as(reference),
                    of=OF_INCIDENTS,
                )
                if tests
                else None,
                paired=_paired(trial, series, reference) if tests else None,
                diebold_mariano={
                    score: diebold_mariano(
                        mine[score] / len(trial.cells),
                        theirs[score] / len(trial.cells),
                        implied=(error[0, number], error[number, 0]),
                    )
                    for score, error in (errors or {}).items()
                },
                e_process=_evidence(gain, implied) if tests else None,
                change=skill_change(per_incident, seed=seed) if tests else None,
                skill=_where(every, trial, name, gain, implied, seed) if where else None,
            )
        )
    return tuple(rows)


def best(trial: Trial, sums: ScoreSums, errors: Errors, seed: int) -> dict[str, ConfidenceSet]:
    """Forecasters that cannot be told from the best, by score; empty for one alone.

    Those that state the same as the reference are one with it.
    """
    reference = trial.forecasts[trial.reference]
    several = [
        place
        for place, (name, series) in enumerate(trial.forecasts.items())
        if name == trial.reference or not series.same_as(reference)
    ]
    if len(several) < 2:
        return {}
    names = [list(trial.forecasts)[place] for place in several]
    return {
        score: model_confidence_set(
            np.column_stack([sums[name][score] / len(trial.cells) for name in names]),
            names,
            seed=seed,
            implied=np.maximum(errors[score], errors[score].T)[np.ix_(several, several)],
        )
        for score in _BEST_BY
        if score in errors
    }


def implied_errors(trial: Trial, scores: Iterable[str]) -> Errors:
    """Errors of mean differences of each two forecasters' scores that they themselves imply."""
    series = list(trial.forecasts.values())
    return {
        score: implied_score_errors(
            SCORES[score].function, [one.cells for one in series], [one.totals for one in series]
        )
        / len(trial.cells)
        for score in scores
    }


def _paired(trial: Trial, series: ForecastSeries, reference: ForecastSeries) -> PairedGain:
    log_ratio = np.log(series.cells.mean / reference.cells.mean)
    return gain_at_incidents(
        np.repeat(log_ratio.ravel(), trial.observed.ravel()),
        float(series.cells.mean.sum()),
        float(reference.cells.mean.sum()),
        implied=implied_gain(series.cells, reference.cells, means_only=True).errors(1.0),
    )


def _evidence(gain: Floats, implied: ImpliedGain) -> Evidence:
    better, worse = (
        e_process(gain, bound=plausible_gain(implied), cap=True, alternative=side)
        for side in ("better", "worse")
    )
    return Evidence(better=better, worse=worse)


def _where(
    every: Trial, trial: Trial, name: str, gain: Floats, implied: ImpliedGain, seed: int
) -> SkillWhere:
    """Gain by lead time (of all forecasts), month and zone."""
    return SkillWhere(
        lead_time=_by_lead_time(every, trial, name, gain, implied, seed),
        month=skill_by_month(
            gain,
            trial.incidents,
            trial.start,
            trial.time_zone,
            trial.weeks,
            np.random.default_rng(seed),
            implied=implied,
        ),
        zone=_by_zone(trial, name, seed),
    )


def _by_lead_time(
    every: Trial, trial: Trial, name: str, gain: Floats, implied: ImpliedGain, seed: int
) -> dict[str, Estimate]:
    if every is not trial:
        series, reference = every.forecasts[name], every.forecasts[every.reference]
        gain = gain_of_scores(
            log_score(series.cells, every.observed), log_score(reference.cells, every.observed)
        )
        implied = series.implied_gain(reference)
    return skill_by_lead_time(
        gain,
        every.incidents,
        every.lead_time,
        every.weeks,
        np.random.default_rng(seed),
        implied=implied,
    )


def _by_zone(trial: Trial, name: str, seed: int) -> dict[str, Estimate]:
    if trial.zones is None:
        return {}
    names, number = trial.zones
    labels = np.array([*names, _IN_NO_ZONE])[number]
    series, reference = trial.forecasts[name], trial.forecasts[trial.reference]
    return skill_by_zone(
        log_score(reference.cells, trial.observed) - log_score(series.cells, trial.observed),
        trial.observed,
        labels,
        trial.weeks,
        np.random.default_rng(seed),
        implied=implied_gain(
            series.cells,
            reference.cells,
            groups=np.unique(labels, return_inverse=True)[1].astype(np.int64),
        ),
    )
