"""The quality report in words: tables of what a person must look at first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from veedor.incidents.quality_report import (
    CategoryRead,
    LayoutRead,
    Months,
    PlacesRead,
    QualityReport,
    Quantiles,
    RowsRead,
    SeriesBreak,
    Share,
)
from veedor.report.tables import Table, table
from veedor.report.words.language import Words

Line = tuple[str, ...]


class QualityTables(NamedTuple):
    """Tables of a quality report, each only where there is something to show.

    Parameters
    ----------
    rows, places, times, categories : Table
    zones, breaks, layout, dropped : Table or None
    """

    rows: Table
    places: Table
    times: Table
    categories: Table
    zones: Table | None
    breaks: Table | None
    layout: Table | None
    dropped: Table | None


def quality_tables(words: Words, quality: QualityReport) -> QualityTables:
    """Lay out what was read, what was not and what looks wrong."""
    say, layout, zones = words.say, quality.layout, quality.places.unlocated_zones
    what, incidents = say("What"), say("Incidents")
    rows = _rows(words, quality.rows)
    head = [what, say("Rows"), say("First ones")]
    if not any(one.first_rows for one in quality.rows.set_aside):  # shown without the data
        rows, head = [line[:2] for line in rows], head[:2]
    dropped = [(one.file, ", ".join(one.columns)) for one in quality.dropped_columns if one.columns]
    return QualityTables(
        rows=_table(say("Rows"), head, rows),
        places=_table(say("Places"), [what, incidents], _places(words, quality.places)),
        times=_table(say("Times"), [what, incidents], _times(words, quality)),
        categories=_table(
            say("Categories"),
            [say("Category"), say("Known by"), incidents, say("With a place")],
            [_category(words, one) for one in quality.categories],
        ),
        zones=_table(
            say("Incidents without usable coordinates, by the zone that they name"),
            [say("Zone"), incidents],
            [(one.value, words.number(one.count)) for one in zones],
        )
        if zones
        else None,
        breaks=_table(
            say("Months that break the series"),
            [say("Category"), say("Month"), say("Recorded"), say("Expected from its neighbours")],
            [_break(words, one) for one in quality.breaks],
        )
        if quality.breaks
        else None,
        layout=None
        if layout is None
        else _table(
            say("Layout {name}", name=layout.name),
            [say("What it did and says"), say("Where")],
            _layout(words, layout),
        ),
        dropped=_table(say("Columns dropped at reading"), [say("File"), say("Columns")], dropped)
        if dropped
        else None,
    )


def what_was_read(words: Words, report: QualityReport) -> list[str]:
    """Say how many rows were read, kept and set aside, and how many have a place."""
    rows, say = report.rows, words.say
    told = [
        words.many(
            rows.read,
            "{n} row read, {kept} kept, {aside} set aside for the reasons below; {sums}",
            "{n} rows read, {kept} kept, {aside} set aside for the reasons below; {sums}",
            kept=rows.kept,
            aside=sum(group.count for group in rows.set_aside),
            sums=say("all rows are accounted for.")
            if rows.reconciled
            else say("these do not add up."),
        )
    ]
    if rows.counted_more:
        told.append(
            say(
                "Rows that stand for several incidents are kept as so many: {more} of those kept "
                "are more than the first of a row.",
                more=rows.counted_more,
            )
        )
    located = _share(words, report.places.located)
    return [*told, say("With a usable place: {located} of the rows kept.", located=located)]


def reaches_back(words: Words, months: Months, drawn: Months) -> str:
    """Say how many incidents lie before the first month that is drawn."""
    return words.many(
        sum(months.total),
        "The record reaches back to {first}: {before} of {n} incident lie before {begins}, from "
        "where the months are shown below.",
        "The record reaches back to {first}: {before} of {n} incidents lie before {begins}, from "
        "where the months are shown below.",
        first=months.labels[0],
        before=sum(months.total) - sum(drawn.total),
        begins=drawn.labels[0],
    )


def months_drawn(words: Words) -> str:
    """Say what the drawing of the months shows."""
    return words.say(
        "Incidents kept in each local calendar month, each row on a scale of its own; months that "
        "the records do not cover whole are only outlined, and those that break the series have a "
        "mark above them that points to where they lie."
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Line]) -> Table:
    return table(title, head, rows, len(head))


def _rows(words: Words, rows: RowsRead) -> list[Line]:
    say, number = words.say, words.number
    lines: list[Line] = [
        (say("rows read"), number(rows.read), ""),
        (say("rows kept"), number(rows.kept), ""),
    ]
    if rows.counted_more:
        lines.append(
            (
                say("of these, more than the first of rows that stand for several"),
                number(rows.counted_more),
                "",
            )
        )
    return lines + [
        (
            say("set aside: {reason}", reason=words.own(one.reason)),
            number(one.count),
            ", ".join(one.first_rows),
        )
        for one in rows.set_aside
    ]


def _places(words: Words, places: PlacesRead) -> list[Line]:
    say, number = words.say, words.number
    lines = [(say("with a place"), _share(words, places.located))]
    lines += [
        (say("without: {reason}", reason=words.own(one.reason)), number(one.count))
        for one in places.unlocated
    ]
    if places.outside_area is not None:
        outside = _share(words, places.outside_area)
        lines.append((say("with a place outside the study area"), outside))
    swapped = number(places.swapped_suspected)
    lines.append((say("latitude and longitude swapped, suspected"), swapped))
    if places.cause:
        lines.append((say("suspected where the crs does not hold"), words.own(places.cause)))
    lines += [
        (say("in no zone of the study: {zone}", zone=zone.value), number(zone.count))
        for zone in places.other_zones[:10]
    ]
    far = places.far
    if far.incidents:
        away = say(
            "{count}, up to {km} km",
            count=far.incidents,
            km=words.number(round(far.farthest_km or 0.0)),
        )
        if far.first_rows:
            away = say("{away} ({row})", away=away, row=far.first_rows[0])
        lines.append((say("far from all other places, and the ground grows to hold them"), away))
    stacked = _share(words, places.stacks.stacked)
    lines.append((say("on a point that another incident is on too"), stacked))
    suspected = sum(point.suspected for point in places.stacks.top)
    lines.append((say("points that look like a station house"), number(suspected)))
    return list(lines)


def _times(words: Words, quality: QualityReport) -> list[Line]:
    say, number, times = words.say, words.number, quality.times
    lines = [
        (say("with an exact time"), _share(words, times.exact)),
        (say("skipped by daylight saving, moved forward"), number(times.nonexistent)),
        (say("shown twice by daylight saving, taken as the first"), number(times.ambiguous)),
    ]
    if times.with_offset:
        offset = number(times.with_offset)
        lines.append((say("with an offset, converted to local time"), offset))
    if times.whole_months:
        lines.append((say("known to the month alone"), number(times.whole_months)))
    if times.far_years:
        far = ", ".join(f"{one.year} ({number(one.count)})" for one in times.far_years)
        lines.append((say("in years far from all others"), far))
    lines += [
        (say("all at midnight, taken as whole days"), f"`{role}`")
        for role in times.days_at_midnight
    ]
    lines += [
        (say("days written at midnight UTC, taken as written"), name)
        for name in times.days_as_written
    ]
    lines += [
        (say("unreadable in `{role}`, such as", role=role), " | ".join(texts))
        for role, texts in times.unreadable.items()
        if texts
    ]
    width = _middle(words, times.interval_hours)
    lines.append((say("width of the interval, hours: median, 95%"), width))
    reporting = quality.reporting
    if reporting is None:
        return [*lines, (say("reporting delay"), say("no such column"))]
    delay = _middle(words, reporting.delay_days)
    return [
        *lines,
        (say("with a time of report"), _share(words, reporting.known)),
        (say("reported before it began"), number(reporting.before_start)),
        (say("reporting delay, days: median, 95%"), delay),
    ]


def _category(words: Words, one: CategoryRead) -> Line:
    return (
        one.name,
        words.own(one.known_by),
        words.number(one.count),
        _share(words, one.located),
    )


def _break(words: Words, one: SeriesBreak) -> Line:
    return (
        one.category or words.say("all together"),
        one.month,
        words.number(one.count),
        words.number(round(one.expected)),
    )


def _layout(words: Words, layout: LayoutRead) -> list[Line]:
    say = words.say
    lines = [
        (words.own(one.what), words.many(one.rows, "{n} row", "{n} rows")) for one in layout.mended
    ]
    lines += [
        (words.own(one.what), say("from {day}", day=one.since))
        for one in layout.breaks
        if one.in_the_record
    ]
    if layout.persons:
        lines.append((say("dropped, about persons"), ", ".join(layout.persons)))
    return [
        *lines,
        (say("how rows become incidents"), words.own(layout.rule)),
        (say("delay"), words.own(layout.delay)),
    ]


def _middle(words: Words, found: Quantiles) -> str:
    if found.n == 0:
        return words.say("undefined: of 0")
    return f"{words.number(found.quantiles['0.5'])}, {words.number(found.quantiles['0.95'])}"


def _share(words: Words, share: Share) -> str:
    if share.share is None:
        return words.say("undefined: of 0")
    return words.say(
        "{numerator} of {denominator} ({share})",
        numerator=share.numerator,
        denominator=share.denominator,
        share=words.percent(share.share),
    )
