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

import numpy as np
import numpy.typing as npt

from veedor.forecasts import CountDistribution
from veedor.verification.scores.crps import crps
from veedor.verification.scores.likelihood import dawid_sebastiani, log_score, poisson_deviance
from veedor.verification.scores.quantiles import quantile_score, weighted_interval_score
from veedor.verification.scores.thresholds import brier_any, ranked_probability_score

ScoreFunction = Callable[[CountDistribution, npt.ArrayLike], npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Definition:
    """How to read a statistic.

    Parameters
    ----------
    label, unit, orientation, meaning : str
    source : str
        The paper, with its DOI.
    """

    label: str
    unit: str
    orientation: str
    meaning: str
    source: str

    def to_dict(self) -> dict[str, str]:
        """Return the words, JSON-ready."""
        return {
            "label": self.label,
            "unit": self.unit,
            "orientation": self.orientation,
            "meaning": self.meaning,
            "source": self.source,
        }


@dataclass(frozen=True)
class ScoreDefinition(Definition):
    """How to read a score, and the function that computes it.

    Parameters
    ----------
    function : callable
        From a `CountDistribution` and counts to the score of each.

    Examples
    --------
    >>> SCORES["crps"].orientation
    'smaller is better'
    >>> SCORES["crps"].function(CountDistribution(np.array([1.0]), 0.0), [1]).round(4)
    array([0.212])
    """

    function: ScoreFunction


_SMALLER = "smaller is better"

SCORES = {
    "log_score": ScoreDefinition(
        "Log score",
        "nats per cell and period",
        _SMALLER,
        "How surprising the recorded counts were, given the forecast distribution.",
        "Good (1952), https://doi.org/10.1111/j.2517-6161.1952.tb00104.x",
        log_score,
    ),
    "poisson_deviance": ScoreDefinition(
        "Poisson deviance",
        "per cell and period",
        _SMALLER,
        "Distance of the expected from the recorded counts; only the means matter.",
        "McCullagh & Nelder (1989), https://doi.org/10.1007/978-1-4899-3242-6",
        poisson_deviance,
    ),
    "crps": ScoreDefinition(
        "CRPS",
        "incidents per cell and period",
        _SMALLER,
        "Continuous ranked probability score: distance of the whole distribution from the count.",
        "Matheson & Winkler (1976), https://doi.org/10.1287/mnsc.22.10.1087",
        crps,
    ),
    "ranked_probability_score": ScoreDefinition(
        "Ranked probability score",
        "probability squared, per cell and period",
        _SMALLER,
        "Squared errors of the probabilities of at least 1, 2, 3 and 5 incidents, summed.",
        "Epstein (1969), https://doi.org/10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2",
        ranked_probability_score,
    ),
    "brier": ScoreDefinition(
        "Brier score of at least one",
        "probability squared, per cell and period",
        _SMALLER,
        "Squared error of the probability that a cell records at least one incident.",
        "Brier (1950), https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
        brier_any,
    ),
    "quantile_score": ScoreDefinition(
        "Quantile score at 0.9",
        "incidents per cell and period",
        _SMALLER,
        "Pinball loss of the count that one forecast in ten should see exceeded.",
        "Koenker & Bassett (1978), https://doi.org/10.2307/1913643",
        quantile_score,
    ),
    "weighted_interval_score": ScoreDefinition(
        "Weighted interval score",
        "incidents per cell and period",
        _SMALLER,
        "Error of the median, and widths and misses of central intervals of 50%, 80% and 95%.",
        "Bracher et al. (2021), https://doi.org/10.1371/journal.pcbi.1008618",
        weighted_interval_score,
    ),
    "dawid_sebastiani": ScoreDefinition(
        "Dawid-Sebastiani score",
        "none; per cell and period",
        _SMALLER,
        "Squared error by the forecast variance, plus the log variance.",
        "Dawid & Sebastiani (1999), https://doi.org/10.1214/aos/1018031101",
        dawid_sebastiani,
    ),
}
"""By the name that results carry."""
