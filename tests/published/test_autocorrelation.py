"""A printed autocorrelation: luteinising hormone, in the reference output of R's own examples."""

import numpy as np
import pytest

from veedor.statistics import serial_dependence

#: Every ten minutes, 48 samples: Diggle, P. J. (1990). Time Series: A Biostatistical Introduction,
#: table A.1; `lh` of R.
LH = [
    2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2,
    2.7, 2.2, 2.2, 1.9, 1.9, 1.8, 2.7, 3.0, 2.3, 2.0, 2.0, 2.9, 2.9, 2.7, 2.7, 2.3,
    2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1, 2.6, 2.1, 3.4, 3.0, 2.9,
]  # fmt: skip


def test_autocorrelation_of_lh_is_the_printed_one():
    """R prints 0.576 for `acf(lh)` at lag 1; ours is that without its bias."""
    found = serial_dependence(np.array(LH))
    n = len(LH)
    assert (found.autocorrelation * (n - 3) - 1) / n == pytest.approx(0.576, abs=0.0005)


def test_the_error_of_the_mean_of_lh_is_that_of_its_autoregression():
    """R prints 0.1466 beside the mean, for `arima(lh, order = c(1, 0, 0))` with a biased 0.5739."""
    biased = np.std(LH, ddof=1) / np.sqrt(48) * np.sqrt((1 + 0.5739) / (1 - 0.5739))
    assert biased == pytest.approx(0.1466, rel=0.05)
    found = serial_dependence(np.array(LH))
    assert biased < np.std(LH, ddof=1) / np.sqrt(48) * found.inflation < 1.25 * biased
