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
        ``results`` is `Described`.

    Raises
    ------
    StudyError
        If study.toml asks for a denominator or areas that are not there.
    """
    from dataclasses import replace

    from veedor.errors import StudyError
    from veedor.files.folders import replacing_folder, require_own
    from veedor.report.document import write_document
    from veedor.report.patterns import document
    from veedor.report.words import words_in
    from veedor.report.words.terminal import headed
    from veedor.study.config import load_study
    from veedor.study.laying_out import reading_of
    from veedor.study.patterns import FOLDER, describe, require
    from veedor.study.preparation import prepare
    from veedor.study.prepared import PreparedIncidents
    from veedor.study.workspace import temporary_workspace

    study, folder = load_study(request.study), request.study / FOLDER
    words = words_in(context.language)
    require_own(folder)
    with temporary_workspace(request.study) as workspace:
        context.step(reading_of(study), None)
        prepared = prepare(study, request.study, workspace, context.advance)
        if not isinstance(prepared, PreparedIncidents):
            raise StudyError(
                "What is asked needs single incidents.", found=phrase("counts by area")
            )
        require(prepared, request.study)
        with replacing_folder(folder) as building:
            made = describe(prepared, request.study, building, context)
            context.step(phrase("Writing the report"), None)
            page = document(made, words)
            write_document(page, building / "report.html", context.language)
    told = headed(words, page, folder / "report.html")
    return Done(folder, replace(made, folder=folder), told)
