"""How far figures of a map could be chance, where neighbours resemble each other.

Who lives where is taken as it is. Predictions are one draw of a field that may be smooth over the
map: could predictions as smooth as these have fallen so by chance? Nothing is claimed of other
cities.
"""

from veedor.audits.places.dependence.contrasts import (
    NOTHING,
    Contrast,
    FittedMean,
    coefficient_chance,
    exponentiated,
)
from veedor.audits.places.dependence.correlations import (
    MappedCorrelation,
    correlation_p_value,
    mapped_correlation,
)
from veedor.audits.places.dependence.ground import FEWEST_LEFT, Ground

__all__ = [
    "FEWEST_LEFT",
    "NOTHING",
    "Contrast",
    "FittedMean",
    "Ground",
    "MappedCorrelation",
    "coefficient_chance",
    "correlation_p_value",
    "exponentiated",
    "mapped_correlation",
]
