"""What is undefined, what is refused, and what a result says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from veedor.errors import SameGroundError, StudyError
from veedor.files.json_file import json_bytes
from veedor.forecasts import CountDistribution, Forecast, require_same_ground
from veedor.report.words import words_in
from veedor.spacetime import Periods
from veedor.statistics import circular_blocks
from veedor.verification import (
    category_test,
    conditional_likelihood_test,
    diebold_mariano,
    e_process,
    gain_at_incidents,
    likelihood_test,
    model_confidence_set,
    number_test,
    paired_gain,
    skill_by_lead_time,
    skill_by_month,
    skill_by_zone,
    skill_change,
    space_test,
)
from veedor.verification.consistency import conditional_tests
from veedor.verification.count_simulation import CountSimulator

MONDAY = np.datetime64("2024-01-01T00:00", "us")
WEEK = np.timedelta64(7, "D")


def weeks(many, first=0):
    return Periods(MONDAY + (first + np.arange(many + 1)) * WEEK, "UTC")


@pytest.fixture
def forecast(grid):
    def make(columns=4, rows=2, *, first=0, many=3, category="theft", name="A", mean=0.5):
        cells = grid(columns, rows)
        periods = weeks(many, first)
        return Forecast(
            distribution=CountDistribution(np.full((many, len(cells)), mean), 0.0),
            cells=cells,
            periods=periods,
            category=category,
            forecaster=name,
            version="1",
            data_cutoff=periods.edges[0],
            issued_at=periods.edges[0],
        )

    return make


def test_the_same_ground_is_the_same(forecast):
    require_same_ground(forecast(), forecast(name="B"))


def test_the_first_five_periods_that_differ_are_named(forecast):
    with pytest.raises(SameGroundError) as caught:
        require_same_ground(forecast(many=9), forecast(first=2, many=9, name="B"))
    text = str(caught.value)
    assert "2 only in A: 2024-01-01" in text
    assert "2 only in B: 2024-03-04" in text
    assert "A and B" in text


def test_the_first_five_cells_that_differ_are_named(forecast):
    wide, narrow = forecast(columns=10), forecast(columns=3, name="B")
    with pytest.raises(SameGroundError) as caught:
        require_same_ground(wide, narrow)
    missing = sorted(set(wide.cells.cell_id) - set(narrow.cells.cell_id))
    text = str(caught.value)
    assert f"{len(missing)} only in A: {', '.join(missing[:5])}, ..." in text
    assert missing[5] not in text
    assert "only in B" not in text


def test_cells_in_another_order_or_elsewhere_are_other_cells(forecast):
    ours, theirs = forecast(), forecast(name="B")
    object.__setattr__(theirs.cells, "cell_id", theirs.cells.cell_id[::-1])
    with pytest.raises(SameGroundError, match="the same 8 in another order, first at place 1"):
        require_same_ground(ours, theirs)
    moved = forecast(name="B")
    object.__setattr__(moved.cells, "x_m", moved.cells.x_m + np.array([50.0] + [0.0] * 7))
    with pytest.raises(SameGroundError, match="1 of one id and another ground"):
        require_same_ground(ours, moved)


def test_what_differs_is_said_in_spanish_whole(forecast):
    """Would leave "only in", "category" and "to" in the sentence if it were put together first."""
    ours, theirs = forecast(many=9), forecast(first=2, many=9, name="B")
    object.__setattr__(theirs, "category", "hurto")
    object.__setattr__(theirs.cells, "cell_id", theirs.cells.cell_id[::-1])
    with pytest.raises(SameGroundError) as caught:
        require_same_ground(ours, theirs)
    told = words_in("es").translated(caught.value.found)
    assert told.startswith(
        f"difieren: categoría {ours.category!r} y 'hurto', períodos (2 solo en A"
    )
    assert "las mismas 8 en otro orden, primero en el lugar 1" in told
    for english in ("only in", "category", "periods", " to ", "order"):
        assert english not in told


def test_paired_gain_of_forecasts_is_that_at_incidents(forecast):
    ours, theirs = forecast(mean=0.5), forecast(mean=0.25, name="B")
    counts = np.zeros((3, 8), dtype=np.int64)
    counts[0, 1], counts[2, 3] = 2, 1
    found = paired_gain(ours, theirs, counts)
    assert found.gain.value == pytest.approx(np.log(2.0) - (12.0 - 6.0) / 3.0)
    assert found.gain.n == 3
    assert (found.t_test.p_value, found.gain.low) == (None, None)  # all ratios are equal
    with pytest.raises(SameGroundError, match="shape"):
        paired_gain(ours, theirs, counts[:2])


def test_nothing_recorded_is_undefined_where_it_must_be():
    forecast = CountDistribution(np.full((2, 3), 0.1), 0.3)
    nothing = np.zeros((2, 3), dtype=np.int64)
    for test in (conditional_likelihood_test, space_test, category_test):
        found = test(forecast, nothing, simulations=19)
        assert (found.statistic, found.p_value, found.n) == (None, None, 0)
    assert likelihood_test(forecast, nothing, simulations=19).p_value == 1.0
    assert number_test(forecast[:, 0], [0, 0]).delta1 == 1.0
    empty = gain_at_incidents(np.zeros(0), 1.0, 1.0)
    assert (empty.gain.value, empty.t_test.p_value, empty.w_test.p_value) == (None, None, None)


def test_other_shapes_and_parts_of_incidents_are_refused():
    forecast = CountDistribution(np.full((2, 3), 0.1), 0.0)
    with pytest.raises(SameGroundError, match=r"\(2, 3\) and counts of shape \(3, 2\)"):
        space_test(forecast, np.zeros((3, 2)))
    with pytest.raises(SameGroundError, match="whole numbers"):
        likelihood_test(forecast, np.full((2, 3), 0.5))
    with pytest.raises(SameGroundError, match="one total"):
        number_test(forecast[:, 0], [1, 2, 3])


def test_counts_far_beyond_a_forecast_have_no_chance():
    found = number_test(CountDistribution(np.array([1.0, 2.0]), 0.5), [10**6, 10**6])
    assert found.delta1 < 1e-12
    assert found.delta2 == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_result():
    rng = np.random.default_rng(0)
    forecast = CountDistribution(rng.gamma(1.0, 0.5, (3, 20)) + 0.01, 0.4)
    counts = forecast.sample(rng, 1)[0]
    for test in (likelihood_test, conditional_likelihood_test, space_test):
        assert test(forecast, counts, seed=5) == test(forecast, counts.astype(float), seed=5)


@pytest.mark.parametrize("dispersion", [0.0, 0.4])
def test_both_tests_given_the_total_are_those_of_one_draw(dispersion, monkeypatch):
    rng = np.random.default_rng(0)
    mean = rng.gamma(1.0, 0.5, (3, 20)) + 0.01
    forecast = CountDistribution(mean, np.where(mean > 0.5, dispersion, 0.0))
    counts = CountDistribution(mean[:, ::-1], 0.4).sample(rng, 1)[0]
    one_by_one = tuple(
        test(forecast, counts, simulations=499, seed=5)
        for test in (conditional_likelihood_test, space_test)
    )
    draws = []
    given_total = CountSimulator.given_total
    monkeypatch.setattr(
        CountSimulator, "given_total", lambda *given: draws.append(1) or given_total(*given)
    )
    assert conditional_tests(forecast, counts, simulations=499, seed=5) == one_by_one
    assert len(draws) == (1 if dispersion else 2)
    assert conditional_tests(forecast, np.zeros_like(counts))[1].p_value is None


def test_diebold_mariano_is_undefined_without_spread_or_periods():
    assert diebold_mariano(np.ones(10), np.zeros(10)).p_value is None
    assert diebold_mariano([1.0, 2.0], [2.0, 1.0]).statistic is None
    assert diebold_mariano(np.arange(4.0), np.zeros(4), horizon=9).p_value is None
    swing = np.tile([1.0, -1.0], 6) + np.arange(12) * 1e-3
    assert diebold_mariano(swing, 0 * swing, lags=1, kernel="rectangular").p_value is None


def test_diebold_mariano_sides_add_up():
    d = np.random.default_rng(0).normal(0.3, 1.0, 30)
    better, worse, both = (
        diebold_mariano(0 * d, d, alternative=side).p_value
        for side in ("better", "worse", "two-sided")
    )
    assert better + worse == pytest.approx(1.0)
    assert both == pytest.approx(2 * min(better, worse))
    assert diebold_mariano(0 * d, d).statistic > 0.0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: diebold_mariano([1.0, 2.0, 3.0], [1.0]), "as many of each"),
        (lambda: diebold_mariano([1.0, np.nan, 3.0], [1.0] * 3), "period 1, counted from 0"),
        (lambda: diebold_mariano([1.0] * 3, [1.0] * 3, kernel="parzen"), "kernel"),
        (lambda: diebold_mariano([1.0] * 3, [1.0] * 3, horizon=0), "horizon"),
        (lambda: model_confidence_set(np.ones((9, 2)), ["a"]), "a column for each"),
        (lambda: model_confidence_set(np.ones((9, 2)), ["a", "a"]), "unique"),
        (lambda: model_confidence_set(np.full((9, 1), np.inf), ["a"]), "finite"),
        (lambda: model_confidence_set(np.ones((9, 1)), ["a"], statistic="T_min"), "T_max"),
        (lambda: model_confidence_set(np.ones((9, 1)), ["a"], block_length=0), "block"),
        (lambda: e_process([0.5, 2.0, -3.0], bound=1.0), "periods 1, 2, counted from 0"),
        (lambda: e_process([0.5], bound=0.0), "above 0"),
        (lambda: e_process([0.5], bound=1.0, alternative="bigger"), "alternative"),
        (lambda: skill_change([np.nan] * 20), "finite"),
        (lambda: skill_change([1.0] * 20, trim=0.6), "trim"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(wrong, words):
    with pytest.raises(StudyError, match=words):
        wrong()


def test_a_cap_is_counted_and_is_said_of_the_test():
    found = e_process([0.5, 2.0, -3.0], bound=1.0, cap=True)
    assert found.capped == 2
    assert found.result.test.arguments == {"bounds": "fixed_capped"}
    assert found.log_e == pytest.approx(e_process([0.5, 1.0, -1.0], bound=1.0).log_e)
    assert e_process([0.5], bound=1.0).result.test.arguments == {"bounds": "fixed"}
    assert e_process([], bound=1.0).result.p_value is None


def test_few_periods_eliminate_nobody():
    found = model_confidence_set(np.arange(12.0).reshape(6, 2), ["a", "b"])
    assert found.members == ("a", "b")
    assert found.p_values == {"a": None, "b": None}
    twins = np.repeat(np.random.default_rng(0).normal(size=(20, 1)), 2, axis=1)
    assert model_confidence_set(twins, ["a", "b"]).members == ("a", "b")
    shifted = twins + np.array([0.0, 1.0])  # worse by the same each time: no doubt at all
    assert model_confidence_set(shifted, ["a", "b"]).members == ("a",)


def test_circular_blocks_are_runs_of_neighbours():
    drawn = circular_blocks(10, 4, 500, np.random.default_rng(0))
    assert drawn.shape == (500, 10)
    steps = np.diff(drawn, axis=1) % 10
    assert bool(np.all(np.delete(steps, [3, 7], axis=1) == 1))
    assert np.bincount(drawn.ravel(), minlength=10).min() > 400


def test_no_change_is_looked_for_where_it_could_not_be_found():
    for d in (np.arange(11.0), np.ones(30)):
        found = skill_change(d)
        assert (found.period, found.before, found.test.p_value) == (None, None, None)
    assert skill_change(np.random.default_rng(0).normal(size=20), block_length=9).period is None


def test_skill_by_group_is_the_ratio_of_sums():
    rng = np.random.default_rng(0)
    gain, seen = rng.normal(0.1, 1.0, (20, 6)), rng.poisson(0.8, (20, 6))
    zone = np.array(["north", "south", "north", "east", "south", "north"])
    seen[:, 3] = 0
    by_zone = skill_by_zone(gain, seen, zone, np.arange(20), rng)
    assert list(by_zone) == ["east", "north", "south"]
    north = zone == "north"
    assert by_zone["north"].value == pytest.approx(gain[:, north].sum() / seen[:, north].sum())
    assert by_zone["north"].denominator.arguments == {"zone": "north"}
    assert by_zone["north"].n == seen[:, north].sum()
    assert (by_zone["east"].value, by_zone["east"].low) == (None, None)

    total, lead = gain.sum(axis=1), np.tile([1, 2], 10)
    by_lead = skill_by_lead_time(total, seen.sum(axis=1), lead, np.arange(20) // 2, rng)
    assert by_lead["2"].value == pytest.approx(total[1::2].sum() / seen[1::2].sum())
    assert by_lead["2"].low < by_lead["2"].value < by_lead["2"].high


def test_months_are_of_local_time_and_borrow_what_they_lack():
    rng = np.random.default_rng(1)
    # The first night of March in Buenos Aires is still February there until 03:00 UTC.
    edges = np.datetime64("2024-02-26T02:00", "us") + np.arange(21) * WEEK
    when = (edges[:-1], "America/Argentina/Buenos_Aires")
    gain, size = rng.normal(1.0, 1.0, 20), np.full(20, 10.0)
    found = skill_by_month(gain, size, *when, np.arange(20), rng)
    assert list(found)[:2] == ["2024-02", "2024-03"]
    assert found["2024-02"].n == 10
    assert found["2024-02"].method.code == "residual_bootstrap"
    wide, narrow = (found[month].high - found[month].low for month in ("2024-02", "2024-03"))
    assert wide > narrow
    few = skill_by_month(gain[:5], size[:5], weeks(5).start, "UTC", np.arange(5), rng)
    assert {each.low for each in few.values()} == {None}
    with pytest.raises(SameGroundError):
        skill_by_month(gain, size, weeks(5).start, "UTC", np.arange(20), rng)


def test_results_are_ready_for_json():
    d = np.random.default_rng(0).normal(size=30)
    results = [
        e_process(d, bound=9.0),
        skill_change(d),
        number_test(CountDistribution(np.ones(3), 0.0), [1, 0, 2]),
        gain_at_incidents(d, 1.0, 1.0),
        model_confidence_set(np.stack([d, -d], axis=1), ["a", "b"]),
        diebold_mariano(d, -d),
    ]
    for result in results:
        assert json.loads(json_bytes(result))
