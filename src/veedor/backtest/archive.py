"""The archive: every forecast of a backtest as a file, so that a broken-off run resumes."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq

from veedor.arrays import Instants
from veedor.backtest.making import Absence
from veedor.files.json_file import json_bytes
from veedor.files.replacing import replacing
from veedor.files.sealed import Seals
from veedor.files.temporary import temporary_folder
from veedor.forecasts import Forecast, counts_table, forecast_bytes, read_forecast
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


@dataclass(frozen=True)
class Written:
    """A forecast, or that there is none, as the archive's file has it.

    Parameters
    ----------
    category, forecaster : str
    origin : datetime64
    absent : bool
        Whether it says why there is no forecast.
    content : bytes
    """

    category: str
    forecaster: str
    origin: np.datetime64
    absent: bool
    content: bytes

    @classmethod
    def of(cls, made: Forecast | Absence) -> Written:
        """Write down what was made, wherever that was."""
        if isinstance(made, Absence):
            content = json_bytes({**vars(made), "origin": str(made.origin)})
            return cls(made.category, made.forecaster, made.origin, True, content)
        origin = made.periods.edges[0]
        return cls(made.category, made.forecaster, origin, False, forecast_bytes(made))


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
        self.keep(Written.of(made))

    def keep(self, written: Written) -> None:
        """Keep what was made and written down elsewhere, whole or not at all."""
        key = (written.category, written.forecaster, written.origin)
        places = self.path(*key), self.absence_path(*key)
        mine, other = reversed(places) if written.absent else places
        with replacing(mine) as partial:
            partial.write_bytes(written.content)
        other.unlink(missing_ok=True)
        self._seal(mine)

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

    def forecasts(
        self, category: str, forecaster: str, origins: Instants, cells: Cells
    ) -> list[Forecast]:
        """Read forecasts back, one an origin, in order; there must be no absence."""
        return [self.get(category, forecaster, origin, cells) for origin in origins]

    def absences(self, category: str, forecaster: str, origins: Instants) -> list[Absence]:
        """Origins at which a forecaster had too little data, in order."""
        found = (self.absence(category, forecaster, origin) for origin in origins)
        return [absence for absence in found if absence is not None]

    def files(
        self, category: str, forecasters: Iterable[str], origins: Instants
    ) -> dict[str, bytes]:
        """Return what is kept of some forecasts, to be read elsewhere: see `unpacked`."""
        kept = (
            path
            for forecaster in forecasters
            for origin in origins
            for path in (
                self.path(category, forecaster, origin),
                self.absence_path(category, forecaster, origin),
            )
            if path.exists()
        )
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in kept}

    def add_outcomes(self, counts: Counts, cells: Cells, periods: Periods) -> None:
        """Keep what was recorded: a row per (period, cell); what had no cell in the metadata."""
        table = counts_table(counts, cells, periods, as_of=True)
        with replacing(self.folder / "outcomes" / f"{slug(counts.category)}.parquet") as partial:
            pq.write_table(table, partial, compression="zstd")


@contextmanager
def unpacked(files: Mapping[str, bytes]) -> Iterator[Archive]:
    """Read what another archive holds, as its `Archive.files`, where that one cannot be seen."""
    with temporary_folder() as folder:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield Archive(folder)
