"""Layouts of counts by area: known columns, what a blank and a 0 are, quirks and breaks named."""

from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile, Choices
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.registry import (
    AREA_LAYOUTS,
    find_area_layout,
    recognise_area_layout,
)
from veedor.areas.layouts.rows import Rows

__all__ = [
    "AREA_LAYOUTS",
    "AreaFile",
    "AreaLayout",
    "Choices",
    "Counted",
    "Rows",
    "edition_of",
    "find_area_layout",
    "recognise_area_layout",
]
