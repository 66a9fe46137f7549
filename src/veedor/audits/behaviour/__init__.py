"""Did people fall silent? What they did by period, before and after an event, beside controls."""

from veedor.audits.behaviour.audit import audit_behaviour
from veedor.audits.behaviour.comparison import Comparer, Comparison
from veedor.audits.behaviour.design import DESIGNS, FEWEST_POINTS, Question, Timing
from veedor.audits.behaviour.lows import LowPeriod, low_cells, shared_lows
from veedor.audits.behaviour.panel import ROLES, Panel, read_panel
from veedor.audits.behaviour.results import BehaviourAudit, Pooled
from veedor.audits.behaviour.segmented import Segmented, segmented

__all__ = [
    "DESIGNS",
    "FEWEST_POINTS",
    "ROLES",
    "BehaviourAudit",
    "Comparer",
    "Comparison",
    "LowPeriod",
    "Panel",
    "Pooled",
    "Question",
    "Segmented",
    "Timing",
    "audit_behaviour",
    "low_cells",
    "read_panel",
    "segmented",
    "shared_lows",
]
