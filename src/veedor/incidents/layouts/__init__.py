"""Layouts of open data that people have: known columns, quirks mended, breaks named."""

from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Archive, Ckan, Portal, Socrata, YearlyFiles
from veedor.incidents.layouts.prepare import laid_out, person_columns
from veedor.incidents.layouts.registry import (
    LAYOUTS,
    find_layout,
    holds_no_incidents,
    recognise_layout,
)

__all__ = [
    "LAYOUTS",
    "Archive",
    "Break",
    "Ckan",
    "Layout",
    "Portal",
    "Socrata",
    "View",
    "YearlyFiles",
    "find_layout",
    "holds_no_incidents",
    "laid_out",
    "person_columns",
    "recognise_layout",
]
