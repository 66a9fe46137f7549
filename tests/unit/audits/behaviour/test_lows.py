"""What is stored as zero and means missing is found before anything is compared."""

import numpy as np
import pytest
from msgspec.structs import replace

from veedor.audits.behaviour import audit_behaviour, low_cells, shared_lows
from veedor.audits.behaviour.lows import refuse_runs_of_zeros, run_of_zeros
from veedor.errors import DataError


def test_a_value_is_low_below_half_of_what_is_usual_near_it(panel):
    made = panel(noise=0.0)
    made.values[:] = 1_000.0
    made.values[0, 5], made.values[1, 5] = 499.0, 501.0
    low = low_cells(made)
    assert low[0, 5]
    assert low.sum() == 1


def test_a_lasting_fall_is_not_low(panel):
    made = panel(noise=0.0, change=-0.7)
    made.values[:, :17], made.values[:, 17:] = 1_000.0, 300.0
    assert not low_cells(made).any()


def test_a_month_is_an_event_of_the_record_where_half_of_both_roles_are_low(panel):
    made = panel(sensitive=4, controls=4)
    made.values[[0, 1, 4, 5], 9] = 0.0
    made.values[[0, 1, 4], 12] = 0.0
    found = {one.period: one for one in shared_lows(made, low_cells(made))}
    assert set(found) == {"2012-10", "2013-01"}
    assert found["2012-10"].everywhere
    assert not found["2013-01"].everywhere
    assert (found["2012-10"].series, found["2012-10"].zeros, found["2012-10"].known) == (4, 4, 8)


def test_three_zeros_on_end_may_be_and_four_must_be_declared(panel):
    made = panel()
    made.values[2, 20:23] = 0.0
    refuse_runs_of_zeros(made)
    made.values[2, 23] = 0.0
    with pytest.raises(DataError, match="1 series with such a run, first topic 02: 4 from 2013-09"):
        refuse_runs_of_zeros(made)


def test_every_cell_of_a_run_has_its_length(panel):
    made = panel(sensitive=1, controls=1)
    made.values[0, [0, 1, 4, 5, 6]] = 0.0
    assert run_of_zeros(made)[0, :8].tolist() == [2, 2, 0, 0, 3, 3, 3, 0]
    assert not run_of_zeros(made)[1].any()


def test_nothing_can_be_told_while_nobody_says_what_low_months_are(panel, question):
    made = panel(sensitive=4, controls=4, change=-0.3)
    made.values[:, 25] *= 0.2
    found = audit_behaviour(made, question)
    assert (found.verdict, found.reasons) == ("cannot_tell", ("lows",))
    assert [one.code for one in found.warnings] == ["behaviour_lows"]
    missing = audit_behaviour(made, replace(question, lows="missing"))
    assert missing.verdict == "change"
    assert (missing.before, missing.after) == (17, 12)
    assert not missing.pooled.course.entered[25]
    assert audit_behaviour(made, replace(question, lows="counted")).after == 13


def test_declared_runs_of_zeros_are_missing_or_counted(panel, question):
    made = panel()
    made.values[0, 20:26] = 0.0
    with pytest.raises(DataError, match="must be declared"):
        audit_behaviour(made, question)
    assert audit_behaviour(made, replace(question, lows="missing")).series[0].short == 1
    counted = audit_behaviour(made, replace(question, lows="counted"))
    assert (counted.series[0].used, counted.series[0].small) == (2, 1)


def test_empty_values_are_declared_by_being_empty(panel, question):
    made = panel()
    made.values[0, 20:25] = np.nan
    assert audit_behaviour(made, question).series[0].used == 3
