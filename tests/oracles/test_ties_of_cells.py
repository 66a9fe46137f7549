"""Ties by expectation, against every order of the tied cells, and against many at random."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from veedor.statistics import BlockBootstrap
from veedor.verification import (
    area_swept,
    capture_table,
    captured,
    captured_at,
    expected_flags,
    flagged_again,
    stability_table,
)
from veedor.verification.ties import tied_shares


def orders(mean, area):
    """All orders in which cells may be flagged: the densest first, ties in any order."""
    density = np.round(mean / area, 9)
    groups = [np.flatnonzero(density == level) for level in sorted(set(density), reverse=True)]
    for parts in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield np.array(list(itertools.chain(*parts)))


def flags_in(order, area, fraction):
    """Share of each cell that is flagged in one order, the last in part."""
    before = np.cumsum(area[order]) - area[order]
    flags = np.empty(len(area))
    flags[order] = np.clip((fraction * area.sum() - before) / area[order], 0.0, 1.0)
    return flags


def expected(mean, area, fraction):
    return np.mean([flags_in(order, area, fraction) for order in orders(mean, area)], axis=0)


def test_a_small_cell_fits_whole_more_often_than_a_large_one():
    mean, area, seen = np.array([[0.5, 2.0]]), np.array([0.5, 2.0]), np.array([[4, 0]])
    assert captured(mean, seen, area, 0.2)[0] == pytest.approx(2.0)


areas = hnp.arrays(np.float64, 6, elements=st.sampled_from([0.01, 0.25, 0.4, 1.0, 7.0]))
levels = hnp.arrays(np.float64, (2, 6), elements=st.sampled_from([0.1, 1.0, 3.0]))
counts = hnp.arrays(np.int64, (2, 6), elements=st.integers(0, 9))
fractions = st.sampled_from([0.001, 0.02, 0.2, 0.37, 0.5, 0.81, 0.999, 1.0])


@settings(max_examples=60, deadline=None)
@given(levels, counts, areas, fractions)
def test_all_orders_of_the_tied_cells(level, seen, area, fraction):
    mean = level * area
    flags = np.stack([expected(row, area, fraction) for row in mean])
    assert expected_flags(level, area, fraction) == pytest.approx(flags, abs=1e-9)
    hits = (flags * seen).sum(axis=1)
    assert captured_at(mean, seen, area, [fraction])[0] == pytest.approx(hits, abs=1e-8)
    # Ties are broken anew in each period.
    again = (flags[0] * flags[1]) @ area / (fraction * area.sum())
    assert flagged_again(mean, area, [fraction])[0, 0] == pytest.approx(again, abs=1e-8)


@settings(max_examples=20, deadline=None)
@given(levels, counts, areas)
def test_every_table_of_places_breaks_ties_by_all_orders(level, seen, area):
    seen = seen + 1
    mean = level * area
    weeks = BlockBootstrap(np.arange(2), np.random.default_rng(0), replicates=50)
    given_ = ({"ours": mean}, seen, area, weeks)
    at = 0.2
    flags = np.stack([expected(row, area, at) for row in mean])
    hits, total = float((flags * seen).sum()), float(seen.sum())
    row = capture_table(*given_, fractions=(at,), ppai_alpha=0.3)[0]
    assert row.capture_rate.value == pytest.approx(hits / total)
    assert row.pai.value == pytest.approx(hits / total / at)
    assert row.ppai.value == pytest.approx(hits / total / at**0.3)
    best = [max(c @ flags_in(o, area, at) for o in map(np.array, every(6))) for c in seen]
    assert row.pei.value == pytest.approx(hits / sum(best))
    curve = area_swept(*given_, at=np.array([at]))[0]
    assert curve.capture_rate[0] == pytest.approx(hits / total)
    under = [
        np.mean([np.trapezoid(*swept(order, area, c)[::-1]) for order in orders(m, area)])
        for m, c in zip(mean, seen, strict=True)
    ]
    assert curve.area_under.value == pytest.approx(sum(under) / total)
    stable = stability_table(*given_, fractions=(at,))[0]
    again = (flags[0] * flags[1]) @ area / (at * area.sum())
    assert stable.flagged_again.value == pytest.approx(again)


def every(n):
    return list(itertools.permutations(range(n)))


def swept(order, area, seen):
    return (
        np.append(0.0, np.cumsum(area[order]) / area.sum()),
        np.append(0.0, np.cumsum(seen[order])),
    )


@pytest.mark.parametrize("target", [0.01, 0.06, 0.2, 0.45, 0.9])
@pytest.mark.parametrize("kind", ["clipped lattice", "lognormal", "one large", "two sizes"])
def test_many_tied_cells_against_orders_at_random(kind, target):
    rng = np.random.default_rng(7)
    area = {
        "clipped lattice": np.where(rng.random(120) < 0.8, 1.0, rng.uniform(0.04, 1.0, 120)),
        "lognormal": np.exp(rng.normal(0.0, 1.0, 120)),
        "one large": np.append(rng.uniform(1.0, 1.1, 60), 15.0),
        "two sizes": np.repeat([1.0, 0.3], [100, 40]),
    }[kind]
    ground = target * area.sum()
    shares = tied_shares(area, ground)
    assert shares @ area == pytest.approx(ground, rel=1e-12)
    total, draws = np.zeros(len(area)), 20_000
    for _ in range(draws // 2_000):
        order = rng.random((2_000, len(area))).argsort(axis=1)
        sizes = area[order]
        before = np.cumsum(sizes, axis=1) - sizes
        np.add.at(total, order, np.clip((ground - before) / sizes, 0.0, 1.0))
    found = total / draws
    error = np.sqrt(np.maximum(found * (1.0 - found), 1e-4) / draws)
    assert np.sqrt(np.mean((shares - found) ** 2)) < 1.3 * np.sqrt(np.mean(error**2)) + 0.002
    assert np.abs(shares - found).max() < 5.0 * error.max() + 0.005


def test_twenty_thousand_tied_cells_take_no_time():
    rng = np.random.default_rng(8)
    area = np.where(rng.random(20_000) < 0.9, 0.0625, rng.uniform(0.01, 0.0625, 20_000))
    seen = rng.poisson(0.05, (4, 20_000))
    mean = np.tile(area, (4, 1))
    hits = captured_at(mean, seen, area, (0.0001, 0.01, 0.05, 0.2))
    assert hits[3] == pytest.approx(0.2 * seen.sum(axis=1), rel=0.001)
    assert (hits[0] < 0.001 * seen.sum(axis=1)).all()
