"""Read and screen the incidents; say whether the record can be used; forecast nothing.

STUDY is a study's folder, or a file of incidents, whose columns are recognised as `veedor init`
does. Writes check.html, a page that can be shown to anyone, and quality.json, with rows and
examples: into STUDY/results/, where a finished run is there into STUDY/check/, of a file into
check/. Says whether the record can be used, with what limits, or what must be mended first; what
became of every row, month by month, and what was mended. Exit code 2 where something hinders a
run of the study as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, option, request
from veedor.tasks.run import RESULTS
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.errors import VeedorError
    from veedor.incidents import Proposal, QualityReport, Reading

#: Where the quality report goes beside a finished run, and that of a file.
CHECKED = "check"
PAGE = "check.html"


@request
class Request:
    """Which record to check, and where to say what was found."""

    study: Path = argument()
    out: Folder | None = option("Folder for check.html and quality.json.", default=None)


@dataclass(frozen=True, eq=False)
class _Record:
    """What was read, of a study or of a file."""

    name: str
    reading: Reading
    quality: QualityReport
    hindrances: tuple[VeedorError, ...]
    given: tuple[str, ...] = ()
    proposal: Proposal | None = None


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write the quality report of a record, and the page of it.

    What can be read is reported on even where periods and cells cannot be laid over it; the report
    then does not say how many incidents lie outside the area, and why is the hindrance.

    Returns
    -------
    Done
        ``results`` is the `QualityReport`, written as ``quality.json`` into ``folder``.
    """
    from veedor.files.folders import QUALITY, recover, replacing_folder, require_own
    from veedor.files.json_file import write_json
    from veedor.incidents.misplaced import doubts_of_places
    from veedor.incidents.usability import judge
    from veedor.report.check_page import check_page, with_terminal
    from veedor.report.document import write_document
    from veedor.report.words import words_in

    of_file = request.study.is_file() and request.study.suffix != ".toml"
    folder = request.out
    if folder is None and of_file:
        folder = context.workspace / CHECKED
    if folder is None:
        results = request.study.resolve() / RESULTS
        recover(results)
        finished = (results / "results.json").exists()
        folder = request.study / (CHECKED if finished else RESULTS)
    require_own(folder)
    opened = _file(request.study, context) if of_file else _study(request.study, context)
    with opened as record:
        doubts = doubts_of_places(record.reading)
    found = judge(
        record.quality,
        doubts,
        hindered=bool(record.hindrances),
        proposed=record.proposal is not None,
    )
    words = words_in(context.language)
    page = check_page(
        words,
        record.name,
        record.quality,
        found,
        record.hindrances,
        given=record.given,
        proposal=record.proposal,
    )
    context.go_on()
    with replacing_folder(folder) as building:
        write_json(record.quality, building / QUALITY)
        write_document(page, building / PAGE, context.language)
    document = with_terminal(
        words, page, record.quality, found, record.proposal, folder / PAGE, folder / QUALITY
    )
    return Done(folder, record.quality, document, hindrances=record.hindrances)


@contextmanager
def _study(folder: Path, context: Context) -> Iterator[_Record]:
    """Read the record of a study; what it was read into is there until the end."""
    from veedor.errors import DataError, StudyError
    from veedor.incidents import assess, read
    from veedor.study.config import load_study
    from veedor.study.laying_out import study_periods
    from veedor.study.preparation import lay_out
    from veedor.study.workspace import temporary_workspace

    study = load_study(folder)
    hindrances: tuple[VeedorError, ...] = ()
    with temporary_workspace(folder.resolve()) as workspace:
        context.step(phrase("Reading incidents"), None)
        reading = read(study.source(folder), workspace=workspace, progress=context.advance)
        try:
            quality = lay_out(study, folder, reading, study_periods(study)).quality
        except (StudyError, DataError) as error:
            hindrances, quality = (error,), assess(reading)
        given = tuple(category.name for category in study.categories)
        yield _Record(study.study.title, reading, quality, hindrances, given)


@contextmanager
def _file(path: Path, context: Context) -> Iterator[_Record]:
    """Read a file as it is proposed to be read."""
    from veedor.errors import StudyError
    from veedor.files.temporary import temporary_folder
    from veedor.incidents import assess, propose, read, require_places

    context.step(phrase("Looking at the columns"), None)
    proposal = propose([str(path)])
    if proposal.time_zone is None or proposal.crs is None or not proposal.values:
        raise StudyError(
            "The columns of recorded incidents must be recognised.",
            found="; ".join(proposal.notes),
            where=path.name,
            remedy="write a study.toml with `veedor init`, correct it, and check its folder",
        )
    source = proposal.source([str(path)])
    hindrances: tuple[VeedorError, ...] = ()
    with temporary_folder() as workspace:
        context.step(phrase("Reading incidents"), None)
        reading = read(source, workspace=workspace, progress=context.advance)
        try:
            require_places(reading)
        except StudyError as error:
            hindrances = (error,)
        yield _Record(path.name, reading, assess(reading), hindrances, proposal=proposal)
