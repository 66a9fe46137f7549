"""``find_patterns``: what the record of a study shows, into its ``patterns/``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import veedor
from veedor import patterns
from veedor.errors import StudyError
from veedor.files import replacing
from veedor.incidents.escape import shown
from veedor.spacetime import read_polygons
from veedor.study import pattern_changes, pattern_topics
from veedor.study.config import FILE_NAME, load_study
from veedor.study.pattern_record import Record
from veedor.study.pattern_topics import plain
from veedor.study.preparation import prepare
from veedor.study.results import to_bytes
from veedor.study.run import Progress, Silent, temporary_workspace

FOLDER = "patterns"
SCHEMA_VERSION = 1

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Patterns:
    """What was found, and where it was written.

    Parameters
    ----------
    results : dict
        As ``patterns.json``.
    by_cell : dict of str to dict of str to array
        Category -> column -> a value a cell, as ``cells.csv``.
    record : Record
    folder : Path
    """

    results: dict[str, Any]
    by_cell: dict[str, Columns]
    record: Record
    folder: Path


#: Turns what was found into further files in the folder: the report, which sits above this room.
Publisher = Callable[[Patterns], None]


def find_patterns(
    folder: Path, *, publish: Publisher | None = None, progress: Progress | None = None
) -> Patterns:
    """Describe the record of a study: concentration, hot spots, near repeats, seasons, change.

    Parameters
    ----------
    folder : Path
        Of the study.
    publish : callable, optional
        Called with what was found, once it is written.
    progress : Progress, optional

    Returns
    -------
    Patterns
        Written under ``patterns/``: ``patterns.json``, ``cells.csv``, ``near_repeats.csv``,
        ``clock.csv`` and ``shifts.csv``. The same study, seed and versions give the same bytes.

    Raises
    ------
    StudyError
        If study.toml asks for a denominator or areas that are not there.
    """
    progress = progress or Silent()
    study = load_study(folder)
    with temporary_workspace(folder) as workspace:
        progress.step("Reading incidents", None)
        record = Record(prepare(study, folder, workspace, progress.advance))
        categories = study.forecast_categories
        progress.step("Finding patterns", len(categories) + 1)
        denominator = _denominator(record, folder)
        found, by_cell = [], {}
        for number, category in enumerate(categories):
            one, by_cell[category] = _category(record, category, number, folder, denominator)
            found.append(one)
            progress.advance(number + 1)
        rng = np.random.default_rng([study.study.seed, len(categories)])
        results = {
            "schema_version": SCHEMA_VERSION,
            "veedor": veedor.__version__,
            "study": {"title": study.study.title, "seed": study.study.seed},
            "span": [record.local_day(record.days.edges[at]) for at in (0, -1)],
            "cells": {
                "count": len(record.cells),
                "shape": record.cells.shape,
                "size_m": record.cells.size_m,
                "area_km2": float(record.cells.area_km2.sum()),
                "area_source": record.cells.source,
            },
            "categories": found,
            "changes": pattern_changes.changes(record, categories, rng),
            "watch": pattern_changes.watch(record, categories, rng),
        }
        made = Patterns(results, by_cell, record, folder / FOLDER)
        _write(made)
        if publish is not None:
            publish(made)
        progress.advance(len(categories) + 1)
    return made


def _category(
    record: Record,
    category: str,
    number: int,
    folder: Path,
    denominator: npt.NDArray[np.float64] | None,
) -> tuple[dict[str, Any], Columns]:
    rows = record.rows(category)
    counted = {
        "recorded": len(rows),
        "without_a_place": int(np.sum(~record.incidents.located[rows])),
        "outside_the_cells": int(np.sum(record.incidents.located[rows] & (record.cell[rows] < 0))),
    }
    inside = int(np.sum(record.cell[rows] >= 0))
    if inside == 0:
        raise StudyError(
            "A category must have an incident in a cell within the record to have patterns.",
            found=f"none of {category}",
            where=f"{FILE_NAME}, [[categories]]",
            remedy="set forecast = false for it, or a longer record",
        )
    draw = np.random.default_rng([record.study.study.seed, number]).spawn(6)
    hot, by_cell = pattern_topics.hot_spots(record, category, draw[1], denominator)
    emerging, classes = pattern_topics.emerging(record, category, draw[3])
    moved, change = pattern_topics.map_change(record, category, draw[5])
    return {
        "name": category,
        "counted": {**counted, "in_cells": inside},
        "concentration": pattern_topics.concentrations(record, category, draw[0]),
        "hot_spots": hot,
        "near_repeats": pattern_topics.near_repeats(record, category, draw[2]),
        "emerging": emerging,
        "seasons": pattern_topics.seasons(record, category, draw[4]),
        "map_change": moved,
        "before_after": pattern_topics.displacement(record, category, folder),
    }, {**by_cell, **classes, **change}


def _denominator(record: Record, folder: Path) -> npt.NDArray[np.float64] | None:
    settings = record.study.patterns
    if settings.denominator is None or settings.denominator_property is None:
        return None
    path, name = folder / settings.denominator, settings.denominator_property
    polygons, properties = read_polygons(path, record.study.incidents.crs)
    values = [one.get(name) for one in properties]
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in values):
        bad = [place for place, one in enumerate(values) if not isinstance(one, (int, float))]
        raise StudyError(
            "Every polygon must have the denominator as a number.",
            found=f"{len(bad)} without {name!r}, the first at {bad[:5]}; the properties are "
            f"{', '.join(sorted(properties[0])) or 'none'}",
            where=path.name,
            remedy="correct denominator_property under [patterns]",
        )
    return patterns.denominator_of_cells(record.cells, polygons, np.array(values, dtype=float))


def _write(made: Patterns) -> None:
    with replacing(made.folder / "patterns.json") as part:
        part.write_bytes(to_bytes(made.results))
    cells = made.record.cells
    ids = cells.cell_id.tolist()
    for name, rows in {
        "cells.csv": [
            dict(zip(("category", "cell_id", *columns), row, strict=True))
            for category, columns in made.by_cell.items()
            for row in zip(
                [category] * len(cells), ids, *(plain(one) for one in columns.values()), strict=True
            )
        ],
        "near_repeats.csv": _knox_rows(made.results),
        "clock.csv": _clock_rows(made.results),
        "shifts.csv": _shift_rows(made.results),
    }.items():
        _write_csv(made.folder / name, rows)


def _knox_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (
        *("observed", "expected", "ratio", "low", "high", "p_value", "q_value"),
        *("seasonal_ratio", "seasonal_low", "seasonal_high"),
    )
    return [
        {"category": one["name"], "distance": distance, "time": time}
        | {name: table[name][d][t] for name in names}
        for one in results["categories"]
        if (table := one["near_repeats"]) is not None
        for d, distance in enumerate(table["distance_bands"])
        for t, time in enumerate(table["time_bands"])
    ]


def _clock_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("relative", "low", "high", "p_value", "q_value")
    return [
        {"category": one["name"], "weekday": hour // 24 + 1, "hour": hour % 24}
        | {name: one["seasons"]["clock"][name][hour] for name in names}
        for one in results["categories"]
        for hour in range(168)
    ]


def _shift_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    if results["changes"] is None:
        return []
    names = ("week", "ratio", "low", "high", "change")
    return [
        {"category": one["category"], "area": one.get("area", "all areas")}
        | {name: shift[name] for name in names}
        | {"q_value": one["q_value"], "signs": "; ".join(shift.get("signs", ()))}
        for one in results["changes"]["categories"] + results["changes"]["areas"]
        for shift in one["shifts"]
    ]


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows with their names; undefined is empty, and no text is a formula."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]) if rows else ["category"])
        writer.writeheader()
        safe = cache(shown)
        writer.writerows(
            {name: safe(one) if isinstance(one, str) else one for name, one in row.items()}
            for row in rows
        )
