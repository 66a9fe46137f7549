"""Scores of count forecasts, one value for each period and cell; `SCORES` lists them."""

from veedor.verification.scores.crps import crps, half_mean_difference
from veedor.verification.scores.definitions import SCORES, ScoreDefinition
from veedor.verification.scores.likelihood import (
    dawid_sebastiani,
    log_score,
    poisson_deviance,
)
from veedor.verification.scores.moments import KnownScore, score_moments
from veedor.verification.scores.quantiles import (
    INTERVAL_LEVELS,
    interval_score,
    pinball_score,
    quantile_score,
    quantiles,
    weighted_interval_score,
    weighted_interval_score_of_quantiles,
)
from veedor.verification.scores.samples import crps_of_samples
from veedor.verification.scores.thresholds import (
    COUNT_EDGES,
    brier_any,
    brier_at_least,
    probability_at_least,
    ranked_probability_score,
)

__all__ = [
    "COUNT_EDGES",
    "INTERVAL_LEVELS",
    "SCORES",
    "KnownScore",
    "ScoreDefinition",
    "brier_any",
    "brier_at_least",
    "crps",
    "crps_of_samples",
    "dawid_sebastiani",
    "half_mean_difference",
    "interval_score",
    "log_score",
    "pinball_score",
    "poisson_deviance",
    "probability_at_least",
    "quantile_score",
    "quantiles",
    "ranked_probability_score",
    "score_moments",
    "weighted_interval_score",
    "weighted_interval_score_of_quantiles",
]
