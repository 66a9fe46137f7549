"""What was recorded, as counts: publications of ministries to `AreaCounts`, read and checked."""

from veedor.areas.breaks import Crossing, SeriesBreak
from veedor.areas.counts import AreaCounts, Totals
from veedor.areas.edition import Edition, Undated
from veedor.areas.names import Area, Level, Offence, Sum, Sums
from veedor.areas.populations import Populations
from veedor.areas.quality import assess_areas
from veedor.areas.quality_report import AreaQuality
from veedor.areas.series import Series
from veedor.areas.spans import Spans
from veedor.areas.states import State, Unit, reported
from veedor.areas.tabulating import Long, joined, tabulate

__all__ = [
    "Area",
    "AreaCounts",
    "AreaQuality",
    "Crossing",
    "Edition",
    "Level",
    "Long",
    "Offence",
    "Populations",
    "Series",
    "SeriesBreak",
    "Spans",
    "State",
    "Sum",
    "Sums",
    "Totals",
    "Undated",
    "Unit",
    "assess_areas",
    "joined",
    "reported",
    "tabulate",
]
