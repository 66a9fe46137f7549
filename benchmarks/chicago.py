"""The development data: Chicago 2016-2017, four categories, as a study prepares it.

Every benchmark that uses it loads it here, with the very functions of ``veedor run``: cells are the
closed footprint of what was recorded before October 2017, history begins with 2016, and the first
forecast period begins on 1 October 2017.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import shapely

from veedor.forecasters import FORECASTERS
from veedor.incidents import Category, Columns, Source
from veedor.spacetime import Cells, SquareLattice, StudyArea
from veedor.study.config import parse_study
from veedor.study.preparation import prepare
from veedor.study.prepared import Prepared

SHARED = Path(
    os.environ.get("VEEDOR_SHARED", Path(__file__).resolve().parents[2] / "shared"), "data"
)
DATA = SHARED / "chicago" / "incidents.parquet"
CATEGORIES = ("THEFT", "BATTERY", "CRIMINAL DAMAGE", "ASSAULT")
TIME_ZONE, CRS = "America/Chicago", "EPSG:32616"
FIRST_DAY = date(2017, 10, 1)
MOST_ORIGINS = 13
#: All but those made for counts by area.
OF_INCIDENTS = tuple(
    name
    for name in FORECASTERS
    if name not in ("SeasonalNaive", "RecentMean", "ShrunkenMean", "EndemicEpidemic")
)

_PERIODS_PER_ORIGIN = {"week": 1, "day": 7}
_STUDY = """
[study]
title = "Chicago 2016-2017"

[incidents]
files = [{data}]
time_zone = "{time_zone}"
crs = "{crs}"

[incidents.columns]
time = "occurred_at"
latitude = "latitude"
longitude = "longitude"
category = "category"
{categories}
[cells]
size_m = {size_m}

[periods]
length = "1 {length}"
history_from = 2016-01-01
until = {until}
origins = {origins}
periods_per_origin = {periods_per_origin}

[holidays]
country = "US"
subdivision = "IL"
"""


def study_toml(
    size_m: int, length: str = "week", origins: int = MOST_ORIGINS, first_day: date = FIRST_DAY
) -> str:
    """Return the study file: weekly origins, the first on a day of 2017.

    Parameters
    ----------
    size_m : int
        Side of the square cells.
    length : str
        ``"week"``, a period an origin, or ``"day"``, seven.
    origins : int
        1 to 13, more from an earlier day.
    first_day : date
    """
    return _STUDY.format(
        data=json.dumps(str(DATA)),
        time_zone=TIME_ZONE,
        crs=CRS,
        categories="".join(
            f'\n[[categories]]\nname = "{name}"\nknown_by = "reported"\n' for name in CATEGORIES
        ),
        size_m=size_m,
        length=length,
        until=first_day + timedelta(weeks=origins),
        origins=origins,
        periods_per_origin=_PERIODS_PER_ORIGIN[length],
    )


def prepared(
    size_m: int, length: str = "week", origins: int = MOST_ORIGINS, first_day: date = FIRST_DAY
) -> Prepared:
    """Read the incidents and build cells, periods and history; arguments as in `study_toml`."""
    study = parse_study(study_toml(size_m, length, origins, first_day).encode())
    with tempfile.TemporaryDirectory() as workspace:
        return prepare(study, DATA.parent, Path(workspace))


def on_wider_ground(ready: Prepared, gaps: int) -> Prepared:
    """Lay the cells anew over the footprint with gaps of up to twice `gaps` cells closed.

    Parameters
    ----------
    ready : Prepared
        On squares, of the footprint with gaps of up to two cells closed.
    gaps : int
        Cells by which the ground is grown and shrunk again.
    """
    size_m = float(ready.cells.size_m or 0.0)
    ground = shapely.union_all(ready.cells.polygons)
    for way in (gaps, -gaps):
        ground = shapely.buffer(ground, way * size_m, join_style="mitre")
    ground = shapely.set_precision(ground, size_m)
    area = StudyArea(ground, CRS, f"footprint, gaps of up to {2 * gaps} cells closed")
    return replace(ready, cells=Cells.on_lattice(area, SquareLattice(size_m)))


def source() -> Source:
    """Return how to read the incidents, without cells or periods."""
    columns = Columns(
        time="occurred_at", latitude="latitude", longitude="longitude", category="category"
    )
    kinds = tuple(Category(name, "reported") for name in CATEGORIES)
    return Source((str(DATA),), columns, kinds, TIME_ZONE, CRS)


def is_there() -> bool:
    """Tell whether the development data are there, and say so where they are not."""
    if not DATA.exists():
        print(f"skipped: the development data are not there ({DATA.name})")
    return DATA.exists()
