"""Count the deadlines of a request for information, or of one's own data (habeas data).

From the day on which a body received it: by when it must answer, from when silence counts as a
refusal, and until when you may go on, each with its article and the month in which the text was
read. Argentina's law (Ley 27.275, Decreto 206/2017 as amended in 2024, Ley 25.326) ships with
veedor; another country's comes by a template. It is no legal advice.

    OUT/report.html      the calendar, every term with what it is counted from, and the law quoted
    OUT/deadlines.ics    for anyone's calendar, with a reminder of your own last days
    OUT/deadlines.csv    a row a term
    OUT/results.json     all that is in the page

Days that are known besides are given with --on: of information extended, denied, claimed and
ordered, of rectification corrected.

Example: veedor request deadlines --received 2026-03-02 --on denied=2026-03-20 --out deadlines
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, option, request
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.disclosure.request import Deadlines


@request
class Request:
    """Which deadlines to count, and from which days."""

    received: date = option("The day on which the body that has the information received it.")
    on: tuple[str, ...] = option(
        "Another day that is known. Repeat.", default=(), metavar=phrase("EVENT=DAY")
    )
    procedure: str = option(
        "What was asked: of Argentina information, access or rectification; the law's first by "
        "default.",
        default="",
    )
    days_off: FileThere | None = option(
        "Days off that no list of public holidays has: a table of first, last, name, of (all, "
        "administration or court).",
        default=None,
    )
    subdivision: str = option(
        "Whose local holidays are off too: an ISO 3166-2 code, as B.", default=""
    )
    law: FileThere | None = option(
        "Template of another country's law; Argentina's by default.", default=None
    )
    out: Folder = option("Folder to write into.")


@use_case
def perform(request: Request, context: Context) -> Done:
    """Count deadlines, into a folder.

    Returns
    -------
    Done
        ``results`` are the `Deadlines`.

    Raises
    ------
    StudyError
        For a day of no event that the procedure has, or a law that is not as it must be.
    DataError
        If the days off are not as they must be.
    """
    from veedor.files.folders import replacing_folder
    from veedor.files.json_file import write_json
    from veedor.report.calendar_file import write_calendar
    from veedor.report.deadlines_page import (
        COLUMNS,
        calendar_entries,
        deadline_rows,
        deadlines_document,
    )
    from veedor.report.document import write_document
    from veedor.report.words import deadlines as said
    from veedor.report.words import words_in
    from veedor.report.words.terminal import headed
    from veedor.tables.csv_file import write_rows

    context.step(phrase("Counting days"), None)
    made = counted(request)
    words = words_in(context.language)
    page = deadlines_document(made, words)
    with replacing_folder(request.out) as building:
        write_json(made, building / "results.json")
        write_rows(COLUMNS, deadline_rows(made, words), building / "deadlines.csv")
        write_calendar(
            said.title(words, made),
            calendar_entries(made, words),
            building / "deadlines.ics",
            request.received,
        )
        write_document(page, building / "report.html", context.language)
    told = headed(words, page, request.out / "report.html", said.written(words))
    return Done(request.out, made, told)


def counted(request: Request) -> Deadlines:
    """Count the deadlines that a request asks for, and write nothing; errors as of `perform`."""
    from veedor.disclosure.request import DaysOff, deadlines, read_days_off, read_law, shipped_law

    law = shipped_law("ar") if request.law is None else read_law(request.law)
    listed = () if request.days_off is None else read_days_off(request.days_off)
    off = DaysOff(
        law.calendar.country,
        request.subdivision or law.calendar.subdivision,
        language=law.language,
        weekend=law.calendar.weekend,
        listed=listed,
    )
    events = {"received": request.received, **dict(map(_event, request.on))}
    return deadlines(law, law.procedure(request.procedure), events, off, len(listed))


def _event(text: str) -> tuple[str, date]:
    """Read EVENT=DAY."""
    from veedor.errors import StudyError
    from veedor.tables.escape import shown

    name, _, day = text.partition("=")
    try:
        return name.strip(), date.fromisoformat(day.strip())
    except ValueError as error:
        raise StudyError(
            "A day that is known must be written as EVENT=DAY.",
            found=repr(shown(text)),
            where="--on",
            remedy="as in --on denied=2026-03-20",
        ) from error
