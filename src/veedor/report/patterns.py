"""What the record of a study shows, as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report import pattern_places as places
from veedor.report import pattern_times as times
from veedor.report.document import Document, Section, write_document
from veedor.report.numbers import day, number, percent
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
        plain=Section("In plain words", points=[_plain(one) for one in categories]),
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
                *(_plain(one) for one in categories),
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


def _plain(one: Record) -> str:
    whole, hot = one["concentration"][0], one["hot_spots"]
    half = whole["holding"]["0.5"]
    words = (
        f"{one['name']}: half of the {number(whole['incidents'])} recorded incidents were in "
        f"{percent(half['value'], 2)} of the cells (chance alone: "
        f"{percent(whole['chance']['0.5']['mean'], 2)}). {number(hot['hot'])} of "
        f"{number(hot['tested'])} cells are hot spots, with {number(hot['recorded_in_hot'])} of "
        f"{number(hot['recorded'])} incidents."
    )
    knox = one["near_repeats"]
    if knox is None or knox["ratio"][1][1] is None:
        return words
    beyond = knox["seasonal_high"][1][1]
    seasonal = "" if beyond is None else f"; a plain seasonal record gives up to {number(beyond)}"
    return (
        f"{words} Pairs of incidents {knox['distance_bands'][1]} and {knox['time_bands'][1]} apart "
        f"are {number(knox['ratio'][1][1])} times as many as with shuffled days{seasonal}."
    )
