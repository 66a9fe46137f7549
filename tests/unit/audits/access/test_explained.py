import numpy as np
import pytest
from tests.made_logs import by_name, coded, every, ground, made_log

from veedor.audits.access.authorised import listed
from veedor.audits.access.explained import between, explained, explained_shares, in_shift
from veedor.audits.access.first_lookups import repeats_of
from veedor.audits.access.in_force import InForce
from veedor.audits.access.lists import Roster, Trait
from veedor.audits.access.log import CellState
from veedor.audits.access.reasons import reasons_of
from veedor.audits.access.registers import Registers


def spans(*given):
    codes, since, until = zip(*given, strict=True)
    return InForce(
        np.array(codes, np.int32),
        np.array(since, "datetime64[us]"),
        np.array(until, "datetime64[us]"),
        listed=len(codes),
    )


def answered(held):
    return explained(held, listed(held), reasons_of(held))


def test_the_first_rule_that_holds_explains_a_look_up():
    log = made_log(
        every(24, 5),
        user=list("uvuvu"),
        key=["a", "b", "b", "b", "b"],
        case=["c1", "c1", "c2", None, None],
        reason=["x", "x", "x", "x", "25-123456"],
    )
    held = ground(
        log,
        Registers(
            authorised=spans((0, "2025-01-01", "NaT")),
            cases=spans((0, "2025-06-01", "2025-06-04")),
        ),
    )
    found = answered(held)
    # unit_assigned cannot be asked: no case has a unit.
    assert found.rules == (("listed",), ("case_open",), ("case_stated",))
    # Listed; in an open case; a case that is no case of the register, but stated; none; in reason.
    assert found.by.tolist() == [0, 1, 2, -1, 2]
    told = by_name(explained_shares(held, found, repeats_of(held)))
    assert told["explained_share"].numerator == 4
    assert told["unexplained_share"].numerator == 1
    first = told["explained_share first"]
    assert (first.numerator, first.out_of) == (2, 2)
    assert told["explained_by_share case_stated again"].numerator == 2


def test_what_was_withheld_cannot_be_told():
    withheld = coded(
        [None, None, "c"], keyed=True,
        states=[CellState.WITHHELD, CellState.EMPTY, CellState.VALUE],
    )  # fmt: skip
    held = ground(made_log(every(24, 3), user=list("uvu"), case=withheld))
    assert answered(held).by.tolist() == [-2, -1, 0]
    told = by_name(explained_shares(held, answered(held), None))
    assert told["cannot_tell_share"].numerator == 1


def test_a_rule_with_a_failing_condition_fails_whatever_cannot_be_told():
    # No list was in force on the first day: listed cannot be told; no case is stated there.
    held = ground(
        made_log(every(24, 2), user=["u", "v"], key=["a", "b"], case=[None, "c"]),
        Registers(authorised=spans((0, "2025-06-03", "NaT"))),
        rules=(("listed", "case_stated"),),
    )
    assert answered(held).by.tolist() == [-1, -1]


def test_a_case_is_open_from_its_opening_to_its_closing_and_days_of_grace():
    log = made_log(every(24, 4), user=list("uvuv"), case=["c"] * 4)
    register = Registers(cases=spans((0, "2025-06-03", "2025-06-04")))
    rules = (("case_open",),)
    assert answered(ground(log, register, rules=rules)).by.tolist() == [-1, 0, -1, -1]
    graced = ground(log, register, rules=rules, case_grace_days=1)
    assert answered(graced).by.tolist() == [0, 0, 0, -1]


def test_a_case_must_be_of_the_unit_of_who_looks():
    trait = Trait(np.array([0, 1, -1], np.int32), ("east", "west"))
    held = ground(
        made_log(every(24, 4), user=["u", "v", "w", "u"], case=["c", "c", "c", None]),
        Registers(
            roster=Roster(None, trait, None, None, 2, 1),
            cases=spans((0, "2025-01-01", "NaT")),
            case_units=Trait(np.array([0], np.int32), ("east",)),
        ),
        rules=(("case_open", "unit_assigned"),),
    )
    # w's unit is not known; without a case none is assigned.
    assert answered(held).by.tolist() == [0, -1, -2, -1]


def test_names_of_units_not_their_codes_are_compared():
    trait = Trait(np.array([0], np.int32), ("west",))
    held = ground(
        made_log(every(24, 2), user=["u", "u"], case=["c", "c"]),
        Registers(
            roster=Roster(None, trait, None, None, 1, 0),
            cases=spans((0, "2025-01-01", "NaT")),
            case_units=Trait(np.array([0], np.int32), ("east",)),
        ),
        rules=(("unit_assigned",),),
    )
    assert answered(held).by.tolist() == [-1, -1]


def test_reasons_alone_explain_nothing():
    held = ground(made_log(every(24, 2), user=["u", "v"], reason=["25-123456", "x"]))
    assert answered(held) is None


@pytest.mark.parametrize(
    ("minute", "begins", "ends", "inside"),
    [(480, 480, 960, 1), (960, 480, 960, 0), (0, 1320, 360, 1), (1320, 1320, 360, 1),
     (360, 1320, 360, 0), (-1, 0, 600, -1), (5, -1, 600, -1), (700, 420, 420, 1)],
)  # fmt: skip
def test_shifts_end_before_their_end_and_go_over_midnight(minute, begins, ends, inside):
    assert between(np.array([minute], np.int16), begins, ends)[0] == inside


def test_shifts_are_each_users_own():
    roster = Roster(
        None, None, None, None, 2, 0, np.array([480, -1], np.int16), np.array([960, -1], np.int16)
    )
    held = ground(
        made_log(["2025-06-02T09", "2025-06-02T20", "2025-06-02T21"], user=["u", "u", "v"]),
        Registers(roster=roster),
    )
    assert in_shift(held).tolist() == [1, 0, -1]
