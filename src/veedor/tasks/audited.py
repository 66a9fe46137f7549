"""What audits share: who lives where, where a system looked, and how the files are written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, lacking, option, request
from veedor.tasks.settings_file import Settled, with_settings
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.audits.audit import Audit
    from veedor.audits.places import PeopledZones, Predictions
    from veedor.audits.places.by_place import PlaceFigures, PlaceOutlines
    from veedor.report.document import Document

    #: Makes an audit and its page; what it writes besides goes into the folder.
    Make: TypeAlias = Callable[[Any, Context, Path], tuple[Audit, Document]]

_Audit = TypeVar("_Audit")
REPORT, RESULTS, ESTIMATES = "report.html", "results.json", "estimates.csv"
PREDICTIONS = phrase(
    "CSV lat,lon,count of boxes; GeoJSON of polygons with a score; or a veedor forecast "
    "(.parquet), or a folder of such, added up."
)
FILES = phrase("Folder for estimates.csv, results.json and report.html.")


@request
class Labelled:
    """What groups are called."""

    labels: File | None = option(
        "Labels of groups for the page: CSV of code, label[, language].", default=None
    )

    def labelled(self, made: _Audit, language: str) -> _Audit:
        """Return an audit whose groups have their labels, for its page."""
        from veedor.audits.labels import read_labels, relabelled

        if self.labels is None:
            return made
        return relabelled(made, read_labels(self.labels).in_language(language))


@request
class Residents(Labelled):
    """Who lives where."""

    zones: File = option(
        "GeoJSON of zones, plain or .gz, with population and group counts.", needed=True
    )
    groups: tuple[str, ...] = option(
        "Columns of residents by group: white,black,latino.", commas=True, needed=True
    )
    population: str = option("Column of all residents.", needed=True)
    reference: str = option("The group others are compared with.", needed=True)
    other_groups: tuple[str, ...] = option(
        "A group out of another denominator; REF is the rest of DEN, or another group.",
        default=(),
        name="group",
        metavar=phrase("NAME=NUM/DEN:REF"),
    )
    id: str = option("Zone id.", default="id")
    moe_suffix: str = option(
        "What a column's margin of error (90%, as the ACS prints it) is called behind it.",
        default="_moe",
    )

    def read_zones(self, zones: Path, stored_count: str | None = None) -> PeopledZones:
        """Read zones with these residents."""
        from veedor.audits.places import make_groups, read_zones

        groups = make_groups(self.groups, self.population, self.reference, self.other_groups)
        return read_zones(
            zones,
            groups,
            population=self.population,
            id_column=self.id,
            stored_count=stored_count,
            margin_suffix=self.moe_suffix,
        )


@request
class Looked:
    """Where the system looked."""

    predictions: Path | None = option(PREDICTIONS, default=None)
    box_m: float | None = option("Side of a box in metres; 500 ft are 152.4.", default=None)
    category: str | None = option("Only predictions of this category.", default=None)
    score: str = option("Property of polygons.", default="count")
    cells: File | None = option("Outlines of a forecast's cells, if not beside it.", default=None)

    def read_predictions(self, path: Path) -> Predictions:
        """Read predictions as these say."""
        from veedor.audits.places import read_predictions

        return read_predictions(
            path, box_m=self.box_m, category=self.category, score=self.score, cells=self.cells
        )


def write_by_place(
    figures: Sequence[PlaceFigures], outlines: PlaceOutlines | None, into: Path
) -> None:
    """Write figures of places as tables, and the outlines of the last as GeoJSON."""
    from veedor.audits.places.by_place import OUTLINES, TABLE, write_outlines, write_places

    for one in figures:
        name = TABLE if not one.about else f"places_{one.about}.csv"
        write_places(one, into / name)
    if outlines is not None and outlines.known.any():
        write_outlines(figures[-1], outlines, into / OUTLINES)


def require_one(options: Mapping[str, object]) -> None:
    """Refuse none of these options, and more than one.

    Raises
    ------
    StudyError
        Names those that were given.
    """
    from veedor.errors import StudyError

    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        raise StudyError(
            phrase("Exactly one of {options} must be given.", options=", ".join(options)),
            found=", ".join(given) or phrase("none"),
        )


def made_into(audit: Make, request: Any, context: Context, into: Path) -> tuple[Audit, Document]:
    """Make an audit, and write its files into a folder that is there."""
    from veedor.report.document import write_document
    from veedor.report.words import words_in
    from veedor.report.words.audits import sayer

    made, page = audit(request, context, into)
    context.step(phrase("Writing the report"), None)
    made.write(into, sayer(words_in(context.language), made))
    write_document(page, into / REPORT, context.language)
    return made, page


def settled(request: Any, given: Collection[str] | None = None) -> Any:
    """Return a request with what its file of settings gives.

    Raises
    ------
    StudyError
        Names all that is needed and not given.
    """
    from veedor.errors import StudyError

    if isinstance(request, Settled) and request.settings is not None:
        from veedor.tasks import audit_all

        request = with_settings(request, request.settings, audit_all.SETTINGS, given)
    if absent := lacking(request, type(request)):
        raise StudyError(
            "An audit must have its inputs.",
            found=phrase("without {options}", options=", ".join(f"--{one}" for one in absent)),
            remedy="give them, or name with --settings a file that `veedor audit init` writes",
        )
    return request


def task_of(audit: Make) -> Callable[[Any, Context], Done]:
    """Make of an audit the task that does it into a folder of its own, ``request.out``."""

    @use_case
    def perform(request: Any, context: Context) -> Done:
        """Do the audit, into a folder.

        Returns
        -------
        Done
            ``results`` is the audit, as ``results.json`` and ``estimates.csv`` hold it.
        """
        from veedor.files.folders import replacing_folder
        from veedor.report.words import words_in
        from veedor.report.words.audits import sayer, warned
        from veedor.report.words.terminal import headed

        request = settled(request, context.given)
        with replacing_folder(request.out) as building:
            made, page = made_into(audit, request, context, building)
        words, file = words_in(context.language), request.out / ESTIMATES
        figures = words.say("Every number: {file}", file=file)
        say = sayer(words, made)
        said = set() if page.cover else {*page.plain.sentences, *page.plain.points}
        warnings = (
            line
            for one, line in zip(made.warnings, warned(words, made), strict=True)
            if say(one.finding) not in said
        )
        told = [*warnings, figures]
        return Done(request.out, made, headed(words, page, request.out / REPORT, *told))

    return perform
