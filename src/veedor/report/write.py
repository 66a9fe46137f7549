"""The report of a study, on disk whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup
from msgspec import structs

from veedor.files.replacing import replacing
from veedor.incidents.quality_report import QualityReport
from veedor.report import html
from veedor.report.document import Section
from veedor.report.maps import Maps
from veedor.report.page import page
from veedor.report.words import words_in
from veedor.spacetime import Gazetteer, Place
from veedor.study.manifest import RunManifest
from veedor.study.results import StudyResults


def write_report(
    results: StudyResults,
    quality: QualityReport,
    manifest: RunManifest,
    maps: Maps,
    path: Path,
    patterns: Sequence[Section] = (),
    language: str = "en",
) -> None:
    """Write one self-contained HTML file.

    Parameters
    ----------
    results : StudyResults
        The content of ``results.json``.
    quality : QualityReport
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
    text = render(results, quality, manifest, maps, patterns, language)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def render(
    results: StudyResults,
    quality: QualityReport,
    manifest: RunManifest,
    maps: Maps,
    patterns: Sequence[Section] = (),
    language: str = "en",
) -> str:
    """Return the page as text; the parameters are those of `write_report`."""
    content = page(
        html.printable(results),
        html.printable(quality),
        html.printable(manifest),
        _printable_maps(maps),
        words_in(language),
    )
    library, script = html.asset("leaflet.js"), html.asset("report.js")
    return html.render(
        "report.html.j2",
        words_in(language),
        (library, script),
        page=html.printable(content),
        patterns=html.printable(list(patterns)),
        map_data=html.inline_json(content["map"].data),
        library=Markup(library),  # noqa: S704 - shipped with veedor
        script=Markup(script),  # noqa: S704 - shipped with veedor
        styles=html.styles("leaflet.css"),
        licence=html.asset("leaflet.LICENSE.txt"),
    )


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
