"""Where forecasts and their cells lie: a run's results, folders of anyone's, single files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from veedor.errors import ForecastFileError, phrase
from veedor.files.replacing import require_readable
from veedor.forecasts.files import read_forecasts
from veedor.forecasts.forecast import Forecast
from veedor.spacetime import Cells

CELLS = "cells.geojson"
FORECASTS = "forecasts"
#: Category -> forecaster -> its forecasts, by issue time and period.
Archive: TypeAlias = dict[str, dict[str, list[Forecast]]]

# A run keeps forecasts/CATEGORY/FORECASTER/ORIGIN.parquet below its cells.geojson.
_FOLDERS_UP = 6
_ENDS = (".parquet", ".pq", ".csv", ".csv.gz")
#: In veedor's own format, which is what may be sealed and what a run writes.
PARQUET = (".parquet",)


def find_cells(forecasts: Path, given: Path | None = None) -> Path:
    """Return the file of a forecast's cells: the one given, or the nearest beside or above it.

    Parameters
    ----------
    forecasts : Path
        A file, or a folder of files.
    given : Path, optional

    Raises
    ------
    ForecastFileError
        If there is none.
    """
    if given is not None:
        return given
    place = forecasts.resolve()
    for folder in ([place] if place.is_dir() else []) + list(place.parents[:_FOLDERS_UP]):
        if (folder / CELLS).is_file():
            return folder / CELLS
    raise ForecastFileError(
        "A forecast must come with its cells.",
        found=phrase("no {cells} beside it or in the folders above it", cells=CELLS),
        where=forecasts.name,
        remedy="name the GeoJSON of the cells with --cells",
    )


def forecast_files(given: Sequence[Path], ends: tuple[str, ...] = _ENDS) -> list[Path]:
    """Return the files of forecasts among files and folders, those of a folder in order.

    Of a folder with ``forecasts/``, as a run's results, only what lies there is a forecast.

    Parameters
    ----------
    given : sequence of Path
    ends : tuple of str
        What the names of the files in folders end in.

    Raises
    ------
    ForecastFileError
        If there is none, or one cannot be read.
    """
    files = [
        file for path in given for file in (files_within(path, ends) if path.is_dir() else [path])
    ]
    for file in files:
        require_readable(file, phrase("A forecast"))
    if not files:
        raise ForecastFileError(
            "There must be a forecast.",
            found=phrase("no file that ends in {ends}", ends=", ".join(ends)),
            where=", ".join(map(str, given)),
            remedy="make forecasts with `veedor forecast STUDY`, or name other files",
        )
    return list(dict.fromkeys(files))


def files_within(folder: Path, ends: tuple[str, ...] = _ENDS) -> list[Path]:
    """Return the files of forecasts in a folder, in order; none is no error."""
    folder = folder / FORECASTS if (folder / FORECASTS).is_dir() else folder
    return sorted(path for path in folder.rglob("*") if path.name.lower().endswith(ends))


def read_archive(
    files: Sequence[Path], cells: Cells, *, time_zone: Callable[[], str] | None = None
) -> Archive:
    """Read every forecast of some files; see `read_forecasts`.

    Parameters
    ----------
    files : sequence of Path
        Of `forecast_files`.
    cells : Cells
    time_zone : callable, optional
        Gives the zone of times without an offset, and is asked only for such.

    Returns
    -------
    dict
        By category, then forecaster, both in order; forecasts by issue time and period.
    """
    found: Archive = {}
    for path in files:
        for forecast in read_forecasts(path, cells, time_zone=time_zone):
            makers = found.setdefault(forecast.category, {})
            makers.setdefault(forecast.forecaster, []).append(forecast)
    return in_order(found)


def in_order(archive: Archive) -> Archive:
    """Return the same with categories, forecasters and forecasts in order."""
    return {
        category: {
            name: sorted(made, key=lambda one: (one.issued_at, one.periods.edges[0]))
            for name, made in sorted(makers.items())
        }
        for category, makers in sorted(archive.items())
    }
