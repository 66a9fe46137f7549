"""`SelfExciting`: a self-exciting point process in space and civil days."""

from veedor.forecasters.selfexciting.forecaster import Declustering, SelfExciting
from veedor.forecasters.selfexciting.kernels import Kernels, branching_ratio, ring_edges
from veedor.forecasters.selfexciting.residuals import ResidualTest

__all__ = [
    "Declustering",
    "Kernels",
    "ResidualTest",
    "SelfExciting",
    "branching_ratio",
    "ring_edges",
]
