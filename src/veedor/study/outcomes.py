"""What was recorded, to hold a forecast of anyone's against: a study, or incident files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from veedor.areas.reading import area_layout_of
from veedor.errors import StudyError, listed, phrase
from veedor.files.temporary import temporary_folder
from veedor.incidents import (
    Category,
    Columns,
    Source,
    propose,
    read,
    require_places,
    screen_categories,
)
from veedor.incidents.categories import plain
from veedor.incidents.layouts import Layout, find_layout
from veedor.incidents.proposal import MOST_VALUES
from veedor.incidents.refusals import is_discovered
from veedor.progress import Progress, Silent
from veedor.record.recorded import Recorded, RecordedCounts, RecordedIncidents
from veedor.study.area_preparation import area_record, read_counts
from veedor.study.config import Study, load_study
from veedor.study.section_checks import FILE_NAME


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What was recorded, and how it was read.

    Parameters
    ----------
    recorded : Recorded
    columns : dict of str to str
        By role.
    layout : Layout or None
        What is known of incident files.
    proposed : bool
        Whether the columns, time zone and crs were proposed by veedor; False where a study.toml
        sets them.
    rows : int
        Of the files; those that are no incident of these categories were set aside.
    kept : int
        Incidents; of counts by area the rows that were read.
    set_aside : dict of str to int
        Rows by reason.
    """

    recorded: Recorded
    columns: dict[str, str]
    layout: Layout | None
    proposed: bool
    rows: int
    kept: int
    set_aside: dict[str, int]


def outcome_source(
    path: Path, categories: Sequence[str], crs: str | None = None
) -> tuple[Source, bool]:
    """Say how recorded incidents are read.

    Parameters
    ----------
    path : Path
        A study's folder or its study.toml, which tells how; or a file of incidents, whose
        columns are recognised as `veedor init` does.
    categories : sequence of str
        To read, as the forecasts name them.
    crs : str, optional
        Projected, in metres: that of the cells. By default the study's, or the UTM zone of the
        incidents.

    Returns
    -------
    source : Source
    proposed : bool
        Whether veedor proposed how.

    Raises
    ------
    StudyError
        If a category is none of the study's, or a file cannot be recognised.
    ProtestRefusal
        If one is about protest or assembly.
    """
    folder = path.parent if path.name == FILE_NAME else path
    if (folder / FILE_NAME).is_file():
        study = load_study(folder)
        _require_named(study, categories)
        source = study.source(folder)
        named = {category.name: category for category in source.categories}
        kept = tuple(named[name] for name in categories)
        return replace(source, categories=kept, crs=crs or source.crs), False
    return _proposed(path, categories, crs), True


def _require_named(study: Study, categories: Sequence[str]) -> None:
    named = [category.name for category in study.categories]
    missing = sorted(set(categories) - set(named))
    if missing:
        raise StudyError(
            "Every category of the forecasts must be one of the study's.",
            found=", ".join(missing[:5]),
            where=phrase(
                "{file_name}, which has {named}", file_name=FILE_NAME, named=", ".join(named)
            ),
            remedy="name it there, with the values that it gathers",
        )


def outcome_crs(path: Path) -> str | None:
    """Return the crs that a study sets, in which its cells are exact; None for other files."""
    folder = path.parent if path.name == FILE_NAME else path
    return load_study(folder).recorded.crs if (folder / FILE_NAME).is_file() else None


def outcome_time_zone(path: Path) -> str:
    """Return the time zone of recorded incidents: a study's, or the one that a file's places show.

    Raises
    ------
    StudyError
        If a file holds no coordinates in degrees to tell it by.
    """
    folder = path.parent if path.name == FILE_NAME else path
    if (folder / FILE_NAME).is_file():
        return load_study(folder).recorded.time_zone
    _refuse_counts(path)
    found = propose([str(path)]).time_zone
    if found is None:
        raise StudyError(
            "The time zone of a forecast's local times must be known.",
            found=phrase("recorded incidents without coordinates in degrees"),
            where=path.name,
            remedy="write a study.toml with `veedor init`, set its time_zone, and name its folder",
        )
    return found


def _refuse_counts(path: Path) -> None:
    """Say that files of counts by area need a study: which codes a category gathers is its word."""
    layout = area_layout_of(path)
    if layout is not None:
        raise StudyError(
            "Counts by area must come with a study, which says which of their codes a category of "
            "the forecasts gathers.",
            found=phrase("a file of the layout {layout}", layout=layout.name),
            where=path.name,
            remedy=phrase(
                "write one with `veedor init STUDY --incidents {file} --zones OUTLINES`, correct "
                "it, and name its folder instead",
                file=path.name,
            ),
        )


def _proposed(path: Path, categories: Sequence[str], crs: str | None) -> Source:
    _refuse_counts(path)
    proposal = propose([str(path)])
    roles = {column.role: column.column for column in proposal.columns}
    remedy = phrase(
        "write a study.toml with `veedor init`, correct it, and name its folder instead"
    )
    crs = crs or proposal.crs
    if proposal.time_zone is None or crs is None or "category" not in roles:
        raise StudyError(
            "The columns of recorded incidents must be recognised.",
            found=listed(proposal.notes, " "),
            where=path.name,
            remedy=remedy,
        )
    if proposal.ambiguous_dates:
        raise StudyError(
            "The order of day and month must be known.",
            found=listed(proposal.notes, " "),
            where=path.name,
            remedy=remedy,
        )
    there = {plain(value.value): value for value in proposal.values}
    missing = [name for name in categories if plain(name) not in there]
    if missing and len(there) < MOST_VALUES:
        raise StudyError(
            "Every category of the forecasts must be one of the record's.",
            found=phrase(
                "{missing}; the record has {values}",
                missing=", ".join(missing[:5]),
                values=", ".join(value.value for value in proposal.values[:10]),
            ),
            where=path.name,
            remedy=phrase(
                "name the values that belong to it in a study.toml: {remedy}", remedy=remedy
            ),
        )
    spellings = {name: there[plain(name)].gathers for name in categories if plain(name) in there}
    wanted = tuple(
        Category(name, "discovered" if is_discovered(name) else "reported", spellings.get(name, ()))
        for name in categories
    )
    screen_categories(wanted)
    return Source(
        paths=(str(path),),
        columns=Columns(**roles),
        categories=wanted,
        time_zone=proposal.time_zone,
        crs=crs,
        layout=None if proposal.layout is None else find_layout(proposal.layout),
        offset=proposal.offset,
        point_first=proposal.point_first,
        day_parts=proposal.day_parts,
    )


def read_outcomes(
    path: Path,
    categories: Sequence[str],
    *,
    crs: str | None = None,
    progress: Progress | None = None,
) -> Outcomes:
    """Read what was recorded of some categories; see `outcome_source`, or counts of a study.

    Raises
    ------
    StudyError
        If the record has no incident of a category: another spelling is likelier than none.
    """
    progress = progress or Silent()
    folder = path.parent if path.name == FILE_NAME else path
    if (folder / FILE_NAME).is_file() and (study := load_study(folder)).counts is not None:
        return _counts(study, folder, categories, progress)
    source, proposed = outcome_source(path, categories, crs)
    progress.step(phrase("Reading incidents"), None)
    with temporary_folder() as workspace:
        reading = read(source, workspace=workspace, progress=progress.advance)
    require_places(reading)
    incidents = reading.incidents
    there = {incidents.categories[number].name for number in set(incidents.category.tolist())}
    missing = [name for name in categories if name not in there]
    if missing:
        raise StudyError(
            "The record must have incidents of every category that is verified.",
            found=phrase("none of {missing}", missing=", ".join(missing[:5])),
            where=path.name,
            remedy="check the spelling, or name the values that belong to it in a study.toml",
        )
    tally = reading.tally
    return Outcomes(
        RecordedIncidents(incidents),
        source.columns.roles(),
        source.layout,
        proposed,
        tally.rows_in,
        len(incidents),
        dict(tally.set_aside),
    )


def _counts(study: Study, folder: Path, categories: Sequence[str], progress: Progress) -> Outcomes:
    """Read the counts by area of a study, each as it was published last."""
    _require_named(study, categories)
    progress.step(phrase("Reading counts by area"), None)
    areas = read_counts(study, folder).record
    rows = sum(table.rows for table in areas.provenance.tables)
    return Outcomes(
        RecordedCounts(area_record(study, areas)),
        dict(areas.provenance.columns),
        None,
        False,
        rows,
        rows,
        {},
    )
