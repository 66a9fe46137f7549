"""How good a forecast was: scores, ranking of places, calibration, comparison.

Nothing here knows who made a forecast: a vendor's file gets the very same treatment as ours.
"""

from veedor.verification.area_swept import AreaSwept, area_swept
from veedor.verification.changes import SkillChange, skill_change
from veedor.verification.comparison import gain_of_scores, information_gain
from veedor.verification.concentration import (
    ForecastConcentration,
    concentration_table,
    share_of_whole_places,
)
from veedor.verification.conditional_skill import (
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
from veedor.verification.corp import BrierDecomposition, brier_decomposition
from veedor.verification.count_simulation import CountSimulator, SparseCounts
from veedor.verification.coverage import GroupCoverage, coverage_by_group
from veedor.verification.equal_skill import diebold_mariano, long_run_variance, paired_differences
from veedor.verification.examination import (
    Calibration,
    Comparison,
    Consistency,
    Examination,
    Examined,
    GainByPeriod,
    judged_together,
)
from veedor.verification.examine import (
    SIMULATIONS,
    Ask,
    Questions,
    captured_by,
    category_tests,
    examine,
    examine_each,
)
from veedor.verification.group_sums import GroupSum, SumCalibration, calibration_of_sums
from veedor.verification.implied import ImpliedGain, implied_gain
from veedor.verification.implied_scores import implied_score_errors
from veedor.verification.judging import Judged, judge, judge_family, widened
from veedor.verification.levels import (
    LEVEL_SCORES,
    AtLevel,
    LevelScored,
    LevelScores,
    score_level,
    score_levels,
)
from veedor.verification.paired_tests import PairedGain, gain_at_incidents, paired_gain
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
from veedor.verification.score_calibration import score_calibration_test
from veedor.verification.scores import (
    COUNT_EDGES,
    INTERVAL_LEVELS,
    SCORES,
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
    score_moments,
    weighted_interval_score,
    weighted_interval_score_of_quantiles,
)
from veedor.verification.sequential import EProcess, e_process, plausible_gain
from veedor.verification.stability import FlagStability, flagged_again, stability_table
from veedor.verification.total_number import NumberTest, number_test
from veedor.verification.trial import CategoryTotals, ForecastSeries, Trial, require_comparable

__all__ = [
    "CHANCE",
    "COUNT_EDGES",
    "INTERVAL_LEVELS",
    "LEVEL_SCORES",
    "ORACLE",
    "SCORES",
    "SIMULATIONS",
    "AreaSwept",
    "Ask",
    "AtLevel",
    "BrierDecomposition",
    "Calibration",
    "CapturedAt",
    "CategoryTotals",
    "Comparison",
    "ConfidenceSet",
    "Consistency",
    "CountSimulator",
    "EProcess",
    "Examination",
    "Examined",
    "FlagStability",
    "ForecastConcentration",
    "ForecastSeries",
    "GainByPeriod",
    "GroupCoverage",
    "GroupSum",
    "ImpliedGain",
    "Judged",
    "LevelScored",
    "LevelScores",
    "MeanReliability",
    "NumberTest",
    "PairedGain",
    "Questions",
    "ReliabilityCurve",
    "ScoreDefinition",
    "SkillChange",
    "SparseCounts",
    "SumCalibration",
    "Trial",
    "area_swept",
    "brier_any",
    "brier_at_least",
    "brier_decomposition",
    "calibration_of_sums",
    "capture_table",
    "captured",
    "captured_at",
    "captured_by",
    "category_test",
    "category_tests",
    "concentration_table",
    "conditional_likelihood_test",
    "coverage_by_group",
    "crps",
    "crps_of_samples",
    "dawid_sebastiani",
    "diebold_mariano",
    "e_process",
    "examine",
    "examine_each",
    "expected_flags",
    "flagged_again",
    "gain_at_incidents",
    "gain_of_scores",
    "implied_gain",
    "implied_score_errors",
    "information_gain",
    "interval_score",
    "judge",
    "judge_family",
    "judged_together",
    "likelihood_test",
    "log_score",
    "long_run_variance",
    "mean_reliability",
    "model_confidence_set",
    "most_capturable",
    "number_test",
    "paired_differences",
    "paired_gain",
    "pinball_score",
    "pit_by_period",
    "pit_cdf",
    "pit_histogram",
    "plausible_gain",
    "poisson_deviance",
    "probability_at_least",
    "quantile_score",
    "quantiles",
    "randomised_pit",
    "randomised_pit_histogram",
    "ranked_probability_score",
    "reliability_bins",
    "reliability_curve",
    "require_comparable",
    "score_calibration_test",
    "score_level",
    "score_levels",
    "score_moments",
    "share_of_whole_places",
    "skill_by_lead_time",
    "skill_by_month",
    "skill_by_zone",
    "skill_change",
    "space_test",
    "stability_table",
    "weighted_interval_score",
    "weighted_interval_score_of_quantiles",
    "widened",
]
