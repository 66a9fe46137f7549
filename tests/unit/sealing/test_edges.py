"""When a promise is in time, and when it falls due: to the microsecond."""

import numpy as np
import pytest

from veedor.errors import SealError
from veedor.sealing import Terms, findings, score, seal, verify

from .conftest import CUTOFF, FIRST, WEEK

TICK = np.timedelta64(1, "us")


@pytest.mark.parametrize(("at", "begun"), [(FIRST - TICK, False), (FIRST, True)])
def test_a_forecast_is_in_time_until_its_first_period_begins(
    tmp_path, time, forecast, log_key, at, begun
):
    time.at = at
    file = forecast("Tilted")
    if begun:
        with pytest.raises(SealError, match="before its first period begins"):
            seal([file], tmp_path / "log", log_key)
    seal([file], tmp_path / "log", log_key, late=True)
    (promise,) = verify(tmp_path / "log").promises.values()
    assert promise.late == begun  # what is sealed in time is not called late, though it might be


@pytest.mark.parametrize(("at", "future"), [(CUTOFF, False), (CUTOFF - TICK, True)])
def test_data_end_by_the_time_of_the_promise(tmp_path, time, forecast, log_key, at, future):
    time.at = at
    file = forecast("Tilted")
    if not future:
        assert seal([file], tmp_path / "log", log_key).entries
        return
    with pytest.raises(SealError, match="data from the future"):
        seal([file], tmp_path / "log", log_key)


@pytest.mark.parametrize("days", [0, 3])
def test_a_promise_falls_due_when_its_last_period_and_the_days_to_wait_are_over(
    tmp_path, time, forecast, log_key, incidents, days
):
    log, due = tmp_path / "log", FIRST + WEEK + np.timedelta64(days, "D")
    seal([forecast("Tilted")], log, log_key, terms=Terms(wait_days=days))
    recorded = incidents(due)
    time.at = due - TICK
    (waiting,) = score(log, log_key, recorded).waiting
    assert not waiting.due
    assert findings(verify(log)).promises[0].state == "not_due"
    time.at = due
    assert findings(verify(log)).promises[0].state == "never_scored"
    assert not score(log, log_key, recorded).waiting
    assert findings(verify(log)).promises[0].state == "scored"
