"""Periods, place covariates and the base of maps of a study, whatever its record is made of."""

from __future__ import annotations

from pathlib import Path

from veedor.errors import Phrase, StudyError, phrase
from veedor.forecasters import Covariates
from veedor.spacetime import Cells, Periods, Shapes, read_shapes
from veedor.spacetime.periods import local_time
from veedor.study.config import Study
from veedor.study.section_checks import in_section


def study_periods(study: Study) -> Periods:
    """Return the periods of all origins, which must leave time for a history before them."""
    periods = forecast_periods(study)
    cutoff = study.cutoff(periods.edges[0])
    if study.begins >= cutoff:
        raise StudyError(
            "History must begin before the first origin, and its lead.",
            found=phrase(
                "history_from {history_from}, first cut-off {local_time}",
                history_from=study.periods.history_from,
                local_time=local_time(cutoff, periods.time_zone),
            ),
            where=in_section("periods"),
        )
    return periods


def forecast_periods(study: Study) -> Periods:
    """Return the periods of all origins; the last one ends at ``until``."""
    count = study.periods.origins * study.periods.periods_per_origin
    more = 0
    while True:
        periods = Periods.stepping(
            study.until, study.length, -count - more, 0, study.recorded.time_zone
        )
        if len(periods) >= count:
            return periods.part(len(periods) - count, len(periods))
        more += 1  # daylight saving skipped an hour, which is no period


def reading_of(study: Study) -> Phrase:
    """Say what is being read."""
    return phrase("Reading incidents") if study.counts is None else phrase("Reading counts by area")


def covariates_of(study: Study, folder: Path, cells: Cells) -> Covariates | None:
    """Read the place covariates that study.toml names, if any."""
    section = study.covariates
    return (
        None if section is None else Covariates.read(folder / section.file, section.columns, cells)
    )


def base_of(study: Study, folder: Path) -> Shapes | None:
    """Read what maps are drawn over, if study.toml names it."""
    return None if study.map.base is None else read_shapes(folder / study.map.base)
