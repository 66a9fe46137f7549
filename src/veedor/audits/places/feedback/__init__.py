"""Does it feed on itself? Simulated worlds, remedies, and a test on real data."""

from veedor.audits.places.feedback.audit import FeedbackAudit, audit_feedback
from veedor.audits.places.feedback.observed import (
    Observed,
    Persistence,
    discovered_per_reported,
    persistence,
    read_observed,
)
from veedor.audits.places.feedback.runaway import (
    TOLERANCE,
    Setting,
    Threshold,
    crossing,
    excess_deviation,
    mean_over_runs,
    runaway_threshold,
    share_of_runs,
)
from veedor.audits.places.feedback.simulation import Simulation, deviation, simulate
from veedor.audits.places.feedback.systems import (
    REMEDIES,
    Allocation,
    Counting,
    Remedy,
    System,
    proportional,
    top,
)
from veedor.audits.places.feedback.urns import Urn
from veedor.audits.places.feedback.world import World, read_world

__all__ = [
    "REMEDIES",
    "TOLERANCE",
    "Allocation",
    "Counting",
    "FeedbackAudit",
    "Observed",
    "Persistence",
    "Remedy",
    "Setting",
    "Simulation",
    "System",
    "Threshold",
    "Urn",
    "World",
    "audit_feedback",
    "crossing",
    "deviation",
    "discovered_per_reported",
    "excess_deviation",
    "mean_over_runs",
    "persistence",
    "proportional",
    "read_observed",
    "read_world",
    "runaway_threshold",
    "share_of_runs",
    "simulate",
    "top",
]
