"""A commented study.toml for one's own incidents; nothing guessed in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import holidays
import numpy as np

from veedor.arrays import Ints
from veedor.errors import Phrase, StudyError, listed, phrase
from veedor.forecasters import DEFAULT_FORECASTERS, REFERENCE
from veedor.incidents import Incidents, Proposal
from veedor.incidents.breaks import body
from veedor.incidents.layouts import Layout
from veedor.incidents.sampled import RecordedMonths
from veedor.incidents.whereabouts import country_of
from veedor.languages import ENGLISH
from veedor.spacetime.periods import local_time
from veedor.study.toml_writing import comment_of, environment, relative, wrapped

_SIZE_M = 500
_MOST_ORIGINS = 16
_THIN_MONTH = 0.25


@dataclass(frozen=True, eq=False)
class ProposedStudy:
    """A study that was proposed, and written.

    Parameters
    ----------
    path : Path
        Of study.toml.
    proposal : Proposal
        What was found in the files, and why.
    span : Span or None
        Days the record covers; None where it could not be read yet.
    trouble : str
        Why it could not be read; empty if it could.
    """

    path: Path
    proposal: Proposal
    span: Span | None
    trouble: str


@dataclass(frozen=True)
class Span:
    """Local days of a record.

    Parameters
    ----------
    incidents : int
    first, last : date
        Of the first and last incident.
    begins : date
        First day of the first month with at least a quarter of a usual month's incidents, or
        `first` where that is later.
    sampled : bool
        Whether only a sample of the record was read, of which `incidents` are.
    rows : int or None
        Of a record that was sampled: all its rows, where the days are of those; None where the days
        too are of the sample.
    """

    incidents: int
    first: date
    last: date
    begins: date
    sampled: bool = False
    rows: int | None = None

    def broken_by(self, day: date) -> bool:
        """Whether what begins on a day splits the record: it has days before it and from it on."""
        return self.first < day <= self.last


def span_of(record: Incidents) -> Span:
    """Find the days that a record covers, and where it begins to be complete.

    Raises
    ------
    StudyError
        If it holds no incident.
    """
    if len(record) == 0:
        raise StudyError("A study must have incidents.", found=phrase("no row that could be kept"))
    months = record.start.astype("datetime64[M]").astype(np.int64)
    base = int(months.min())
    counts = np.bincount(months - base)
    low, high = body(counts)
    inside = record.start[(months >= base + low) & (months <= base + high)]
    ends = inside.min(), inside.max()
    return _span(len(record), counts, base, ends, record.time_zone)


def span_of_sample(record: Incidents, months: RecordedMonths | None) -> Span:
    """Find the same of a record of which `record` is a sample.

    Parameters
    ----------
    record : Incidents
    months : RecordedMonths or None
        Of the whole record, where they are known; else the days are those of the sample.

    Raises
    ------
    StudyError
        If the sample holds no incident.
    """
    span = span_of(record)
    if months is None:
        return replace(span, sampled=True)
    base = int(months.month[0])
    counts = np.zeros(int(months.month[-1]) - base + 1, dtype=np.int64)
    counts[months.month - base] = months.rows
    low, high = body(counts)
    inside = (months.month >= base + low) & (months.month <= base + high)
    ends = months.first[inside].min(), months.last[inside].max()
    whole = _span(len(record), counts, base, ends, record.time_zone)
    return replace(whole, sampled=True, rows=int(counts.sum()))


def _span(
    n: int, counts: Ints, base: int, ends: tuple[np.datetime64, np.datetime64], zone: str
) -> Span:
    """Days of a record whose months from `base` on have `counts`, and whose body has these ends."""
    first, last = (local_time(end, zone).date() for end in ends)
    low, _ = body(counts)
    # The count of the month in which a usual incident lies, not of a usual month: a record may
    # hold a hundred years of one or two incidents before it begins.
    ordered = np.sort(counts)
    usual = ordered[np.searchsorted(np.cumsum(ordered), counts.sum() / 2)]
    full = low + int(np.argmax(counts[low:] >= _THIN_MONTH * usual))
    begins = np.int64(base + full).astype("datetime64[M]").astype("datetime64[D]").item()
    return Span(n, first, last, max(first, begins))


def render(
    folder: Path,
    incidents: Sequence[str],
    proposal: Proposal,
    layout: Layout | None,
    span: Span | None,
    trouble: str,
    area: Path | None,
    zones: Path | None,
    say: Callable[..., str],
    language: str = ENGLISH,
) -> str:
    """Write the text of a study.toml, whose comments `say` knows by their names."""

    def one(key: str, **arguments: str | int) -> str:
        return comment_of(say(key, **arguments))

    def lines(key: str, **arguments: str | int) -> str:
        return wrapped(one(key, **arguments))

    return (
        environment()
        .get_template("study.toml.j2")
        .render(
            say=one,
            lines=lines,
            setting=_setting,
            language=None if language == ENGLISH else language,
            title=folder.resolve().name,
            files=[relative(path, folder) for path in incidents],
            area=None if area is None else relative(area, folder),
            zones=None if zones is None else relative(zones, folder),
            zones_id=proposal.zones_by,
            named=names_zones(proposal),
            proposal=proposal,
            missing=_missing(proposal),
            dropped=listed(proposal.dropped),
            span=span,
            trouble=trouble,
            length="1 month" if layout is not None and layout.whole_months else "1 week",
            lead=None if layout is not None and layout.whole_months else "1 day",
            until=None if span is None else _until(span, layout),
            origins=None if span is None else _origins(span, layout),
            size_m=_SIZE_M if layout is None else layout.size_m,
            country=_country(proposal.time_zone) if layout is None else layout.country,
            subdivision=None if layout is None else layout.subdivision,
            reference=REFERENCE,
            forecasters=DEFAULT_FORECASTERS,
        )
    )


def names_zones(proposal: Proposal) -> bool:
    """Whether the record names zones and holds no coordinates: its cells are those zones."""
    found = {column.role for column in proposal.columns}
    return "zone" in found and not found & {"latitude", "x", "point"}


def _missing(proposal: Proposal) -> list[tuple[str, str]]:
    """Roles without a proposed column that a study needs, each with what to write."""
    found = {column.role for column in proposal.columns}
    needed: tuple[tuple[str, set[str], str], ...] = (
        ("time", {"time", "start", "date", "year"}, phrase("the column of times")),
        ("category", {"category"}, phrase("the column of offence categories")),
    )
    places = ("latitude", "x", "point", "zone")
    if proposal.format != "geojson" and not found & set(places):
        needed += (
            ("latitude", set(), phrase("the column of latitudes")),
            ("longitude", set(), phrase("the column of longitudes")),
        )
    return [(role, hint) for role, roles, hint in needed if not roles & found]


def _until(span: Span, layout: Layout | None) -> date:
    """Return the day after the last, or where the record is known to become incomplete."""
    end = span.last + timedelta(days=1)
    if layout is None:
        return end
    if layout.complete_until is not None and span.begins < layout.complete_until < end:
        return layout.complete_until
    if layout.whole_months:
        return (span.last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return end


def _origins(span: Span, layout: Layout | None) -> int:
    days = 30 if layout is not None and layout.whole_months else 7
    return max(1, min(_MOST_ORIGINS, (_until(span, layout) - span.begins).days // days // 3))


def _country(time_zone: str | None) -> str | None:
    """Country of a time zone, if its public holidays are known."""
    code = country_of(time_zone)
    return code if code in holidays.list_supported_countries() else None


def _setting(roles: str, hint: str) -> Phrase:
    """Write a setting with what it is in its place."""
    return phrase('{roles} = "{hint}"', roles=roles, hint=hint)
