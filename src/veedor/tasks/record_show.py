"""Print a record: each field with its state, what was answered, its source and its date.

RECORD is a file that `veedor record new` began. What nobody answered is printed as not answered,
and nothing is inferred from it. With --json the same is printed as JSON, and nothing else.

Example: veedor record show faces.toml
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which record to print, and how."""

    record: FileThere = argument()
    json: bool = option("Print JSON in ASCII, for programs.", default=False)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Read a record, and say all that is in it.

    Returns
    -------
    Done
        ``folder`` is the file; ``results`` is the `RecordShown`.

    Raises
    ------
    UnreadableError
        If it is no TOML.
    DataError
        If it is not as a record must be.
    PersonalDataRefusal
        If a person is named in it.
    """
    from veedor.disclosure.record import RecordShown, read_record
    from veedor.files.json_file import json_bytes
    from veedor.report.document import Document, Section
    from veedor.report.system_record import on_terminal
    from veedor.report.words import words_in

    record = RecordShown.of(read_record(request.record))
    if not request.json:
        return Done(request.record, record, on_terminal(record, words_in(context.language)))
    text = json_bytes(record, ascii_only=True).decode().rstrip("\n")
    said = Document(record.about.system, headline=[Section(verbatim=text)])
    return Done(request.record, record, said)
