"""Patterns of area counts: what is used, what is left out and said, and what is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest
from tests.made_areas import area_counts, codes, outlines, populations

from veedor.areas import Crossing, Offence, SeriesBreak, Unit
from veedor.errors import BrokenSeriesError, DataError
from veedor.incidents import Category
from veedor.patterns.areas import (
    AreaGround,
    AreaPatternSettings,
    Stretch,
    doubted_cells,
    find_area_patterns,
    trend,
)
from veedor.patterns.areas.rates import offence_rates
from veedor.patterns.areas.series import counted_series, series_of

QUICK = AreaPatternSettings(permutations=199, simulations=99)


def noisy(mean: float, spans: int = 72, areas: int = 6, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (spans, areas))


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


# What is used.


def test_cells_are_left_out_for_one_reason_each_in_runs_with_their_spans():
    values = noisy(20.0, 24, 3)
    values[7, 0] = -2
    missing, late = np.zeros((24, 3), bool), np.zeros((24, 3), bool)
    missing[3:6, 0] = True
    late[22:, 0] = True
    looks = np.zeros((24, 1, 3), bool)
    looks[10:12, 0, 0] = True
    ground = AreaGround(
        area_counts(values, missing=missing, provisional=late), looks_unreported=looks
    )
    of_area = counted_series(ground, "o0", Stretch(0, 24, ()))[1]
    assert [(one.why, one.first, one.last, one.spans) for one in of_area.left_out] == [
        ("not_reported", "2014-04", "2014-06", 3),
        ("correction", "2014-08", "2014-08", 1),
        ("looks_unreported", "2014-11", "2014-12", 2),
        ("provisional", "2015-11", "2015-12", 2),
    ]
    assert len(of_area.counts) == 24 - 8
    assert of_area.counts.sum() == values[of_area.at, 0].sum()


def test_provisional_cells_are_used_only_when_asked_for():
    late = np.zeros((24, 2), bool)
    late[20:] = True
    record = area_counts(noisy(9.0, 24, 2), provisional=late)
    assert AreaGround(record).stretch("o0") == Stretch(0, 20, ())
    assert AreaGround(record, provisional=True).stretch("o0") == Stretch(0, 24, ())


def test_all_areas_together_lack_a_span_that_one_did_not_report_and_hold_residual_ones():
    values = noisy(9.0, 24, 3)
    values[4, 1] = -1
    missing = np.zeros((24, 3), bool)
    missing[2, 1] = True
    ground = AreaGround(area_counts(values, missing=missing, residual=(2,)))
    whole, *places = counted_series(ground, "o0", Stretch(0, 24, ()))
    assert [one.area for one in places] == ["01", "02"]
    assert whole.at.tolist() == [0, 1, *range(3, 24)]
    np.testing.assert_array_equal(whole.counts, values.sum(axis=1)[whole.at])


def test_a_mask_of_another_record_and_outlines_of_other_areas_are_refused():
    record = area_counts(noisy(9.0, 24, 2))
    with pytest.raises(DataError, match="cells of the record"):
        AreaGround(record, looks_unreported=np.zeros((24, 2), bool))
    other = area_counts(noisy(9.0, 24, 2))
    named = tuple(replace(area, code=f"X{area.code}") for area in other.areas)
    with pytest.raises(DataError, match="carry the codes"):
        AreaGround(replace(other, areas=named), cells=outlines(2, 2))


# Breaks.

BREAK = SeriesBreak(date(2018, 1, 1), "Counted by another method.", "its publisher", ("o0",))


def test_a_trend_across_a_break_is_refused_by_its_name():
    ground = AreaGround(area_counts(noisy(9.0), breaks=(BREAK,)))
    with pytest.raises(BrokenSeriesError, match=r"another method.*its publisher"):
        series_of(ground, "o0", Stretch(0, 72, ()), rng())


def test_the_longest_stretch_without_a_break_is_described_and_the_break_said():
    record = area_counts(noisy(9.0), breaks=(BREAK,))  # 2014 to 2019
    assert AreaGround(record).stretch("o0") == Stretch(0, 48, ("2018-01-01",))
    found = find_area_patterns(AreaGround(record), ["o0"], QUICK)
    assert (found.offences[0].first, found.offences[0].last) == ("2014-01", "2017-12")
    assert found.offences[0].breaks == ("2018-01-01",)


def test_a_break_inside_of_a_month_spoils_that_month_for_both_sides():
    record = area_counts(noisy(9.0, 48), breaks=(replace(BREAK, day=date(2015, 3, 10)),))
    assert AreaGround(record).stretch("o0") == Stretch(15, 48, ("2015-03-10",))


def test_a_break_outside_of_what_is_used_or_of_another_offence_cuts_nothing():
    for other in (replace(BREAK, offences=("o9",)), replace(BREAK, day=date(2030, 1, 1))):
        assert AreaGround(area_counts(noisy(9.0), breaks=(other,))).stretch("o0") == Stretch(
            0, 72, ()
        )


def test_a_comparable_series_crosses_the_break():
    both = Crossing(Offence("both", "both", Unit.RECORDS), ("o0",), ("o0", "o1"))
    values = np.random.default_rng(3).poisson(9.0, (72, 2, 3))
    record = area_counts(values, breaks=(replace(BREAK, crossings=(both,)),)).crossed()
    ground = AreaGround(record)
    assert ground.stretch("both") == Stretch(0, 72, ())
    assert ground.stretch("o0").breaks == ("2018-01-01",)


# Rates.


def test_a_rate_is_per_people_and_year_over_the_last_year_and_names_its_denominator():
    values = np.full((36, 2), 3)
    ground = AreaGround(area_counts(values), populations([100_000, 50_000]))
    found = offence_rates(ground, "o0", Stretch(0, 36, ()), QUICK, rng())
    assert found is not None
    assert (found.first, found.last, found.spans) == ("2016-01", "2016-12", 12)
    one = found.areas[1]
    assert (one.recorded, one.spans) == (36, 12)
    assert one.rate.value == pytest.approx(72.0, rel=0.003)  # a leap year by 365.25 days
    assert one.rate.low is not None
    assert one.rate.low < 72 < (one.rate.high or 0)
    assert one.rate.denominator.arguments == {
        "source": "census office",
        "vintage": "2013 projections",
    }
    assert one.rate.n == pytest.approx(50_000, rel=0.003)


def test_no_rate_without_population_or_where_less_than_half_was_reported():
    missing = np.zeros((24, 4), bool)
    missing[12:19, 1] = True
    missing[12:18, 2] = True
    people = [1e5, 1e5, 1e5, np.nan]
    ground = AreaGround(area_counts(np.full((24, 4), 5), missing=missing), populations(people))
    found = offence_rates(ground, "o0", Stretch(0, 24, ()), QUICK, rng())
    assert found is not None
    assert [one.rate.value is None for one in found.areas] == [False, True, False, True]
    assert [one.spans for one in found.areas] == [12, 5, 6, 0]
    assert (found.not_reported, found.without_population) == (1, 1)
    assert found.areas[3].rate.method.code == "none_no_rate"
    assert found.areas[2].rate.value == pytest.approx(60.0, rel=0.02)


def test_rates_end_where_populations_do():
    ground = AreaGround(
        area_counts(np.full((36, 2), 3)), populations([1e5, 1e5], range(2010, 2016))
    )
    found = offence_rates(ground, "o0", Stretch(0, 36, ()), QUICK, rng())
    assert found is not None
    assert (found.first, found.last) == ("2015-01", "2015-12")
    assert offence_rates(AreaGround(ground.record), "o0", Stretch(0, 36, ()), QUICK, rng()) is None


def test_places_outside_of_the_funnel_are_told_with_their_direction():
    values = np.full((12, 9), 20) + np.arange(12)[:, None] % 3
    values[:, 0] = 60
    values[:, 1] = 2
    ground = AreaGround(area_counts(values), populations(np.full(9, 1e5)))
    found = offence_rates(ground, "o0", Stretch(0, 12, ()), QUICK, rng())
    assert found is not None
    positions = {one.area: one.position for one in found.areas}
    assert positions["03"] in ("inside", "below")
    assert found.funnel is not None
    assert (positions["01"], positions["02"]) == ("above", "below") or found.funnel.widened


def test_neighbours_that_are_alike_have_a_large_morans_i_and_islands_are_counted():
    values = np.tile(np.repeat([5, 50], 18), (12, 1))  # the upper half of a square of six by six
    ground = AreaGround(area_counts(values), populations(np.full(36, 1e5)), outlines(36, 6))
    found = offence_rates(ground, "o0", Stretch(0, 12, ()), QUICK, rng())
    assert found is not None
    assert found.association is not None
    assert found.association.statistic is not None
    assert found.association.statistic > 0.7
    assert found.association.p_value == pytest.approx(1 / 200)
    assert (found.association_places, found.islands) == (36, 0)


def test_outlines_in_another_order_and_of_some_places_change_no_rate():
    values = np.random.default_rng(2).poisson(np.linspace(4, 40, 9), (24, 9))
    record, people = area_counts(values), populations(np.linspace(1e4, 1e6, 9))
    cells = outlines(9, 3)
    whole, turned = (
        offence_rates(
            AreaGround(record, people, cells.take(order)), "o0", Stretch(0, 24, ()), QUICK, rng()
        )
        for order in (np.arange(9), np.arange(9)[::-1])
    )
    assert whole is not None
    assert turned is not None
    for one, other in zip(whole.areas, turned.areas, strict=True):
        assert one.shrunk_near.value == pytest.approx(other.shrunk_near.value)
    assert whole.association is not None
    assert turned.association is not None
    assert whole.association.statistic == pytest.approx(turned.association.statistic)
    some = offence_rates(
        AreaGround(record, people, cells.take(np.array([0, 1, 8]))),
        "o0", Stretch(0, 24, ()), QUICK, rng(),
    )  # fmt: skip
    assert some is not None
    assert (some.association_places, some.islands) == (3, 1)
    assert [one.shrunk_near.value is None for one in some.areas].count(True) == 6
    assert [one.rate.value for one in some.areas] == [one.rate.value for one in whole.areas]


# Series.


def test_a_rise_is_named_and_a_level_is_not():
    years = np.arange(72) / 12
    values = noisy(30.0)
    values[:, 0] = np.random.default_rng(4).poisson(30 * 1.3**years)
    found = find_area_patterns(AreaGround(area_counts(values)), ["o0"], QUICK).offences[0]
    named = {one.area: one.change.value for one in found.series if (one.trend_q or 1) <= 0.05}
    assert "01" in named
    assert named["01"] == pytest.approx(0.3, abs=0.06)
    assert set(named) <= {None, "01"}  # all together rise with it


def test_a_population_that_grows_as_fast_is_no_rise():
    years = np.arange(72) / 12
    values = np.random.default_rng(4).poisson(30 * 1.2 ** years[:, None], (72, 3))
    people = populations([1e5] * 3, range(2010, 2030))
    grown = np.array(people.years, float)[:, None]
    growing = replace(people, values=1e5 * 1.2 ** (grown - 2014) * np.ones(3))
    alone, held = (
        [one.described(99) for one in series_of(ground, "o0", Stretch(0, 72, ()), rng())]
        for ground in (AreaGround(area_counts(values)), AreaGround(area_counts(values), growing))
    )
    assert not alone[0].per_people
    assert held[0].per_people
    assert (alone[0].change.value or 0) > 0.15
    assert abs(held[0].change.value or 1) < 0.03


def test_what_looks_unreported_is_never_a_fall():
    values = noisy(40.0, areas=4)
    values[40:52, 0] = 1
    looks = np.zeros((72, 1, 4), bool)
    looks[40:52, 0, 0] = True
    record = area_counts(values)
    trusted = find_area_patterns(AreaGround(record), ["o0"], QUICK).offences[0].series[1]
    assert any(shift.change < 0 for shift in trusted.shifts)
    doubted = find_area_patterns(AreaGround(record, looks_unreported=looks), ["o0"], QUICK)
    told = doubted.offences[0].series[1]
    assert told.shifts == ()
    assert [(one.why, one.spans) for one in told.doubted] == [("looks_unreported", 12)]


def test_a_level_that_shifts_across_a_gap_says_so():
    values = noisy(40.0, areas=2)
    values[45:, 0] //= 4
    missing = np.zeros((72, 2), bool)
    missing[40:45, 0] = True
    ground = AreaGround(area_counts(values, missing=missing))
    told = find_area_patterns(ground, ["o0"], QUICK).offences[0].series[1]
    assert [shift.first for shift in told.shifts] == ["2017-10"]
    assert [(one.why, one.first, one.last) for one in told.shifts[0].beside] == [
        ("not_reported", "2017-05", "2017-09")
    ]


def test_too_few_incidents_spans_or_years_have_no_trend_and_no_p_value():
    years = (np.arange(24) + 0.5) / 12
    assert trend(np.repeat([1.0, 0.0], [9, 15]), np.ones(24), years) is None
    assert trend(np.repeat([1.0, 0.0], [10, 14]), np.ones(24), years) is not None
    assert trend(np.full(23, 5.0), np.ones(23), years[:23]) is None
    assert trend(np.full(7, 5.0), np.ones(7), np.arange(7.0)) is None
    assert trend(np.full(8, 5.0), np.ones(8), np.arange(8.0)) is not None


def test_all_incidents_at_one_end_have_a_finite_trend():
    counts = np.zeros(48)
    counts[-1] = 12
    found = trend(counts, np.ones(48), (np.arange(48) + 0.5) / 12)
    assert found is not None
    assert np.isfinite([found.slope, found.error, found.p_value]).all()


def test_one_family_of_all_offences_and_kinds_and_the_same_result_again():
    values = np.random.default_rng(8).poisson(12.0, (60, 2, 9))
    ground = AreaGround(area_counts(values), populations(np.full(9, 1e5)), outlines(9, 3))
    found, again = (find_area_patterns(ground, ["o0", "o1"], QUICK) for _ in range(2))
    assert found.tests == 2 * (1 + 2 * 10)
    assert msgspec.json.encode(found, enc_hook=lambda one: one.tolist()) == msgspec.json.encode(
        again, enc_hook=lambda one: one.tolist()
    )
    asked = [p for one in found.offences for _, p in one.p_values()]
    assert len(asked) == found.tests
    assert found.named == 0


def test_the_order_of_offences_of_a_record_is_the_askers_and_an_unknown_one_is_refused():
    ground = AreaGround(area_counts(np.random.default_rng(8).poisson(12.0, (30, 2, 3))))
    found = find_area_patterns(ground, ["o1", "o0"], QUICK)
    assert [one.code for one in found.offences] == ["o1", "o0"]
    assert found.offences[0].rates is None
    with pytest.raises(DataError, match="at least one"):
        find_area_patterns(ground, [], QUICK)
    with pytest.raises(DataError, match="'o7'"):
        find_area_patterns(ground, ["o7"], QUICK)


def test_years_have_trends_and_no_season():
    values = np.random.default_rng(8).poisson(200 * 1.1 ** np.arange(20)[:, None], (20, 3))
    record = area_counts(values, unit="year", first="2000-01-01")
    found = find_area_patterns(AreaGround(record), ["o0"], QUICK).offences[0]
    assert found.series[1].change.value == pytest.approx(0.1, abs=0.02)
    assert found.last == "2019"


def test_nothing_reported_at_all_is_said_and_tests_nothing():
    values = np.zeros((24, 3), int)
    record = area_counts(values, missing=np.ones((24, 3), bool))
    found = find_area_patterns(AreaGround(record, populations([1e5] * 3)), ["o0"], QUICK)
    assert found.offences[0].first is None
    assert found.offences[0].series == ()
    assert found.offences[0].rates is None
    assert (found.tests, found.named) == (0, 0)
    assert found.areas.codes == codes(3)


def test_a_category_is_the_sum_of_its_codes_and_broken_where_one_of_them_is():
    values = np.random.default_rng(8).poisson(12.0, (72, 2, 3))
    record = area_counts(values, breaks=(BREAK,))
    ground = AreaGround(record, categories=(Category("both", "reported", ("o0", "o1")),))
    found = find_area_patterns(ground, ["both"], QUICK).offences[0]
    assert (found.codes, found.breaks) == (("o0", "o1"), ("2018-01-01",))
    assert found.series[1].recorded == values[:48, :, 0].sum()
    with pytest.raises(BrokenSeriesError):
        series_of(ground, "both", Stretch(0, 72, ()), rng())


def test_gaps_of_the_offences_asked_for_are_doubted_and_level_ones_are_not():
    values = np.random.default_rng(5).poisson(30.0, (72, 2, 4))
    values[20:26, :, 1] = 0
    values[60:, 0, 2] = 15  # half of the level until the end: a fall
    values[60:, 0, 3] = 0  # nothing until the end
    mask = doubted_cells(area_counts(values), ["o0"])
    assert mask.any(axis=0).tolist() == [[False, True, False, True], [False] * 4]
    assert np.flatnonzero(mask[:, 0, 1]).tolist() == list(range(20, 26))
    assert np.flatnonzero(mask[:, 0, 3]).tolist() == list(range(60, 72))


def test_few_years_whose_departures_last_have_a_change_and_no_interval_and_no_small_p():
    level = 3000 * np.exp(0.8 * np.sin(np.arange(12) / 2))
    record = area_counts(np.tile(level[:, None], (1, 3)), unit="year", first="2010-01-01")
    one = find_area_patterns(AreaGround(record), ["o0"], QUICK).offences[0].series[1]
    assert one.change.value is not None
    assert (one.carried or 0) > 0.8
    assert (one.change.low, one.change.high) == (None, None)
    assert (one.trend_p or 0) > 0.1


def test_all_areas_together_lack_nothing_for_one_that_hardly_records():
    values = noisy(150.0, 24, 3)
    values[:, 2] = 1
    missing = np.zeros((24, 3), bool)
    missing[2, 2] = missing[4, 1] = True
    ground = AreaGround(area_counts(values, missing=missing))
    whole = counted_series(ground, "o0", Stretch(0, 24, ()))[0]
    assert [(one.first, one.why) for one in whole.left_out] == [("2014-05", "not_reported")]
