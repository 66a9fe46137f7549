"""Many logs on one board: counts that add up, and one family of all gains."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from veedor.sealing import Terms, findings, rounds_of, scoreboard, seal, verify
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.verification import Judged


def _judged(p_value: float, value: float = 0.1) -> Judged:
    estimate = Estimate(
        value, 0.01, 0.2, 0.95, Method("expanded_percentile"), 50, Denominator("incidents_in_cells")
    )
    return Judged(estimate, 0.01, 0.2, 0.05, 20, 0.04, 0.04, p_value)


def _with(rounds, p_value):
    return tuple(
        one if one.gain is None else msgspec.structs.replace(one, gain=_judged(p_value))
        for one in rounds
    )


def test_what_was_promised_adds_up(kept_log, time):
    found = findings(verify(kept_log))
    (rows,) = scoreboard([rounds_of(found)])
    assert sum(row.promised for row in rows) == len(found.promises)
    for row in rows:
        assert row.promised == row.late + row.scored + row.never_scored + row.not_due
    assert [row.forecaster for row in rows] == sorted(row.forecaster for row in rows)


def test_a_row_says_what_the_log_says_of_itself_when_it_is_alone(kept_log, time):
    found = findings(verify(kept_log))
    (rows,) = scoreboard([rounds_of(found)])
    assert [row.gain for row in rows if row.gain] == [one.gain for one in found.together]


def test_more_logs_of_anyone_make_each_harder_to_call(kept_log, time):
    rounds = rounds_of(findings(verify(kept_log)))
    alone = scoreboard([_with(rounds, 0.02)])
    beside = scoreboard([_with(rounds, 0.02), _with(rounds, 0.5), _with(rounds, 0.9)])

    def gain(board):
        return next(row.gain for row in board[0] if row.gain)

    assert gain(alone).verdict == "better"
    assert gain(beside).verdict == "not_shown"
    assert gain(beside).p_adjusted == pytest.approx(0.06)  # Holm: 3 x 0.02
    assert gain(beside).comparisons == 3


def test_a_promise_is_overdue_from_the_instant_on_which_it_is_due(
    tmp_path, forecast, log_key, time
):
    log = tmp_path / "log"
    seal([forecast("Tilted", 0)], log, log_key, terms=Terms(promised_by="the city"))
    rounds = rounds_of(findings(verify(log)))
    due = np.datetime64(rounds[0].due[0][:-1], "us")
    for at, never in ((due - np.timedelta64(1, "us"), 0), (due, 1)):
        time.at = at
        ((row,),) = scoreboard([rounds])
        assert (row.never_scored, row.not_due) == (never, 1 - never)


def test_promises_beside_one_another_are_counted(tmp_path, forecast, log_key, time):
    log = tmp_path / "log"
    first = forecast("Tilted", 0)
    seal([first], log, log_key, terms=Terms(promised_by="the city"))
    forecast("Tilted", 0, tilt=0.5)
    seal([first], log, log_key, terms=Terms(promised_by="the city"))
    ((row,),) = scoreboard([rounds_of(findings(verify(log)))])
    assert (row.promised, row.beside) == (2, 1)


def test_what_was_kept_is_read_back(kept_log, time):
    from veedor.sealing import Rounds

    rounds = rounds_of(findings(verify(kept_log)))
    assert msgspec.convert(msgspec.to_builtins(rounds), tuple[Rounds, ...]) == rounds
