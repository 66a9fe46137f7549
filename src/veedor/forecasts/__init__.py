"""What a forecast is: count distributions, `Forecast`, and the files that hold it."""

from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.files import read_forecast, write_cells, write_forecast
from veedor.forecasts.forecast import Forecast, require_same_ground
from veedor.forecasts.foreign import read_boxes, read_cell_means

__all__ = [
    "CountDistribution",
    "Forecast",
    "read_boxes",
    "read_cell_means",
    "read_forecast",
    "require_same_ground",
    "write_cells",
    "write_forecast",
]
