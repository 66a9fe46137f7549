"""What the cells and the area of study.toml must be, before any data is read."""

from __future__ import annotations

from veedor.errors import CellSizeRefusal, StudyError, phrase
from veedor.study.section_checks import in_section
from veedor.study.sections import AreaSection, CellsSection

_SMALLEST_M, _LARGEST_M = 100, 100_000


def check_cells(section: CellsSection, area: AreaSection) -> None:
    """Refuse cells without a size or a file, below the smallest, or with what they do not use.

    Raises
    ------
    CellSizeRefusal
        If a cell is smaller than a place.
    StudyError
    """
    if (section.shape == "polygon") != (section.file is not None):
        raise StudyError(
            'Cells of shape "polygon" must have a file, and others none.',
            found=phrase(
                "shape {shape}, file {file}", shape=repr(section.shape), file=repr(section.file)
            ),
            where=in_section("cells"),
        )
    if section.shape != "polygon" and not 0.0 < (section.size_m or 0.0) <= _LARGEST_M:
        raise StudyError(
            phrase(
                "Square and hexagonal cells must have a size in metres, at most {largest_m:,}.",
                largest_m=_LARGEST_M,
            ),
            found=phrase("size_m {size_m}", size_m=repr(section.size_m)),
            where=in_section("cells"),
        )
    if section.shape == "square" and (section.size_m or 0.0) < _SMALLEST_M:
        raise CellSizeRefusal(
            "A cell must be at least 10,000 m2 (100 m x 100 m): veedor forecasts places, "
            "not addresses.",
            found=phrase("size_m {size_m}", size_m=repr(section.size_m)),
            where=in_section("cells"),
            remedy="use larger cells",
        )
    ignored = [
        name
        for name, given in (
            ("size_m", section.size_m is not None),
            ("[area] with file or zones", (area.file, area.zones) != (None, None)),
        )
        if section.shape == "polygon" and given
    ]
    if section.shape != "polygon" and section.id is not None:
        ignored.append("id")
    if ignored:
        raise StudyError(
            phrase(
                "Cells of shape {shape} must not have settings that they do not use.",
                shape=repr(section.shape),
            ),
            found=", ".join(ignored),
            where=in_section("cells"),
            remedy="take them out",
        )


def check_area(section: AreaSection) -> None:
    """Refuse an area of two kinds, and names of what is not there.

    Raises
    ------
    StudyError
    """
    if section.file is not None and section.zones is not None:
        raise StudyError(
            "The study area must be an area file or zones, not both.",
            found=phrase("both"),
            where=in_section("area"),
        )
    if section.zone_names is not None and section.zones is None:
        raise StudyError(
            "zone_names must name a property of the study's zones.",
            found=phrase("zone_names without zones"),
            where=in_section("area"),
            remedy="set zones to their GeoJSON, or take zone_names out",
        )
    if section.line_names is not None and section.lines is None:
        raise StudyError(
            "line_names must name a column of the study's lines.",
            found="line_names without lines",
            where=in_section("area"),
            remedy="set lines to a file of streets, or take line_names out",
        )
