"""Trends, classes of hot spots, seasons, level shifts, the watch, and two maps."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from veedor.errors import DataError
from veedor.patterns import (
    baseline,
    calendar_effects,
    classify,
    decompose,
    departures,
    emerging,
    find_area_shifts,
    find_shifts,
    fit_season,
    hour_of_week,
    mann_kendall,
    map_change,
    pelt,
    poisson_trend,
    recording_signs,
    weekly_watch,
    weighted_displacement_difference,
)
from veedor.patterns.breaks import Shift
from veedor.patterns.departures import draw_counts, draw_departures
from veedor.statistics import false_discovery_q, family_wise_p


def _days(first: date, many: int) -> list[date]:
    return [first + timedelta(days=k) for k in range(many)]


def test_undefined_tests_are_not_counted_among_the_tests():
    p = [0.01, np.nan, 0.02, np.nan]
    np.testing.assert_allclose(false_discovery_q(p)[[0, 2]], false_discovery_q([0.01, 0.02]))
    assert np.isnan(false_discovery_q([np.nan])).all()


@pytest.mark.parametrize(
    ("hot", "cold", "direction", "name"),
    [
        ("0000000001", "0000000000", 0, "new"),
        ("0000000111", "0000000000", 0, "consecutive"),
        ("0100000111", "0000000000", 0, "sporadic"),
        ("0100000111", "1000000000", 0, "oscillating"),
        ("1111111111", "0000000000", 1, "intensifying"),
        ("0111111111", "1000000000", 0, "persistent"),
        ("1111111111", "0000000000", -1, "diminishing"),
        ("1111111110", "0000000000", 1, "historical"),
        ("1111100000", "0000000000", -1, "falling"),
        ("1111100000", "0000000000", 0, "none"),
        ("0000000000", "1111111111", 1, "rising"),
        ("0000000001", "0000000000", 1, "new"),
    ],
)
def test_each_class_takes_what_its_definition_says(hot, cold, direction, name):
    def flags(text):
        return np.array([[one == "1"] for one in text])

    assert classify(flags(hot), flags(cold), np.array([direction])).tolist() == [name]


def test_a_block_that_appears_late_is_emerging(grid):
    cells = grid(15, 15)
    counts = np.random.default_rng(1).poisson(2.0, (12, 225))
    block = (np.abs(cells.x_m - 3750) < 900) & (np.abs(cells.y_m - 3750) < 900)
    counts[9:, block] += 20
    found = emerging(counts, cells.neighbours)
    centre = int(np.argmin(np.hypot(cells.x_m - 3750, cells.y_m - 3750)))
    assert found.hot_class[centre] == "consecutive"
    assert found.kind[:9, centre].max() == 0


def test_a_few_hot_places_among_thousands_are_found_in_every_step(grid):
    """As many permutations as anyone draws could not name nine cells of 3,600."""
    cells = grid(60, 60)
    counts = np.random.default_rng(1).poisson(0.5, (12, 3600))
    block = (np.abs(cells.x_m - 3750) < 600) & (np.abs(cells.y_m - 3750) < 600)
    counts[:, block] += 15
    found = emerging(counts, cells.neighbours)
    assert set(found.hot_class[block]) == {"persistent"}
    assert (found.hot_class != "none").sum() < 40
    with pytest.raises(DataError, match="whole"):
        emerging(counts + 0.5, cells.neighbours)


def test_what_moves_every_place_alike_is_no_trend_of_a_place():
    rng = np.random.default_rng(1)
    counts = rng.poisson(np.linspace(1, 10, 24)[:, None] * np.linspace(0.5, 2, 300))
    found = poisson_trend(counts, np.arange(24) / 12)
    assert np.mean(found.p_value[np.isfinite(found.p_value)] < 0.05) < 0.1
    assert (found.q_value <= 0.05).sum() <= 1


def test_a_constant_series_has_no_trend_and_raises_no_warning():
    found = mann_kendall(np.zeros((8, 2)))
    assert np.isnan(found.p_value).all()
    with pytest.raises(DataError, match="6 steps"):
        mann_kendall(np.zeros((5, 1)))


def test_the_clock_spreads_intervals_and_counts_the_hours_there_were(make_incidents):
    begins, until = np.datetime64("2024-01-01T03:00"), np.datetime64("2024-03-11T03:00")
    monday = begins + np.arange(10) * np.timedelta64(7, "D")
    hour = np.timedelta64(1, "h")
    start = np.concatenate([monday + 10 * hour, monday + 20 * hour])
    end = np.concatenate([monday + 10 * hour, monday + 24 * hour])
    incidents = make_incidents(start, np.zeros(20), np.zeros(20), end=end)
    clock = hour_of_week(incidents, "theft", begins, until)
    assert clock.relative[10] == pytest.approx(84.0)  # half of all in one of 168 hours
    np.testing.assert_allclose(clock.relative[20:24], 21.0)
    assert clock.relative.sum() == pytest.approx(168.0)
    assert (clock.incidents, clock.wide_share, clock.weeks) == (20, 0.5, 10)


def test_an_hour_without_an_incident_has_a_limit_from_above(make_incidents):
    begins, until = np.datetime64("2024-01-01T03:00"), np.datetime64("2024-06-17T03:00")
    midnight = begins + np.arange(168) * np.timedelta64(24, "h")
    start = np.repeat(midnight, np.random.default_rng(1).poisson(2.0, 168))
    none = np.zeros(len(start))
    clock = hour_of_week(make_incidents(start, none, none), "theft", begins, until)
    assert clock.relative[1] == clock.low[1] == 0
    # 2 / 24 an hour are usual, in 24 weeks; Garwood's limit for none, widened for 24 weeks.
    wider = (stats.t.ppf(0.975, 23) / stats.norm.ppf(0.975)) ** 2
    usual = len(start) / 168
    assert clock.high[1] == pytest.approx(-np.log(0.025) * wider / usual, rel=0.2)
    assert clock.p_value[1] == pytest.approx(2 * np.exp(-usual / wider), rel=0.3)
    assert (clock.q_value[::24] <= 0.05).all()


def test_midnight_and_noon_are_those_of_the_local_clock(make_incidents):
    start = np.array(
        ["2024-01-05T03:00", "2024-01-06T15:00", "2024-01-07T12:00"], dtype="datetime64[us]"
    )
    incidents = make_incidents(start, np.zeros(3), np.zeros(3))
    clock = hour_of_week(
        incidents, "theft", np.datetime64("2024-01-01T03:00"), np.datetime64("2024-01-15T03:00")
    )
    assert clock.midnight_share == clock.noon_share == pytest.approx(1 / 3)


def test_effects_of_the_calendar_are_found_and_pay_days_last_until_the_day_after():
    days = _days(date(2022, 1, 1), 730)
    free = [day for day in days if (day.month, day.day) in ((1, 1), (7, 9), (12, 25), (5, 1))]
    paid = np.array([day.day in (15, 16) for day in days])
    mean = 50.0 * np.where([day.weekday() == 5 for day in days], 1.5, 1.0)
    mean *= np.where(paid, 1.3, 1.0)
    counts = np.random.default_rng(1).poisson(mean)
    effects, tests = calendar_effects(counts, days, holidays=free, pay_days=(15,))
    found = {effect.name: effect for effect in effects}
    assert found["pay_day"].low < 1.3 < found["pay_day"].high
    assert found["pay_day"].days == paid.sum()
    assert found["saturday"].q_value < 0.001
    assert found["saturday"].ratio / found["monday"].ratio == pytest.approx(1.5, rel=0.05)
    assert tests["weekday"].p_value < 1e-6
    assert tests["month"].p_value > 0.001


def test_months_are_not_estimated_from_one_year():
    days = _days(date(2022, 1, 1), 365)
    effects, tests = calendar_effects(np.full(365, 3), days)
    assert "month" not in tests
    assert "January" not in {effect.name for effect in effects}


def test_a_weekday_without_an_incident_leaves_no_weekday_to_estimate():
    days = _days(date(2022, 1, 1), 500)
    counts = np.random.default_rng(1).poisson(4.0, 500)
    counts[[day.weekday() == 6 for day in days]] = 0
    effects, tests = calendar_effects(counts, days, holidays=[date(2022, 1, 9)])
    assert {effect.kind for effect in effects} == {"month", "recording"}
    assert list(tests) == ["month"]
    assert calendar_effects(np.arange(60) == 3, days[:60]) == ((), {})


def test_noise_has_no_season_and_a_season_is_one():
    rng = np.random.default_rng(1)
    day = np.arange(3 * 365)
    noise = decompose(rng.poisson(20.0, len(day)), rng, replicates=5).strength
    assert noise[7][0] < 0.1
    assert noise[365][0] < 0.05
    season = np.exp(0.4 * np.cos(2 * np.pi * day / 365.25))
    found = decompose(rng.poisson(20.0 * season), rng, replicates=5)
    assert found.strength[365][0] > 0.4
    assert np.ptp(found.trend[100:-100]) < 4
    level = decompose(np.full(60, 3), rng, replicates=3)
    assert level.strength[7] == (0.0, 0.0, 0.0)


def test_the_parts_of_a_series_follow_it():
    days = np.arange(400)
    counts = np.random.default_rng(1).poisson(40 + 20 * (days > 200) + 15 * (days % 7 == 0))
    found = decompose(counts, np.random.default_rng(1), replicates=9)
    assert found.trend[50] < 50 < found.trend[350]
    value, low, high = found.strength[7]
    assert low <= value <= high
    assert value > 0.3


def test_a_shift_is_found_where_it_is():
    counts = np.random.default_rng(1).poisson(np.r_[np.full(60, 20.0), np.full(44, 30.0)])
    found = find_shifts(counts, np.ones(104), np.random.default_rng(1))
    assert len(found.shifts) == 1
    assert abs(found.shifts[0].at - 60) <= 3
    assert found.shifts[0].low < 1.5 < found.shifts[0].high
    known = find_shifts(counts, np.r_[np.full(60, 2.0), np.full(44, 3.0)], np.random.default_rng(1))
    assert known.shifts == ()


def test_a_large_shift_in_a_short_series_is_no_lasting_departure():
    counts = np.array([10, 12, 9, 11, 10, 8, 31, 29, 33, 30, 28, 31])
    assert departures(counts[None], np.ones(12)).carried[0] > 0.5
    found = find_shifts(counts, np.ones(12), np.random.default_rng(1))
    assert (found.carried, [shift.at for shift in found.shifts]) == (0.0, [6])


def test_a_level_that_falls_to_nothing_has_an_interval():
    counts = np.r_[np.random.default_rng(1).poisson(6.0, 40), np.zeros(30, dtype=int)]
    (shift,) = find_shifts(counts, np.ones(70), np.random.default_rng(1)).shifts
    assert (shift.ratio, shift.low) == (0.0, 0.0)
    assert 0 < shift.high < 0.1


def test_counts_are_drawn_with_the_departures_that_are_estimated():
    rng = np.random.default_rng(1)
    mean = np.broadcast_to(12 * (1 + 0.5 * np.sin(np.arange(3000) / 9)), (6, 3000))
    drawn = draw_counts(mean, np.repeat([1.0, 3.0], 3), rng, np.tile([0.0, 0.3, 0.6], 2))
    found = departures(drawn, mean[0])
    np.testing.assert_allclose(found.dispersion, [1, 1, 1, 3, 3, 3], rtol=0.08)
    np.testing.assert_allclose(found.carried, [0, 0.3, 0.6] * 2, atol=0.05)
    np.testing.assert_allclose(drawn.mean(axis=1), 12, rtol=0.05)


def test_estimates_of_departures_vary_as_is_said():
    rng = np.random.default_rng(1)
    found = departures(rng.negative_binomial(100, 0.5, (4000, 80)), np.ones(80))
    assert found.dispersion.std() / 2 == pytest.approx(np.sqrt(3 / 80), rel=0.25)
    drawn = draw_departures(2.0, 0.4, 80, 4000, rng)
    assert drawn.dispersion.std() / 2 == pytest.approx(np.sqrt(3 / 80), rel=0.1)
    assert drawn.carried.std() == pytest.approx(np.sqrt(1.5 / 80), rel=0.1)


def test_a_baseline_keeps_shares_and_the_season_and_knows_what_it_does_not_know():
    years = (np.arange(130) + 0.5) * 7 / 365.25
    season = np.exp(0.5 * np.cos(2 * np.pi * years))
    rng = np.random.default_rng(1)
    areas = rng.poisson(np.outer(season, [5.0, 50.0, 200.0]))
    total = areas.sum(axis=1)
    every = np.column_stack([total, areas])
    found = baseline(every[:104], total[:104], years[:104], years[104:])
    np.testing.assert_allclose(found.expected[:, 1:].sum(axis=1), found.expected[:, 0])
    np.testing.assert_allclose(found.expected[:, 3], 200 * season[104:], rtol=0.1)
    assert (np.diff(found.error) < 0).tolist() == [False, True, True]
    # Of the total, what the regression says of the logarithm of a week, overdispersed.
    fitted = fit_season(total[:104], years[:104])
    long_run = departures(total[None, :104], fitted.expected(years[:104])).long_run[0]
    assert found.error[0] ** 2 == pytest.approx(long_run * fitted.variance(years[104:]).mean())


def test_a_series_without_incidents_has_neither_shift_nor_p_value():
    found = find_shifts(np.zeros(20), np.ones(20), np.random.default_rng(1))
    assert (found.shifts, found.p_value) == ((), None)
    with pytest.raises(DataError):
        find_shifts(np.ones(20), np.zeros(20), np.random.default_rng(1))


def test_the_cheapest_segmentation_is_found_however_many_there_are():
    rng = np.random.default_rng(3)
    y, e = rng.poisson(np.repeat([3.0, 9.0, 2.0], 6)).astype(float), np.ones(18)

    def cost(a, b):
        s = y[a:b].sum()
        return -2 * s * np.log(s / (b - a)) if s else 0.0

    def best(end):  # every segmentation, one after another
        whole = [(cost(0, end), [])]
        for at in range(4, end - 3):
            before, breaks = best(at)
            whole.append((before + 6.0 + cost(at, end), [*breaks, at]))
        return min(whole, key=lambda one: one[0])

    assert pelt(y, e, 6.0) == best(18)[1]


def test_signs_of_recording_need_the_same_time_and_say_which():
    rise = Shift(30, 1.0, 1.4, 1.4, 1.2, 1.6, 40.0)
    late = Shift(36, 1.0, 1.4, 1.4, 1.2, 1.6, 40.0)
    others = {"a": [rise], "b": [rise], "c": [late]}
    assert recording_signs(rise, "a", others, {}) == ()
    (sign,) = recording_signs(rise, "a", {"a": [rise], "b": [rise], "c": [rise]}, {})
    assert sign.code == "all_categories_shifted"
    assert recording_signs(rise, "a", {"a": [rise]}, {"geocoding": [late]}) == ()


def test_the_watch_alarms_at_a_rise_and_says_how_many_false_ones_to_expect():
    rng = np.random.default_rng(1)
    counts = rng.poisson(8.0, (52, 6))
    counts[40:, 2] += 8
    found = weekly_watch(counts, np.full((52, 6), 8.0), rng, run_weeks=500.0, simulations=300)
    assert found.alarm[40:, 2].any()
    assert found.alarm[:, [0, 1, 3, 4, 5]].sum() <= 2
    assert found.false_alarms == pytest.approx(6 * 52 / 500, rel=0.1)
    with pytest.raises(DataError):
        weekly_watch([[1]], [[0.0]], rng)


def test_a_moved_share_is_named_and_a_larger_total_is_not():
    base = np.array([200, 200, 200, 0])
    rng = np.random.default_rng(1)
    same = map_change(base, 2 * base, rng)
    assert not same.changed.any()
    assert np.isnan(same.q_value[3])
    moved = map_change(base, np.array([300, 100, 200, 0]), rng)
    assert moved.changed.tolist() == [1, -1, 0, 0]
    assert moved.direction[:2].tolist() == [1, -1]
    empty = map_change(base, np.zeros(4, dtype=int), rng)
    assert (empty.s_index, empty.test.p_value) == (None, None)


def test_one_place_that_doubles_makes_no_other_fall():
    """Shares sum to one: held against all together, each of the others would fall."""
    base = np.array([400, 150, 90, 300, 210, 60, 120, 80])
    after = base * np.array([2, 1, 1, 1, 1, 1, 1, 1])
    rng = np.random.default_rng(1)
    found = map_change(base, after, rng)
    assert found.changed.tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert found.reference.tolist() == [False] + [True] * 7
    assert found.ratio[0] == 2.0
    # The same with everything twice as much recorded, as by another way of recording.
    assert map_change(base, 2 * after, rng).changed.tolist() == found.changed.tolist()
    steps = np.linspace(1, 2, 24)[:, None] ** np.array([1, 0, 0, 0, 0, 0, 0, 0])
    trend = poisson_trend(rng.poisson(base / 12 * steps), np.arange(24) / 12)
    assert (trend.q_value <= 0.05).tolist() == found.changed.astype(bool).tolist()


def test_two_places_alone_changed_against_one_another_and_three_split_in_half_are_said():
    rng = np.random.default_rng(1)
    assert map_change([200, 200], [400, 200], rng).changed.tolist() == [1, -1]
    gone = map_change([0, 300, 300, 300], [90, 300, 300, 300], rng)
    assert gone.changed.tolist() == [1, 0, 0, 0]
    assert np.isnan(gone.ratio[0])
    with pytest.raises(DataError, match="dispersion"):
        map_change([1, 2], [2, 1], rng, dispersion=0.5)


def test_maps_of_incidents_in_runs_need_more_to_have_changed():
    rng = np.random.default_rng(1)
    base, after = np.array([100, 400, 300, 300]), np.array([145, 400, 300, 300])
    assert map_change(base, after, rng).changed.tolist() == [1, 0, 0, 0]
    wider = map_change(base, after, rng, dispersion=4.0)
    assert not wider.changed.any()
    assert wider.p_value[0] == pytest.approx(
        2 * stats.norm.cdf(stats.norm.ppf(map_change(base, after, rng).p_value[0] / 2) / 2)
    )


def test_a_family_is_adjusted_as_holm_does_and_undefined_tests_are_not_in_it():
    p = np.array([0.01, np.nan, 0.004, 0.03, 0.2])
    np.testing.assert_allclose(family_wise_p(p), [0.03, np.nan, 0.016, 0.06, 0.2])
    assert family_wise_p([]).shape == (0,)


def test_an_area_that_doubles_shifts_alone():
    rng = np.random.default_rng(4)
    mean = np.outer(np.ones(80), [60.0, 12.0, 20.0, 9.0, 15.0, 25.0])
    mean[50:, 0] *= 2
    counts = rng.poisson(mean)
    found = find_area_shifts(counts, rng, simulations=199)
    assert [bool(one.shifts) for one in found.shifts] == [True] + [False] * 5
    assert found.reference.tolist() == [False] + [True] * 5
    (shift,) = found.shifts[0].shifts
    assert abs(shift.at - 50) <= 2
    # Against the others, not against a whole of which it is a part.
    assert shift.low < 2.0 < shift.high
    whole = find_shifts(counts[:, 5], counts.sum(axis=1), rng, simulations=199)
    assert whole.shifts[0].ratio < 0.8
    with pytest.raises(DataError, match="two areas"):
        find_area_shifts(counts[:, :1], rng)


def test_months_are_held_against_weeks_whose_departures_last():
    """A week's level lasts; twelve months of them differ by that alone."""
    rng, days = np.random.default_rng(5), _days(date(2022, 1, 3), 728)
    named = []
    for _ in range(25):
        weeks = draw_counts(np.full((1, 104), 40.0), 2.0, rng, 0.3)[0].astype(int)
        counts = np.concatenate([rng.multinomial(many, np.full(7, 1 / 7)) for many in weeks])
        named.append(calendar_effects(counts, days)[1]["month"].p_value <= 0.05)
    assert np.mean(named) <= 0.2


def test_a_displacement_test_of_nothing_is_undefined():
    found = weighted_displacement_difference((0, 0), (0, 0))
    assert found.test.p_value is None
    with pytest.raises(DataError):
        weighted_displacement_difference((1, -1), (0, 0))
    with pytest.raises(DataError, match="finite"):
        weighted_displacement_difference((1, 1), (0, 0), time_weights=(np.inf, 1))
