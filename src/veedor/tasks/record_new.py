"""Begin a record of a system: a commented file for you to fill in.

Writes RECORD, a TOML file that asks what a system is, by what right it is used, which data it
holds, who looks, what people can do and whether it works. Every field is not answered until you
write what was answered, with its source and date. Nothing is overwritten.

Example: veedor record new faces.toml --system "face recognition" --body "the ministry"
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, There, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Of which system to begin a record, and where."""

    record: File = argument()
    system: str = option("What the system is called.", metavar=phrase("NAME"))
    body: str = option("The body that uses it.", metavar=phrase("NAME"))
    audits: tuple[There, ...] = option(
        "Folder of an audit of it, or its results.json, shown beside the answers. Repeat.",
        default=(),
        name="audit",
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write a record in which nothing is answered.

    Returns
    -------
    Done
        ``folder`` is the file; ``results`` is the `SystemRecord` that it holds.

    Raises
    ------
    StudyError
        If there is such a file already.
    UnreadableError
        If what is named as an audit is none.
    PersonalDataRefusal
        If the system or its body is called as a person is.
    """
    from veedor.disclosure.record import About, AuditNamed, read_audit
    from veedor.disclosure.record.reading import parsed
    from veedor.errors import StudyError
    from veedor.files.replacing import replacing
    from veedor.report.words import words_in
    from veedor.report.words.record_file import begun, written
    from veedor.study.toml_writing import relative
    from veedor.tasks.audited import RESULTS

    path = request.record
    if path.exists():
        raise StudyError(
            "A new record must not replace another.",
            found=phrase("{name} is there already", name=path.name),
            where=str(path.parent),
            remedy="name another file; a new version of a record is a copy of it with another date",
        )
    today = context.clock().date().isoformat()
    about = About(request.system, request.body, "1", today, context.language)
    audits = []
    for one in request.audits:
        results = one / RESULTS if one.is_dir() else one
        _, digest = read_audit(results)
        audits.append(AuditNamed(relative(results, path.parent), today, digest))
    words = words_in(context.language)
    text = written(words, about, audits)
    record = parsed(text, path.name)
    context.go_on()
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return Done(path, record, begun(words, about, path, len(audits)))
