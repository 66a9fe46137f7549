"""Where and when: cells, periods and the counts of incidents in them."""

from veedor.spacetime.areas import StudyArea, footprint, read_polygons
from veedor.spacetime.cells import MIN_CELL_AREA_KM2, Cells
from veedor.spacetime.counts import (
    Counts,
    WeightedCounts,
    count,
    count_places,
    place_column,
    spread,
)
from veedor.spacetime.covered import RecordedSpan
from veedor.spacetime.gazetteer import Gazetteer, Place
from veedor.spacetime.lattices import HexagonLattice, Lattice, SquareLattice
from veedor.spacetime.outlines import Outlines
from veedor.spacetime.periods import Length, Periods, week_blocks
from veedor.spacetime.shapes import Shapes, read_shapes
from veedor.spacetime.smoothing import KernelSmoother
from veedor.spacetime.streets import Streets

__all__ = [
    "MIN_CELL_AREA_KM2",
    "Cells",
    "Counts",
    "Gazetteer",
    "HexagonLattice",
    "KernelSmoother",
    "Lattice",
    "Length",
    "Outlines",
    "Periods",
    "Place",
    "RecordedSpan",
    "Shapes",
    "SquareLattice",
    "Streets",
    "StudyArea",
    "WeightedCounts",
    "count",
    "count_places",
    "footprint",
    "place_column",
    "read_polygons",
    "read_shapes",
    "spread",
    "week_blocks",
]
