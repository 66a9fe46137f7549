"""Numbers that the authors and keepers of these tests published."""

from __future__ import annotations

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.verification import (
    diebold_mariano,
    gain_at_incidents,
    number_test,
)


def test_n_test_of_pycsep():
    """SCECcode/pycsep, tests/test_csep1_evaluations.py, test_n_test: 0.0015 expected, 0 recorded.

    Savran, W. H. et al. (2022), https://doi.org/10.1785/0220220033
    """
    found = number_test(CountDistribution(np.array([0.0015]), 0.0), [0])
    assert (found.delta1, found.delta2) == pytest.approx((1.0, 0.9985011244377109), rel=1e-12)


def test_t_test_of_pycsep():
    """The same file, test_t_test: 19 incidents, of which 15 have equal rates, 18 and 20 expected.

    Gain 0.08052612477654024, interval -0.029435677283374914 to 0.19048792683645538, t
    1.5385261717159382, by the formulas of Rhoades et al. (2011),
    https://doi.org/10.2478/s11600-011-0013-5.
    """
    ratio = np.concatenate([np.log([8 / 6, 2 / 4, 3 / 2, 5 / 8]), np.zeros(15)])
    found = gain_at_incidents(ratio, 18.0, 20.0)
    assert found.gain.value == pytest.approx(0.08052612477654024, rel=1e-12)
    assert found.gain.low == pytest.approx(-0.029435677283374914, rel=1e-9)
    assert found.gain.high == pytest.approx(0.19048792683645538, rel=1e-9)
    assert found.t_test.statistic == pytest.approx(1.5385261717159382, rel=1e-12)


def test_w_test_of_pycsep():
    """The same file, test_w_test: 30 values beside a median of 45."""
    x = [35.5, 44.5, 39.8, 33.3, 51.4, 51.3, 30.5, 48.9, 42.1, 40.3, 46.8, 38.0, 40.1, 36.8, 39.3]
    x += [65.4, 42.6, 42.8, 59.8, 52.4, 26.2, 60.9, 45.6, 27.1, 47.3, 36.6, 55.6, 45.1, 52.2, 43.5]
    found = gain_at_incidents(np.array(x), 45.0 * 30.0, 0.0).w_test
    assert found.statistic == pytest.approx(-0.6684710290340584, rel=1e-9)
    assert found.p_value == pytest.approx(0.5038329688781412, rel=1e-9)


def test_diebold_mariano_of_one_step():
    """edoannunziata/dieboldmariano, tests: -2.4905 and 0.05513, squared errors 0 to 5 and 6.

    By Harvey, Leybourne & Newbold (1997), https://doi.org/10.1016/S0169-2070(96)00719-4. Their
    sign is of the first forecast's loss minus the second's; ours of its advantage.
    """
    first = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]) ** 2
    second = np.array([0.0, 2.0, 3.0, 3.0, 5.0, 6.0]) ** 2
    found = diebold_mariano(first, second, kernel="rectangular")
    assert found.statistic == pytest.approx(2.4905, abs=1e-4)
    assert found.p_value == pytest.approx(0.05513, abs=1e-5)


def test_diebold_mariano_of_three_steps():
    """The same file: 1.2109, and 0.877 that the first is not better, absolute errors, h = 3."""
    first = [0.3675225, 0.5450608, 0.2204499, 0.8688743, 0.6072512, 0.8582284, 0.4166230, 0.3812100]
    first += [0.7185133, 0.3082732, 0.4297094, 0.8615974, 0.7240515, 0.3450840, 0.1967530]
    second = [0.1279413, 0.3679643, 0.7687154, 0.0997225, 0.2719765, 0.2879763, 0.9160213]
    second += [0.6112628, 0.5452873, 0.0678591, 0.6072666, 0.6241576, 0.3999803, 0.1989567]
    second += [0.8094941]
    found = diebold_mariano(first, second, horizon=3, kernel="rectangular", alternative="better")
    assert found.statistic == pytest.approx(-1.2109, abs=1e-4)
    assert found.p_value == pytest.approx(0.877, abs=1e-3)
