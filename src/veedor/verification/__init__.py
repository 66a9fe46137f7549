"""How good a forecast was: scores, ranking of places, calibration, comparison.

Nothing here knows who made a forecast: a vendor's file gets the very same treatment as ours.
"""

from veedor.verification.calibration import pit_cdf, pit_histogram, reliability_bins
from veedor.verification.changes import SkillChange, skill_change
from veedor.verification.comparison import gain_of_scores, information_gain
from veedor.verification.conditional_skill import (
    lead_times,
    skill_by_lead_time,
    skill_by_month,
    skill_by_zone,
)
from veedor.verification.confidence_set import ConfidenceSet, model_confidence_set
from veedor.verification.consistency import (
    category_test,
    conditional_likelihood_test,
    likelihood_test,
    space_test,
)
from veedor.verification.count_simulation import CountSimulator, SparseCounts
from veedor.verification.equal_skill import (
    diebold_mariano,
    long_run_variance,
    paired_differences,
)
from veedor.verification.estimates import Estimate, TestResult
from veedor.verification.paired_tests import PairedGain, gain_at_incidents, paired_gain
from veedor.verification.places import captured, expected_flags, most_capturable
from veedor.verification.resampling import (
    BlockBootstrap,
    circular_blocks,
    usual_block_length,
    week_blocks,
)
from veedor.verification.scores import (
    SCORES,
    ScoreDefinition,
    brier_any,
    crps,
    log_score,
    poisson_deviance,
)
from veedor.verification.sequential import EProcess, e_process
from veedor.verification.total_number import NumberTest, number_test

__all__ = [
    "SCORES",
    "BlockBootstrap",
    "ConfidenceSet",
    "CountSimulator",
    "EProcess",
    "Estimate",
    "NumberTest",
    "PairedGain",
    "ScoreDefinition",
    "SkillChange",
    "SparseCounts",
    "TestResult",
    "brier_any",
    "captured",
    "category_test",
    "circular_blocks",
    "conditional_likelihood_test",
    "crps",
    "diebold_mariano",
    "e_process",
    "expected_flags",
    "gain_at_incidents",
    "gain_of_scores",
    "information_gain",
    "lead_times",
    "likelihood_test",
    "log_score",
    "long_run_variance",
    "model_confidence_set",
    "most_capturable",
    "number_test",
    "paired_differences",
    "paired_gain",
    "pit_cdf",
    "pit_histogram",
    "poisson_deviance",
    "reliability_bins",
    "skill_by_lead_time",
    "skill_by_month",
    "skill_by_zone",
    "skill_change",
    "space_test",
    "usual_block_length",
    "week_blocks",
]
