"""The endemic-epidemic model on measles in 17 districts of Weser-Ems, 2001-02.

Figures are those of Meyer, Held & Hoehle (2017), Journal of Statistical Software 77(11), section 5
(https://doi.org/10.18637/jss.v077.i11), and of the vignette "hhh4_spacetime" of R's surveillance
1.26 on the same data. Weeks are numbered from 0, the first that is modelled is the second, and a
season has 52. Every model has one dispersion for all.

All models: the endemic part is a level, a linear trend and one pair of waves, times the share of
the population; the autoregressive part is a level.
"""

import csv
from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters.endemic_epidemic import Model, Panel, Part, Weights, fit, one_step
from veedor.forecasts import CountDistribution
from veedor.verification import crps, dawid_sebastiani, log_score

pytestmark = pytest.mark.shared_data

LEVEL = Part()
ENDEMIC = Part(trend=True, season=1, offset="population")
VACCINATED = replace(ENDEMIC, covariates=("log_unvaccinated",))
BY_POPULATION = Part(covariates=("log_population",))
POWER_LAW = Weights("power_law", max_order=5, normalised=True)

#: What neighbours bring is a level times the sum of their counts, not divided among areas.
BASIC = Model(ENDEMIC, LEVEL, LEVEL, Weights("first_order"))
#: The same, with the logarithm of the share not vaccinated as a term of the endemic part.
UNVACCINATED = replace(BASIC, endemic=VACCINATED)
#: And with the logarithm of the share of the population as a term of the neighbour part.
GRAVITY = replace(UNVACCINATED, neighbours=BY_POPULATION)
#: And with weights by a power of the order of neighbourhood, that sum to 1 for each area.
DECAY = replace(GRAVITY, weights=POWER_LAW)
#: And with a normal intercept of each area in all three parts, independent of one another.
RANDOM = replace(
    DECAY,
    endemic=replace(VACCINATED, intercept="random"),
    autoregressive=Part("random"),
    neighbours=replace(BY_POPULATION, intercept="random"),
)
FIRST, LAST = 65, 77  # weeks 66 to 78, counted from 1


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([row[1:] for row in csv.reader(file)][1:], dtype=float)


@pytest.fixture
def panel(shared_data):
    folder = shared_data / "areas" / "measles"
    population = table(folder / "population_fraction.csv")
    touching = table(folder / "neighbourhood_order.csv") == 1.0
    with (folder / "districts.csv").open(encoding="utf-8", newline="") as file:
        vaccinated = np.array([float(row["vacc1_2004"]) for row in csv.DictReader(file)])
    return Panel(
        table(folder / "counts.csv"),
        covariates={
            "population": population,
            "log_population": np.log(population),
            "log_unvaccinated": np.log(1.0 - vaccinated),
        },
        neighbours=(
            np.concatenate([[0], np.cumsum(touching.sum(axis=1))]),
            np.concatenate([np.flatnonzero(row) for row in touching]),
        ),
    )


def wave(fitted):
    """Amplitude A and phase of A sin(omega t + phase)."""
    sine, cosine = (fitted.coefficients[f"endemic.{name}1"] for name in ("sin", "cos"))
    return np.hypot(sine, cosine), np.arctan2(cosine, sine)


def rate(fitted, name):
    """exp of a coefficient, and its standard error by the delta method."""
    value = np.exp(fitted.coefficients[name])
    return value, value * fitted.standard_errors[name]


def mean_scores(panel, model, refit):
    ahead = one_step(model, panel, FIRST, LAST, refit)
    forecast = CountDistribution(ahead.mean, ahead.dispersion)
    seen = panel.counts[FIRST : LAST + 1]
    return {
        "logs": log_score(forecast, seen).mean(),
        "rps": crps(forecast, seen).mean(),
        "dss": dawid_sebastiani(forecast, seen).mean(),
        "ses": ((seen - ahead.mean) ** 2).mean(),
    }


def test_orders_of_neighbourhood(panel, shared_data):
    from veedor.forecasters.endemic_epidemic import orders

    published = table(shared_data / "areas" / "measles" / "neighbourhood_order.csv")
    np.testing.assert_array_equal(orders(panel.neighbours).toarray(), published)


def test_basic_model(panel):
    fitted = fit(BASIC, panel)
    assert fitted.converged
    assert fitted.edges == ()
    assert round(fitted.log_likelihood, 2) == -971.72
    assert round(fitted.aic, 2) == 1957.44
    for name, published in {
        "autoregressive.intercept": (0.64540, 0.07927),
        "neighbours.intercept": (0.01581, 0.00420),
        "endemic.intercept": (1.08025, 0.27884),
        "endemic.t": (1.00119, 0.00426),
    }.items():
        assert np.round(rate(fitted, name), 5) == pytest.approx(published, abs=1e-9)
    assert np.round(fitted.natural["dispersion"], 5) == pytest.approx((2.01384, 0.28544), abs=1e-9)
    assert np.round(wave(fitted), 5) == pytest.approx((1.16423, -0.63436), abs=1e-9)


@pytest.mark.parametrize(
    ("refit", "published"),
    [
        ("rolling", {"logs": 1.1025, "rps": 0.7478, "dss": 1.3391, "ses": 5.4039}),
        ("final", {"logs": 1.0885, "rps": 0.7358, "dss": 1.2911, "ses": 5.2893}),
    ],
)
def test_one_week_ahead(panel, refit, published):
    found = {name: round(value, 4) for name, value in mean_scores(panel, BASIC, refit).items()}
    assert found == published


@pytest.mark.parametrize(
    ("model", "aic"), [(BASIC, 1957), (UNVACCINATED, 1917), (GRAVITY, 1887), (DECAY, 1882)]
)
def test_akaike_of_each_step(panel, model, aic):
    assert round(fit(model, panel).aic) == aic


def test_decay(panel):
    assert round(fit(DECAY, panel).natural["neighbours.decay"][0], 3) == 4.102


def test_random_intercepts(panel):
    fitted = fit(RANDOM, panel)
    assert fitted.converged
    assert fitted.aic is None
    assert round(fitted.log_likelihood, 1) == -868.6
    variances = dict(
        zip(fitted.design.random, np.diag(fitted.effects_covariance).round(2), strict=True)
    )
    assert variances == {"autoregressive": 1.08, "neighbours": 1.29, "endemic": 1.31}
    for name, published in {
        "autoregressive.intercept": (-1.61389, 0.38197),
        "neighbours.log_population": (3.42406, 1.07722),
        "neighbours.intercept": (6.62429, 2.81553),
        "endemic.t": (0.00578, 0.00480),
        "endemic.log_unvaccinated": (1.79350, 0.69159),
    }.items():
        found = (fitted.coefficients[name], fitted.standard_errors[name])
        assert np.round(found, 5) == pytest.approx(published, abs=1e-9), name
    assert np.round(fitted.natural["neighbours.decay"], 5) == pytest.approx(
        (3.60640, 0.77602), abs=1e-9
    )
    assert np.round(fitted.natural["dispersion"], 5) == pytest.approx((0.97723, 0.15132), abs=1e-9)
    assert round(wave(fitted)[0], 5) == 1.20359


def test_random_intercepts_seen_from_the_end(panel):
    found = mean_scores(panel, RANDOM, "final")
    assert round(found["logs"], 3) == 1.007
    assert round(found["rps"], 4) == 0.6381
    assert round(found["dss"], 4) == 0.9656
