"""What was recorded: files to `Incidents`, screened, checked and counted."""

from veedor.incidents.columns import Columns, Source
from veedor.incidents.misplaced import require_places
from veedor.incidents.model import Category, Incidents
from veedor.incidents.proposal import Proposal, ProposedColumn, ProposedValue
from veedor.incidents.propose import propose
from veedor.incidents.quality import assess
from veedor.incidents.quality_report import QualityReport
from veedor.incidents.reading import Reading, read
from veedor.incidents.refusals import refuse_discovered, screen_categories

__all__ = [
    "Category",
    "Columns",
    "Incidents",
    "Proposal",
    "ProposedColumn",
    "ProposedValue",
    "QualityReport",
    "Reading",
    "Source",
    "assess",
    "propose",
    "read",
    "refuse_discovered",
    "require_places",
    "screen_categories",
]
