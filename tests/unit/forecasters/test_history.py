import pickle

import numpy as np
import pytest

from veedor.errors import LeakageError, StudyError
from veedor.forecasters import History
from veedor.forecasters.history import known_at
from veedor.spacetime import Length

DAY = np.timedelta64(1, "D")
START = np.datetime64("2024-01-01T03:00", "us")


def days(*values):
    return START + np.array(values, dtype="timedelta64[D]")


@pytest.fixture
def history(grid, make_incidents):
    incidents = make_incidents(
        days(1, 2, 3, 20),
        np.full(4, 10.0),
        np.full(4, 10.0),
        end=days(1, 9, 3, 20),
        reported_at=np.array([days(1)[0], days(9)[0], days(12)[0], np.datetime64("NaT")]),
    )
    return History.of(
        incidents,
        grid(2, 2),
        category="theft",
        length=Length(1, "day"),
        cutoff=START + 30 * DAY,
        begins=START,
    )


def test_records_entered_late_are_not_seen_early(history):
    assert len(history.until(START + 5 * DAY).incidents) == 1
    assert len(history.until(START + 9 * DAY).incidents) == 2
    assert len(history.until(START + 12 * DAY).incidents) == 3


def test_without_a_report_an_incident_is_known_when_it_ended(history):
    assert (known_at(history.incidents) == days(1, 9, 12, 20)).all()


def test_a_cut_history_cannot_be_widened(history):
    cut = history.until(START + 5 * DAY)
    with pytest.raises(LeakageError, match="only be cut earlier"):
        cut.until(START + 6 * DAY)


def test_whole_periods_end_at_the_cut_off_and_begin_with_the_record(history):
    periods = history.until(START + 5 * DAY + np.timedelta64(1, "h")).periods
    assert len(periods) == 5
    assert periods.edges[0] == START + np.timedelta64(1, "h")
    assert history.until(START + 5 * DAY).counts.values.sum() == 1


def test_less_than_one_period_is_an_error_that_says_so(history):
    with pytest.raises(StudyError, match="at least one whole period"):
        _ = history.until(START + DAY // 2).periods


def test_an_ancient_incident_does_not_make_a_million_periods(history, make_incidents, grid):
    incidents = make_incidents(np.array(["1906-01-01"], dtype="M8[us]"), [1.0], [1.0])
    old = History.of(incidents, grid(1, 1), category="theft", length=Length(1, "day"), cutoff=START)
    with pytest.raises(StudyError, match="history_from"):
        _ = old.periods


def test_the_same_cut_is_made_once_and_is_not_pickled(history):
    first = history.until(START + 5 * DAY)
    assert history.until(START + 5 * DAY) is first
    assert history.of_category("theft").until(START + 5 * DAY) is not first
    again = pickle.loads(pickle.dumps(history))
    assert "_cuts" not in vars(again)
    assert again.until(START + 5 * DAY).incidents.id.tolist() == first.incidents.id.tolist()
