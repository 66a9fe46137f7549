import numpy as np
import pytest

from veedor.files.json_file import plain
from veedor.statistics import BlockBootstrap, generalised_gini
from veedor.verification import (
    area_swept,
    capture_table,
    captured,
    captured_at,
    concentration_table,
    expected_flags,
    flagged_again,
    most_capturable,
    share_of_whole_places,
    stability_table,
)


@pytest.fixture
def made():
    rng = np.random.default_rng(3)
    area = rng.choice([0.01, 0.0625, 0.2], 40)
    rate = rng.gamma(0.5, 2.0, (12, 40)) + 0.01
    rate[:, 5:9] = 0.5 * area[5:9]  # tied by density
    return rate, rng.poisson(rate), area


def weeks(periods, seed=0):
    return BlockBootstrap(np.arange(periods), np.random.default_rng(seed), replicates=500)


def by_name(rows):
    return {(row.ranking, getattr(row, "area_fraction", None)): row for row in rows}


def test_one_sort_for_all_fractions_gives_what_flags_give(made):
    mean, seen, area = made
    fractions = (0.01, 0.13, 0.5, 1.0)
    for fraction, hits in zip(fractions, captured_at(mean, seen, area, fractions), strict=True):
        flags = expected_flags(mean / area, area, fraction)
        np.testing.assert_allclose(hits, (flags * seen).sum(axis=1), atol=1e-9)


def test_table_holds_chance_reference_and_oracle_on_the_same_cells(made):
    mean, seen, area = made
    table = by_name(
        capture_table(
            {"ours": mean, "PriorCounts": mean.mean(axis=0) + 0 * mean},
            seen,
            area,
            weeks(12),
            fractions=(0.05, 0.2),
            ppai_alpha=0.3,
        )
    )
    assert {name for name, _ in table} == {"ours", "PriorCounts", "chance", "oracle"}
    for fraction in (0.05, 0.2):
        chance, oracle = table["chance", fraction], table["oracle", fraction]
        assert chance.capture_rate.value == pytest.approx(fraction)
        assert chance.pai.value == pytest.approx(1.0)
        assert oracle.pei.value == pytest.approx(1.0)
        ours = table["ours", fraction]
        rate = captured(mean, seen, area, fraction).sum() / seen.sum()
        assert ours.capture_rate.value == pytest.approx(rate)
        assert ours.ppai.value == pytest.approx(rate / fraction**0.3)
        best = most_capturable(seen, area, fraction).sum()
        assert ours.pei.value == pytest.approx(rate * seen.sum() / best)
        assert ours.capture_rate.n == seen.sum()
        assert ours.ppai.denominator.arguments == {"alpha": 0.3}
        assert chance.capture_rate.value < ours.capture_rate.value < oracle.capture_rate.value


def test_ppai_lies_between_capture_rate_and_pai(made):
    mean, seen, area = made
    for alpha in (0.0, 1.0):
        row = capture_table({"a": mean}, seen, area, weeks(12), ppai_alpha=alpha)[0]
        assert row.ppai.value == pytest.approx((row.capture_rate, row.pai)[int(alpha)].value)


def test_what_cannot_be_a_table_is_refused(made):
    mean, seen, area = made
    for options in ({"fractions": (0.0,)}, {"fractions": (1.2,)}, {"ppai_alpha": 1.5}):
        with pytest.raises(ValueError, match=r"share|alpha"):
            capture_table({"a": mean}, seen, area, weeks(12), **options)
    with pytest.raises(ValueError, match="shape"):
        capture_table({"a": mean[:3]}, seen, area, weeks(12))
    with pytest.raises(ValueError, match="oracle"):
        capture_table({"oracle": mean}, seen, area, weeks(12))


def test_without_incidents_everything_is_undefined(made):
    mean, seen, area = made
    nothing = np.zeros_like(seen)
    for row in capture_table({"a": mean}, nothing, area, weeks(12)):
        assert (row.capture_rate.value, row.pai.value, row.pei.value, row.ppai.value) == (None,) * 4
    for curve in area_swept({"a": mean}, nothing, area, weeks(12)):
        assert curve.capture_rate is None
        assert curve.capture_rate is None
        assert (curve.area_under.value, curve.normalised.value) == (None, None)
    for row in concentration_table({"a": mean}, nothing, area, np.random.default_rng(0)):
        assert (row.generalised_gini, row.half, row.incidents) == (None, None, 0)
    assert np.isnan(generalised_gini(nothing)).all()
    assert share_of_whole_places(nothing[0], 0.5) is None


def test_area_under_the_curve_is_the_integral_of_the_capture_rate(made):
    mean, seen, area = made
    curves = by_name(area_swept({"a": mean}, seen, area, weeks(12)))
    fractions = np.linspace(0.0, 1.0, 20_001)
    for name, ranking in (("a", mean), ("oracle", seen.astype(float))):
        rate = captured_at(ranking, seen, area, fractions).sum(axis=1) / seen.sum()
        found = curves[name, None]
        assert found.area_under.value == pytest.approx(np.trapezoid(rate, fractions), abs=1e-4)
        np.testing.assert_allclose(found.capture_rate, rate[::200], atol=1e-9)
    assert curves["chance", None].area_under.value == pytest.approx(0.5)
    assert curves["chance", None].normalised.value == pytest.approx(0.0, abs=1e-12)
    assert curves["oracle", None].normalised.value == pytest.approx(1.0)
    under = curves["a", None].area_under.value
    best = curves["oracle", None].area_under.value
    assert curves["a", None].normalised.value == pytest.approx((under - 0.5) / (best - 0.5))


def test_incidents_that_lie_evenly_leave_the_normalised_index_undefined():
    area = np.array([1.0, 2.0, 3.0])
    seen = np.tile([1, 2, 3], (6, 1))
    curves = area_swept({"a": np.tile([3.0, 1.0, 2.0], (6, 1))}, seen, area, weeks(6))
    assert [curve.area_under.value for curve in curves] == pytest.approx([0.5, 0.5, 0.5])
    assert all(curve.normalised.value is None for curve in curves)


def test_stability_of_a_map_that_stays_that_moves_and_of_chance(made):
    seen = made[1]
    stays, moves = np.tile(np.arange(40.0) + 1.0, (12, 1)), np.ones((12, 40))
    even = np.full(40, 0.1)
    moves[np.arange(12), np.arange(12)] = 9.0
    table = by_name(
        stability_table({"stays": stays, "moves": moves}, seen, even, weeks(12), fractions=(0.1,))
    )
    assert table["stays", 0.1].flagged_again.value == pytest.approx(1.0)
    assert table["stays", 0.1].jaccard == pytest.approx(1.0)
    assert table["chance", 0.1].flagged_again.value == pytest.approx(0.1)
    assert table["chance", 0.1].jaccard == pytest.approx(0.1 / 1.9)
    # One cell is certain, and not the same; the other three come from 39 by lot.
    lot = 3.0 / 39.0
    assert table["moves", 0.1].flagged_again.value == pytest.approx(
        (2.0 * lot + 38.0 * lot**2) / 4.0
    )
    assert table["stays", 0.1].flagged_again.n == 11


def test_expected_overlap_is_the_mean_over_random_ties():
    rng = np.random.default_rng(4)
    mean = rng.integers(1, 4, (2, 12)).astype(float)
    expected = flagged_again(mean, np.ones(12), [0.25])[0, 0]
    draws = []
    for _ in range(20_000):
        first, second = (set(np.lexsort((rng.random(12), -row))[:3]) for row in mean)
        draws.append(len(first & second) / 3.0)
    assert np.mean(draws) == pytest.approx(expected, abs=0.01)


def test_a_single_period_has_no_stability():
    rows = stability_table({}, np.ones((1, 3), dtype=int), np.ones(3), weeks(1))
    assert all(row.flagged_again.value is None and row.jaccard is None for row in rows)


def test_concentration_beside_chance_and_a_forecast_that_knows(made):
    rng = np.random.default_rng(5)
    rate = rng.gamma(0.2, 1.0, 300) + 1e-3
    seen = rng.poisson(rate, (8, 300))
    area = np.full(300, 0.0625)
    rows = by_name(
        concentration_table({"knows": np.tile(rate, (8, 1))}, seen, area, np.random.default_rng(6))
    )
    recorded, chance, knows = (rows[name, None] for name in ("oracle", "chance", "knows"))
    assert recorded.generalised_gini > chance.high
    assert knows.low < recorded.generalised_gini < knows.high
    assert recorded.quarter < recorded.half < chance.half
    assert recorded.incidents == seen.sum()
    assert recorded.places == 300
    again = concentration_table(
        {"knows": np.tile(rate, (8, 1))}, seen, area, np.random.default_rng(6)
    )
    assert [plain(row) for row in again] == [plain(row) for row in rows.values()]


def test_sparse_counts_are_concentrated_by_gini_and_not_by_the_generalised():
    counts = np.zeros(1000)
    counts[:50] = 1.0
    assert generalised_gini(counts) == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(generalised_gini([1, 0, 0], unbiased=True))
    with pytest.raises(ValueError, match="share"):
        share_of_whole_places(counts, 0.0)


def test_row_order_never_matters(made):
    mean, seen, area = made
    order = np.random.default_rng(7).permutation(40)
    for table in (capture_table, area_swept, stability_table):
        one = table({"a": mean}, seen, area, weeks(12))
        other = table({"a": mean[:, order]}, seen[:, order], area[order], weeks(12))
        for first, second in zip(one, other, strict=True):
            assert repr_of(plain(first)) == repr_of(plain(second))


def repr_of(value):
    if isinstance(value, dict):
        return {key: repr_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [repr_of(inner) for inner in value]
    return round(value, 9) if isinstance(value, float) else value
