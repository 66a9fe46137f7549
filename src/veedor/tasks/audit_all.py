"""Every audit of places that has its inputs, in one dossier.

Options are those of the single audits, or stand in a file of settings. An audit whose needed
options are not given is left out, and what it lacks is said. One that an input stops does not
stop the others: its error is told, and the exit code is then 2.

    OUT/report.html          the cover: what each audit found, and what was left out
    OUT/estimates.csv        a row a figure of every audit
    OUT/results.json         the parts
    OUT/AUDIT/report.html    each audit, with its results.json
"""

from __future__ import annotations

import shutil
from dataclasses import field, make_dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from veedor.errors import StudyError, VeedorError
from veedor.tasks import audit_benchmark, audit_exposure, audit_feedback, audit_reporting
from veedor.tasks.audited import ESTIMATES, REPORT, RESULTS, made_into
from veedor.tasks.context import Context
from veedor.tasks.request import described, lacking
from veedor.tasks.settings_file import with_settings
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.audits.audit import Audit
    from veedor.report.document import Document

#: Of places: those of a dossier, and of a study too.
AUDITS: dict[str, ModuleType] = {
    "exposure": audit_exposure,
    "benchmark": audit_benchmark,
    "reporting": audit_reporting,
    "feedback": audit_feedback,
}
SCHEMA_VERSION = 1


class Part(msgspec.Struct, frozen=True):
    """An audit of a dossier.

    Parameters
    ----------
    audit : str
        Its name, and that of its folder.
    statements, warnings : int
        How many.
    """

    audit: str
    statements: int
    warnings: int


class LeftOut(msgspec.Struct, frozen=True):
    """An audit that lacks options; of each, any one would do."""

    audit: str
    lacking: tuple[tuple[str, ...], ...]


class Stopped(msgspec.Struct, frozen=True):
    """An audit that an input stopped: what must hold, what was found, where, what to do."""

    audit: str
    must: str
    found: str
    where: str
    remedy: str


class Dossier(msgspec.Struct, frozen=True):
    """What a dossier holds."""

    schema_version: int
    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    stopped: tuple[Stopped, ...]


def _request() -> type:
    """Fields of all audits, each once and none needed but the folder to write to."""
    found: dict[str, tuple[str, Any, Any]] = {}
    for audit in AUDITS.values():
        for name, kind, default, about in described(audit.Request):
            found.setdefault(name, (name, kind, field(default=default, metadata=about)))
    about_it = {
        "__doc__": "Which system to audit, with what is known of it.",
        "__module__": __name__,
    }
    return make_dataclass("Request", found.values(), frozen=True, kw_only=True, namespace=about_it)


Request = _request()
#: What may stand in a file of settings.
SETTINGS = frozenset(name for name, *_ in described(Request))


@use_case
def perform(request: Any, context: Context) -> Done:
    """Do every audit that has its inputs, into one folder.

    Returns
    -------
    Done
        ``results`` is the `Dossier`, as ``results.json``; what stopped an audit is a hindrance.

    Raises
    ------
    StudyError
        If no audit has its inputs.
    """
    from veedor.audits.audit import COLUMNS, row_of
    from veedor.files.folders import replacing_folder
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.dossier import dossier
    from veedor.report.words import words_in
    from veedor.report.words.audits import left_out
    from veedor.tables.csv_file import write_rows

    words = words_in(context.language)
    if request.settings is not None:
        request = with_settings(request, request.settings, SETTINGS, context.given)
    absent = {
        name: needed for name, audit in AUDITS.items() if (needed := _lacking(audit, request))
    }
    if len(absent) == len(AUDITS):
        raise StudyError(
            "An audit must have its inputs.",
            found=" ".join(left_out(words, absent)),
            remedy="see `veedor audit --help`",
        )
    audits: dict[str, tuple[Audit, Document]] = {}
    stopped: dict[str, VeedorError] = {}
    with replacing_folder(request.out) as building:
        for name in (one for one in AUDITS if one not in absent):
            into = building / name
            into.mkdir()
            try:
                audits[name] = _part(AUDITS[name], request, context, into)
            except VeedorError as error:
                stopped[name] = error
                shutil.rmtree(into)
        made = Dossier(
            SCHEMA_VERSION,
            tuple(
                Part(name, len(one.statements), len(one.warnings))
                for name, (one, _) in audits.items()
            ),
            tuple(LeftOut(name, needed) for name, needed in absent.items()),
            tuple(
                Stopped(name, one.must, one.found, one.where, one.remedy)
                for name, one in stopped.items()
            ),
        )
        rows = (
            (name, *row_of(s, words.of)) for name, (a, _) in audits.items() for s in a.statements
        )
        write_rows(("audit", *COLUMNS), rows, building / ESTIMATES)
        write_json(made, building / RESULTS)
        cover = dossier(words, audits, absent, stopped, request.out)
        write_document(cover, building / REPORT, context.language)
    return Done(request.out, made, cover, hindrances=tuple(stopped.values()))


def _part(audit: ModuleType, request: Any, context: Context, into: Path) -> tuple[Audit, Document]:
    """Make one audit and its page; its figures go into the file of all."""
    given = {name: value for name, value in vars(request).items() if value is not None}
    names = given.keys() & audit.Request.__dataclass_fields__.keys()
    asked = audit.Request(**{name: given[name] for name in names})
    made = made_into(audit.audit, asked, context, into)
    (into / ESTIMATES).unlink()
    return made


def _lacking(audit: ModuleType, request: Any) -> tuple[tuple[str, ...], ...]:
    """Options that an audit needs and the request does not give; of each, any one would do."""
    needed: list[tuple[str, ...]] = [(one,) for one in lacking(request, audit.Request)]
    given = {name for name, value in vars(request).items() if value is not None}
    needed += [names for names in getattr(audit, "ONE_OF", ()) if given.isdisjoint(names)]
    return tuple(needed)
