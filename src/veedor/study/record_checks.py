"""What a study is of: single incidents or counts by area, one of them, and what goes with it."""

from __future__ import annotations

from datetime import date

from veedor.errors import StudyError, listed, phrase
from veedor.study.pattern_settings import PatternsSection
from veedor.study.section_checks import in_section
from veedor.study.sections import AreaSection, CellsSection, CountsSection, IncidentsSection

#: Of ``[patterns]``: what looks at single incidents, or at places smaller than an area.
_OF_POINTS = ("near_repeat_m", "near_repeat_days", "bandwidth_m", "area_m")


def check_record(
    incidents: IncidentsSection | None,
    counts: CountsSection | None,
    cells: CellsSection,
    area: AreaSection,
    patterns: PatternsSection | None,
) -> None:
    """Refuse a study of both, or of neither, and settings that counts by area have no use for.

    Raises
    ------
    StudyError
    """
    if (incidents is None) == (counts is None):
        raise StudyError(
            "A study must be of single incidents, under [incidents], or of counts by area, under "
            "[counts].",
            found=phrase("neither") if incidents is None else phrase("both"),
            where=in_section("incidents"),
            remedy="`veedor init` writes the one that fits the files",
        )
    if counts is None:
        return
    _check_counts(counts)
    if cells.shape != "polygon" or cells.file is None or cells.id is None:
        raise StudyError(
            "Counts by area must have the outlines of the areas as cells, each with the area's "
            "code.",
            found=phrase(
                "shape {shape}, file {file}, id {id}",
                shape=repr(cells.shape),
                file=repr(cells.file),
                id=repr(cells.id),
            ),
            where=in_section("cells"),
            remedy='set shape = "polygon", file to a GeoJSON of the outlines, and id to the '
            "property that holds the codes",
        )
    given = [name for name in ("lines", "line_names") if getattr(area, name) is not None]
    usual = PatternsSection()
    given += [
        name
        for name in _OF_POINTS
        if patterns is not None and getattr(patterns, name) != getattr(usual, name)
    ]
    if given:
        raise StudyError(
            "Streets, near repeats and smoothed maps need single incidents: counts by area know "
            "neither their place nor their hour.",
            found=", ".join(given),
            where=listed([in_section("area"), in_section("patterns")], ", "),
            remedy="take them out, or make a study of single incidents",
        )


def _check_counts(section: CountsSection) -> None:
    if not section.files:
        raise StudyError(
            "Counts by area must have a file, or several editions of it.",
            found=phrase("none"),
            where=in_section("counts"),
        )
    for file, text in section.published.items():
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise StudyError(
                "A day of publication must be a local date.",
                found=repr(text),
                where=in_section("counts.published"),
                remedy=phrase("write it as {file} = 2026-02-20", file=f'"{file}"'),
            ) from error
    unknown = [name for name in section.published if name not in section.files]
    if unknown:
        raise StudyError(
            "A day of publication must be of one of the files under [counts].",
            found=", ".join(unknown[:5]),
            where=in_section("counts.published"),
            remedy="write each as it stands under files",
        )
