from dataclasses import replace

import numpy as np
import pytest
from tests.made_logs import by_name, every, ground, made_log

from veedor.audits.access.authorised import authorised_shares, listed
from veedor.audits.access.in_force import InForce
from veedor.audits.access.list_versions import list_versions
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


def versions(held):
    told, statements = list_versions(held, listed(held))
    return told, by_name(statements)


def of_versions(*spans, starts):
    one = warrants(*spans).authorised
    return replace(one, starts=np.array(starts, "datetime64[us]"))


def test_each_version_of_a_list_is_told_by_itself():
    # Three lists, of 1 May, 4 and 8 June: key 0, keys 0 and 1, key 1; a fourth after the log.
    held = ground(
        made_log(every(6, 40), user=list("uvwxy") * 8, key=list("ab") * 20),
        Registers(authorised=of_versions(
            (0, "2025-05-01", "2025-06-04"), (0, "2025-06-04", "2025-06-08"),
            (1, "2025-06-04", "2025-06-08"), (1, "2025-06-08", "2025-07-01"),
            (1, "2025-07-01", "NaT"),
            starts=["2025-05-01", "2025-06-04", "2025-06-08", "2025-07-01"],
        )),
    )  # fmt: skip
    told, stated = versions(held)
    # The log is of 2 to 11 June, four look-ups a day.
    assert [(one.since, one.until, one.lookups, one.inside, one.outside) for one in told] == [
        ("2025-05-01", "2025-06-04", 8, 4, 4),
        ("2025-06-04", "2025-06-08", 16, 16, 0),
        ("2025-06-08", "2025-07-01", 16, 8, 8),
    ]
    assert sum(one.inside for one in told) == int(listed(held).inside.sum())
    outside = stated["outside_list_share 2025-06-08/2025-07-01"]
    assert (outside.numerator, outside.out_of, outside.estimate.value) == (8, 16, 0.5)
    assert outside.estimate.low < 0.5 < outside.estimate.high
    assert told[2].outside_share == outside.estimate and len(stated) == 6


def test_versions_begin_and_end_by_the_local_clock_and_one_may_hold_no_look_up():
    # Midnight of Buenos Aires is 03:00 UTC; the second list came at noon, in a night's silence.
    at = [*every(1, 3), *every(1, 3, "2025-06-04")]
    zone = "America/Argentina/Buenos_Aires"
    held = ground(
        made_log(at, user=list("uvuvuv"), key=list("aaaaaa"), zone=zone),
        Registers(authorised=of_versions(
            (0, "2025-06-02T03:00", "2025-06-02T15:00"), (0, "2025-06-03T03:00", "NaT"),
            starts=["2025-06-02T03:00", "2025-06-02T15:00", "2025-06-03T03:00"],
        )),
    )  # fmt: skip
    told, stated = versions(held)
    assert [(one.since, one.until, one.lookups) for one in told] == [
        ("2025-06-02", "2025-06-02T12:00:00", 0),
        ("2025-06-02T12:00:00", "2025-06-03", 0),
        ("2025-06-03", None, 3),
    ]
    assert told[0].inside_share.value is None
    assert "inside_list_share 2025-06-03/.." in stated


@pytest.mark.parametrize("starts", [[], ["2025-06-04"]])
def test_one_list_has_no_versions(starts):
    spans = ((0, "2025-05-01", "2025-06-04"), (0, "2025-06-04", "NaT"))
    log = made_log(every(24, 7), user=list("uvuvuvu"), key=list("abababa"))
    assert versions(ground(log, Registers(authorised=of_versions(*spans, starts=starts)))) == (
        [],
        {},
    )


def test_rows_of_no_version_are_told_before_the_first():
    spans = ((0, "NaT", "NaT"), (1, "2025-06-04", "2025-06-06"))
    log = made_log(every(24, 7), user=list("uvuvuvu"), key=list("abababa"))
    register = of_versions(*spans, starts=["2025-06-04", "2025-06-06"])
    told, stated = versions(ground(log, Registers(authorised=register)))
    assert [(one.since, one.until, one.lookups, one.inside) for one in told] == [
        (None, "2025-06-04", 2, 1),
        ("2025-06-04", "2025-06-06", 2, 2),
        ("2025-06-06", None, 3, 2),
    ]
    assert "inside_list_share ../2025-06-04" in stated


def test_a_version_of_cases_cuts_those_of_keys():
    log = made_log(every(24, 6), user=list("uvuvuv"), key=list("aaaaaa"), case=list("cccccc"))
    keys = of_versions((0, "2025-06-02", "2025-06-04"), starts=["2025-06-02", "2025-06-04"])
    cases = of_versions((0, "2025-06-06", "NaT"), starts=["2025-05-01", "2025-06-06"])
    told, _ = versions(ground(log, Registers(authorised=keys, authorised_cases=cases)))
    assert [(one.since, one.lookups, one.inside) for one in told] == [
        ("2025-06-02", 2, 2), ("2025-06-04", 2, 0), ("2025-06-06", 2, 2),
    ]  # fmt: skip
