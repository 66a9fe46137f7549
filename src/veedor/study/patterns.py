"""The record of a study described: what `veedor.patterns` finds in it, as files and a report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from msgspec import structs

import veedor
from veedor.errors import StudyError, phrase
from veedor.files.json_file import write_json
from veedor.forecasters.calendars import is_holiday
from veedor.patterns import (
    ROLES,
    AreaChange,
    Columns,
    Denominator,
    Patterns,
    PatternSettings,
    Recorded,
    denominator_of_cells,
)
from veedor.patterns import find_patterns as find_in_record
from veedor.patterns.named_places import FILE as NAMED_PLACES
from veedor.patterns.named_places import NamedPlace, named_places, write_named
from veedor.progress import Progress
from veedor.spacetime import Gazetteer, Outlines, read_polygons
from veedor.study.prepared import PreparedIncidents
from veedor.study.section_checks import in_section
from veedor.tables.csv_file import write_rows

FOLDER = "patterns"
SCHEMA_VERSION = 3
_FEWEST_CELLS = 3


class StudyName(msgspec.Struct, frozen=True):
    """Which study: its title, and its seed."""

    title: str
    seed: int


class StudyPatterns(Patterns, frozen=True, eq=False, kw_only=True):
    """The content of ``patterns.json``: `Patterns`, and what made them."""

    study: StudyName
    veedor: str = veedor.__version__
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, eq=False)
class Described:
    """What was found in the record of a study, and where it was written.

    Parameters
    ----------
    found : StudyPatterns
    by_cell : dict of str to dict of str to array
        Category -> column -> a value a cell, as ``cells.csv``.
    record : Recorded
    zones : Outlines or None
        To draw over the cells.
    gazetteer : Gazetteer
        Where each cell is.
    named : tuple of NamedPlace
        Hot spots and places that emerge, of each category.
    folder : Path
    """

    found: StudyPatterns
    by_cell: dict[str, Columns]
    record: Recorded
    zones: Outlines | None
    gazetteer: Gazetteer
    named: tuple[NamedPlace, ...]
    folder: Path


def require(prepared: PreparedIncidents, folder: Path) -> tuple[Recorded, PatternSettings]:
    """Refuse at once what `describe` would refuse after hours of forecasts.

    Parameters
    ----------
    prepared : PreparedIncidents
    folder : Path
        Of the study.

    Raises
    ------
    StudyError
        If study.toml asks for a denominator or areas that are not there, or a category has no
        incident in a cell.
    """
    study = prepared.study
    chosen = study.described
    record = Recorded(
        prepared.reading.incidents,
        prepared.cells,
        study.begins,
        study.until,
        chosen.area_m,
        study.layout is not None and study.layout.whole_months,
    )
    if len(record.cells) < _FEWEST_CELLS:
        raise StudyError(
            phrase(
                "A study must have at least {fewest_cells} cells to have patterns.",
                fewest_cells=_FEWEST_CELLS,
            ),
            found=f"{len(record.cells)}",
            where=in_section("cells"),
            remedy="take smaller cells, or leave out [patterns]",
        )
    for category in study.forecast_categories:
        if not record.in_cells(category).any():
            raise StudyError(
                "A category must have an incident in a cell within the record to have patterns.",
                found=phrase("none of {category}", category=category),
                where=in_section("[categories]"),
                remedy="set forecast = false for it, or a longer record",
            )
    public = is_holiday(record.days.local_starts(), prepared.region)
    return record, PatternSettings(
        seed=study.study.seed,
        near_repeat_m=chosen.near_repeat_m,
        near_repeat_days=chosen.near_repeat_days,
        permutations=chosen.permutations,
        bandwidth_m=chosen.bandwidth_m,
        pay_days=chosen.pay_days,
        holidays=[day for day, free in zip(record.dates, public, strict=True) if free],
        denominator=_denominator(prepared, folder),
        change=_change(record, prepared, folder),
    )


def describe(
    prepared: PreparedIncidents, folder: Path, into: Path, progress: Progress
) -> Described:
    """Find the patterns of a record that was read, and write them.

    Parameters
    ----------
    prepared : PreparedIncidents
    folder : Path
        Of the study; its files are relative to it.
    into : Path
        Gets ``patterns.json``, ``named_places.csv``, ``cells.csv``, ``near_repeats.csv``,
        ``clock.csv`` and ``shifts.csv``. The same study, seed and versions give the same bytes.
    progress : Progress

    Raises
    ------
    StudyError
        As `require`.
    """
    study = prepared.study
    record, settings = require(prepared, folder)
    categories = study.forecast_categories
    progress.step(phrase("Finding patterns"), len(categories) + 1)
    found, by_cell = find_in_record(record, categories, settings, progress.advance)
    named = StudyName(study.study.title, study.study.seed)
    made = Described(
        StudyPatterns(**structs.asdict(found), study=named),
        by_cell,
        record,
        prepared.zones,
        prepared.gazetteer,
        tuple(
            place
            for category, columns in by_cell.items()
            for place in named_places(category, columns, prepared.gazetteer)
        ),
        into,
    )
    _write(made)
    progress.advance(len(categories) + 1)
    return made


def _denominator(prepared: PreparedIncidents, folder: Path) -> Denominator | None:
    chosen = prepared.study.described
    if None in (name := (chosen.denominator, chosen.denominator_property, chosen.denominator_of)):
        return None
    file, property_name, of = map(str, name)
    path = folder / file
    polygons, properties = read_polygons(path, prepared.study.recorded.crs)
    values = [one.get(property_name) for one in properties]
    bad = [
        place
        for place, one in enumerate(values)
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 <= one < np.inf
    ]
    if bad:
        raise StudyError(
            "Every polygon must have the denominator as a number of at least 0.",
            found=phrase(
                "{n} without such a {property_name}, the first at {rows}; the properties "
                "are {properties}",
                n=len(bad),
                property_name=repr(property_name),
                rows=bad[:5],
                properties=", ".join(sorted(properties[0])[:20]) or phrase("none"),
            ),
            where=path.name,
            remedy="correct denominator_property under [patterns]",
        )
    cells = prepared.cells
    shared = denominator_of_cells(cells, polygons, np.array(values, dtype=float))
    if not (shared > 0).any():
        raise StudyError(
            "Some cell must have a denominator above 0.",
            found=phrase(
                "none of {n_cells} cells, from {n_polygons} polygons",
                n_cells=len(cells),
                n_polygons=len(polygons),
            ),
            where=path.name,
            remedy="see that the polygons lie over the study area, and the property is right",
        )
    return Denominator(shared, of, property_name)


def _change(record: Recorded, prepared: PreparedIncidents, folder: Path) -> AreaChange | None:
    """Areas of the change that study.toml names, and the time before and after it."""
    chosen, changed = prepared.study.described, prepared.study.changed
    if changed is None or chosen.changed_areas is None:
        return None
    begins, until = record.days.edges[[0, -1]]
    span = min(changed - begins, until - changed)
    if span < np.timedelta64(7, "D"):
        raise StudyError(
            "A change must lie at least a week within the record.",
            found=phrase(
                "{changed}, in a record from {begins} to {until}",
                changed=chosen.changed,
                begins=record.local_day(begins),
                until=record.local_day(until),
            ),
            where=phrase("study.toml, [patterns]"),
        )
    path = folder / chosen.changed_areas
    polygons, properties = read_polygons(path, prepared.study.recorded.crs)
    roles = [str(one.get("role")) for one in properties]
    if not {"treated", "control"} <= set(roles) or not set(roles) <= set(ROLES):
        raise StudyError(
            phrase(
                "Every area must have a property role, one of {roles}, and there must be "
                "treated and control ones.",
                roles=", ".join(ROLES),
            ),
            found=", ".join(sorted(set(roles))[:8]),
            where=path.name,
        )
    return AreaChange(changed, span, polygons, roles)


def _write(made: Described) -> None:
    """Write what was found, each file whole or not at all."""
    found = made.found
    write_json(found, made.folder / "patterns.json")
    _write_cells(made)
    write_named(made.named, made.folder / NAMED_PLACES)
    knox = ("observed", "expected", "ratio", "low", "high", "p_value", "q_value",
            "seasonal_ratio", "seasonal_low", "seasonal_high")  # fmt: skip
    write_rows(
        ["category", "above_m", "up_to_m", "from_days", "to_days", *knox],
        (
            [
                one.name,
                0.0 if d == 0 else table.distances_m[d - 1], table.distances_m[d],
                0 if t == 0 else table.days[t - 1] + 1, table.days[t],
                *(getattr(table, name)[d, t] for name in knox),
            ]
            for one in found.categories
            if (table := one.near_repeats) is not None
            for d, t in np.ndindex(table.observed.shape)
        ),
        made.folder / "near_repeats.csv",
    )  # fmt: skip
    clock = ("relative", "low", "high", "p_value", "q_value")
    write_rows(
        ["category", "weekday", "hour", *clock],
        (
            [one.name, hour // 24 + 1, hour % 24]
            + [getattr(one.seasons.clock, name)[hour] for name in clock]
            for one in found.categories
            for hour in range(168)
        ),
        made.folder / "clock.csv",
    )
    changes = found.changes
    write_rows(
        ["category", "area", "week", "ratio", "low", "high", "change", "q_value", "signs"],
        (
            [
                one.category, one.area or "all", shift.week, shift.ratio, shift.low,
                shift.high, shift.change, one.q_value,
                "; ".join(
                    ": ".join([sign.code, *map(str, sign.arguments.values())])
                    for sign in shift.signs
                ),
            ]
            for one in (() if changes is None else changes.categories + changes.areas)
            for shift in one.shifts
        ),
        made.folder / "shifts.csv",
    )  # fmt: skip


def _write_cells(made: Described) -> None:
    """Write a row a category and cell."""
    known, where = made.record.cells.cell_id.tolist(), made.gazetteer.columns
    write_rows(
        ["category", "cell_id", *next(iter(made.by_cell.values())), *where],
        (
            [category, *row]
            for category, columns in made.by_cell.items()
            for row in zip(
                known, *(one.tolist() for one in columns.values()), *where.values(), strict=True
            )
        ),
        made.folder / "cells.csv",
    )
