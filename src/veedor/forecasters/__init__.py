"""Who makes a forecast, and the contract they keep."""

from veedor.forecasters.additive import Additive
from veedor.forecasters.calendars import Region
from veedor.forecasters.checking import check_forecaster
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.covariates import Covariates
from veedor.forecasters.dispersion import DispersionCurve
from veedor.forecasters.endemic_epidemic import EndemicEpidemic
from veedor.forecasters.kernel import Kernel
from veedor.forecasters.lessons import Lesson
from veedor.forecasters.levels import AreaTotals
from veedor.forecasters.near_repeat import NearRepeat
from veedor.forecasters.own_past import RecentMean, SeasonalNaive, ShrunkenMean
from veedor.forecasters.past_mean import PastMean
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.recency import Recency
from veedor.forecasters.registry import (
    DEFAULT_FORECASTERS,
    DEFAULT_FORECASTERS_OF_COUNTS,
    FORECASTERS,
    REFERENCE,
    Entry,
    KnownForecaster,
    find_forecaster,
    known_forecasters,
    make_forecaster,
)
from veedor.forecasters.selfexciting import SelfExciting
from veedor.forecasters.smooth_field import SmoothField
from veedor.forecasters.stack import Stack
from veedor.forecasters.task import Task

__all__ = [
    "DEFAULT_FORECASTERS",
    "DEFAULT_FORECASTERS_OF_COUNTS",
    "FORECASTERS",
    "REFERENCE",
    "Additive",
    "AreaTotals",
    "Covariates",
    "DispersionCurve",
    "EndemicEpidemic",
    "Entry",
    "Forecaster",
    "Kernel",
    "KnownForecaster",
    "Lesson",
    "NearRepeat",
    "PastMean",
    "PoissonTrees",
    "PooledCounts",
    "PriorCounts",
    "Recency",
    "RecentMean",
    "Region",
    "SeasonalNaive",
    "SelfExciting",
    "ShrunkenMean",
    "SmoothField",
    "Stack",
    "Task",
    "check_forecaster",
    "find_forecaster",
    "known_forecasters",
    "make_forecaster",
]
