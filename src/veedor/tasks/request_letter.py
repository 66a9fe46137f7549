"""Write the letters that ask for what was not told of a system, one a gap.

GAPS is a record of a system (`veedor record new`), whose fields without an answer or with a
refusal are asked for; or a list of your own, as below. A letter asks an item a paragraph, says
beforehand what of an exception would have to be shown, and takes the rest with parts blacked out.
It is written under Argentina's Ley 27.275, in Spanish, or under the law of a template.

    system = "plate readers"
    body = "the ministry"

    [[gaps]]
    field = "retention"

    [[gaps]]
    subject = "Cameras bought"
    ask = ["The contract of each purchase."]
    anticipate = ["secrets"]

No name, document, address or e-mail is taken: what the law lets a body ask is left as lines to
be filled in by hand. A question about a person is refused. It is no legal advice.

Example: veedor request letter faces.toml --out letters
"""

from __future__ import annotations

from typing import Literal

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """What to ask, by which law, and where to write it."""

    gaps: FileThere = argument()
    fields: tuple[str, ...] = option(
        "Only these fields of the record: retention,who_may_access.", default=(), commas=True
    )
    by: Literal["gap", "topic"] = option(
        "A letter a gap, so that a refusal of one holds up no other; or a letter a topic.",
        default="gap",
    )
    applicant: Literal["person", "organisation"] = option(
        "Who will send them: it decides which lines are left to be filled in.", default="person"
    )
    law: FileThere | None = option(
        "Template of another country's law; Argentina's by default.", default=None
    )
    out: Folder = option("Folder to write into.")


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write letters, into a folder.

    Returns
    -------
    Done
        ``results`` are the `Letters`, as ``results.json`` holds them.

    Raises
    ------
    UnreadableError
        If what is to be asked is no TOML.
    DataError
        If it is a record that is not as it must be.
    StudyError
        If there is nothing to ask, or the list or the law is not as it must be.
    PersonalDataRefusal
        If a person is asked for, or named.
    """
    from veedor.disclosure.request import letters, read_gaps, read_law, shipped_law
    from veedor.files.folders import replacing_folder
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.letter_file import write_letter
    from veedor.report.letters_page import letters_document
    from veedor.report.words import requests as said
    from veedor.report.words import words_in
    from veedor.report.words.terminal import headed

    law = shipped_law("ar") if request.law is None else read_law(request.law)
    made = letters(
        law,
        read_gaps(request.gaps, law, request.fields),
        by=request.by,
        applicant=request.applicant,
    )
    words = words_in(context.language)
    of_law = "" if request.law is None else f" --law {request.law.name}"
    then = f"veedor request deadlines --received YYYY-MM-DD{of_law} --out deadlines"
    page = letters_document(made, words, then)
    context.step(phrase("Writing letters"), len(made.letters))
    with replacing_folder(request.out) as building:
        for number, letter in enumerate(made.letters, 1):
            write_letter(letter, building, words)
            context.advance(number)
        write_json(made, building / "results.json")
        write_document(page, building / "report.html", context.language)
    told = headed(words, page, request.out / "report.html", said.files(words, made))
    return Done(request.out, made, told)
