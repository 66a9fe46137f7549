import numpy as np
from tests.made_logs import by_name, every, ground, made_log

from veedor.audits.access.authorised import authorised_shares, listed
from veedor.audits.access.in_force import InForce
from veedor.audits.access.registers import Registers


def warrants(*spans):
    codes, since, until = zip(*spans, strict=True)
    return Registers(
        authorised=InForce(
            np.array(codes, np.int32),
            np.array(since, "datetime64[us]"),
            np.array(until, "datetime64[us]"),
            listed=len(codes),
            begins=np.array(since, "datetime64[us]").min(),
        )
    )


def test_a_look_up_is_judged_by_the_list_of_its_own_time():
    # Key 0 is listed from the 4th to the 6th, key 1 from the 3rd on.
    keys = ["a", "a", "a", "a", "a", "b", None]
    held = ground(
        made_log(every(24, 7), user=["u", "v"] * 3 + ["u"], key=keys),
        warrants((0, "2025-06-04", "2025-06-06"), (1, "2025-06-03", "NaT")),
    )
    found = listed(held)
    # The list says nothing of 2 June: that look-up is not outside it.
    assert found.judged.tolist() == [False, True, True, True, True, True, False]
    assert found.inside.tolist() == [False, False, True, True, False, True, False]
    # On the 3rd it was not listed, and was from the 4th; on the 6th it no longer is.
    assert found.later.tolist() == [False, True, False, False, False, False, False]
    told = by_name(authorised_shares(held, found))
    assert (told["inside_list_share"].numerator, told["inside_list_share"].out_of) == (3, 5)
    assert told["outside_list_share"].numerator == 2
    assert told["listed_later_share"].numerator == 1
    none = told["no_list_in_force_share"]
    assert (none.numerator, none.out_of) == (1, 6)


def test_later_is_within_the_days_asked_for():
    log = made_log(every(24, 2), user=["u", "v"], key=["a", "a"])
    spans = warrants((0, "2025-05-01", "2025-05-02"), (0, "2025-06-10", "NaT"))
    assert listed(ground(log, spans, listed_later_within=7)).later.tolist() == [False, True]
    assert listed(ground(log, spans, listed_later_within=8)).later.tolist() == [True, True]


def test_without_a_list_or_keys_nothing_is_judged():
    assert listed(ground(made_log(every(1, 2), key=["a", "b"]))) is None
    assert listed(ground(made_log(every(1, 2)), warrants((0, "2025-01-01", "NaT")))) is None


def test_a_look_up_for_a_listed_case_is_inside_whatever_its_key():
    keys = warrants((0, "2025-01-01", "NaT")).authorised
    cases = warrants((0, "2025-06-03", "NaT")).authorised
    held = ground(
        made_log(every(24, 4), user=list("uvuv"), key=["a", "b", "b", None],
                 case=[None, None, "c", "c"]),
        Registers(authorised=keys, authorised_cases=cases),
    )  # fmt: skip
    found = listed(held)
    assert found.judged.tolist() == [True, True, True, True]
    assert found.inside.tolist() == [True, False, True, True]
    none = by_name(authorised_shares(held, found))["no_list_in_force_share"]
    assert (none.numerator, none.out_of) == (0, 4)
