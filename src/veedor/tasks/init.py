"""Write a commented study.toml for your own incidents.

Looks at the files, proposes a column for each role, the time zone, a projected CRS, the
categories and the days to forecast, and marks each as a GUESS for you to confirm. Files of a
layout that veedor knows need no guessing. Of a record of more than two million rows a sample is
read and screened, and the file says so; `veedor check` and `veedor run` read and screen all of
it. Nothing is run, and nothing is overwritten.

Example: veedor init mystudy --incidents incidents.csv
"""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.areas.layouts import AreaLayout
    from veedor.incidents import Source
    from veedor.incidents.proposal import Proposal
    from veedor.study.proposal import Span

_KNOWN = Path(__file__).parents[1] / "incidents" / "layouts" / "known"
#: Of layouts, as their modules are called, for reading these takes long.
_LAYOUTS = [module.name.replace("_", "-") for module in iter_modules([str(_KNOWN)])]

#: So many columns that are months, or a word for a count, without a place: counts by area.
_MONTHS = 3
_COUNTS = frozenset(("valor", "value", "casos", "cases", "total", "frecuencia", "cantidad"))


@request
class Request:
    """Of which incidents to propose a study, and where."""

    study: Folder = argument()
    incidents: tuple[Path, ...] = option(
        "CSV (plain, gz, zip), Parquet, GeoJSON, xlsx or ODS, of incidents or of counts by area: "
        "a file, folder or glob. May be given again.",
        metavar="TEXT",
    )
    layout: str | None = option(
        phrase(
            "What the files are: {layouts}; or a layout of counts by area. Recognised by their "
            "headers where not given, but for long and wide.",
            layouts=", ".join(_LAYOUTS),
        ),
        default=None,
    )
    area: Path | None = option("GeoJSON outline of the study area.", default=None, metavar="TEXT")
    zones: Path | None = option(
        "GeoJSON of zones; the study area is their union. Of a record that names its zones: what "
        "it names. Of counts by area: the outlines of the areas.",
        default=None,
        metavar="TEXT",
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Look at incident files and write a commented ``study.toml``.

    Returns
    -------
    Done
        ``results`` is the `ProposedStudy`.

    Raises
    ------
    StudyError
        If the folder holds a study.toml already, there is no such layout, or an outline is given
        for a record whose places are zones.
    UnreadableError
        If the first file cannot be read, or is not of the layout given.
    """
    from dataclasses import replace
    from functools import partial

    from veedor.errors import Refusal, StudyError, VeedorError
    from veedor.files.replacing import replacing
    from veedor.incidents import propose
    from veedor.incidents.layouts import find_layout
    from veedor.report.words import words_in
    from veedor.report.words.studies import proposed
    from veedor.report.words.study_file import comment
    from veedor.study.proposal import ProposedStudy, names_zones, render
    from veedor.study.section_checks import FILE_NAME
    from veedor.study.zones import offered_zones

    study, path = request.study, request.study / FILE_NAME
    incidents = [str(one) for one in request.incidents]
    if path.exists():
        raise StudyError(
            "A new study must not replace another.",
            found=phrase("{file_name} is there already", file_name=FILE_NAME),
            where=str(study),
            remedy="name another folder, or delete the file",
        )
    context.step(phrase("Looking at the columns"), None)
    of_areas = _area_layout(request)
    if of_areas is not None:
        return _of_counts(request, of_areas, path, context)
    named = None if request.layout is None else find_layout(request.layout)
    zones = None if request.zones is None else offered_zones(request.zones)
    proposal = propose(incidents, layout=named, zones=zones)
    layout = None if proposal.layout is None else find_layout(proposal.layout)
    proposal = replace(proposal, notes=(*_perhaps_counts(proposal), *proposal.notes))
    named_zones = names_zones(proposal)
    if named_zones and request.area is not None:
        raise StudyError(
            "The study area of a record that names zones must be those zones.",
            found=phrase("an outline, {path}", path=request.area),
            remedy="give the zones with --zones in its place",
        )
    context.step(phrase("Reading incidents"), None)
    span, trouble = None, ""
    if proposal.time_zone is None or proposal.crs is None:
        trouble = phrase(
            "where it lies is not known yet: first set time_zone, crs and what is said above of "
            "places"
        )
    else:
        try:
            roles = {one.role: one.column for one in proposal.columns}
            if named_zones:
                del roles["zone"]
            span = _span(study, proposal.source(incidents, columns=roles), context)
        except Refusal:
            raise
        except VeedorError as error:
            trouble = error.told
    if span is not None and span.sampled:
        proposal = replace(
            proposal,
            notes=(
                *proposal.notes,
                phrase(
                    "The record is large: a sample of it, {n:,} incidents spread over the files, "
                    "was read and screened for personal data. `veedor check` and `veedor run` "
                    "read and screen all of it.",
                    n=span.incidents,
                ),
            ),
        )
    if layout is not None and span is not None:
        notes = (
            phrase("From {day}: {what}.", day=one.day, what=one.what)
            for one in layout.breaks
            if span.broken_by(one.day)
        )
        proposal = replace(proposal, notes=(*proposal.notes, *notes))
    words = words_in(context.language)
    text = render(
        study,
        incidents,
        proposal,
        layout,
        span,
        trouble,
        request.area,
        request.zones,
        partial(comment, words),
        context.language,
    )
    context.go_on()
    study.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
    made = ProposedStudy(path, proposal, span, trouble)
    return Done(study, made, proposed(words, made))


def _perhaps_counts(proposal: Proposal) -> tuple[str, ...]:
    """Say that a file without places, of counts or of months, may be one of counts by area."""
    from veedor.areas.layouts.periods import months_in
    from veedor.incidents.choosing import PLACE_ROLES
    from veedor.tables.names import words

    roles = {one.role for one in proposal.columns}
    if PLACE_ROLES & roles or proposal.layout is not None or proposal.format == "geojson":
        return ()
    if any(len(months_in(proposal.dropped, of_year=year)) >= _MONTHS for year in (False, True)):
        layout = "wide"
    elif "count" in roles or any(_COUNTS & set(words(name).split()) for name in proposal.dropped):
        layout = "long"
    else:
        return ()
    return (
        phrase(
            "These may be counts by area, not single incidents: then start again in another "
            "folder with --layout {layout}.",
            layout=layout,
        ),
    )


def _area_layout(request: Request) -> AreaLayout | None:
    """Return the layout of counts by area that is named, or that the first file is of."""
    from veedor.areas.layouts import AREA_LAYOUTS
    from veedor.areas.reading import area_layout_of
    from veedor.tables.files import find

    if request.layout is not None:
        return AREA_LAYOUTS.get(request.layout)
    found = find(tuple(str(one) for one in request.incidents))
    return area_layout_of(found[0])


def _of_counts(request: Request, layout: AreaLayout, path: Path, context: Context) -> Done:
    """Read counts by area, and write a study of them."""
    from functools import partial

    from veedor.areas.reading import Publication, read_areas
    from veedor.errors import Refusal, VeedorError
    from veedor.files.replacing import replacing
    from veedor.report.words import words_in
    from veedor.report.words.studies import proposed_of_counts
    from veedor.report.words.study_file import comment
    from veedor.study.area_proposal import ProposedCounts, proposed_counts, render_counts
    from veedor.tables.files import find

    files = find(tuple(str(one) for one in request.incidents))
    outlines = request.zones or request.area
    context.step(phrase("Reading counts by area"), None)
    made = ProposedCounts(path, layout, None)
    try:
        reading = read_areas([Publication(one) for one in files], layout.name)
        made = proposed_counts(path, reading, outlines)
    except Refusal:
        raise
    except VeedorError as error:
        if outlines is not None and not layout.plain:
            raise
        made = ProposedCounts(path, layout, None, trouble=error.told)
    words = words_in(context.language)
    say = partial(comment, words)
    text = render_counts(request.study, files, made, say, context.language)
    context.go_on()
    request.study.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
    return Done(request.study, made, proposed_of_counts(words, made))


def _span(study: Path, source: Source, context: Context) -> Span:
    """Read the record as proposed, of a large one a sample; leave no folder that was not there."""
    from veedor.incidents import read
    from veedor.incidents.sampled import sampled
    from veedor.study.proposal import span_of, span_of_sample
    from veedor.study.workspace import temporary_workspace

    existed = study.exists()
    try:
        with temporary_workspace(study) as workspace:
            sample = sampled(source, workspace)
            looked_at = source if sample is None else sample.source
            record = read(looked_at, workspace=workspace, progress=context.advance).incidents
            return span_of(record) if sample is None else span_of_sample(record, sample.months)
    finally:
        if not existed and study.exists() and not any(study.iterdir()):
            study.rmdir()
