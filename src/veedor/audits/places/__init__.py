"""Audits of systems that point at places: whom they burden, and whether they work."""

from veedor.audits.places.assignment import Assigned, by_box, by_centre, covered_share
from veedor.audits.places.association import correlation, mid_ranks, published_ranks
from veedor.audits.places.audit_results import PlacesAudit
from veedor.audits.places.benchmark_audit import (
    BenchmarkAudit,
    BenchmarkSettings,
    audit_benchmark,
)
from veedor.audits.places.cautions import Caution
from veedor.audits.places.counterfactuals import RULES, by_map, by_record, by_residents, evenly
from veedor.audits.places.coverage import covered_bounds
from veedor.audits.places.dependence import (
    Ground,
    MappedCorrelation,
    correlation_p_value,
    mapped_correlation,
)
from veedor.audits.places.estimates_file import Figure, write_estimates
from veedor.audits.places.exposure import Residents, exposure_terms, exposures
from veedor.audits.places.exposure_audit import ExposureAudit, ExposureSettings, audit_exposure
from veedor.audits.places.exposure_figures import ExposureFigures, Verdict
from veedor.audits.places.group_figures import GroupFigures
from veedor.audits.places.groups import Group, make_groups
from veedor.audits.places.margins import drawn_columns, margin_figures
from veedor.audits.places.performance import largest_group, performance_figures
from veedor.audits.places.predictions import Predictions, read_predictions
from veedor.audits.places.ranking import part_held, published_deciles
from veedor.audits.places.record import RecordedPoints, read_record
from veedor.audits.places.whole_area import whole_area_figures
from veedor.audits.places.zones import PeopledZones, read_zones

__all__ = [
    "RULES",
    "Assigned",
    "BenchmarkAudit",
    "BenchmarkSettings",
    "Caution",
    "ExposureAudit",
    "ExposureFigures",
    "ExposureSettings",
    "Figure",
    "Ground",
    "Group",
    "GroupFigures",
    "MappedCorrelation",
    "PeopledZones",
    "PlacesAudit",
    "Predictions",
    "RecordedPoints",
    "Residents",
    "Verdict",
    "audit_benchmark",
    "audit_exposure",
    "by_box",
    "by_centre",
    "by_map",
    "by_record",
    "by_residents",
    "correlation",
    "correlation_p_value",
    "covered_bounds",
    "covered_share",
    "drawn_columns",
    "evenly",
    "exposure_terms",
    "exposures",
    "largest_group",
    "make_groups",
    "mapped_correlation",
    "margin_figures",
    "mid_ranks",
    "part_held",
    "performance_figures",
    "published_deciles",
    "published_ranks",
    "read_predictions",
    "read_record",
    "read_zones",
    "whole_area_figures",
    "write_estimates",
]
