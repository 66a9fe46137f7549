"""Propose the settings of an audit of places from its files.

Looks at zones, boxes, incidents, counts and rates, and proposes which file is what, the column of
residents, the groups and their reference, the zones' id, and the side of a box by how far apart
boxes stand. Each line says what it follows from and what else was possible; what cannot be known
is offered behind a #. A log of look-ups is known by its columns, and the command that audits it is
written; its time zone, and what its form does not tell, are left to be said. Nothing is audited,
and nothing is overwritten.

Example: veedor audit init zones.geojson boxes.csv --out audit.toml
"""

from __future__ import annotations

from pathlib import Path

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """From which files to propose an audit, and where to."""

    files: tuple[Path, ...] = argument()
    out: File = option("TOML to write, for `veedor audit all --settings`.")
    box_m: float | None = option(
        "Side of a box in metres, if known: held against how far apart boxes stand.",
        default=None,
        gt=0.0,
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Look at files and write a commented TOML.

    Returns
    -------
    Done
        ``folder`` is the file; ``results`` is the `ProposedAudit`.

    Raises
    ------
    StudyError
        If there is such a file already, or no file to look at.
    DataError
        If none of the files is for an audit of places.
    PersonalDataRefusal
        If one holds persons.
    """
    from veedor.audits.places.proposal import propose_audit
    from veedor.errors import StudyError
    from veedor.files.replacing import replacing
    from veedor.report.words import words_in
    from veedor.report.words.audit_proposal import proposed, written

    if request.out.exists():
        raise StudyError(
            "A new file of settings must not replace another.",
            found=phrase("{name} is there already", name=request.out.name),
            where=str(request.out.parent),
            remedy="name another file, or delete it",
        )
    if not request.files:
        raise StudyError("There must be a file to look at.", found=phrase("none"))
    context.step(phrase("Looking at the columns"), None)
    made = propose_audit(request.files, request.box_m)
    words = words_in(context.language)
    text = written(words, made, request.out.parent, request.out.name)
    context.go_on()
    with replacing(request.out) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return Done(request.out, made, proposed(words, made, request.out))
