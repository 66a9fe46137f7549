"""Who makes a forecast, and the contract they keep."""

from veedor.errors import StudyError
from veedor.forecasters.checking import check_forecaster
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.history import History
from veedor.forecasters.kernel import Kernel
from veedor.forecasters.levels import AreaTotals
from veedor.forecasters.past_mean import PastMean
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.recency import Recency

#: Forecasters by the name that study.toml uses; the first is the reference.
FORECASTERS: dict[str, type[Forecaster]] = {
    "PriorCounts": PriorCounts,
    "Recency": Recency,
    "Kernel": Kernel,
    "PastMean": PastMean,
}

#: The forecaster that every other one, ours or a vendor's, is compared with.
REFERENCE = "PriorCounts"


def make_forecaster(name: str) -> Forecaster:
    """Return a new forecaster by name, with its default parameters.

    Raises
    ------
    StudyError
        If there is none of that name.
    """
    if name not in FORECASTERS:
        raise StudyError(
            "A forecaster must be one that veedor has.",
            found=repr(name),
            remedy="use one of " + ", ".join(FORECASTERS),
        )
    return FORECASTERS[name]()


__all__ = [
    "FORECASTERS",
    "REFERENCE",
    "AreaTotals",
    "Forecaster",
    "History",
    "Kernel",
    "PastMean",
    "PriorCounts",
    "Recency",
    "check_forecaster",
    "make_forecaster",
]
