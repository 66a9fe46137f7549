"""The report of a study, on disk whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from veedor.areas.quality_report import AreaQuality
from veedor.incidents.quality_report import QualityReport
from veedor.report import html
from veedor.report.document import Document, Section, write_document
from veedor.report.maps import Maps
from veedor.report.page import page
from veedor.report.words import words_in
from veedor.spacetime import Gazetteer, Place
from veedor.study.manifest import RunManifest
from veedor.study.results import StudyResults


def write_report(
    results: StudyResults,
    quality: QualityReport | AreaQuality,
    manifest: RunManifest,
    maps: Maps,
    path: Path,
    patterns: Sequence[Section] = (),
    language: str = "en",
) -> Document:
    """Write one self-contained HTML file, and give what it is made of.

    Parameters
    ----------
    results : StudyResults
        The content of ``results.json``.
    quality : QualityReport, or AreaQuality of counts
        The content of ``quality.json``.
    manifest : RunManifest
        The content of ``manifest.json``; its outputs are not known yet while a run writes.
    maps : Maps
        Cells on the ground, with expected and recorded counts.
    path : Path
        Where to write; a file that is there is replaced only once the new one is complete.
    patterns : sequence of Section
        What the record shows, as `veedor.report.patterns.chapter` says it; no chapter if empty.
    language : str
        Of `veedor.languages.languages`.

    Notes
    -----
    The same input gives the same bytes.
    """
    # Names are drawn into charts and maps, which nobody escapes after: they go in printable.
    document = page(
        html.printable(results),
        html.printable(quality),
        html.printable(manifest),
        _printable_maps(maps),
        patterns,
        words_in(language),
    )
    write_document(document, path, language)
    return document


def _printable_maps(maps: Maps) -> Maps:
    return replace(
        maps,
        gazetteer=Gazetteer(tuple(map(_printable_place, maps.gazetteer.places))),
        expected=[
            structs.replace(
                one,
                category=html.printable(one.category),
                forecaster=html.printable(one.forecaster),
                place=_printable_place(one.place),
            )
            for one in maps.expected
        ],
        observed={html.printable(name): counts for name, counts in maps.observed.items()},
        means={
            html.printable(name): {html.printable(who): mean for who, mean in means.items()}
            for name, means in maps.means.items()
        },
        zones=None
        if maps.zones is None
        else replace(maps.zones, names=tuple(html.printable(name) for name in maps.zones.names)),
    )


def _printable_place(place: Place) -> Place:
    return structs.replace(
        place,
        cell_id=html.printable(place.cell_id),
        zone=html.printable(place.zone),
        streets=tuple(html.printable(name) for name in place.streets),
    )
