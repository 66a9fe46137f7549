"""Read and screen the record; say whether it can be used; forecast nothing.

STUDY is a study's folder, or a file of incidents, whose columns are recognised as `veedor init`
does, or a file of counts by area of a layout that veedor knows; further editions of it follow as
EDITIONS, and --published says when each came out. A file of anyone's is read as `--layout long` (a
row a count) or `wide`, with --column, --unit and --blank. Writes check.html, a page that can be
shown to anyone, and quality.json, with rows and examples: into STUDY/results/, where a finished
run is there into STUDY/check/, of a file into check/. Says whether the record can be used, with
what limits, or what must be mended first; what became of every row, month by month, and what was
mended; of counts by area which cells were not reported, what looks as if it had not been, which
sums fail, what was revised, and breaks that nobody declared. Exit code 2 where something hinders a
run of the study as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Literal

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, option, request
from veedor.tasks.run import RESULTS
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.areas.reading import AreaReading
    from veedor.errors import VeedorError
    from veedor.incidents import Proposal, QualityReport, Reading

#: Where the quality report goes beside a finished run, and that of a file.
CHECKED = "check"
_KNOWN = Path(__file__).parents[1] / "areas" / "layouts" / "known"
#: Of layouts of counts, as their modules are called, for reading these takes long.
_LAYOUTS = [module.name.replace("_", "-") for module in iter_modules([str(_KNOWN)])]
PAGE = "check.html"


@request
class Request:
    """Which record to check, and where to say what was found."""

    study: Path = argument()
    editions: tuple[Path, ...] = argument(default=())
    layout: str | None = option(
        phrase(
            "What files of counts by area are: {layouts}. Recognised by their headers where not "
            "given.",
            layouts=", ".join(_LAYOUTS),
        ),
        default=None,
    )
    published: tuple[str, ...] = option(
        "FILE=DAY, when a file of counts by area was published: counts.csv=2026-02-20. May be "
        "given again.",
        default=(),
    )
    columns: tuple[str, ...] = option(
        "FIELD=HEADER, of a plain form of counts by area: area=municipio. May be given again.",
        default=(),
        name="column",
    )
    unit: Literal["facts", "victims", "records", "offences", "files", "cases"] | None = option(
        "What one count by area counts, where the layout does not say.", default=None
    )
    blank: Literal["not reported", "zero", "not applicable"] | None = option(
        "What a blank cell of a plain form is.", default=None
    )
    time_zone: str | None = option("Of a plain form: IANA name.", default=None)
    sheets: tuple[str, ...] = option(
        "Sheet of a workbook of counts by area. May be given again.", default=(), name="sheet"
    )
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


@dataclass(frozen=True, eq=False)
class _Counts:
    """What was read of counts by area, and what keeps a study of them from being run."""

    name: str
    reading: AreaReading
    hindrances: tuple[VeedorError, ...] = ()
    further: int = 0


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write the quality report of a record, and the page of it.

    What can be read is reported on even where periods and cells cannot be laid over it; the report
    then does not say how many incidents lie outside the area, and why is the hindrance.

    Returns
    -------
    Done
        ``results`` is the `QualityReport`, or the `AreaQuality` of counts by area, written as
        ``quality.json`` into ``folder``.
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
    counts = _counts(request, context, of_file=of_file)
    if counts is not None:
        return _of_counts(counts, folder, context)
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


def _counts(request: Request, context: Context, *, of_file: bool) -> _Counts | None:
    """Read counts by area, of files or of a study; None where the record is of incidents.

    Raises
    ------
    StudyError
        If several files, a layout or a day are given for a record that is no counts by area.
    """
    from veedor.areas import Unit
    from veedor.areas.layouts import Choices
    from veedor.areas.reading import Publication, area_layout_of, read_areas
    from veedor.errors import StudyError

    chosen = (request.unit, request.blank, request.time_zone, request.columns, request.sheets)
    given = any((request.editions, request.layout, request.published, *chosen))
    if not of_file:
        if given:
            raise StudyError(
                "Editions, days of publication, a layout and what it leaves open must be given "
                "with a file of counts by area.",
                found=phrase("a study's folder"),
                where=request.study.name,
                remedy="write them under [counts] of study.toml",
            )
        return _counts_of_study(request.study, context)
    if not given and area_layout_of(request.study) is None:
        return None
    files = (request.study, *request.editions)
    days = _days(request.published, [file.name for file in files])
    context.step(phrase("Reading counts by area"), None)
    publications = [Publication(file, days.get(file.name)) for file in files]
    choices = Choices(
        unit=None if request.unit is None else Unit(request.unit),
        columns=_pairs(request.columns),
        blank=request.blank,
        time_zone=request.time_zone,
        sheets=request.sheets,
    )
    reading = read_areas(publications, request.layout, choices)
    return _Counts(request.study.name, reading, further=len(request.editions))


def _counts_of_study(folder: Path, context: Context) -> _Counts | None:
    """Read the counts of a study, and lay its outlines under them; None if it has incidents."""
    from veedor.errors import DataError, StudyError
    from veedor.study.area_preparation import lay_out_counts, read_counts
    from veedor.study.config import load_study
    from veedor.study.laying_out import study_periods

    study = load_study(folder)
    if study.counts is None:
        return None
    context.step(phrase("Reading counts by area"), None)
    reading = read_counts(study, folder)
    hindrances: tuple[VeedorError, ...] = ()
    try:
        lay_out_counts(study, folder, reading, study_periods(study))
    except (StudyError, DataError) as error:
        hindrances = (error,)
    return _Counts(study.study.title, reading, hindrances)


def _pairs(columns: Sequence[str]) -> dict[str, str]:
    """Return field -> header, of FIELD=HEADER."""
    from veedor.errors import StudyError

    found = {}
    for text in columns:
        name, equals, header = text.partition("=")
        if not (name and equals and header):
            raise StudyError(
                "A column must be given as FIELD=HEADER.",
                found=repr(text),
                remedy=phrase("write --column area={header}", header="municipio"),
            )
        found[name] = header
    return found


def _days(published: Sequence[str], names: Sequence[str]) -> dict[str, date]:
    """Return file name -> day, of FILE=DAY."""
    from veedor.errors import StudyError

    found = {}
    for text in published:
        name, _, day = text.rpartition("=")
        name = Path(name).name
        try:
            found[name] = date.fromisoformat(day)
        except ValueError:
            name = ""
        if name not in names:
            raise StudyError(
                "A day of publication must be given as FILE=DAY, of one of the files.",
                found=repr(text),
                remedy=phrase("write --published {file}=2026-02-20", file=names[0]),
            )
    return found


def _of_counts(counts: _Counts, folder: Path, context: Context) -> Done:
    """Write the quality report of counts by area, and the page of it."""
    from veedor.areas import assess_areas
    from veedor.areas.usability import judge_areas
    from veedor.files.folders import QUALITY, replacing_folder
    from veedor.files.json_file import write_json
    from veedor.report.area_check import area_check_page, with_area_terminal
    from veedor.report.document import write_document
    from veedor.report.words import words_in

    context.step(phrase("Looking for what was not reported"), None)
    quality = assess_areas(counts.reading.record, counts.reading.noticed)
    found = judge_areas(quality, hindered=bool(counts.hindrances))
    words = words_in(context.language)
    page = area_check_page(
        words, counts.name, quality, found, counts.hindrances, further=counts.further
    )
    context.go_on()
    with replacing_folder(folder) as building:
        write_json(quality, building / QUALITY)
        write_document(page, building / PAGE, context.language)
    document = with_area_terminal(words, page, found, folder / PAGE, folder / QUALITY)
    return Done(folder, quality, document, hindrances=counts.hindrances)


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
