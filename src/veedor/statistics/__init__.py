"""What any room may compute: estimates, intervals, resampling, regression, inequality, neighbours.

Nothing here knows of incidents, forecasts or audits; what several rooms compute stands here once.
"""

from veedor.statistics.agreement import (
    Ratings,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)
from veedor.statistics.clusters import ClusteredRate, linearised, per_exposure
from veedor.statistics.dependence import (
    AS_CHANCE,
    RESEMBLE,
    SerialDependence,
    serial_dependence,
)
from veedor.statistics.discoveries import (
    FALSE_DISCOVERY_RATE,
    false_discovery_q,
    family_wise_p,
    smallest_q,
)
from veedor.statistics.estimates import Estimate, TestResult
from veedor.statistics.inequality import (
    generalised_gini,
    gini,
    gini_of_kinds,
    hoover,
    lorenz,
    share_of_places_holding,
)
from veedor.statistics.intervals import (
    clopper_pearson,
    garwood,
    koopman_score,
    mercaldo_logit,
    newcombe_hybrid,
    newcombe_within,
    normal_quantile,
    wilson,
)
from veedor.statistics.misclassified import true_share
from veedor.statistics.regression import (
    CountRegression,
    Fit,
    fit_counts,
    newton,
    poisson_mean,
    poisson_regression,
    square_blocks,
)
from veedor.statistics.resampling import (
    BlockBootstrap,
    Spread,
    circular_blocks,
    expanded_tail,
    jackknife_variance,
    resampled,
    usual_block_length,
)
from veedor.statistics.spatial import (
    getis_ord,
    lag,
    local_moran,
    morans_i,
    morans_i_p_value,
    permutation_p_values,
    queen_neighbours,
)
from veedor.statistics.stratified import (
    StratifiedShare,
    allotted,
    half_width,
    part_of_sum,
    share_when_none_found,
    simple_size,
    stratified_mean,
    stratified_share,
)

__all__ = [
    "AS_CHANCE",
    "FALSE_DISCOVERY_RATE",
    "RESEMBLE",
    "BlockBootstrap",
    "ClusteredRate",
    "CountRegression",
    "Estimate",
    "Fit",
    "Ratings",
    "SerialDependence",
    "Spread",
    "StratifiedShare",
    "TestResult",
    "allotted",
    "circular_blocks",
    "clopper_pearson",
    "cohen_kappa",
    "expanded_tail",
    "false_discovery_q",
    "family_wise_p",
    "fit_counts",
    "fleiss_kappa",
    "garwood",
    "generalised_gini",
    "getis_ord",
    "gini",
    "gini_of_kinds",
    "gwet_ac1",
    "half_width",
    "hoover",
    "jackknife_variance",
    "koopman_score",
    "krippendorff_alpha",
    "lag",
    "linearised",
    "local_moran",
    "lorenz",
    "mercaldo_logit",
    "morans_i",
    "morans_i_p_value",
    "newcombe_hybrid",
    "newcombe_within",
    "newton",
    "normal_quantile",
    "observed_agreement",
    "part_of_sum",
    "per_exposure",
    "permutation_p_values",
    "poisson_mean",
    "poisson_regression",
    "queen_neighbours",
    "resampled",
    "serial_dependence",
    "share_of_places_holding",
    "share_when_none_found",
    "simple_size",
    "smallest_q",
    "square_blocks",
    "stratified_mean",
    "stratified_share",
    "true_share",
    "usual_block_length",
    "wilson",
]
