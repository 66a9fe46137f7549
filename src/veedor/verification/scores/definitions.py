r"""`SCORES`: every score that has one value for each period and cell, and how to read it.

=========================== ============================================================
`log_score`                 :math:`-\log P(y)`
`poisson_deviance`          :math:`2(y\log(y/\mu) - y + \mu)`
`crps`                      :math:`\sum_k (F(k) - 1\{y \le k\})^2`
`ranked_probability_score`  :math:`\sum_e (F(e - 1) - 1\{y < e\})^2` over edges e
`brier`                     :math:`(P(Y \ge 1) - 1\{y \ge 1\})^2`
`quantile_score`            :math:`(1\{y \le q\} - \tau)(q - y)`
`weighted_interval_score`   twice the mean quantile score over central intervals' ends
`dawid_sebastiani`          :math:`(y - \mu)^2/\sigma^2 + \log\sigma^2`
=========================== ============================================================

Each takes a `CountDistribution` and the observed counts (whole numbers, int or float, of a shape
that broadcasts), and gives an array of that shape. All are smaller when better and proper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy.typing as npt

from veedor.arrays import Floats
from veedor.forecasts import CountDistribution
from veedor.verification.scores.crps import crps
from veedor.verification.scores.likelihood import dawid_sebastiani, log_score, poisson_deviance
from veedor.verification.scores.quantiles import quantile_score, weighted_interval_score
from veedor.verification.scores.thresholds import brier_any, ranked_probability_score

ScoreFunction = Callable[[CountDistribution, npt.ArrayLike], Floats]


@dataclass(frozen=True)
class ScoreDefinition:
    """A score, and where it is from.

    Parameters
    ----------
    function : callable
        From a `CountDistribution` and counts to the score of each; smaller is better.
    source : str
        The paper, with its DOI.

    Examples
    --------
    >>> SCORES["crps"].function(CountDistribution(1.0, 0.0), [1]).round(4)
    array([0.212])
    """

    function: ScoreFunction
    source: str


SCORES = {
    "log_score": ScoreDefinition(
        log_score, "Good (1952), https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"
    ),
    "poisson_deviance": ScoreDefinition(
        poisson_deviance, "McCullagh & Nelder (1989), https://doi.org/10.1007/978-1-4899-3242-6"
    ),
    "crps": ScoreDefinition(
        crps, "Matheson & Winkler (1976), https://doi.org/10.1287/mnsc.22.10.1087"
    ),
    "ranked_probability_score": ScoreDefinition(
        ranked_probability_score,
        "Epstein (1969), https://doi.org/10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2",
    ),
    "brier": ScoreDefinition(
        brier_any, "Brier (1950), https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2"
    ),
    "quantile_score": ScoreDefinition(
        quantile_score, "Koenker & Bassett (1978), https://doi.org/10.2307/1913643"
    ),
    "weighted_interval_score": ScoreDefinition(
        weighted_interval_score,
        "Bracher et al. (2021), https://doi.org/10.1371/journal.pcbi.1008618",
    ),
    "dawid_sebastiani": ScoreDefinition(
        dawid_sebastiani, "Dawid & Sebastiani (1999), https://doi.org/10.1214/aos/1018031101"
    ),
}
"""By the name that results carry; what each means is said in `veedor.report.words.scores`."""
