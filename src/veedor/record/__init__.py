"""What a forecaster may see of what was recorded, cut at a cut-off."""

from veedor.record.areas import AreaRecord, CountedOutcomes
from veedor.record.completeness import completeness
from veedor.record.known_rows import KnownRows
from veedor.record.located import Located, LocatedRows
from veedor.record.memo import Memo
from veedor.record.points import Points, known_at, known_by, last_known, points_of
from veedor.record.protocol import Covered, Record

__all__ = [
    "AreaRecord",
    "CountedOutcomes",
    "Covered",
    "KnownRows",
    "Located",
    "LocatedRows",
    "Memo",
    "Points",
    "Record",
    "completeness",
    "known_at",
    "known_by",
    "last_known",
    "points_of",
]
