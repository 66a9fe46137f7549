"""Values of the reference implementation by Jordan, Krüger & Lerch (2019).

Evaluating Probabilistic Forecasts with scoringRules. Journal of Statistical Software 90 (12),
https://doi.org/10.18637/jss.v090.i12; the values are those that the R package scoringRules is
itself tested with (crps_nbinom, as y, size, probability).
"""

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.verification import crps


@pytest.mark.parametrize(
    ("y", "size", "probability", "value"),
    [
        (5, 100.0, 0.95, 0.53215257681),
        (44, 200.1, 0.82, 1.70859687251),
        (41, 200.1, 0.83, 1.63833674721),
        (222, 2000.1, 0.9, 3.66926727576),
        (2222, 20000.1, 0.9, 11.6114812752),
        (1999797667, 200000.1, 0.0001, 1045062.81311),
    ],
)
def test_crps_is_the_published_one(y, size, probability, value):
    mean = size * (1.0 - probability) / probability
    score = crps(CountDistribution(np.array([mean]), 1.0 / size), y)[0]
    assert score == pytest.approx(value, rel=1e-9)
