"""`read_outcomes`: recorded incidents for scoring promised forecasts, from a study or a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from veedor.errors import StudyError
from veedor.incidents import Category, Columns, Incidents, Source, propose, read
from veedor.study.config import FILE_NAME, load_study
from veedor.study.run import Progress, Silent, temporary_workspace


def read_outcomes(
    place: Path,
    *,
    categories: Sequence[str],
    time_zone: str,
    progress: Progress | None = None,
) -> Incidents:
    """Read the incidents that forecasts are scored with.

    Parameters
    ----------
    place : Path
        A study's folder, whose study.toml says how its incidents are read; or a CSV, Parquet or
        GeoJSON file whose columns `veedor init` would find by itself.
    categories : sequence of str
        Of the forecasts. In a file the raw values must be these names; a study may gather others
        under them.
    time_zone : str
        Of the forecasts, IANA: that of a file's local times.
    progress : Progress, optional

    Returns
    -------
    Incidents

    Raises
    ------
    StudyError
        If a file's columns, or where it is on the map, cannot be found.
    DataError, Refusal
        As `veedor.incidents.read` has them.
    """
    progress = progress or Silent()
    progress.step("Reading outcomes", None)
    if (place / FILE_NAME).is_file():
        study = load_study(place)
        with temporary_workspace(place) as workspace:
            source = study.source(place)
            return read(source, workspace=workspace, progress=progress.advance).incidents
    proposal = propose([str(place)])
    if proposal.crs is None:
        raise StudyError(
            "Outcomes in a file must have coordinates in degrees.",
            found="none that are known as such",
            where=str(place),
            remedy="make a study of it with `veedor init`, and name that folder",
        )
    source = Source(
        paths=(str(place),),
        columns=Columns(**{column.role: column.column for column in proposal.columns}),
        categories=tuple(Category(name, "reported") for name in categories),
        time_zone=time_zone,
        crs=proposal.crs,
        delimiter=proposal.delimiter,
        encoding=proposal.encoding,
        decimal=proposal.decimal,
    )
    return read(source, progress=progress.advance).incidents
