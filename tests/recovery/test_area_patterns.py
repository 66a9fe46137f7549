"""Area patterns: tests of level records have their size, and changes are found again."""

from __future__ import annotations

import numpy as np
import pytest
from tests.made_areas import area_counts, outlines, populations

from veedor.patterns.areas import (
    AreaGround,
    AreaPatternSettings,
    common_season,
    find_area_patterns,
    trend,
)
from veedor.patterns.departures import draw_counts
from veedor.patterns.hot_spots import empirical_bayes_rates
from veedor.statistics import spatial
from veedor.statistics.spatial import morans_i_p_value


@pytest.mark.parametrize(
    ("mean", "dispersion", "carried", "spans", "waves"),
    [
        (0.15, 1.0, 0.0, 120, True),
        (5.0, 1.0, 0.0, 24, True),
        (5.0, 1.5, 0.3, 120, True),
        (50.0, 10.0, 0.3, 36, True),
        (200.0, 20.0, 0.5, 60, True),
        (50.0, 5.0, 0.3, 24, False),
    ],
)
def test_a_level_series_has_a_trend_no_oftener_than_said_whatever_lasts_in_it(
    mean, dispersion, carried, spans, waves
):
    rng, series = np.random.default_rng(11), 300
    years = (np.arange(spans) + 0.5) / 12 if waves else np.arange(spans) + 0.5
    season = np.exp(0.3 * np.cos(2 * np.pi * years)) if waves else np.ones(spans)
    counts = draw_counts(np.tile(mean * season, (series, 1)), dispersion, rng, carried)
    common = common_season(counts.sum(axis=0), np.full(spans, float(series)), years)
    alone = [one for row in counts if (one := trend(row, common, years)) is not None]
    least = float(np.mean([one.carried for one in alone]))
    found = [
        one for row in counts if (one := trend(row, common, years, least_carried=least)) is not None
    ]
    p_values = np.array([one.p_value for one in found])
    covers = np.mean([one.interval()[0] <= 0.0 <= one.interval()[1] for one in found])
    assert len(found) > 200
    # Three standard errors of a share of 5% and of 1%, of so many series.
    assert np.mean(p_values <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(found))
    assert np.mean(p_values <= 0.01) <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / len(found))
    assert covers >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / len(found))


def test_the_yearly_change_is_given_back_and_its_interval_covers_it():
    rng = np.random.default_rng(12)
    years = (np.arange(96) + 0.5) / 12
    mean = 20 * np.exp(0.1 * years + 0.4 * np.sin(2 * np.pi * years))
    counts = draw_counts(np.tile(mean, (200, 1)), 2.0, rng, 0.3)
    used = rng.random(96) < 0.8
    found = [trend(row[used], np.ones(int(used.sum())), years[used]) for row in counts]
    slopes = np.array([one.slope for one in found if one is not None])
    covers = np.mean([one.interval()[0] <= 0.1 <= one.interval()[1] for one in found if one])
    assert slopes.mean() == pytest.approx(0.1, abs=0.01)
    assert covers >= 0.89


def test_records_without_any_pattern_name_something_in_one_of_twenty_at_most():
    """Level areas of all sizes, with a season and departures that last, in one family each."""
    rng, records = np.random.default_rng(13), 40
    years, sizes = (np.arange(96) + 0.5) / 12, np.geomspace(0.3, 80.0, 9)
    mean = sizes[:, None] * np.exp(0.3 * np.cos(2 * np.pi * years))
    people, cells = populations(1e5 * sizes), outlines(9, 3)
    any_named = 0
    for number in range(records):
        counts = draw_counts(mean, np.linspace(1.0, 3.0, 9), rng, np.full(9, 0.2)).T
        ground = AreaGround(area_counts(counts), people, cells)
        found = find_area_patterns(
            ground, ["o0"], AreaPatternSettings(seed=number, permutations=199, simulations=199)
        )
        any_named += found.named > 0
    assert any_named <= 0.05 * records + 3 * np.sqrt(0.05 * 0.95 * records)


def test_a_change_of_level_in_some_areas_is_named_there_and_dated():
    rng = np.random.default_rng(14)
    mean = np.full((96, 10), 25.0)
    mean[60:, :3] *= 0.55
    found = find_area_patterns(
        AreaGround(area_counts(rng.poisson(mean))), ["o0"], AreaPatternSettings(simulations=199)
    ).offences[0]
    shifted = {one.area: [shift.first for shift in one.shifts] for one in found.series[1:]}
    for area in ("01", "02", "03"):
        assert len(shifted[area]) >= 1
        assert shifted[area][0] in {f"2018-{m:02d}" for m in range(11, 13)} | {
            f"2019-{m:02d}" for m in range(1, 3)
        }
    assert sum(bool(shifted[f"{k:02d}"]) for k in range(4, 11)) <= 1


def test_rates_that_only_chance_tells_apart_are_alike_to_their_neighbours_in_one_of_twenty():
    """Populations that differ by three orders of magnitude, large ones together."""
    rng = np.random.default_rng(15)
    near = outlines(49, 7).neighbours
    people = np.exp(np.linspace(7.0, 14.0, 49))
    p_values = []
    for _ in range(300):
        z = empirical_bayes_rates(rng.poisson(people * 2e-4), people)
        p_values.append(morans_i_p_value(z, near, rng, 199))
    share = np.mean(np.array(p_values) <= 0.05)
    assert 0.01 <= share <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_shuffles_in_parts_are_those_made_at_once(monkeypatch):
    values, near = np.random.default_rng(16).normal(size=36), outlines(36, 6).neighbours
    whole = morans_i_p_value(values, near, np.random.default_rng(2), 199)
    monkeypatch.setattr(spatial, "_AT_ONCE", 500)
    assert morans_i_p_value(values, near, np.random.default_rng(2), 199) == whole
