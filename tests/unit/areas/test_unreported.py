"""Stretches that look unreported: found where they are, and not where levels drift or are rare."""

from __future__ import annotations

import numpy as np
import pytest

from veedor.areas.unreported import Stretch, named, scan
from veedor.arrays import Ints


def found(values: Ints, unit: str = "month", missing: slice | None = None) -> list[Stretch]:
    there = np.ones(values.shape, dtype=np.bool_)
    if missing is not None:
        there[missing] = False
    return list(named([scan(values, there, unit)])[0])


def towns(mean: float, spans: int = 120, areas: int = 8, seed: int = 2) -> Ints:
    return np.random.default_rng(seed).poisson(mean, (spans, areas)).astype(np.int64)


def test_a_year_that_lacks_most_counts_is_a_gap_of_just_those_spans() -> None:
    series = np.array([[417, 310, 184, 200, 185, 210, 124, 165, 213, 2, 1, 0, 1, 7, 534, 487, 153]])
    one = found(series.T, "year")[0]
    assert (one.kind, one.first, one.end, one.recorded) == ("gap", 9, 14, 11)
    assert one.before == pytest.approx((124 + 165 + 213) / 3)
    assert one.after == pytest.approx((534 + 487 + 153) / 3)


@pytest.mark.parametrize(("length", "kind"), [(1, "gap"), (3, "gap"), (12, "gap"), (30, "gap")])
def test_months_of_a_tenth_are_a_gap(length: int, kind: str) -> None:
    values = towns(40.0)
    values[50 : 50 + length, 3] = np.random.default_rng(1).poisson(4.0, length)
    (one,) = found(values)
    assert (one.kind, one.area, one.first, one.end) == (kind, 3, 50, 50 + length)


def test_zeros_between_counts_are_named_as_zeros() -> None:
    values = towns(12.0)
    values[60:64, 0] = 0
    (one,) = found(values)
    assert (one.kind, one.first, one.end, one.recorded) == ("zeros", 60, 64, 0)


def test_a_level_that_drops_or_rises_and_stays_is_told_from_a_gap() -> None:
    values = towns(30.0)
    values[70:, 2] = np.random.default_rng(3).poisson(5.0, 50)
    values[:20, 5] = 0
    assert {(one.kind, one.area, one.first, one.end) for one in found(values)} == {
        ("drop", 2, 70, 120),
        ("rise", 5, 0, 20),
    }


def test_rare_series_are_not_flagged_for_their_zeros() -> None:
    """Half of the cells are 0, and runs of twenty zeros are usual."""
    values = np.random.default_rng(5).poisson(0.5, (146, 92)).astype(np.int64)
    assert (values == 0).mean() > 0.5
    assert not found(values)


def test_a_resort_is_not_flagged_for_its_winters() -> None:
    rng = np.random.default_rng(8)
    season = np.where(np.isin(np.arange(120) % 12, (0, 1)), 90.0, 15.0)
    assert not found(rng.poisson(season[:, None], (120, 6)).astype(np.int64))


def test_a_resort_without_half_a_year_is_flagged() -> None:
    rng = np.random.default_rng(8)
    season = np.where(np.isin(np.arange(120) % 12, (0, 1)), 90.0, 15.0)
    values = rng.poisson(season[:, None], (120, 6)).astype(np.int64)
    values[60:66, 1] = 0
    assert [(one.area, one.first, one.end) for one in found(values)] == [(1, 60, 66)]


def test_levels_that_drift_everywhere_are_no_gaps() -> None:
    """Every area halves and doubles again over years: no edge is sharp."""
    rng = np.random.default_rng(4)
    drift = 60.0 * 2.0 ** np.cos(2 * np.pi * np.arange(144) / 72)
    assert not found(rng.poisson(drift[:, None], (144, 20)).astype(np.int64))


def test_just_below_half_is_named_and_just_above_is_not() -> None:
    for share, named_ones in ((0.47, 1), (0.53, 0)):
        values = np.full((60, 1), 1_000_000, dtype=np.int64)
        values[30:33] = int(share * 1_000_000)
        assert len(found(values)) == named_ones


def test_a_gap_that_is_said_to_be_one_is_not_found_again() -> None:
    values = towns(40.0)
    values[50:55] = 0
    assert not found(values, missing=np.s_[50:55])


def test_a_change_over_spans_that_nobody_reported_is_seen() -> None:
    """Counts stop, and go on a year later at a fifth: the level dropped in between."""
    values = towns(50.0, spans=124)
    values[120:] = np.random.default_rng(1).poisson(10.0, (4, 8))
    missing = np.s_[108:120]
    assert {(one.kind, one.first) for one in found(values, missing=missing)} == {("drop", 120)}


def test_one_area_not_reporting_moves_no_finding_elsewhere() -> None:
    values = towns(40.0)
    values[50:55, 3] = 0
    there = np.ones(values.shape, dtype=np.bool_)
    there[20:90, 6] = False
    (one,) = named([scan(values, there, "month")])[0]
    assert (one.area, one.first, one.end) == (3, 50, 55)


def test_negative_counts_are_taken_as_none() -> None:
    values = towns(40.0)
    values[50, 2] = -1
    (one,) = found(values)
    assert (one.area, one.recorded) == (2, 0)


def test_an_offence_without_any_count_has_no_series_that_could_show_anything() -> None:
    assert scan(np.zeros((0, 3), np.int64), np.zeros((0, 3), np.bool_), "month").stretches == ()
    assert scan(np.zeros((9, 3), np.int64), np.zeros((9, 3), np.bool_), "month").series == 0
    assert scan(np.zeros((9, 3), np.int64), np.ones((9, 3), np.bool_), "month").series == 3
    assert named([]) == []


def test_what_is_named_is_controlled_over_all_offences_together() -> None:
    """A weak gap that would stand alone does not stand among thousands of quiet series."""
    values = towns(20.0, areas=1)
    values[60, 0] = 0
    alone = scan(values, np.ones(values.shape, np.bool_), "month")
    assert len(named([alone])[0]) == 1
    quiet = [
        scan(towns(20.0, areas=3000, seed=n), np.ones((120, 3000), np.bool_), "month")
        for n in (3, 4)
    ]
    assert named([alone, *quiet])[0] == ()
