"""Would the answer survive what was never recorded? Reporting rates as intervals."""

from veedor.audits.places.reporting.audit import (
    SHARINGS,
    Questions,
    ReportingAudit,
    audit_reporting,
)
from veedor.audits.places.reporting.bounds import true_count_bounds, true_total
from veedor.audits.places.reporting.counts import (
    PlaceCounts,
    read_counts,
    read_forecast_counts,
)
from veedor.audits.places.reporting.disparities import (
    RatioBounds,
    break_even_ratio,
    closing_ratio,
    exposure_per_1000,
    nearest_swap,
    ratio_bounds,
)
from veedor.audits.places.reporting.outcomes import PlaceOutcome, write_places
from veedor.audits.places.reporting.rates import (
    PublishedRate,
    ReportingRates,
    published_intervals,
    published_rates,
    read_rates,
)
from veedor.audits.places.reporting.stability import Stability, rank_stability

__all__ = [
    "SHARINGS",
    "PlaceCounts",
    "PlaceOutcome",
    "PublishedRate",
    "Questions",
    "RatioBounds",
    "ReportingAudit",
    "ReportingRates",
    "Stability",
    "audit_reporting",
    "break_even_ratio",
    "closing_ratio",
    "exposure_per_1000",
    "nearest_swap",
    "published_intervals",
    "published_rates",
    "rank_stability",
    "ratio_bounds",
    "read_counts",
    "read_forecast_counts",
    "read_rates",
    "true_count_bounds",
    "true_total",
    "write_places",
]
