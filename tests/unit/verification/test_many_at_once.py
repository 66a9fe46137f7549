"""What is scored for many trials at once is what each trial alone gives."""

from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasts import CountDistribution, Forecast
from veedor.spacetime import Counts, Length, Periods
from veedor.verification import (
    SCORES,
    Ask,
    Questions,
    Trial,
    captured_by,
    examine,
    examine_each,
)

MONDAY = np.datetime64("2024-01-01T03:00", "us")
ZONE = "America/Argentina/Buenos_Aires"


def trial(cells, weeks, seed):
    rng = np.random.default_rng(seed)
    periods = Periods.stepping(MONDAY, Length(1, "week"), 0, weeks, ZONE)
    made = {
        name: [
            Forecast(
                CountDistribution(rng.gamma(2.0, 1.0, (weeks, len(cells))), 0.2),
                cells, periods, "theft", name, "1", MONDAY, MONDAY,
            )
        ]
        for name in ("ours", "theirs")
    }  # fmt: skip
    none = np.zeros(weeks, dtype=np.int64)
    seen = Counts(rng.poisson(2.0, (weeks, len(cells))), none, none, "theft", periods.edges[-1])
    return Trial.of(made, [seen], reference="theirs", time_zone=ZONE)


@pytest.mark.parametrize("shapes", [[(3, 2)] * 3, [(3, 2), (4, 1), (1, 1)]])
def test_scores_of_many_trials_are_those_of_each(grid, shapes):
    trials = [trial(grid(*shape), 1 + at, at) for at, shape in enumerate(shapes)]
    asked = Questions(scores=tuple(SCORES), ask=Ask.NOTHING_MORE)
    together = examine_each(trials, [asked] * len(trials), [5] * len(trials))
    for one, found in zip(trials, together, strict=True):
        alone = examine(one, asked, seed=5)
        for name in ("ours", "theirs"):
            assert found.of(name).scores == alone.of(name).scores
            for score, definition in SCORES.items():
                plain = definition.function(one.forecasts[name].cells, one.observed).mean()
                assert found.of(name).scores[score].value == pytest.approx(plain)


@pytest.mark.parametrize("weeks", [1, 9])
def test_capture_rates_alone_are_those_of_the_table(grid, weeks):
    one, fractions = trial(grid(4, 3), weeks, 3), (0.05, 0.2, 1.0)
    table = examine(one, Questions(ask=Ask.CAPTURE, area_fractions=fractions), seed=5)
    for name in ("ours", "theirs"):
        rows = [row for row in table.places.captured if row.ranking == name]
        assert captured_by(one, name, fractions, 5) == tuple(row.capture_rate for row in rows)
    assert (rows[0].capture_rate.low is None) == (weeks == 1)
    with pytest.raises(ValueError, match="shares of the area"):
        captured_by(one, "ours", (0.0,), 5)


def test_a_single_period_is_one_week(grid):
    one = trial(grid(2, 1), 1, 0)
    later = replace(one, start=one.start + np.timedelta64(3, "D"))
    assert one.weeks.tolist() == later.weeks.tolist() == [0]
    assert trial(grid(2, 1), 3, 0).weeks.tolist() == [0, 1, 2]
