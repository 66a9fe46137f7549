"""How good a forecast was: scores, ranking of places, calibration, comparison.

Nothing here knows who made a forecast: a vendor's file gets the very same treatment as ours.
"""

from veedor.verification.area_swept import AreaSwept, area_swept
from veedor.verification.comparison import gain_of_scores, information_gain
from veedor.verification.concentration import (
    Concentration,
    concentration_table,
    generalised_gini,
    gini,
    share_of_places,
)
from veedor.verification.corp import BrierDecomposition, brier_decomposition
from veedor.verification.coverage import GroupCoverage, coverage_by_group
from veedor.verification.estimates import Estimate, TestResult
from veedor.verification.pit import (
    pit_by_period,
    pit_cdf,
    pit_histogram,
    randomised_pit,
    randomised_pit_histogram,
)
from veedor.verification.places import (
    CHANCE,
    ORACLE,
    CapturedAt,
    capture_table,
    captured,
    most_capturable,
)
from veedor.verification.ranking import captured_at, expected_flags
from veedor.verification.reliability import (
    MeanReliability,
    ReliabilityCurve,
    mean_reliability,
    reliability_bins,
    reliability_curve,
)
from veedor.verification.resampling import BlockBootstrap, week_blocks
from veedor.verification.scores import (
    COUNT_EDGES,
    INTERVAL_LEVELS,
    SCORES,
    Definition,
    ScoreDefinition,
    brier_any,
    brier_at_least,
    crps,
    crps_of_samples,
    dawid_sebastiani,
    interval_score,
    log_score,
    pinball_score,
    poisson_deviance,
    probability_at_least,
    quantile_score,
    quantiles,
    ranked_probability_score,
    weighted_interval_score,
    weighted_interval_score_of_quantiles,
)
from veedor.verification.stability import FlagStability, flagged_again, stability_table

__all__ = [
    "CHANCE",
    "COUNT_EDGES",
    "INTERVAL_LEVELS",
    "ORACLE",
    "SCORES",
    "AreaSwept",
    "BlockBootstrap",
    "BrierDecomposition",
    "CapturedAt",
    "Concentration",
    "Definition",
    "Estimate",
    "FlagStability",
    "GroupCoverage",
    "MeanReliability",
    "ReliabilityCurve",
    "ScoreDefinition",
    "TestResult",
    "area_swept",
    "brier_any",
    "brier_at_least",
    "brier_decomposition",
    "capture_table",
    "captured",
    "captured_at",
    "concentration_table",
    "coverage_by_group",
    "crps",
    "crps_of_samples",
    "dawid_sebastiani",
    "expected_flags",
    "flagged_again",
    "gain_of_scores",
    "generalised_gini",
    "gini",
    "information_gain",
    "interval_score",
    "log_score",
    "mean_reliability",
    "most_capturable",
    "pinball_score",
    "pit_by_period",
    "pit_cdf",
    "pit_histogram",
    "poisson_deviance",
    "probability_at_least",
    "quantile_score",
    "quantiles",
    "randomised_pit",
    "randomised_pit_histogram",
    "ranked_probability_score",
    "reliability_bins",
    "reliability_curve",
    "share_of_places",
    "stability_table",
    "week_blocks",
    "weighted_interval_score",
    "weighted_interval_score_of_quantiles",
]
