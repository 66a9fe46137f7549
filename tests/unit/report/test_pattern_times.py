"""What the page says of level shifts and of the watch."""

import pytest

from veedor.patterns import Changes, Watched
from veedor.report.words import words_in
from veedor.report.words.pattern_sections import changes


@pytest.mark.parametrize(("weeks_before", "warned"), [(26, True), (51, True), (52, False)])
def test_a_watch_that_cannot_know_a_season_says_so(weeks_before, warned):
    watch = Watched(
        weeks=("2022-07-03",) * 26,
        baseline_weeks=weeks_before,
        series=18,
        ratio=1.5,
        run_weeks=520.0,
        false_alarms_expected=0.9,
        alarms=10,
        p_value=0.5,
        by_chance_at_most=3.0,
        each=(),
    )
    found = Changes((), not warned, (), (), (), 5000.0)
    told = " ".join(changes(words_in("en"), found, watch))
    assert "alarmed 10 times" in told
    assert "0.9 false alarms are expected in these weeks" in told
    assert (f"only the {weeks_before} weeks before" in told) == warned
