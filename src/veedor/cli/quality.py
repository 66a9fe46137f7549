"""The quality report as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from veedor.cli.console import Rows


def quality_tables(quality: dict[str, Any]) -> list[Rows]:
    """Tables of what a person must look at first; the whole is in quality.json.

    Parameters
    ----------
    quality : dict
        As `QualityReport.to_dict` gives it.
    """
    tables = [_rows(quality["rows"]), _places(quality), _times(quality), _categories(quality)]
    if quality["breaks"]:
        tables.append(_breaks(quality["breaks"]))
    if quality["layout"] is not None:
        tables.append(_layout(quality["layout"]))
    dropped = [
        (entry["file"], ", ".join(entry["columns"]))
        for entry in quality["dropped_columns"]
        if entry["columns"]
    ]
    if dropped:
        tables.append(_table("Columns dropped at reading", ("File", "Columns"), dropped))
    return tables


def _rows(rows: dict[str, Any]) -> Rows:
    lines = [("rows read", f"{rows['in']:,}", ""), ("rows kept", f"{rows['kept']:,}", "")]
    if rows["counted_more"]:
        more = f"{rows['counted_more']:,}"
        lines.append(("of these, more than the first of rows that stand for several", more, ""))
    lines += [
        (
            f"set aside: {reason['reason']}",
            f"{reason['count']:,}",
            ", ".join(str(where) for where in reason["first_rows"]),
        )
        for reason in rows["set_aside"]
    ]
    return _table("Rows", ("What", "Rows", "First ones"), lines)


def _places(quality: dict[str, Any]) -> Rows:
    places = quality["places"]
    lines = [("with a place", _share(places["located"]))]
    lines += [
        (f"without: {reason['reason']}", f"{reason['count']:,}") for reason in places["unlocated"]
    ]
    if places["outside_area"] is not None:
        lines.append(("with a place outside the study area", _share(places["outside_area"])))
    lines.append(("latitude and longitude swapped, suspected", f"{places['swapped_suspected']:,}"))
    if places["cause"]:
        lines.append(("suspected where the crs does not hold", places["cause"]))
    for zone in places["other_zones"][:10]:
        lines.append((f"in no zone of the study: {zone['value']}", f"{zone['count']:,}"))
    far = places["far"]
    if far["incidents"]:
        away = f"{far['incidents']:,}, up to {far['farthest_km']:,.0f} km ({far['first_rows'][0]})"
        lines.append(("far from all other places, and the ground grows to hold them", away))
    lines.append(
        ("on a point that another incident is on too", _share(places["stacks"]["stacked"]))
    )
    suspected = [point for point in places["stacks"]["top"] if point["suspected"]]
    lines.append(("points that look like a station house", f"{len(suspected):,}"))
    return _table("Places", ("What", "Incidents"), lines)


def _times(quality: dict[str, Any]) -> Rows:
    times = quality["times"]
    lines = [
        ("with an exact time", _share(times["exact"])),
        ("skipped by daylight saving, moved forward", f"{times['nonexistent']:,}"),
        ("shown twice by daylight saving, taken as the first", f"{times['ambiguous']:,}"),
    ]
    if times["with_offset"]:
        lines.append(("with an offset, converted to local time", f"{times['with_offset']:,}"))
    if times["whole_months"]:
        lines.append(("known to the month alone", f"{times['whole_months']:,}"))
    if times["far_years"]:
        listed = ", ".join(f"{one['year']} ({one['count']:,})" for one in times["far_years"])
        lines.append(("in years far from all others", listed))
    lines += [
        ("all at midnight, taken as whole days", f"`{role}`") for role in times["days_at_midnight"]
    ]
    lines += [
        ("days written at midnight UTC, taken as written", name)
        for name in times["days_as_written"]
    ]
    lines += [
        (f"unreadable in `{role}`, such as", " | ".join(texts))
        for role, texts in times["unreadable"].items()
    ]
    lines.append(("width of the interval, hours: median, 95%", _middle(times["interval_hours"])))
    reporting = quality["reporting"]
    if reporting is None:
        lines.append(("reporting delay", "no such column"))
    else:
        lines.append(("with a time of report", _share(reporting["known"])))
        lines.append(("reported before it began", f"{reporting['before_start']:,}"))
        lines.append(("reporting delay, days: median, 95%", _middle(reporting["delay_days"])))
    return _table("Times", ("What", "Incidents"), lines)


def _categories(quality: dict[str, Any]) -> Rows:
    lines = [
        (c["name"], c["known_by"], f"{c['count']:,}", _share(c["located"]))
        for c in quality["categories"]
    ]
    return _table("Categories", ("Category", "Known by", "Incidents", "With a place"), lines)


def _breaks(breaks: list[dict[str, Any]]) -> Rows:
    lines = [
        (
            one["category"] or "all together",
            one["month"],
            f"{one['count']:,}",
            f"{one['expected']:,.0f}",
        )
        for one in breaks
    ]
    columns = ("Category", "Month", "Recorded", "Expected from its neighbours")
    return _table("Months that break the series", columns, lines)


def _layout(layout: dict[str, Any]) -> Rows:
    lines = [(one["what"], f"{one['rows']:,} rows") for one in layout["mended"]]
    lines += [
        (one["what"], f"from {one['from']}") for one in layout["breaks"] if one["in_the_record"]
    ]
    if layout["persons"]:
        lines.append(("dropped, about persons", ", ".join(layout["persons"])))
    lines += [("how rows become incidents", layout["rule"]), ("delay", layout["delay"])]
    return _table(f"Layout {layout['name']}", ("What it did and says", "Where"), lines)


def _middle(quantiles: dict[str, Any]) -> str:
    if quantiles["n"] == 0:
        return "undefined: of 0"
    at = quantiles["quantiles"]
    return f"{at['0.5']:,.2f}, {at['0.95']:,.2f}"


def _share(share: dict[str, Any]) -> str:
    if share["share"] is None:
        return "undefined: of 0"
    return f"{share['numerator']:,} of {share['denominator']:,} ({share['share']:.1%})"


def _table(title: str, columns: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> Rows:
    table = Rows(title=title)
    for name in columns:
        table.add_column(name)
    for line in lines:
        table.add_row(*line)
    return table
