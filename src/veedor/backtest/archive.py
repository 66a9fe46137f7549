"""The archive: every forecast of a backtest as a file, so that a broken-off run resumes."""

from __future__ import annotations

import re
import unicodedata
import zlib
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq

from veedor.backtest.making import Absence
from veedor.files.json_file import write_json
from veedor.files.replacing import replacing
from veedor.files.sealed import Seals
from veedor.forecasts import Forecast, counts_table, read_forecast, write_forecast
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
        Holds ``forecasts/<category>/<forecaster>/<origin>.parquet``, or ``<origin>.absent.json``
        where the forecaster had too little data, and ``outcomes/<category>.parquet``. Each file is
        complete or not there.
    seals : Seals, optional
        Of the folder; seal each forecast, so that a later run knows it for its own.
    """

    def __init__(self, folder: Path, seals: Seals | None = None) -> None:
        self.folder = folder
        self.seals = seals

    def path(self, category: str, forecaster: str, origin: np.datetime64) -> Path:
        """File of one forecast."""
        stamp = np.datetime_as_string(origin, unit="m").replace(":", "") + "Z"
        return self.folder / "forecasts" / slug(category) / slug(forecaster) / f"{stamp}.parquet"

    def absence_path(self, category: str, forecaster: str, origin: np.datetime64) -> Path:
        """File that says why there is no forecast."""
        return self.path(category, forecaster, origin).with_suffix(".absent.json")

    def has(self, category: str, forecaster: str, origin: np.datetime64) -> bool:
        """Whether the forecast was made already, or there was too little data for it."""
        return (
            self.path(category, forecaster, origin).exists()
            or self.absence_path(category, forecaster, origin).exists()
        )

    def add(self, made: Forecast | Absence) -> None:
        """Keep a forecast, or that there is none, whole or not at all."""
        if isinstance(made, Absence):
            key = (made.category, made.forecaster, made.origin)
            write_json({**vars(made), "origin": str(made.origin)}, self.absence_path(*key))
            self.path(*key).unlink(missing_ok=True)
            self._seal(self.absence_path(*key))
        else:
            key = (made.category, made.forecaster, made.periods.edges[0])
            write_forecast(made, self.path(*key))
            self.absence_path(*key).unlink(missing_ok=True)
            self._seal(self.path(*key))

    def _seal(self, path: Path) -> None:
        if self.seals is not None:
            self.seals.seal(path)

    def get(self, category: str, forecaster: str, origin: np.datetime64, cells: Cells) -> Forecast:
        """Read a forecast back."""
        return read_forecast(self.path(category, forecaster, origin), cells)

    def absence(self, category: str, forecaster: str, origin: np.datetime64) -> Absence | None:
        """Read back why there is no forecast; None where there is nothing to say."""
        path = self.absence_path(category, forecaster, origin)
        if not path.exists():
            return None
        return Absence(**{**msgspec.json.decode(path.read_bytes()), "origin": origin})

    def add_outcomes(self, counts: Counts, cells: Cells, periods: Periods) -> None:
        """Keep what was recorded: a row per (period, cell); what had no cell in the metadata."""
        table = counts_table(counts, cells, periods, as_of=True)
        with replacing(self.folder / "outcomes" / f"{slug(counts.category)}.parquet") as partial:
            pq.write_table(table, partial, compression="zstd")
