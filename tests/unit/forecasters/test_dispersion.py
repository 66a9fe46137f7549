import numpy as np
import pytest

from veedor.forecasters.dispersion import DispersionCurve, fit_dispersion, periods_held_back
from veedor.forecasts import CountDistribution


def test_a_fifth_of_the_periods_is_held_back():
    assert [periods_held_back(n) for n in (1, 4, 5, 52, 129, 130, 1000)] == [
        0,
        0,
        1,
        10,
        25,
        26,
        26,
    ]


def test_counts_that_vary_no_more_than_poisson_have_none():
    mean = np.full(500, 3.0)
    assert fit_dispersion(np.full(500, 3), mean) == 0.0
    curve = DispersionCurve.fit(np.full(500, 3), mean)
    assert curve == DispersionCurve(0.0, 0.0)
    assert curve.recalibrated(np.full(500, 3), mean) is curve
    assert curve.at(mean).tolist() == [0.0] * 500


def test_no_incident_says_nothing():
    assert fit_dispersion(np.zeros(50, dtype=int), np.full(50, 0.2)) == 0.0
    nothing = DispersionCurve.fit(np.zeros((5, 10), dtype=int), np.full((5, 10), 0.2))
    assert nothing == DispersionCurve(0.0, 0.0)


def test_the_curve_by_hand():
    curve = DispersionCurve(0.1, 0.5)
    np.testing.assert_allclose(
        curve.at(np.array([[1.0, 5.0], [0.25, 100.0]])), [[0.6, 0.2], [2.1, 0.105]]
    )
    assert curve.times(2.0) == DispersionCurve(0.2, 1.0)
    assert DispersionCurve(0.0, 1.0).at(np.array([1e-300]))[0] == 1e5


def test_few_or_tiny_counts_leave_the_curve_alone():
    rng = np.random.default_rng(0)
    curve = DispersionCurve(0.5, 0.0)
    assert curve.recalibrated(rng.poisson(1.0, 199), np.ones(199)) is curve
    assert curve.recalibrated(rng.poisson(0.04, 9000), np.full(9000, 0.04)) is curve


@pytest.mark.parametrize("true", [1.5, 4.0])
def test_a_large_dispersion_that_is_right_stays(true):
    """Four times as much would put most counts beyond the median: as far from 1/2 as too little."""
    rng = np.random.default_rng(2)
    mean = np.full(20_000, 5.0)
    counts = rng.poisson(rng.gamma(1.0 / true, mean * true))
    found = DispersionCurve(true, 0.0).recalibrated(counts, mean)
    assert found.quadratic == pytest.approx(true, rel=0.15)


@pytest.mark.parametrize(("stated", "factor"), [(50.0, 0.25), (0.002, 4.0)])
def test_the_factor_is_bounded(stated, factor):
    rng = np.random.default_rng(1)
    mean = np.full(4000, 5.0)
    counts = rng.poisson(rng.gamma(2.0, mean / 2.0))
    curve = DispersionCurve(stated, stated).recalibrated(counts, mean)
    assert curve.quadratic == pytest.approx(stated * factor)
    assert curve.proportional == pytest.approx(stated * factor)


def test_the_pit_does_not_overrule_the_likelihood():
    """Quiet cells that spread alike, busy ones that do not: the factor costs two units at most."""
    rng = np.random.default_rng(3)
    mean = np.repeat([0.1, 4.0], [30_000, 300])
    alpha = np.where(mean < 1.0, 2.0, 0.01)
    counts = rng.poisson(rng.gamma(1.0 / alpha, alpha * mean))
    curve = DispersionCurve(0.0, 0.2)
    found = curve.recalibrated(counts, mean)

    def likelihood(one):
        return CountDistribution(mean, one.at(mean)).log_pmf(counts).sum()

    assert found != curve
    assert likelihood(found) >= likelihood(curve) - 2.1


@pytest.mark.parametrize(
    ("quadratic", "proportional"), [(0.6, 0.3), (0.05, 1.5), (0.0, 0.5), (0.5, 0.0), (0.0, 0.02)]
)
def test_rounding_of_the_means_moves_no_digit(quadratic, proportional):
    """Processors differ in the last digit of an exponential; a study must not."""
    rng = np.random.default_rng(3)
    mean = np.exp(rng.uniform(-3.0, 2.0, 4000))
    alpha = quadratic + proportional / mean
    counts = rng.poisson(rng.gamma(1.0 / alpha, alpha * mean))

    def fitted(means):
        curve = DispersionCurve.fit(counts, means)
        factor = curve.recalibrated(counts, means)
        return [
            fit_dispersion(counts, means),
            *(part for one in (curve, factor) for part in (one.quadratic, one.proportional)),
        ]

    for seed in range(6):
        off = np.random.default_rng(seed).choice([-1, 0, 1], mean.size)
        np.testing.assert_allclose(
            fitted(mean * (1.0 + off * np.finfo(np.float64).eps)), fitted(mean), rtol=1e-14
        )


def test_the_order_of_cells_moves_no_digit():
    rng = np.random.default_rng(8)
    mean = np.exp(rng.normal(0.0, 1.5, (26, 300)))
    counts = rng.poisson(rng.gamma(2.0, mean / 2.0))
    curve = DispersionCurve.fit(counts, mean)
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(300)
        permuted = DispersionCurve.fit(counts[:, order], mean[:, order])
        np.testing.assert_allclose(
            [permuted.quadratic, permuted.proportional],
            [curve.quadratic, curve.proportional],
            rtol=1e-13,
        )


def test_means_next_to_nothing_beside_huge_ones():
    mean = np.array([1e-300, 1e-9, 1.0, 1e12])
    with np.errstate(over="ignore"):
        curve = DispersionCurve.fit(np.array([0, 1, 4, 10**12]), mean)
        assert np.isfinite([curve.quadratic, curve.proportional]).all()
        assert (curve.at(mean) <= 1e5).all()
