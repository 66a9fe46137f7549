"""Who makes a forecast, and the contract they keep."""

from veedor.forecasters.checking import check_forecaster
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.history import History
from veedor.forecasters.kernel import Kernel
from veedor.forecasters.levels import AreaTotals
from veedor.forecasters.past_mean import PastMean
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.recency import Recency
from veedor.forecasters.registry import (
    DEFAULT_FORECASTERS,
    FORECASTERS,
    REFERENCE,
    KnownForecaster,
    find_forecaster,
    known_forecasters,
    make_forecaster,
)

__all__ = [
    "DEFAULT_FORECASTERS",
    "FORECASTERS",
    "REFERENCE",
    "AreaTotals",
    "Forecaster",
    "History",
    "Kernel",
    "KnownForecaster",
    "PastMean",
    "PriorCounts",
    "Recency",
    "check_forecaster",
    "find_forecaster",
    "known_forecasters",
    "make_forecaster",
]
