"""What the record of a study shows: `find_patterns` reads it, `describe` takes it as read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import veedor
from veedor import patterns
from veedor.errors import StudyError
from veedor.files.folders import replacing_folder, require_own
from veedor.spacetime import read_polygons
from veedor.study.config import load_study
from veedor.study.patterns import changes, topics
from veedor.study.patterns.findings import findings
from veedor.study.patterns.record import Record
from veedor.study.patterns.writing import Columns, Patterns, write
from veedor.study.preparation import Prepared, prepare
from veedor.study.progress import Progress, Silent
from veedor.study.section_checks import FILE_NAME
from veedor.study.workspace import temporary_workspace

FOLDER = "patterns"
SCHEMA_VERSION = 2
_FEWEST_CELLS = 3

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
        Called with what was found, once it is written, before the folder takes its place.
    progress : Progress, optional

    Returns
    -------
    Patterns
        Written under ``patterns/``, as `describe` does.

    Raises
    ------
    StudyError
        If study.toml asks for a denominator or areas that are not there.
    """
    progress = progress or Silent()
    study = load_study(folder)
    target = folder / FOLDER
    require_own(target)
    with temporary_workspace(folder) as workspace:
        progress.step("Reading incidents", None)
        prepared = prepare(study, folder, workspace, progress.advance)
        require(prepared, folder)
        with replacing_folder(target) as building:
            made = describe(prepared, folder, building, progress)
            if publish is not None:
                publish(made)
    return replace(made, folder=target)


def require(prepared: Prepared, folder: Path) -> None:
    """Refuse at once what `describe` would refuse after hours of forecasts.

    Parameters
    ----------
    prepared : Prepared
    folder : Path
        Of the study.

    Raises
    ------
    StudyError
        If study.toml asks for a denominator or areas that are not there, or a category has no
        incident in a cell.
    """
    record = Record(prepared)
    if len(record.cells) < _FEWEST_CELLS:
        raise StudyError(
            f"A study must have at least {_FEWEST_CELLS} cells to have patterns.",
            found=f"{len(record.cells)}",
            where=f"{FILE_NAME}, [cells]",
            remedy="take smaller cells, or leave out [patterns]",
        )
    for category in prepared.study.forecast_categories:
        if not record.in_cells(category).any():
            raise StudyError(
                "A category must have an incident in a cell within the record to have patterns.",
                found=f"none of {category}",
                where=f"{FILE_NAME}, [[categories]]",
                remedy="set forecast = false for it, or a longer record",
            )
    _denominator(record, folder)
    topics.changed_areas(record, folder)


def describe(prepared: Prepared, folder: Path, into: Path, progress: Progress) -> Patterns:
    """Find the patterns of a record that was read, and write them.

    Parameters
    ----------
    prepared : Prepared
    folder : Path
        Of the study; its files are relative to it.
    into : Path
        Gets ``patterns.json``, ``cells.csv``, ``near_repeats.csv``, ``clock.csv`` and
        ``shifts.csv``. The same study, seed and versions give the same bytes.
    progress : Progress

    Returns
    -------
    Patterns

    Raises
    ------
    StudyError
        As `require`.
    """
    study, record = prepared.study, Record(prepared)
    categories = study.forecast_categories
    progress.step("Finding patterns", len(categories) + 1)
    denominator = _denominator(record, folder)
    found, by_cell = [], {}
    _ = record.day  # made once, before two threads ask for it
    draws = [np.random.default_rng([study.study.seed, k]).spawn(5) for k in range(len(categories))]
    # Pairs are counted in compiled loops, which leave the interpreter to all other patterns.
    with ThreadPoolExecutor(max_workers=1) as aside:
        pairs = [
            aside.submit(topics.near_repeats, record, category, draw[2])
            for category, draw in zip(categories, draws, strict=True)
        ]
        try:
            for number, (category, draw) in enumerate(zip(categories, draws, strict=True)):
                one, by_cell[category] = _category(
                    record, category, draw, pairs[number], folder, denominator
                )
                found.append(one)
                progress.advance(number + 1)
        finally:
            aside.shutdown(wait=False, cancel_futures=True)
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
        "changes": changes.changes(record, categories, rng),
        "watch": changes.watch(record, categories, rng),
    }
    results["findings"] = findings(results)
    made = Patterns(results, by_cell, record, into)
    write(made)
    progress.advance(len(categories) + 1)
    return made


def _category(
    record: Record,
    category: str,
    draw: list[np.random.Generator],
    pairs: Future[dict[str, Any] | None],
    folder: Path,
    denominator: npt.NDArray[np.float64] | None,
) -> tuple[dict[str, Any], Columns]:
    rows = record.rows(category)
    counted = {
        "recorded": len(rows),
        "without_a_place": int(np.sum(~record.incidents.located[rows])),
        "outside_the_cells": int(np.sum(record.incidents.located[rows] & (record.cell[rows] < 0))),
    }
    hot, by_cell = topics.hot_spots(record, category, draw[1], denominator)
    emerging, classes = topics.emerging(record, category)
    moved, change = topics.map_change(record, category, draw[3])
    concentration = topics.concentrations(record, category, draw[0])
    seasons = topics.seasons(record, category, draw[4])
    return {
        "name": category,
        "counted": {**counted, "in_cells": int(record.in_cells(category).sum())},
        "concentration": concentration,
        "hot_spots": hot,
        "near_repeats": pairs.result(),
        "emerging": emerging,
        "seasons": seasons,
        "map_change": moved,
        "before_after": topics.displacement(record, category, folder),
    }, {**by_cell, **classes, **change}


def _denominator(record: Record, folder: Path) -> npt.NDArray[np.float64] | None:
    settings = record.study.described
    if settings.denominator is None or settings.denominator_property is None:
        return None
    path, name = folder / settings.denominator, settings.denominator_property
    polygons, properties = read_polygons(path, record.study.incidents.crs)
    values = [one.get(name) for one in properties]
    bad = [
        place
        for place, one in enumerate(values)
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 <= one < np.inf
    ]
    if bad:
        raise StudyError(
            "Every polygon must have the denominator as a number of at least 0.",
            found=f"{len(bad)} without such a {name!r}, the first at {bad[:5]}; the properties are "
            f"{', '.join(sorted(properties[0])[:20]) or 'none'}",
            where=path.name,
            remedy="correct denominator_property under [patterns]",
        )
    shared = patterns.denominator_of_cells(record.cells, polygons, np.array(values, dtype=float))
    if not (shared > 0).any():
        raise StudyError(
            "Some cell must have a denominator above 0.",
            found=f"none of {len(record.cells)} cells, from {len(polygons)} polygons",
            where=path.name,
            remedy="see that the polygons lie over the study area, and the property is right",
        )
    return shared
