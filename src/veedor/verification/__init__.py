"""How good a forecast was: scores, ranking of places, calibration, comparison.

Nothing here knows who made a forecast: a vendor's file gets the very same treatment as ours.
"""

from veedor.estimates import Estimate, TestResult
from veedor.verification.calibration import pit_cdf, pit_histogram, reliability_bins
from veedor.verification.comparison import gain_of_scores, information_gain
from veedor.verification.places import captured, expected_flags, most_capturable
from veedor.verification.resampling import BlockBootstrap, week_blocks
from veedor.verification.scores import (
    SCORES,
    ScoreDefinition,
    brier_any,
    crps,
    log_score,
    poisson_deviance,
)

__all__ = [
    "SCORES",
    "BlockBootstrap",
    "Estimate",
    "ScoreDefinition",
    "TestResult",
    "brier_any",
    "captured",
    "crps",
    "expected_flags",
    "gain_of_scores",
    "information_gain",
    "log_score",
    "most_capturable",
    "pit_cdf",
    "pit_histogram",
    "poisson_deviance",
    "reliability_bins",
    "week_blocks",
]
