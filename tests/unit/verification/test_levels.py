"""Scores at every level and vintage: sums as their makers tie them, gaps left out and counted."""

import numpy as np
import pytest
from tests.made_areas import ZONE, codes, counts_of, edition, months, outlines

from veedor.errors import SameGroundError
from veedor.forecasts import CountDistribution, Forecast, area_layers
from veedor.forecasts.sums import sums_of
from veedor.record import CountedOutcomes
from veedor.spacetime import Counts
from veedor.verification import AtLevel, Trial, crps, log_score, score_levels

AREAS = counts_of(edition(np.ones((3, 1, 7), dtype=np.int64), "2018-05-01"), level=True)
LAYERS = area_layers(AREAS, codes(6), "a")
PERIODS = months("2024-01", 24)
RATE = np.array([0.2, 1.0, 3.0, 8.0, 20.0, 60.0])


def forecast(name, mean, alpha=0.1, total=0.05):
    return Forecast(
        distribution=CountDistribution(np.tile(mean, (24, 1)), alpha),
        cells=outlines(6),
        periods=PERIODS,
        category="a",
        forecaster=name,
        version="1",
        data_cutoff=PERIODS.edges[0],
        issued_at=PERIODS.edges[0],
        total_dispersion=total,
    )


RIGHT, WRONG = forecast("right", RATE), forecast("wrong", 1.5 * RATE)
DRAWN = np.random.default_rng(0).poisson(RATE * np.random.default_rng(1).gamma(10.0, 0.1, (24, 6)))
ALL_TOLD = np.ones((24, 6), dtype=bool)


def trial(**made):
    none = np.zeros(24, dtype=np.int64)
    recorded = Counts(np.zeros((24, 6), dtype=np.int64), none, none, "a", PERIODS.edges[-1])
    made = made or {"wrong": [WRONG], "right": [RIGHT]}
    return Trial.of(made, [recorded], reference=next(iter(made)), time_zone=ZONE)


def at(scores, level, vintage="latest"):
    return next(one for one in scores if (one.level, one.vintage) == (level, vintage))


def test_cells_and_sums_are_scored_by_what_the_forecast_says_of_each():
    found = score_levels(trial(), LAYERS, {"latest": CountedOutcomes(DRAWN, ALL_TOLD)})
    assert [(one.level, one.groups) for one in found] == [("cells", 6), ("half", 2), ("all", 1)]
    right = at(found, "cells").of("right")
    assert right.scores["log_score"].value == pytest.approx(
        log_score(RIGHT.distribution, DRAWN).mean()
    )
    assert right.scores["crps"].value == pytest.approx(crps(RIGHT.distribution, DRAWN).mean())
    halves = sums_of(RIGHT.distribution[0], LAYERS[0].of, 2, 0.05)
    expected = log_score(halves, LAYERS[0].sums(DRAWN)).mean()
    assert at(found, "half").of("right").scores["log_score"].value == pytest.approx(expected)
    total = CountDistribution(np.array([RATE.sum()]), 0.05)
    expected = log_score(total, DRAWN.sum(axis=1)[:, None]).mean()
    assert at(found, "all").of("right").scores["log_score"].value == pytest.approx(expected)
    assert at(found, "all").scored == 24


def test_the_gain_is_the_difference_of_log_scores_by_the_same_draws():
    found = score_levels(trial(), LAYERS, {"latest": CountedOutcomes(DRAWN, ALL_TOLD)})
    for level in ("cells", "half", "all"):
        wrong, right = at(found, level).forecasters
        assert (wrong.forecaster, wrong.gain) == ("wrong", None)
        assert right.gain.value == pytest.approx(
            wrong.scores["log_score"].value - right.scores["log_score"].value
        )
        assert 0.0 < right.gain.low < right.gain.value < right.gain.high
        assert right.gain.method.arguments == {"blocks": 8}
        width = wrong.scores["log_score"].high - wrong.scores["log_score"].low
        assert right.gain.high - right.gain.low < 2.0 * width
    again = score_levels(trial(), LAYERS, {"latest": CountedOutcomes(DRAWN, ALL_TOLD)})
    assert again == found


def test_a_sum_of_which_one_area_was_not_reported_is_left_out_and_counted():
    told = ALL_TOLD.copy()
    told[3, 0] = told[3, 1] = told[7, 5] = False
    values = np.where(told, DRAWN, 0)
    found = score_levels(trial(), LAYERS, {"latest": CountedOutcomes(values, told)})
    counted = [(one.level, one.scored, one.not_reported) for one in found]
    assert counted == [("cells", 141, 3), ("half", 46, 2), ("all", 22, 2)]
    expected = log_score(RIGHT.distribution, values)[told].mean()
    cell = at(found, "cells").of("right").scores["log_score"]
    assert cell.value == pytest.approx(expected)
    assert cell.n == 141
    # What stands where nothing was reported plays no part.
    other = np.where(told, DRAWN, 9_999)
    assert score_levels(trial(), LAYERS, {"latest": CountedOutcomes(other, told)}) == found


def test_vintages_stand_apart():
    first = np.maximum(DRAWN - 1, 0)
    found = score_levels(
        trial(),
        LAYERS,
        {"first": CountedOutcomes(first, ALL_TOLD), "latest": CountedOutcomes(DRAWN, ALL_TOLD)},
    )
    assert [one.vintage for one in found] == ["first"] * 3 + ["latest"] * 3
    alone = score_levels(trial(), LAYERS, {"latest": CountedOutcomes(DRAWN, ALL_TOLD)})
    assert found[3:] == alone
    value = at(found, "cells", "first").of("right").scores["log_score"].value
    assert value == pytest.approx(log_score(RIGHT.distribution, first).mean())


def test_the_pit_is_flat_where_calibrated_and_not_where_too_certain():
    sure = forecast("sure", RATE, alpha=0.0)
    rng = np.random.default_rng(2)
    drawn = rng.poisson(RATE * rng.gamma(10.0, 0.1, (24, 6)))
    found = score_levels(
        trial(right=[RIGHT], sure=[sure]), [], {"latest": CountedOutcomes(drawn, ALL_TOLD)}
    )
    right, certain = (one.calibration for one in found[0].forecasters)
    assert list(right) == list(certain) == ["log_score", "crps", "dawid_sebastiani"]
    assert all(one.p_value > 0.001 for one in right.values())
    assert certain["dawid_sebastiani"].statistic > 5.0
    right, certain = (np.array(one.pit) for one in found[0].forecasters)
    assert right.mean() == pytest.approx(1.0)
    assert certain[[0, -1]].sum() > right[[0, -1]].sum()


def test_nothing_reported_is_undefined_and_not_zero():
    found = score_levels(trial(), LAYERS, {"first": CountedOutcomes(0 * DRAWN, ~ALL_TOLD)})
    for one in found:
        assert one.scored == 0
        right = one.of("right")
        assert right.scores["log_score"].value is None
        assert right.gain.value is None
        assert right.pit == ()
        assert right.calibration == {}


def test_outcomes_of_other_periods_are_refused():
    with pytest.raises(SameGroundError, match=r"\(23, 6\)"):
        score_levels(trial(), [], {"latest": CountedOutcomes(DRAWN[1:], ALL_TOLD[1:])})


def test_a_maker_that_states_no_total_has_independent_cells():
    loose = forecast("loose", RATE, total=None)
    level = AtLevel.of(trial(loose=[loose]), LAYERS[0])
    alone = sums_of(loose.distribution[0], LAYERS[0].of, 2)
    np.testing.assert_allclose(level.forecasts["loose"].dispersion[0], alone.dispersion)
