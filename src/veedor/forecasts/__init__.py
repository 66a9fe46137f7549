"""What a forecast is: count distributions, `Forecast`, and the files that hold it."""

from veedor.forecasts.cells_file import cells_bytes, cells_crs, read_cells, write_cells
from veedor.forecasts.coherent import Coherent, bottom_up, conditioned
from veedor.forecasts.counts_file import counts_table
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.files import (
    forecast_bytes,
    forecast_table,
    read_forecast,
    read_forecasts,
    table_of,
    write_forecast,
)
from veedor.forecasts.folder import Archive, find_cells, forecast_files, read_archive
from veedor.forecasts.forecast import Forecast
from veedor.forecasts.foreign import read_boxes, read_cell_means
from veedor.forecasts.layers import ALL, CELLS, Layer, area_layers, crossed_layers
from veedor.forecasts.same_ground import require_same_ground

__all__ = [
    "ALL",
    "CELLS",
    "Archive",
    "Coherent",
    "CountDistribution",
    "Forecast",
    "Layer",
    "area_layers",
    "bottom_up",
    "cells_bytes",
    "cells_crs",
    "conditioned",
    "counts_table",
    "crossed_layers",
    "find_cells",
    "forecast_bytes",
    "forecast_files",
    "forecast_table",
    "read_archive",
    "read_boxes",
    "read_cell_means",
    "read_cells",
    "read_forecast",
    "read_forecasts",
    "require_same_ground",
    "table_of",
    "write_cells",
    "write_forecast",
]
