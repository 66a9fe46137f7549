"""The compiled likelihood and its gradient against a plain double loop over all pairs."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate

from veedor.forecasters import AreaTotals, Task
from veedor.forecasters.selfexciting.background import learn_background
from veedor.forecasters.selfexciting.events import Events
from veedor.forecasters.selfexciting.ground import Ground
from veedor.forecasters.selfexciting.kernels import Kernels, ring_edges
from veedor.forecasters.selfexciting.likelihood import Expectation, Likelihood
from veedor.forecasters.selfexciting.pairs import sums_by_parent
from veedor.record import Points
from veedor.spacetime import Length

START = np.datetime64("2022-01-03T03:00", "us")
DAYS = 60
FAMILIES = [("exponential", "gaussian"), ("power", "power")]
PARAMETERS = {
    "exponential": [np.log(6.0)],
    "gaussian": [np.log(130.0)],
}


def log_parameters(time, space):
    own = [np.log(4.0), np.log(0.8)] if time == "power" else [np.log(6.0)]
    near = [np.log(150.0), np.log(1.3)] if space == "power" else [np.log(130.0)]
    return np.array([np.log(0.7), np.log(0.3), *own, *near])


@pytest.fixture
def likelihood(grid, make_incidents):
    def make(time, space):
        rng = np.random.default_rng(5)
        cells = grid(4, 3)
        n = 200
        when = START + (rng.uniform(0, DAYS * 86400e6, n)).astype("timedelta64[us]")
        west, south = cells.x_m.min() - 250.0, cells.y_m.min() - 250.0
        x, y = west + rng.uniform(0, 2000, n), south + rng.uniform(0, 1500, n)
        x[150:], y[150:] = x[:50], y[:50]
        history = Task(
            Points.of(
                make_incidents(when, x, y), cutoff=START + np.timedelta64(DAYS, "D"), begins=START
            ),
            "theft",
            cells,
            Length(1, "week"),
        )
        record = Events.of(history, AreaTotals(history), Ground.of(cells, 100.0))
        return Likelihood(record, Kernels(time, space, 20, ring_edges(420.0, 100.0)))

    return make


def plain(likelihood, parameters, density):
    """Log likelihood and offspring by looping over every pair; kernels by quadrature."""
    record, kernels = likelihood.record, likelihood.kernels
    edges, reach = kernels.edges, kernels.reach_days
    b, kappa = np.exp(parameters[:2])
    if kernels.time == "exponential":
        tau = np.exp(parameters[2])
        lag_density, rest = lambda t: np.exp(-t / tau) / tau, parameters[3:]
    else:
        c, p = np.exp(parameters[2]), 1.0 + np.exp(parameters[3])
        lag_density, rest = lambda t: (p - 1) / c * (1 + t / c) ** -p, parameters[4:]
    if kernels.space == "gaussian":
        sigma = np.exp(rest[0])
        near = lambda r: np.exp(-0.5 * (r / sigma) ** 2) / (2 * np.pi * sigma**2)  # noqa: E731
    else:
        d, q = np.exp(rest[0]), 1.0 + np.exp(rest[1])
        near = lambda r: (q - 1) / (np.pi * d**2) * (1 + (r / d) ** 2) ** -q  # noqa: E731

    def triangle(k):
        halves = [(k - 1, k), (k, k + 1)]
        inner = [
            integrate.quad(lambda t: lag_density(t) * (1 - abs(t - k)), max(a, 0), z)[0]
            for a, z in halves
        ]
        return sum(inner)

    h = np.array([triangle(k) for k in range(1, reach + 1)])
    h /= h.sum()
    f = np.array(
        [integrate.quad(lambda r: near(r) * 2 * np.pi * r, a, z)[0] for a, z in pairwise(edges)]
    )
    f /= f.sum()
    area = np.pi * np.diff(edges**2) / 1e6
    total, offspring = 0.0, np.zeros(len(record))
    n = len(record)
    for i in range(n):
        drawn = np.zeros(n)
        for j in range(n):
            lag = record.day[i] - record.day[j]
            apart = np.hypot(record.x_m[i] - record.x_m[j], record.y_m[i] - record.y_m[j])
            if 1 <= lag <= reach and apart < edges[-1]:
                ring = np.searchsorted(edges, apart, side="right") - 1
                drawn[j] = kappa * h[lag - 1] * f[ring] / area[ring]
        unit = b * record.course[record.day[i]] * density.unit[record.square[i]]
        room = density.room[record.square[i]]
        p = 0.5
        for _ in range(2000):  # own weight: the fixed point of p = background / intensity
            own = unit * max(room - p, density.least[record.square[i]])
            p = 0.5 * p + 0.5 * own / (own + drawn.sum())
        if record.day[i] >= likelihood.first_day:
            total += np.log(own + drawn.sum())
            offspring += drawn / (own + drawn.sum())
    expected = b * record.course[likelihood.first_day :].sum()
    for k in range(1, reach + 1):
        expected += kappa * h[k - 1] * (f @ likelihood.exposure[k - 1])
    return total - expected, offspring


@pytest.mark.parametrize(("time", "space"), FAMILIES)
def test_likelihood_and_offspring_are_those_of_a_plain_double_loop(likelihood, time, space):
    fast = likelihood(time, space)
    parameters = log_parameters(time, space)
    amounts = fast.amounts(np.full(len(fast.record), 0.7))
    density = learn_background("cells", amounts, fast.record.ground).density(amounts)
    found = fast.expect(parameters, density)
    slow, offspring = plain(fast, parameters, density)
    assert len(fast.pairs) > 300
    assert fast.log_likelihood(parameters, found) == pytest.approx(slow, rel=1e-9)
    record, kernels = fast.record, fast.kernels
    mine = sums_by_parent(
        fast.grid,
        fast.pairs,
        record.x_m,
        record.y_m,
        record.day,
        kernels.edges,
        kernels.reach_days,
        fast.table(parameters).ravel(),
        fast.scored / found.intensity,
    )
    np.testing.assert_allclose(mine, offspring, rtol=1e-8, atol=1e-12)
    assert fast.bins(parameters, found).sum() == pytest.approx(offspring.sum())


@pytest.mark.parametrize(("time", "space"), FAMILIES)
def test_gradient_and_observed_information_are_those_of_the_likelihood(likelihood, time, space):
    fast = likelihood(time, space)
    parameters = log_parameters(time, space)
    amounts = fast.amounts(np.full(len(fast.record), 0.7))
    density = learn_background("kernel", amounts, fast.record.ground).density(amounts)
    found = fast.expect(parameters, density)
    own = found.background * found.intensity

    def expect(at):
        """Hold fixed how far each incident is left out of its own background."""
        drawn, mine = fast.draw(at), own * np.exp(at[0] - parameters[0])
        intensity = mine + drawn[:, 0]
        return Expectation(mine / intensity, intensity, drawn, amounts)

    def differences(function):
        steps = 1e-5 * np.eye(len(parameters))
        return np.array(
            [(function(parameters + s) - function(parameters - s)) / 2e-5 for s in steps]
        )

    mine, _ = fast.score(parameters, found)
    slopes = differences(lambda at: fast.log_likelihood(at, expect(at)))
    np.testing.assert_allclose(mine, slopes, rtol=1e-5, atol=1e-5)
    information = fast.observed_information(parameters, found)
    curved = -differences(lambda at: fast.score(at, expect(at))[0])
    np.testing.assert_allclose(information, curved, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("mine", "known"), [(60, 40), (40, 60), (60, 60)])
def test_what_was_drawn_is_told_from_a_record_cut_earlier_or_later(likelihood, mine, known):
    fast = likelihood("exponential", "gaussian")
    parameters = log_parameters("exponential", "gaussian")
    plain = fast.draw(parameters)[:, 0]
    whole = fast.record
    here, there = until(whole, mine), until(whole, known)
    cut = Likelihood(here, fast.kernels)
    told = cut.drawn_since(parameters, there, plain[whole.day < known])
    np.testing.assert_allclose(told[:, 0], plain[whole.day < mine], rtol=1e-12, atol=1e-15)
    # A late entry: what the other record does not hold is of no use to it, nor the other way.
    fewer = kept(there, np.arange(len(there)) != 3)
    told = cut.drawn_since(parameters, fewer, np.full(len(fewer), np.nan))
    np.testing.assert_allclose(told[:, 0], plain[whole.day < mine], rtol=1e-12, atol=1e-15)


def kept(record, which):
    parts = ("id", "x_m", "y_m", "cell", "square", "day")
    return replace(record, **{part: getattr(record, part)[which] for part in parts})


def until(record, days):
    return replace(kept(record, record.day < days), course=record.course[:days])


def test_exposure_is_the_share_of_rings_inside_counted_incident_by_incident(likelihood):
    from shapely import Point, box

    fast = likelihood("exponential", "gaussian")
    record, edges = fast.record, fast.kernels.edges
    bounds = np.concatenate([[record.ground.cells.x_m.min() - 250.0], [0.0]])
    cells = record.ground.cells
    ground = box(
        bounds[0], cells.y_m.min() - 250.0, cells.x_m.max() + 250.0, cells.y_m.max() + 250.0
    )
    slow = np.zeros_like(fast.exposure)
    for x, y, day in zip(record.x_m, record.y_m, record.day, strict=True):
        discs = [Point(x, y).buffer(r, 64) for r in edges[1:]]
        whole = np.diff([0.0, *(disc.area for disc in discs)])
        within = np.diff([0.0, *(disc.intersection(ground).area for disc in discs)])
        lag = np.arange(1, 21)
        scored = (day + lag >= fast.first_day) & (day + lag < DAYS)
        slow += scored[:, None] * (within / whole)
    # Places that share a square of 250 m share their surroundings, which are looked up at points.
    np.testing.assert_allclose(fast.exposure, slow, rtol=0.06, atol=1.0)
