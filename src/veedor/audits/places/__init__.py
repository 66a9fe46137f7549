"""Audits of systems that point at places: whom they burden, and whether they work."""

from veedor.audits.places.assignment import Assigned, by_box, by_centre, covered_share
from veedor.audits.places.association import correlation, mid_ranks, published_ranks
from veedor.audits.places.benchmark_audit import (
    BenchmarkAudit,
    BenchmarkSettings,
    audit_benchmark,
)
from veedor.audits.places.counterfactuals import by_map, by_record, by_residents, evenly
from veedor.audits.places.coverage import covered_bounds
from veedor.audits.places.dependence import (
    Ground,
    MappedCorrelation,
    correlation_p_value,
    mapped_correlation,
)
from veedor.audits.places.exposed import Exposed
from veedor.audits.places.exposure import Residents, exposure_terms, exposures
from veedor.audits.places.exposure_audit import ExposureAudit, ExposureSettings, audit_exposure
from veedor.audits.places.groups import Group, make_groups
from veedor.audits.places.margins import drawn_columns, margin_statements
from veedor.audits.places.orders import order_statements
from veedor.audits.places.performance import largest_group, performance_statements
from veedor.audits.places.predictions import Predictions, read_predictions
from veedor.audits.places.ranking import part_held, published_deciles
from veedor.audits.places.ratios import RatioVerdict, exposure_statements
from veedor.audits.places.record import RecordedPoints, read_record
from veedor.audits.places.whole_area import whole_area_statements
from veedor.audits.places.zones import PeopledZones, read_zones

__all__ = [
    "Assigned",
    "BenchmarkAudit",
    "BenchmarkSettings",
    "Exposed",
    "ExposureAudit",
    "ExposureSettings",
    "Ground",
    "Group",
    "MappedCorrelation",
    "PeopledZones",
    "Predictions",
    "RatioVerdict",
    "RecordedPoints",
    "Residents",
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
    "exposure_statements",
    "exposure_terms",
    "exposures",
    "largest_group",
    "make_groups",
    "mapped_correlation",
    "margin_statements",
    "mid_ranks",
    "order_statements",
    "part_held",
    "performance_statements",
    "published_deciles",
    "published_ranks",
    "read_predictions",
    "read_record",
    "read_zones",
    "whole_area_statements",
]
