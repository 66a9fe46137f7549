"""Gaps of simulated counts are found, and series without any are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from veedor.areas.unreported import Stretch, named, scan
from veedor.arrays import Ints


def counts(
    rng: np.random.Generator, mean: float, dispersion: float, shape: tuple[int, ...]
) -> Ints:
    rate = np.full(shape, mean)
    if dispersion:
        rate = mean * rng.gamma(1 / dispersion, dispersion, shape)
    return rng.poisson(rate).astype(np.int64)


def found(values: Ints, unit: str) -> tuple[Stretch, ...]:
    return named([scan(values, np.ones(values.shape, np.bool_), unit)])[0]


@pytest.mark.parametrize("unit", ["month", "year"])
@pytest.mark.parametrize("dispersion", [0.0, 0.3, 2.0])
def test_records_without_a_gap_are_left_alone(unit: str, dispersion: float) -> None:
    """At most 5% of records may have a stretch named; each of five means is a fifth of them."""
    rng = np.random.default_rng(11)
    shape = (120, 40) if unit == "month" else (24, 24)
    wrong = sum(
        bool(found(counts(rng, mean, dispersion, shape), unit))
        for mean in (0.1, 1.0, 5.0, 30.0, 300.0)
        for _ in range(8)
    )
    assert wrong <= 2


@pytest.mark.parametrize(
    ("unit", "mean", "dispersion", "length", "least"),
    [
        ("month", 10.0, 0.0, 6, 0.9),
        ("month", 30.0, 0.1, 3, 0.8),
        ("month", 300.0, 0.5, 12, 0.8),
        ("year", 300.0, 0.1, 2, 0.8),
    ],
)
def test_gaps_of_a_tenth_are_found_where_they_are(
    unit: str, mean: float, dispersion: float, length: int, least: float
) -> None:
    rng = np.random.default_rng(12)
    spans = 120 if unit == "month" else 24
    hits = 0
    for _ in range(25):
        values = counts(rng, mean, dispersion, (spans, 24))
        first = int(rng.integers(13 if unit == "month" else 4, spans - 2 * length - 4))
        values[first : first + length, 5] = counts(rng, 0.1 * mean, dispersion, (length,))
        hits += any(
            one.area == 5 and abs(one.first - first) <= 1 and abs(one.end - first - length) <= 1
            for one in found(values, unit)
        )
    assert hits >= least * 25
