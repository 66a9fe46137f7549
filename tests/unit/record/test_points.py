import pickle
from dataclasses import replace

import numpy as np
import pytest

from veedor.errors import LeakageError, StudyError, TooLittleDataError
from veedor.forecasters import Task
from veedor.incidents import Incidents
from veedor.record import Covered, Points, known_at, known_by, last_known
from veedor.spacetime import Cells, Length

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
    return Task(
        Points.of(incidents, cutoff=START + 30 * DAY, begins=START),
        "theft",
        grid(2, 2),
        Length(1, "day"),
    )


def test_records_entered_late_are_not_seen_early(history):
    assert len(history.until(START + 5 * DAY).points.incidents) == 1
    assert len(history.until(START + 9 * DAY).points.incidents) == 2
    assert len(history.until(START + 12 * DAY).points.incidents) == 3


def test_without_a_report_an_incident_is_known_when_it_ended(history):
    assert (known_at(history.points.incidents) == days(1, 9, 12, 20)).all()


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
    old = Task(Points.of(incidents, cutoff=START), "theft", grid(1, 1), Length(1, "day"))
    with pytest.raises(StudyError, match="history_from"):
        _ = old.periods


@pytest.mark.parametrize("entered", [True, False])
def test_who_was_known_by_when_is_as_each_was_known_at(history, entered):
    incidents = history.points.incidents
    late = incidents.reported_at.copy()
    late[0] = np.datetime64("NaT")
    incidents = replace(incidents, reported_at=late if entered else None)
    known = known_at(incidents)
    assert last_known(incidents) == known.max()
    for cutoff in (known.min() - 1, *known):
        assert (known_by(incidents, cutoff) == (known <= cutoff)).all()
    assert last_known(incidents.take(np.arange(0))) is None
    assert last_known(replace(incidents, reported_at=np.full(4, "NaT", "M8[us]"))) == (
        incidents.end.max()
    )


def test_a_record_that_is_known_as_a_whole_is_not_copied(history):
    incidents = history.points.incidents
    last = last_known(incidents)
    assert Points.of(incidents, cutoff=last).incidents is incidents
    assert len(Points.of(incidents, cutoff=last - 1).incidents) < len(incidents)


def test_a_record_holds_nothing_that_was_known_later(history):
    with pytest.raises(LeakageError, match="2 incidents known later"):
        Points(history.points.incidents, Covered(START, days(10)[0], days(10)[0]))


def test_what_was_located_once_is_taken_along_by_every_cut(history, monkeypatch):
    located = []
    plain = Cells.locate
    monkeypatch.setattr(
        Cells, "locate", lambda self, x, y: located.append(len(x)) or plain(self, x, y)
    )
    first = history.until(days(12)[0])
    assert first.points.cell_of(history.cells).tolist() == [0, 0, 0]
    assert history.points.cell_of(history.cells).tolist() == [0] * 4
    assert history.until(days(9)[0]).points.cell_of(history.cells).tolist() == [0, 0]
    assert located == [4]


def test_a_cut_is_made_once_and_one_of_a_cut_is_one_of_the_record(history, monkeypatch):
    taken = []
    plain = Incidents.take
    monkeypatch.setattr(
        Incidents, "take", lambda self, rows: taken.append(len(rows)) or plain(self, rows)
    )
    first = history.until(days(12)[0])
    again = replace(history, category="theft").until(days(12)[0])
    assert again.points.incidents is first.points.incidents
    assert first.until(days(9)[0]).points.incidents is history.until(days(9)[0]).points.incidents
    assert taken == [3, 2]


def test_a_record_made_anew_knows_nothing_and_says_the_same(history):
    counts = history.counts
    assert history.counts is counts
    others = (
        pickle.loads(pickle.dumps(history)),
        replace(history, record=replace(history.record)),
    )
    for other in others:
        assert len(other.record.memo) == 0
        assert other.asked == history.asked
        assert other.counts.values.tobytes() == counts.values.tobytes()


def test_a_later_beginning_is_another_question(history):
    later = replace(history, record=history.record.since(days(15)[0]))
    assert history.counts.total == 4
    assert later.counts.total == 1
    assert len(later.periods) == 15
    assert later.record.memo is history.record.memo


def test_totals_are_the_counts_of_all_cells(history):
    counts = history.counts_in(history.periods).values.sum(axis=1)
    totals = history.record.totals("theft", history.periods, history.cells)
    assert totals.tolist() == counts.tolist()


def test_what_looks_at_single_incidents_says_that_there_are_none(history):
    class CountsOnly:
        covered = history.record.covered

    with pytest.raises(TooLittleDataError, match="single incidents"):
        _ = replace(history, record=CountsOnly()).points


def test_cells_are_known_by_what_they_are(grid):
    cells = grid(3, 2)
    assert cells.digest == grid(3, 2).digest
    turned = cells.take(np.arange(6)[::-1])
    assert len({cells.digest, turned.digest, grid(2, 3).digest, grid(3, 2, 400.0).digest}) == 4


def test_cells_may_be_given_instead_of_found(history):
    counts = history.counts
    other = history.record.assigned(history.cells, np.array([3, 3, -1, 2], dtype=np.int32))
    given = replace(history, record=other)
    assert given.counts.values.sum(axis=0).tolist() == [0, 0, 1, 2]
    assert given.until(days(9)[0]).counts.values.sum(axis=0).tolist() == [0, 0, 0, 2]
    assert history.counts is counts
