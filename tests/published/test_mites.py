"""Bliss & Fisher (1953), Biometrics 9, 176-200, table 1: red mites on 150 apple leaves.

Leaves with 0, 1, ... 7 mites: 70, 38, 17, 10, 9, 3, 2, 1. Mean 1.14667 and, by maximum
likelihood, k = 1.02459 (https://doi.org/10.2307/3001850).
"""

import numpy as np
import pytest

from veedor.forecasters.dispersion import fit_dispersion

LEAVES = [70, 38, 17, 10, 9, 3, 2, 1]


def test_the_dispersion_is_the_published_one():
    counts = np.repeat(np.arange(8), LEAVES)
    assert counts.mean() == pytest.approx(1.14667, abs=1e-5)
    alpha = fit_dispersion(counts, np.full(len(counts), counts.mean()))
    assert 1.0 / alpha == pytest.approx(1.02459, abs=2e-4)
