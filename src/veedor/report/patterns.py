"""What the record of a study shows, as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report import pattern_findings
from veedor.report import pattern_places as places
from veedor.report import pattern_times as times
from veedor.report.document import Document, Section, write_document
from veedor.report.numbers import day, number
from veedor.study.patterns import Patterns

Record = Mapping[str, Any]

_CAUTIONS = (
    (
        "A hot spot is a place with many recorded incidents around it.",
        "It is not a bad place, and it says nothing of who lives there or passes through. Where "
        "more is reported, or more is written down, more is recorded.",
    ),
    (
        "A pattern is not its cause.",
        "Near repeats, seasons and shifts describe the record. Why they are there, and what "
        "should be done, is not in it.",
    ),
    (
        "A change in the record may be a change of recording.",
        "Where other series broke at the same time this page says so; where it says nothing, "
        "nothing was seen, which is no proof.",
    ),
)


def publish_patterns(found: Patterns) -> None:
    """Write ``report.html`` beside what was found."""
    write_document(document(found), found.folder / "report.html")


def document(found: Patterns) -> Document:
    """Lay out what was found as a page."""
    results = found.results
    categories = results["categories"]
    cells = results["cells"]
    return Document(
        title=f"{results['study']['title']}: patterns",
        subtitle=f"Recorded incidents from {day(results['span'][0])} to before "
        f"{day(results['span'][1])}, in {number(cells['count'])} cells",
        made=f"By veedor {results['veedor']} from the study's incidents, seed "
        f"{results['study']['seed']}.",
        plain=Section("In plain words", points=pattern_findings.points(results)),
        cautions=_CAUTIONS,
        sections=[
            places.concentration(categories),
            places.hot_spots(categories, places.maps(found)),
            places.near_repeats(categories),
            times.emerging(categories),
            times.seasons(categories, results["changes"]),
            *times.changes(results),
            places.map_changes(categories),
            *times.before_after(categories),
        ],
    )


def chapter(results: Record) -> list[Section]:
    """Say in a study's own report what its record shows: all but maps, clocks and classes.

    Parameters
    ----------
    results : dict
        As ``patterns.json``.
    """
    categories = results["categories"]
    return [
        Section(
            "In plain words",
            sentences=[
                f"The whole record, from {day(results['span'][0])} to before "
                f"{day(results['span'][1])}, described as it stands, forecast periods included. "
                "Nothing here is a forecast, and no forecast uses it. Maps, clocks, classes of "
                "places and every number are in patterns/report.html, beside this file."
            ],
            points=[
                *pattern_findings.points(results),
                *(f"{head} {reason}" for head, reason in _CAUTIONS),
            ],
        ),
        places.concentration(categories),
        places.hot_spots(categories),
        places.near_repeats(categories),
        *times.changes(results),
        places.map_changes(categories),
        *times.before_after(categories),
    ]
