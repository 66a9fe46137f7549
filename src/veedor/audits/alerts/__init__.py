"""Audit of alert systems: face matches, post flags, camera alarms, risk scores.

veedor matches no face and reads no post. It takes the tables of alerts and outcomes that such a
system leaves behind, and answers how often it is wrong, for whom, how many alerts are wrong for
each right one at a base rate, whether it drifts, and whether what is claimed of it holds.
"""

from veedor.audits.alerts.auc import Auc, ScoreCounts, auc, calibration, det_points
from veedor.audits.alerts.audit import Inputs, audit_alerts
from veedor.audits.alerts.base_rates import BASE_RATES, of_1000_alerts, per_day, ppv_at
from veedor.audits.alerts.checklist import QUESTIONS, Answer, read_checklist
from veedor.audits.alerts.claims import ClaimVerdict, error_free_trials, judge, one_sided_e_value
from veedor.audits.alerts.clusters import clustered_rates
from veedor.audits.alerts.comparisons import gap_interval, surest_group, widest_gap
from veedor.audits.alerts.counting import CELLS, AlertCounts, ClusterMoments
from veedor.audits.alerts.equity import (
    fairness_discrepancy_rate,
    garbe,
    gini_of_groups,
    max_over_geometric_mean,
)
from veedor.audits.alerts.impossibility import both_sides, fpr_from
from veedor.audits.alerts.monitoring import (
    Drift,
    Watch,
    confidence_sequence,
    e_cusum,
    false_alarms,
    watch,
)
from veedor.audits.alerts.partial import (
    Corrected,
    audit_size,
    begg_greenes,
    chapman,
    rogan_gladen,
    unresolved_bounds,
)
from veedor.audits.alerts.rates import RATES, Proportions, RateDefinition, proportions
from veedor.audits.alerts.results import AlertAudit
from veedor.audits.alerts.searches import identification_rates, threshold_at
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.statements import state, states
from veedor.audits.alerts.suppression import is_small, suppress
from veedor.audits.alerts.tables.searches import Searches
from veedor.audits.alerts.tables.small import Claim, Stratum

__all__ = [
    "BASE_RATES",
    "CELLS",
    "QUESTIONS",
    "RATES",
    "AlertAudit",
    "AlertCounts",
    "Answer",
    "Auc",
    "Claim",
    "ClaimVerdict",
    "ClusterMoments",
    "Corrected",
    "Drift",
    "Inputs",
    "Proportions",
    "RateDefinition",
    "ScoreCounts",
    "Searches",
    "Settings",
    "Stratum",
    "Watch",
    "auc",
    "audit_alerts",
    "audit_size",
    "begg_greenes",
    "both_sides",
    "calibration",
    "chapman",
    "clustered_rates",
    "confidence_sequence",
    "det_points",
    "e_cusum",
    "error_free_trials",
    "fairness_discrepancy_rate",
    "false_alarms",
    "fpr_from",
    "gap_interval",
    "garbe",
    "gini_of_groups",
    "identification_rates",
    "is_small",
    "judge",
    "max_over_geometric_mean",
    "of_1000_alerts",
    "one_sided_e_value",
    "per_day",
    "ppv_at",
    "proportions",
    "read_checklist",
    "rogan_gladen",
    "state",
    "states",
    "suppress",
    "surest_group",
    "threshold_at",
    "unresolved_bounds",
    "watch",
    "widest_gap",
]
