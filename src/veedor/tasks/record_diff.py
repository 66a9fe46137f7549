"""Say what was added, changed and withdrawn between two versions of a record.

Give the older version first. Each change stands with the source and date of the answer before and
now. With --out, as a page:

    OUT/changes.html   every change
    OUT/changes.json   the same

Example: veedor record diff faces-1.toml faces-2.toml --out changes
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which two versions to compare."""

    before: FileThere = argument()
    after: FileThere = argument()
    out: Folder | None = option("Folder to write a page into.", default=None)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Compare two versions of a record.

    Returns
    -------
    Done
        ``results`` are the `Differences`, as ``changes.json`` holds them.

    Raises
    ------
    DataError
        If one is not as a record must be, or they are not two versions of one, in order.
    """
    from veedor.disclosure.record import differences, read_record
    from veedor.files.folders import replacing_folder
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.record_changes import changes_document, on_terminal
    from veedor.report.words import words_in

    found = differences(read_record(request.before), read_record(request.after))
    words = words_in(context.language)
    page = changes_document(found, words)
    file = None
    if request.out is not None:
        with replacing_folder(request.out) as building:
            write_document(page, building / "changes.html", context.language)
            write_json(found, building / "changes.json")
        file = request.out / "changes.html"
    return Done(request.out or request.after, found, on_terminal(words, page, found, file))
