"""Set a record beside what laws and registers ask: a page, tables and files to hand in.

RECORD is a file that `veedor record new` began. Each article or field stands with what was
answered, by whom and when, and with what was not answered as blank. There is no score, and no
conclusion in law.

    OUT/record.html           what was answered, refused and not answered
    OUT/record.docx           the same, to go on in
    OUT/record.json           all that is in the page
    OUT/ley-25326.csv         a row a field of each article, and so of each of --to
    OUT/nl-register.json      an entry that the register's standard accepts

Example: veedor record export faces.toml --to ley-25326 --to eu-ai-act-27 --out faces
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import VeedorError, phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.disclosure.record import Matrix, RecordResults, SystemRecord
    from veedor.report.words import Words

_COLUMNS = (
    "reference", "says", "name", "required", "field", "asked", "state", "value", "source", "date",
)  # fmt: skip


@request
class Request:
    """Which record to export, for whom, and where to."""

    record: FileThere = argument()
    to: tuple[Literal["ley-25326", "eu-ai-act-27", "nl-register", "uk-atrs"], ...] = option(
        "Which law or register it is set beside. Repeat.", default=("ley-25326",)
    )
    questionnaire: FileThere | None = option(
        "Canada's Algorithmic Impact Assessment, as published (survey-enfr.json); with --answers.",
        default=None,
    )
    answers: FileThere | None = option(
        "Your own answers to it: JSON, as its page saves them.", default=None
    )
    out: Folder = option("Folder to write into.")


@use_case
def perform(request: Request, context: Context) -> Done:
    """Export a record into a folder.

    Returns
    -------
    Done
        ``results`` is the `RecordResults`, as ``record.json`` holds it; why there is no entry of a
        register is a hindrance.

    Raises
    ------
    DataError
        If the record, an audit that it names, or a questionnaire is not as it must be.
    PersonalDataRefusal
        If a person is named in it.
    StudyError
        If only one of questionnaire and answers is given.
    """
    from veedor.disclosure.record import (
        RecordResults,
        matrix,
        read_audits,
        read_questionnaire,
        read_record,
    )
    from veedor.disclosure.record.results import SCHEMA_VERSION
    from veedor.errors import StudyError
    from veedor.files.folders import replacing_folder
    from veedor.report.document import write_document
    from veedor.report.document_docx import write_document_docx
    from veedor.report.system_record import record_document
    from veedor.report.words import words_in
    from veedor.report.words.record_page import written_beside
    from veedor.report.words.terminal import headed

    if (request.questionnaire is None) != (request.answers is None):
        raise StudyError(
            "A questionnaire and its answers must be given together.",
            found=phrase("one of --questionnaire and --answers"),
            remedy="give both",
        )
    context.step(phrase("Reading the record"), None)
    record = read_record(request.record)
    read = read_audits(record.audits, request.record.parent)
    asked = (
        read_questionnaire(request.questionnaire, request.answers)
        if request.questionnaire and request.answers
        else ()
    )
    results = RecordResults(
        SCHEMA_VERSION,
        record.about,
        dict(record.answers),
        dict(record.counted),
        tuple(matrix(record, one) for one in dict.fromkeys(request.to)),
        tuple(about for about, _ in read),
        asked,
    )
    words = words_in(context.language)
    page = record_document(results, [audit for _, audit in read], words)
    context.step(phrase("Writing the report"), None)
    with replacing_folder(request.out) as building:
        hindrances = _written(record, results, words, building)
        write_document(page, building / "record.html", context.language)
        write_document_docx(page, building / "record.docx", words)
        beside = sorted(one.name for one in building.iterdir() if one.suffix != ".html")
    told = headed(words, page, request.out / "record.html", written_beside(words, beside))
    return Done(request.out, results, told, hindrances=hindrances)


def _written(
    record: SystemRecord, results: RecordResults, words: Words, into: Path
) -> tuple[VeedorError, ...]:
    """Write the files beside the page; return why one of them could not be."""
    from veedor.disclosure.record import register_entry
    from veedor.errors import DataError
    from veedor.files.json_file import write_json
    from veedor.report.words.records import name_of
    from veedor.tables.csv_file import write_rows

    def rows(matrix: Matrix) -> list[tuple[object, ...]]:
        return [
            (
                one.reference, one.says, one.name, "required" if one.required else "", one.field,
                name_of(words, one.field), one.answer.state, one.answer.value, one.answer.source,
                one.answer.date,
            )
            for one in matrix.rows
        ]  # fmt: skip

    hindrances: list[VeedorError] = []
    write_json(results, into / "record.json")
    for one in results.matrices:
        write_rows(_COLUMNS, rows(one), into / f"{one.framework}.csv")
        if one.framework == "nl-register":
            try:
                write_json(register_entry(record), into / "nl-register.json")
            except DataError as error:
                hindrances.append(error)
    if results.questionnaire:
        write_rows(
            ("part", "name", "question", "answer"),
            [
                (one.part, one.name, one.question, "; ".join(one.answers))
                for one in results.questionnaire
            ],
            into / "ca-aia.csv",
        )
    return tuple(hindrances)
