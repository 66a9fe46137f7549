r"""Who may look, and how it is used: audit a log of look-ups from the files it was released in.

Give the files of one kind of log: `network` (others' searches of one's own devices), `own`
(searches by one's own users) or `event` (everything that users did). Kinds are never summed.
Users, plates and case numbers are hashed with a secret salt that stays on this machine; no user
is named, ranked or scored, and no group of fewer than 10 people is told.

      OUT/report.html       in plain words, every denominator in its sentence
      OUT/estimates.csv     every figure, with its counts, interval and method
      OUT/results.json      all that is in the report
      OUT/quality.json      what was noticed at reading: exports, overlaps, cells, masks
      OUT/review_plan.csv   which rows people should read: a random sample, and apart from it
                            rows that stand out, of which no rate may be made

      openssl rand -hex 32 > salt.txt
      veedor audit access searches.csv --kind own --time-zone America/Los_Angeles \
          --salt salt.txt --out access
      veedor audit access 2025-*.csv --kind network --time-zone America/Chicago --salt salt.txt \
          --authorised warrants.csv --cases cases.csv --policy 2025-07-01 --out access
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import phrase
from veedor.tasks.audited import task_of
from veedor.tasks.context import Context
from veedor.tasks.request import File, FileThere, Folder, argument, option, request

if TYPE_CHECKING:
    from veedor.audits.access.results import AccessAudit
    from veedor.audits.access.settings import Settings
    from veedor.report.document import Document


@request
class Request:
    """Which log to audit, and how."""

    logs: tuple[FileThere, ...] = argument()
    kind: Literal["network", "own", "event"] = option("What a row of the log is.")
    time_zone: str = option(
        "IANA name of local time, as America/Argentina/Buenos_Aires: months, days and hours are "
        "counted in it."
    )
    salt: File | None = option(
        "File with the secret that keys are hashed with, 16 bytes or more; or set VEEDOR_SALT to "
        "the secret itself.",
        default=None,
    )
    preset: str | None = option(
        "Form of the export, where its header does not tell; `generic` with --column.",
        default=None,
    )
    columns: tuple[str, ...] = option(
        "Which header a column has: at=Fecha, user=Operador, key=Dominio, reason=Motivo ... "
        "Repeat.",
        default=(),
        name="column",
        metavar=phrase("COLUMN=HEADER"),
    )
    times: Literal["utc", "local"] | None = option(
        "What times are that say no offset; known forms are in UTC.", default=None
    )
    mask: bool = option(
        "Mask plates, identity numbers, telephones, e-mails and names within reasons, which "
        "otherwise stop the audit.",
        default=False,
    )
    producer: str | None = option(
        "The force that released a network's log, as the log names it: its own look-ups are left "
        "out and counted.",
        default=None,
        metavar=phrase("NAME"),
    )
    roster: File | None = option("Users with their force, unit, shift and role.", default=None)
    accounts: File | None = option("Accounts that were granted.", default=None)
    authorised: tuple[File, ...] = option(
        "What may be looked up, with from when until when: warrants, CONARC. Repeat for versions.",
        default=(),
    )
    cases: File | None = option("Cases, with when they were opened and closed.", default=None)
    policies: tuple[date, ...] = option(
        "First day under other rules: nothing is compared across it. Repeat.",
        default=(),
        name="policy",
    )
    hours: tuple[float, float] | None = option(
        "Local working hours from Monday to Friday, as 8 18: look-ups outside them are counted.",
        default=None,
        metavar=phrase("FROM TO"),
    )
    vague: tuple[str, ...] = option(
        "A word of your own list of vague reasons, beside those that ship. Repeat.", default=()
    )
    terms: tuple[str, ...] = option(
        "A word to count in reasons, as a whole word. Repeat.", default=(), name="term"
    )
    review: int = option("Look-ups in the random part of the review plan.", default=200, ge=0)
    targeted: int = option("At most so many rows in its targeted part.", default=50, ge=0)
    seed: int = option("Of resampled intervals, and of the review plan.", default=0, ge=0)
    out: Folder = option("Folder to write into.")


def audit(request: Request, context: Context, into: Path) -> tuple[AccessAudit, Document]:
    """Make the audit, its page, and what was noticed at reading."""
    from veedor.audits.access import ListPaths, Salt, audit_access, read_access
    from veedor.files.folders import QUALITY
    from veedor.files.json_file import write_json
    from veedor.report.audit_access import access_document
    from veedor.report.words import words_in

    settings = _settings(request)
    read = read_access(
        request.logs,
        request.kind,
        request.time_zone,
        Salt.given(request.salt),
        preset=request.preset,
        columns=_columns(request.columns),
        times=request.times,
        personal="mask" if request.mask else "stop",
        producer=request.producer,
        beside=ListPaths(request.roster, request.accounts, request.authorised, request.cases),
        progress=context,
    )
    context.step(phrase("Counting who looked, and how"), None)
    made = audit_access(read.log, settings, read.registers)
    write_json(read.quality, into / QUALITY)
    return made, access_document(made, read.quality, words_in(context.language))


def _settings(request: Request) -> Settings:
    from veedor.audits.access import PolicyDate, Settings

    return Settings(
        working_hours=request.hours,
        policies=tuple(PolicyDate(day) for day in request.policies),
        terms=request.terms,
        own_words=request.vague,
        review=request.review,
        targeted=request.targeted,
        seed=request.seed,
    )


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    """Header by column.

    Raises
    ------
    StudyError
        If one has no equals sign.
    """
    from veedor.errors import StudyError

    parted = [one.partition("=") for one in given]
    for column, sign, header in parted:
        if not (column.strip() and sign and header.strip()):
            raise StudyError(
                "A column must be given with its header.",
                found=repr(column),
                where="--column",
                remedy='write it as --column at="Fecha y hora"',
            )
    return {column.strip(): header.strip() for column, _, header in parted}


perform = task_of(audit)
