"""Describe the record: concentration, hot spots, near repeats, seasons, change.

STUDY is a folder with study.toml, as `veedor init` writes it. Nothing is forecast. Settings
stand under [patterns] in study.toml; all have defaults. Whatever looks at many places is
adjusted for it, and signs of a change of recording are named.

    patterns/report.html       for people
    patterns/patterns.json     every number of the report
    patterns/named_places.csv  hot spots and places that emerge, by name
    patterns/cells.csv         hot spots, classes and trends of every cell
    patterns/near_repeats.csv  the Knox tables
    patterns/clock.csv         the hours of the week
    patterns/shifts.csv        level shifts

Of a study of counts by area: rates with their intervals and denominators, which areas lie outside
of a funnel, whether neighbours are alike, and what rose, fell, shifted or was not reported.

    patterns/rates.csv         rates of every area, and drawn towards others
    patterns/series.csv        trends of every area, and what was left out
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Of which study to describe the record."""

    study: Folder = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Describe the record of a study, into ``patterns/``.

    Returns
    -------
    Done
        ``results`` is `Described`, or `AreasDescribed` of a study of counts.

    Raises
    ------
    StudyError
        If study.toml asks for a denominator or areas that are not there.
    """
    from dataclasses import replace
    from typing import cast

    from veedor.files.folders import replacing_folder, require_own
    from veedor.report import area_patterns
    from veedor.report.document import write_document
    from veedor.report.patterns import document
    from veedor.report.words import words_in
    from veedor.report.words.terminal import headed
    from veedor.study.area_patterns import AreasDescribed, describe_study
    from veedor.study.config import load_study
    from veedor.study.laying_out import reading_of
    from veedor.study.patterns import FOLDER, Described, describe, require
    from veedor.study.preparation import prepare
    from veedor.study.prepared import PreparedCounts, PreparedIncidents
    from veedor.study.workspace import temporary_workspace

    study, folder = load_study(request.study), request.study / FOLDER
    words = words_in(context.language)
    require_own(folder)
    with temporary_workspace(request.study) as workspace:
        context.step(reading_of(study), None)
        prepared = prepare(study, request.study, workspace, context.advance)
        if isinstance(prepared, PreparedIncidents):
            require(prepared, request.study)
        with replacing_folder(folder) as building:
            made: Described | AreasDescribed
            if isinstance(prepared, PreparedCounts):
                made = describe_study(prepared, building, context)
                page = area_patterns.document(made, words)
            else:
                of = cast("PreparedIncidents", prepared)
                made = describe(of, request.study, building, context)
                page = document(made, words)
            context.step(phrase("Writing the report"), None)
            write_document(page, building / "report.html", context.language)
    told = headed(words, page, folder / "report.html")
    return Done(folder, replace(made, folder=folder), told)
