"""What a forecast is: count distributions, `Forecast`, and the files that hold it."""

from veedor.forecasts.cells_file import read_cells, write_cells
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.files import read_forecast, read_forecasts, write_forecast
from veedor.forecasts.forecast import Forecast, require_same_ground
from veedor.forecasts.foreign import read_boxes, read_cell_means

__all__ = [
    "CountDistribution",
    "Forecast",
    "read_boxes",
    "read_cell_means",
    "read_cells",
    "read_forecast",
    "read_forecasts",
    "require_same_ground",
    "write_cells",
    "write_forecast",
]
