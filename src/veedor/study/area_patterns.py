"""The counts of a study described: what `veedor.patterns.areas` finds in them, as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec import structs

import veedor
from veedor.errors import phrase
from veedor.files.json_file import write_json
from veedor.incidents import Category
from veedor.patterns.areas import (
    AreaGround,
    AreaPatterns,
    AreaPatternSettings,
    AreaSeries,
    doubted_cells,
    find_area_patterns,
)
from veedor.progress import Progress
from veedor.spacetime.periods import local_time
from veedor.statistics.estimates import Estimate
from veedor.study.prepared import PreparedCounts
from veedor.tables.csv_file import write_rows

SCHEMA_VERSION = 1


class StudyAreaPatterns(AreaPatterns, frozen=True, eq=False, kw_only=True):
    """The content of ``patterns.json`` of a study of counts: `AreaPatterns`, and what made them."""

    title: str
    seed: int
    veedor: str = veedor.__version__
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, eq=False)
class AreasDescribed:
    """What was found in counts by area, and from what.

    Parameters
    ----------
    found : StudyAreaPatterns
    ground : AreaGround
    folder : Path
        Where it was written.
    """

    found: StudyAreaPatterns
    ground: AreaGround
    folder: Path


def describe_areas(
    ground: AreaGround,
    offences: Sequence[str],
    settings: AreaPatternSettings,
    title: str,
    into: Path,
    progress: Progress,
) -> AreasDescribed:
    """Find the patterns of counts by area, and write them.

    Parameters
    ----------
    ground : AreaGround
    offences : sequence of str
        Codes, or names of categories.
    settings : AreaPatternSettings
    title : str
        Of the study.
    into : Path
        Gets ``patterns.json``, ``rates.csv``, ``series.csv`` and ``shifts.csv``. The same counts,
        seed and versions give the same bytes.
    progress : Progress
    """
    progress.step(phrase("Finding patterns"), len(offences) + 1)
    found = find_area_patterns(ground, offences, settings, progress.advance)
    made = AreasDescribed(
        StudyAreaPatterns(**structs.asdict(found), title=title, seed=settings.seed), ground, into
    )
    write_json(made.found, into / "patterns.json")
    _write_rates(made)
    _write_series(made)
    progress.advance(len(offences) + 1)
    return made


def ground_of(prepared: PreparedCounts) -> AreaGround:
    """Take from a study of counts what its patterns are found in: its own stretch of the record."""
    study, areas = prepared.study, prepared.reading.record
    days = [
        np.datetime64(local_time(one, areas.time_zone), "D") for one in (study.begins, study.until)
    ]
    first, last = np.searchsorted(areas.spans.edges, days).tolist()
    crossed = areas.crossed()
    codes = {code for one in study.categories for code in one.values or (one.name,)}
    return AreaGround(
        record=crossed,
        looks_unreported=doubted_cells(crossed, sorted(codes)),
        populations=prepared.populations,
        cells=prepared.cells,
        categories=tuple(
            Category(one.name, one.known_by, tuple(one.values)) for one in study.categories
        ),
        described=(first, min(last, len(areas.spans))),
    )


def describe_study(prepared: PreparedCounts, into: Path, progress: Progress) -> AreasDescribed:
    """Find the patterns of a study of counts, and write them: see `describe_areas`."""
    study = prepared.study
    return describe_areas(
        ground_of(prepared),
        study.forecast_categories,
        AreaPatternSettings(seed=study.study.seed),
        study.study.title,
        into,
        progress,
    )


def _write_rates(made: AreasDescribed) -> None:
    """Write a row an offence and place that has rates."""
    names = dict(zip(made.found.areas.codes, made.found.areas.names, strict=True))
    heads = [
        f"{kind}_{end}" for kind in ("rate", "drawn", "drawn_near") for end in ("value", *_ENDS)
    ]
    write_rows(
        ["offence", "area", "name", "first", "last", "spans", "recorded", "person_years",
         *heads, "position"],
        (
            [
                one.code, each.area, names[each.area], of.first, of.last, each.spans,
                each.recorded, each.rate.n,
                *_flat(each.rate), *_flat(each.shrunk), *_flat(each.shrunk_near),
                each.position,
            ]
            for one in made.found.offences
            if (of := one.rates) is not None
            for each in of.areas
        ),
        made.folder / "rates.csv",
    )  # fmt: skip


_ENDS = ("low", "high")


def _flat(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


def _write_series(made: AreasDescribed) -> None:
    """Write a row an offence and series, and one a level shift."""
    write_rows(
        ["offence", "area", "first", "last", "spans", "recorded", "per_people",
         "change", "low", "high", "trend_p", "trend_q", "shift_p", "shift_q", "left_out"],
        (
            [
                code, each.area or "all", first, last, each.spans, each.recorded,
                each.per_people, *_flat(each.change),
                each.trend_p, each.trend_q, each.shift_p, each.shift_q,
                "; ".join(f"{out.why}: {out.first} to {out.last}" for out in each.left_out),
            ]
            for code, first, last, each in _series(made)
        ),
        made.folder / "series.csv",
    )  # fmt: skip
    write_rows(
        ["offence", "area", "first", "ratio", "low", "high", "shift_q", "beside_not_reported"],
        (
            [
                code, each.area or "all", shift.first, shift.ratio, shift.low, shift.high,
                each.shift_q, bool(shift.beside),
            ]
            for code, _, _, each in _series(made)
            for shift in each.shifts
        ),
        made.folder / "shifts.csv",
    )  # fmt: skip


def _series(
    made: AreasDescribed,
) -> Iterator[tuple[str, str | None, str | None, AreaSeries]]:
    for one in made.found.offences:
        for each in one.series:
            yield one.code, one.first, one.last, each
