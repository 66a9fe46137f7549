"""The layouts of counts by area in `docs/layouts/counts-by-area.md`, from their definitions.

Renew them by `python docs/_ext/area_layouts.py`.
"""

from __future__ import annotations

from pathlib import Path

from veedor.areas.breaks import SeriesBreak
from veedor.areas.layouts import AREA_LAYOUTS, AreaLayout

PAGE = Path(__file__).resolve().parents[1] / "layouts" / "counts-by-area.md"
_BEGIN = "<!-- from the layouts themselves: python docs/_ext/area_layouts.py -->"


def page(written: str) -> str:
    """Give the page with its layouts as they are now; what stands before them stays."""
    before = written.partition(_BEGIN)[0]
    ordered = sorted(AREA_LAYOUTS.values(), key=lambda one: (one.plain, one.name))
    head = ["| layout | what |", "|---|---|"]
    head += [f"| [{one.name}](#{one.name}) | {one.title} |" for one in ordered]
    parts = ["## The layouts", "\n".join(head), *map(_section, ordered)]
    return f"{before}{_BEGIN}\n\n" + "\n\n".join(parts) + "\n"


def _section(layout: AreaLayout) -> str:
    headers = ", ".join(f"`{layout.fields[name][0]}`" for name in layout.needed)
    known = "named by whoever reads" if layout.plain else f"recognised by {headers}"
    source = f" Published at <{layout.page}>." if layout.page else ""
    lines = [
        f"## {layout.name}",
        "",
        f"{layout.title}. Licence: {layout.licence}.{source}",
        "",
        "| what | how |",
        "|---|---|",
        f"| columns | {known} |",
        f"| what is counted | {', '.join(layout.units)} |",
        f"| day of publication | given, or in the file's name{_rule(layout)} |",
    ]
    lines += [f"| time zone | {layout.time_zone} |"] if layout.time_zone else []
    if layout.persons:
        lines += [f"| dropped | {', '.join(f'`{one}`' for one in layout.persons)} |"]
    lines += ["", f"**States.** {layout.states}."]
    if layout.quirks:
        lines += ["", "**To know.**", "", *(f"- {one}." for one in layout.quirks)]
    if layout.breaks:
        lines += ["", "**Breaks.**", "", *map(_break, layout.breaks)]
    return "\n".join(lines)


def _rule(layout: AreaLayout) -> str:
    if layout.months_late is None:
        return ""
    months = "a month" if layout.months_late == 1 else f"{layout.months_late} months"
    return f"; else the last day of the month that is {months} after the last one it holds"


def _break(one: SeriesBreak) -> str:
    crossings = ", ".join(f"`{crossing.offence.code}`" for crossing in one.crossings)
    over = f" Comparable over it: {crossings}." if crossings else ""
    since = f", in editions published from {one.published_from} on" if one.published_from else ""
    return f"- {one.day}{since}: {one.what} ({one.source}).{over}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
