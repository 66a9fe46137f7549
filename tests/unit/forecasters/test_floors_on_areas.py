"""What forecasters make of counts by area: floors by hand, lateness as a lead, months as pieces."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.made_areas import at, counts_of, edition, months, outlines, record_of

from veedor.errors import DataError, StudyError, TooLittleDataError
from veedor.forecasters import (
    DEFAULT_FORECASTERS_OF_COUNTS,
    AreaTotals,
    PriorCounts,
    RecentMean,
    SeasonalNaive,
    ShrunkenMean,
    Task,
    make_forecaster,
)
from veedor.forecasters.shrinkage import best_strength
from veedor.spacetime import Length, Periods

MONTH = Length(1, "month")


def task(values, published, *, areas=4, length=MONTH, **more):
    """Offence `a` in all places of one edition, known at the end of the day of its publication."""
    made = record_of(counts_of(edition(values, published), **more))
    return Task(made, "a", outlines(areas), length)


def numbers(spans, areas=4, seed=0, mean=6.0):
    return np.random.default_rng(seed).poisson(mean, (spans, 1, areas + 1))


# 36 months from January 2018; published 50 days late.
LATE = task(numbers(36), "2021-02-19")


def with_half(row, half=0.5):
    return (row + half) / (row + half).sum() * (row.sum() + half)


def hours(*names):
    return np.array([months(name, 1).hours[0] for name in names])


def test_the_same_month_last_year_by_hand():
    made = SeasonalNaive().fit(LATE).predict(months("2021-03", 2))
    past = LATE.counts.values
    for row, month, then in ((0, 26, "2020-03"), (1, 27, "2020-04")):
        ahead = f"2021-0{row + 3}"
        part = hours(then)[0] / LATE.periods.hours.sum()
        expected = with_half(past[month], 0.5 * part) * hours(ahead)[0] / hours(then)[0]
        np.testing.assert_allclose(made.mean[row], expected)
    assert made.data_cutoff == made.issued_at == at("2021-02-20")
    assert made.parameters["behind_days_"] == 50.0


def test_a_month_that_was_not_out_is_passed_over_for_the_year_before():
    # January 2022 is a year after January 2021, which was not out.
    made = SeasonalNaive().fit(LATE).predict(months("2022-01", 1))
    part = hours("2020-01")[0] / LATE.periods.hours.sum()
    then = with_half(LATE.counts.values[24], 0.5 * part)
    np.testing.assert_allclose(made.mean[0], then * hours("2022-01")[0] / hours("2020-01")[0])


def test_a_record_of_less_than_a_year_has_no_month_last_year():
    short = task(numbers(10), "2018-11-05")
    with pytest.raises(TooLittleDataError, match="reaches back"):
        SeasonalNaive().fit(short).predict(months("2018-12", 1))


def test_the_mean_of_the_last_months_by_hand():
    made = RecentMean(periods=3).fit(LATE).predict(months("2021-03", 1))
    past = LATE.counts.values[33:].sum(axis=0)
    span = hours("2020-10", "2020-11", "2020-12").sum()
    np.testing.assert_allclose(made.mean[0], with_half(past) * hours("2021-03")[0] / span)


def test_a_mean_of_more_months_than_there_are_takes_what_there_is():
    one, other = (
        RecentMean(periods=n).fit(LATE).predict(months("2021-03", 1)).mean for n in (36, 500)
    )
    assert one.tobytes() == other.tobytes()
    with pytest.raises(StudyError, match="periods"):
        RecentMean(periods=0).fit(LATE)


def test_the_shrunken_mean_by_hand_and_at_its_ends():
    past = LATE.counts.values[24:].sum(axis=0).astype(float)
    m = np.full(4, (past.sum() + 0.5) / 4)
    phi, _ = best_strength(past, m)
    made = ShrunkenMean().fit(LATE).predict(months("2021-03", 1)).mean[0]
    span = 366 * 24.0
    np.testing.assert_allclose(made, (phi + past) / (phi / m + 1) * hours("2021-03")[0] / span)
    unlike = numbers(36) * np.array([1, 100, 1, 100, 1])
    own = RecentMean().fit(task(unlike, "2021-02-19")).predict(months("2021-03", 1)).mean[0]
    shrunk = ShrunkenMean().fit(task(unlike, "2021-02-19")).predict(months("2021-03", 1)).mean[0]
    np.testing.assert_allclose(shrunk, own, rtol=0.02)


def test_a_record_further_behind_has_a_wider_forecast():
    # A level that wanders: what is known longer ago says less of what comes.
    rng = np.random.default_rng(5)
    level = np.exp(np.cumsum(rng.normal(0.0, 0.12, 120)))[:, None, None]
    walk = rng.poisson(40.0 * level * np.ones((120, 1, 21)))
    soon, late = (task(walk, day, areas=20) for day in ("2028-01-01", "2028-12-20"))
    found = [RecentMean(3).fit(one).dispersion_quadratic_ for one in (soon, late)]
    assert found[1] > 1.5 * found[0]


@pytest.mark.parametrize("name", DEFAULT_FORECASTERS_OF_COUNTS)
def test_all_forecasters_of_counts_run_on_areas(name):
    made = make_forecaster(name).fit(LATE).predict(months("2021-03", 3))
    assert made.mean.shape == (3, 4)
    assert bool(np.all(np.isfinite(made.mean) & (made.mean > 0.0)))
    json.dumps(made.parameters, allow_nan=False)
    # Some six a month and place: nobody is far from that.
    assert bool(np.all((made.mean > 2.0) & (made.mean < 15.0)))
    assert made.data_cutoff == at("2021-02-20")


@pytest.mark.parametrize("name", DEFAULT_FORECASTERS_OF_COUNTS)
def test_an_edition_after_the_cut_off_changes_no_forecast(name):
    early, values = edition(numbers(48), "2021-02-19", 36), numbers(48, seed=9)
    areas = (counts_of(early), counts_of(early, edition(values, "2021-03-19", 37)))
    made = []
    for one in areas:
        cut = record_of(one).until(at("2021-02-20"))
        asked = Task(cut, "a", outlines(4), MONTH)
        made.append(make_forecaster(name).fit(asked).predict(months("2021-03", 1)))
    assert made[0].mean.tobytes() == made[1].mean.tobytes()
    assert made[0].distribution.dispersion.tobytes() == made[1].distribution.dispersion.tobytes()


def test_months_have_a_season_and_neither_weekdays_nor_holidays():
    month = np.arange(96)
    season = 1.0 + 0.5 * np.cos(2 * np.pi * month / 12)
    values = np.random.default_rng(3).poisson(50.0 * season[:, None, None] * np.ones((96, 1, 5)))
    totals = AreaTotals.of(task(values, "2026-01-10"))
    assert totals.seasonal
    ahead = totals.predict(months("2026-02", 12))
    expected = 200.0 * np.roll(season[:12], -1)
    assert float(np.abs(ahead / expected - 1.0).max()) < 0.15


def test_years_are_counted_by_years():
    values = numbers(12, mean=30.0)
    years = task(values, "2030-05-10", length=Length(12, "month"), unit="year")
    assert len(years.periods) == 12
    totals = AreaTotals.of(years)
    assert not totals.seasonal
    ahead = Periods(np.array([at("2031-01-01"), at("2032-01-01")]), years.record.zone)
    for one in (PriorCounts(), RecentMean(3), SeasonalNaive(), ShrunkenMean(3)):
        made = one.fit(years).predict(ahead)
        assert bool(np.all((made.mean > 10.0) & (made.mean < 60.0)))


def test_periods_that_the_counts_cannot_be_cut_into_are_refused():
    with pytest.raises(DataError, match="whole spans"):
        PriorCounts().fit(replace(LATE, length=Length(1, "week")))


def test_last_year_of_weeks_begins_on_the_same_weekday(grid, recorded):
    rate = np.random.default_rng(0).gamma(2.0, 2.0, 6)
    weeks = recorded(2, grid(3, 2), {"theft": rate}, 60)
    ahead = Periods.stepping(weeks.cutoff, weeks.length, 0, 1, weeks.record.zone)
    made = SeasonalNaive().fit(weeks).predict(ahead)
    np.testing.assert_allclose(made.mean[0], with_half(weeks.counts.values[-52], 0.5 / 60))
