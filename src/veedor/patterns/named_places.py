"""Places that a record names: hot spots, and places that emerge, with their dates and counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.patterns.emerging import CLASSES
from veedor.patterns.hot_spots import HOT
from veedor.patterns.of_places import Columns
from veedor.spacetime import Gazetteer, Place
from veedor.tables.csv_file import write_rows

FILE = "named_places.csv"
MOST = 20
HOT_SPOT, EMERGING = "hot_spot", "emerging"


class NamedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place that a pattern names.

    Parameters
    ----------
    category : str
    kind : str
        ``"hot_spot"`` or ``"emerging"``.
    rank : int
        From 1, the most recorded incidents.
    place : Place
    recorded, recorded_in_all : int
        Incidents of the category over the whole record, here and in all cells.
    q_value : float or None
        Of the hot spot, or of the trend.
    hot_class : str
        Key of `CLASSES`; empty where the record is too short for them.
    since : str
        Local day of the step from which on it was a hot spot without a gap; empty where it is none
        in the last step.
    change_a_year : float or None
        Of its share against the places that kept their level: 0.1 is 10% more a year; of a place
        that emerges.
    """

    category: str
    kind: str
    rank: int
    place: Place
    recorded: int
    recorded_in_all: int
    q_value: float | None
    hot_class: str
    since: str
    change_a_year: float | None


def named_places(category: str, columns: Columns, gazetteer: Gazetteer) -> list[NamedPlace]:
    """Name the hot spots of a category and the places that emerge, those with most recorded first.

    Parameters
    ----------
    category : str
    columns : dict of str to array, shape (cells,)
        As `find_patterns` gives them.
    gazetteer : Gazetteer
        Of the same cells.
    """
    n = len(gazetteer.places)
    classes = columns.get("hot_class", np.full(n, ""))
    emerging = np.array([CLASSES.get(str(name)) == "emerging" for name in classes])
    return [
        *_named(HOT_SPOT, category, columns["hot_spot"] == HOT, "q_value", columns, gazetteer),
        *_named(EMERGING, category, emerging, "trend_q_value", columns, gazetteer),
    ]


def _named(
    kind: str,
    category: str,
    chosen: npt.NDArray[np.bool_],
    tested: str,
    columns: Columns,
    gazetteer: Gazetteer,
) -> list[NamedPlace]:
    recorded = columns["recorded"]
    cells = np.flatnonzero(chosen)
    order = cells[np.argsort(-recorded[cells], kind="stable")][:MOST]

    def number(name: str, cell: int) -> float | None:
        value = float(columns[name][cell]) if name in columns else np.nan
        return value if np.isfinite(value) else None

    def text(name: str, cell: int) -> str:
        return str(columns[name][cell]) if name in columns else ""

    return [
        NamedPlace(
            category=category,
            kind=kind,
            rank=rank + 1,
            place=gazetteer.places[cell],
            recorded=int(recorded[cell]),
            recorded_in_all=int(recorded.sum()),
            q_value=number(tested, cell),
            hot_class=text("hot_class", cell),
            since=text("hot_since", cell),
            change_a_year=number("trend_change_a_year", cell) if kind == EMERGING else None,
        )
        for rank, cell in enumerate(order.tolist())
    ]


def write_named(places: Sequence[NamedPlace], path: Path) -> None:
    """Write named places as a CSV, a row each."""
    names = [name for name in NamedPlace.__struct_fields__ if name != "place"]
    write_rows(
        [*names, *Place.__struct_fields__],
        ([*(getattr(one, name) for name in names), *one.place.fields] for one in places),
        path,
    )
