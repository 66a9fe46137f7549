"""What the page says of level shifts and of the watch."""

import pytest

from veedor.report.pattern_times import changes


@pytest.mark.parametrize(("weeks_before", "warned"), [(26, True), (51, True), (52, False)])
def test_a_watch_that_cannot_know_a_season_says_so(weeks_before, warned):
    watch = {
        "weeks": ["2022-07-03"] * 26,
        "series": 18,
        "alarms": 10,
        "false_alarms_expected": 0.9,
        "run_weeks": 520.0,
        "baseline_weeks": weeks_before,
        "by_chance_at_most": 3.0,
    }
    found = {"categories": [], "areas": [], "area_m": 5000.0, "seasonal": not warned}
    (section,) = changes({"changes": found, "watch": watch})
    told = " ".join(section.sentences)
    assert "alarmed 10 times" in told
    assert "0.9 false alarms are expected in these weeks" in told
    assert (f"only the {weeks_before} weeks before" in told) == warned
