"""The archive: every forecast of a backtest as a file, so that a broken-off run resumes."""

from __future__ import annotations

import re
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from veedor.files import replacing
from veedor.forecasts import Forecast, read_forecast, write_forecast
from veedor.spacetime import Cells, Counts, Periods


def slug(name: str) -> str:
    """File name for a category or forecaster: plain letters, and a mark that keeps it unique.

    >>> slug("criminal damage")
    'criminal-damage'
    >>> slug("Robo/hurto") != slug("robo hurto")
    True
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    text = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60]
    if text.replace("-", " ") == name:
        return text
    return f"{text}-{zlib.crc32(name.encode()):08x}".lstrip("-")


class Archive:
    """Forecasts and outcomes of one study in one folder.

    Parameters
    ----------
    folder : Path
        Holds ``forecasts/<category>/<forecaster>/<origin>.parquet`` and
        ``outcomes/<category>.parquet``. Each file is complete or absent.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, category: str, forecaster: str, origin: np.datetime64) -> Path:
        """File of one forecast."""
        stamp = np.datetime_as_string(origin, unit="m").replace(":", "") + "Z"
        return self.folder / "forecasts" / slug(category) / slug(forecaster) / f"{stamp}.parquet"

    def has(self, category: str, forecaster: str, origin: np.datetime64) -> bool:
        """Whether the forecast was made already."""
        return self.path(category, forecaster, origin).exists()

    def add(self, forecast: Forecast, forecaster: str) -> None:
        """Keep a forecast, whole or not at all."""
        write_forecast(forecast, self.path(forecast.category, forecaster, forecast.data_cutoff))

    def get(self, category: str, forecaster: str, origin: np.datetime64, cells: Cells) -> Forecast:
        """Read a forecast back."""
        return read_forecast(self.path(category, forecaster, origin), cells)

    def add_outcomes(self, counts: Counts, cells: Cells, periods: Periods) -> None:
        """Keep what was recorded: a row per (period, cell); what had no cell in the metadata."""
        n, m = counts.values.shape
        utc = pa.timestamp("us", tz="UTC")
        table = pa.table(
            {
                "start": pa.array(np.repeat(periods.start, m)).cast(utc),
                "end": pa.array(np.repeat(periods.end, m)).cast(utc),
                "cell_id": pa.DictionaryArray.from_arrays(
                    np.tile(np.arange(m, dtype=np.int32), n), pa.array(cells.cell_id.tolist())
                ),
                "count": counts.values.ravel(),
            }
        )
        table = table.replace_schema_metadata(
            {
                "category": counts.category,
                "as_of": str(counts.as_of),
                "unlocated": str(counts.unlocated.tolist()),
                "outside": str(counts.outside.tolist()),
            }
        )
        with replacing(self.folder / "outcomes" / f"{slug(counts.category)}.parquet") as partial:
            pq.write_table(table, partial, compression="zstd")
