"""A commented study.toml for counts by area: what their layout says, and what was found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2
import numpy as np
import shapely

from veedor.areas import AreaCounts
from veedor.areas.layouts import AreaLayout
from veedor.areas.noticed import Notice
from veedor.areas.reading import AreaReading
from veedor.errors import StudyError, phrase
from veedor.forecasters import DEFAULT_FORECASTERS_OF_COUNTS, REFERENCE
from veedor.incidents.whereabouts import time_zone_at, utm_crs
from veedor.languages import ENGLISH
from veedor.spacetime import read_polygons
from veedor.study.area_preparation import padded
from veedor.study.toml_writing import comment_of, environment, relative, wrapped

_MOST_FORECAST = 6
_MOST_ORIGINS = 12
_LONGEST_YEARS = 10
_LONLAT = "EPSG:4326"
#: Unit of a span -> length of a period of one, and the lead.
_LENGTHS = {
    "day": ("1 day", "1 hour"),
    "week": ("1 week", "1 day"),
    "month": ("1 month", "5 days"),
    "quarter": ("3 months", "1 month"),
    "year": ("12 months", "1 month"),
}


@dataclass(frozen=True)
class ProposedOffence:
    """An offence as a category: its code, the publisher's name, unit, and how many were counted."""

    code: str
    name: str
    unit: str
    count: int
    known_by: str


@dataclass(frozen=True)
class ProposedOutlines:
    """Outlines of the areas, and how well they fit.

    Parameters
    ----------
    file : Path
    id : str
        The property that holds the codes.
    matched, areas : int
        Areas with an outline, of all that are places.
    crs, time_zone : str or None
        Where they lie.
    """

    file: Path
    id: str
    matched: int
    areas: int
    crs: str | None
    time_zone: str | None


@dataclass(frozen=True)
class ProposedStretch:
    """Local days: where history begins, where it ends, and from how many origins to forecast."""

    begins: date
    until: date
    origins: int


@dataclass(frozen=True, eq=False)
class ProposedCounts:
    """A study of counts that was proposed, and written.

    Parameters
    ----------
    path : Path
        Of study.toml.
    layout : AreaLayout
    reading : AreaReading or None
        None where the files could not be read yet.
    forecast, others, sums : tuple of ProposedOffence
        Those to forecast; others that were reported; declared sums of them.
    discovered : tuple of ProposedOffence
        Never forecast.
    outlines : ProposedOutlines or None
    stretch : ProposedStretch or None
    trouble : str
        Why the files could not be read; empty if they could.
    """

    path: Path
    layout: AreaLayout
    reading: AreaReading | None
    forecast: tuple[ProposedOffence, ...] = ()
    others: tuple[ProposedOffence, ...] = ()
    sums: tuple[ProposedOffence, ...] = ()
    discovered: tuple[ProposedOffence, ...] = ()
    outlines: ProposedOutlines | None = None
    stretch: ProposedStretch | None = None
    trouble: str = ""

    @property
    def time_zone(self) -> str | None:
        """The publisher's, or that of the outlines."""
        return self.layout.time_zone or (self.outlines.time_zone if self.outlines else None)


def proposed_counts(path: Path, reading: AreaReading, outlines: Path | None) -> ProposedCounts:
    """Propose categories, cells and periods for counts that were read.

    Raises
    ------
    StudyError
        If no property of the outlines holds codes of the areas.
    """
    record = reading.record.crossed()
    sums = record.offence_sums.totals
    counted = _counted(record)
    reported = [one for one in counted if one.known_by == "reported"]
    broken = _broken(record)
    comparable = {one.offence.code for broke in record.breaks for one in broke.crossings}
    wholes = sums - comparable
    free = [one for one in reported if one.code not in wholes and one.code not in broken]
    forecast = _apart(record, free)
    return ProposedCounts(
        path=path,
        layout=reading.layout,
        reading=reading,
        forecast=forecast,
        others=tuple(one for one in reported if one not in forecast and one.code not in sums),
        sums=tuple(one for one in reported if one.code in sums and one not in forecast),
        discovered=tuple(one for one in counted if one.known_by != "reported"),
        outlines=None if outlines is None else _outlines(outlines, record),
        stretch=_stretch(record, [one.code for one in forecast]),
    )


def _apart(record: AreaCounts, free: list[ProposedOffence]) -> tuple[ProposedOffence, ...]:
    """Take the first few of which none holds another, or a part of another."""
    taken: list[ProposedOffence] = []
    for one in free:
        codes = [*(other.code for other in taken), one.code]
        if len(taken) < _MOST_FORECAST and record.offence_sums.first_twice(codes) is None:
            taken.append(one)
    return tuple(taken)


def _counted(record: AreaCounts) -> list[ProposedOffence]:
    """Offences by how many were counted in the latest edition, the most first."""
    totals = record.latest.values[:, :, record.leaves].sum(axis=(0, 2), dtype=np.int64)
    made = [
        ProposedOffence(one.code, one.name, one.unit, int(total), one.known_by)
        for one, total in zip(record.offences, totals, strict=True)
        if total > 0
    ]
    return sorted(made, key=lambda one: -one.count)


def _broken(record: AreaCounts) -> frozenset[str]:
    """Codes that come to mean something else within the last ten years of the record."""
    first = max(0, len(record.spans) - _LONGEST_YEARS * _a_year(record))
    return frozenset(
        one.code for one in record.offences if record.breaks_of(one.code, first, len(record.spans))
    )


def _a_year(record: AreaCounts) -> int:
    return {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}[record.spans.unit]


def _stretch(record: AreaCounts, codes: Sequence[str]) -> ProposedStretch | None:
    """Take the time in which something was reported of every category, at most ten years."""
    there = np.ones(len(record.spans), dtype=np.bool_)
    for code in codes:
        there &= record.latest.reported[:, record.offence_of(code)].any(axis=1)
    spans = np.flatnonzero(there)
    if not len(spans) or not codes:
        return None
    last = int(spans[-1])
    gaps = np.flatnonzero(~there[:last])
    first = max(int(gaps[-1]) + 1 if len(gaps) else 0, last + 1 - _LONGEST_YEARS * _a_year(record))
    edges = record.spans.edges
    held = last + 1 - first
    return ProposedStretch(
        edges[first].item(), edges[last + 1].item(), max(1, min(_MOST_ORIGINS, held // 3))
    )


def _outlines(path: Path, record: AreaCounts) -> ProposedOutlines:
    """Find the property that holds the codes of most areas, and where the outlines lie."""
    polygons, properties = read_polygons(path, _LONLAT)
    codes = [record.areas[at].code for at in record.places.tolist()]
    fits = {}
    for name in properties[0]:
        values = [str(one.get(name)) for one in properties]
        if len(set(values)) == len(values):
            fits[name] = len(set(padded(values, codes)) & set(codes))
    best = max(fits, key=lambda name: fits[name], default=None)
    if best is None or fits[best] == 0:
        raise StudyError(
            "Outlines must have the codes of the areas.",
            found=phrase(
                "properties {names}, none with codes such as {codes}",
                names=", ".join(sorted(map(str, properties[0]))[:10]),
                codes=", ".join(codes[:5]),
            ),
            where=path.name,
            remedy="name outlines whose features have the publisher's codes",
        )
    bounds = shapely.total_bounds(np.asarray(polygons, dtype=object))
    middle = float(bounds[0] + bounds[2]) / 2.0, float(bounds[1] + bounds[3]) / 2.0
    inside = shapely.point_on_surface(polygons[len(polygons) // 2])
    return ProposedOutlines(
        path, str(best), fits[best], len(codes), utm_crs(*middle), time_zone_at(inside.x, inside.y)
    )


def render_counts(
    folder: Path,
    files: Sequence[Path],
    made: ProposedCounts,
    say: Callable[..., str],
    language: str = ENGLISH,
) -> str:
    """Write the text of a study.toml, whose comments `say` knows by their names."""

    def one(key: str, **arguments: object) -> str:
        return comment_of(say(key, **{name: str(value) for name, value in arguments.items()}))

    def lines(key: str, **arguments: object) -> str:
        return wrapped(one(key, **arguments))

    reading = made.reading
    unit = "month" if reading is None else reading.record.spans.unit
    length, lead = _LENGTHS[unit]
    by_rule = (
        set()
        if reading is None
        else {one.file for one in reading.noticed if one.what == Notice.PUBLISHED_BY_RULE}
    )
    days = (
        {}
        if reading is None
        else {edition.source: str(edition.published) for edition in reading.record.editions}
    )
    made_of: jinja2.Environment = environment()
    return made_of.get_template("counts.toml.j2").render(
        say=one,
        lines=lines,
        language=None if language == ENGLISH else language,
        title=folder.resolve().name,
        files=[relative(path, folder) for path in files],
        made=made,
        plain=made.layout.plain,
        days=[
            (relative(path, folder), days.get(path.name), path.name in by_rule) for path in files
        ],
        outlines_file=None if made.outlines is None else relative(made.outlines.file, folder),
        length=length,
        lead=lead,
        edition=None if reading is None else reading.record.latest,
        reference=REFERENCE,
        forecasters=DEFAULT_FORECASTERS_OF_COUNTS,
    )
