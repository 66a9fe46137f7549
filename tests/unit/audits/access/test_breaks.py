from datetime import date

import numpy as np
import pytest
from tests.made_logs import every, ground, made_log

from veedor.audits.access.breaks import breaks, months, stretches
from veedor.audits.access.log import Release
from veedor.audits.access.settings import PolicyDate
from veedor.audits.access.volumes import changes

N = 480  # 20 days of an hour each


def kinds(held):
    return [(one.kind, one.day, one.columns) for one in breaks(held)]


def release(first, last, columns=("user",), cap=None):
    return Release("f.csv", "0" * 64, "generic", columns, 1, np.datetime64(first, "us"),
                   np.datetime64(last, "us"), cap)  # fmt: skip


def test_a_log_of_one_kind_has_no_break():
    rng = np.random.default_rng(1)
    held = ground(
        made_log(every(1, N), user=["a", "b"] * 240, reason=["theft", "robbery"] * 240,
                 devices=list(rng.integers(80, 150, N)))
    )  # fmt: skip
    assert breaks(held) == []


def test_exports_with_other_columns_and_those_that_end_at_a_cap():
    releases = (
        release("2025-06-02", "2025-06-08", ("user", "reason")),
        release("2025-06-09", "2025-06-14", ("user", "reason"), 20_000),
        release("2025-06-15", "2025-06-21T23:00", ("user", "case")),
    )
    which = np.repeat([0, 1, 2], [168, 144, 168])
    held = ground(made_log(every(1, N), user=["a", "b"] * 240, releases=releases, release=which))
    assert kinds(held) == [
        ("cap", "2025-06-15", ()),
        ("schema", "2025-06-15", ("case", "reason")),
    ]


def test_where_exports_overlap_the_later_one_begins_behind_the_earlier():
    # The second export goes back to 8 June; what the first holds too is counted as the first's.
    releases = (
        release("2025-06-02", "2025-06-11T23:00", ("user", "reason")),
        release("2025-06-08", "2025-06-21T23:00", ("user",)),
        release("2025-06-08", "2025-06-11", ("user", "case")),  # has nothing of its own
    )
    held = ground(
        made_log(every(1, N), user=["a", "b"] * 240, releases=releases,
                 release=np.repeat([0, 1], 240))
    )  # fmt: skip
    assert kinds(held) == [("schema", "2025-06-12", ("reason",))]


def test_a_cap_at_the_very_end_has_nothing_behind_it():
    releases = (release("2025-06-02", "2025-06-21T23:00", cap=20_000),)
    held = ground(made_log(every(1, N), user=["a", "b"] * 240, releases=releases))
    assert breaks(held) == []


def test_a_column_that_begins_or_ends():
    begins = [None] * 240 + ["x"] * 240
    ends = [94] * 240 + [None] * 240
    held = ground(made_log(every(1, N), user=["a", "b"] * 240, case=begins, devices=ends))
    assert kinds(held) == [("column", "2025-06-12", ("case", "devices"))]
    seldom = [None if n % 3 else "x" for n in range(N)]
    assert breaks(ground(made_log(every(1, N), user=["a", "b"] * 240, case=seldom))) == []


def test_reasons_from_a_list_that_came():
    reasons = ["theft", "robbery"] * 120 + ["Property crime", "Person crime"] * 120
    held = ground(made_log(every(1, N), user=["a", "b"] * 240, reason=reasons))
    assert kinds(held) == [("vocabulary", "2025-06-12", ("reason",))]
    # A quarter of the old words goes on.
    mixed = [reasons[n - 240] if n >= 240 and n % 4 == 0 else one for n, one in enumerate(reasons)]
    assert breaks(ground(made_log(every(1, N), user=["a", "b"] * 240, reason=mixed))) == []


def test_reasons_that_are_each_their_own_are_no_other_vocabulary():
    held = ground(made_log(every(1, N), user=["a", "b"] * 240, reason=[f"r{n}" for n in range(N)]))
    assert breaks(held) == []


@pytest.mark.parametrize(("factor", "found"), [(1.8, False), (3.0, True)])
def test_numbers_of_another_size(factor, found):
    rng = np.random.default_rng(3)
    devices = rng.integers(95, 105, N) * np.where(np.arange(N) < 240, 1.0, factor)
    held = ground(made_log(every(1, N), user=["a", "b"] * 240, devices=list(devices)))
    assert kinds(held) == ([("level", "2025-06-12", ("devices",))] if found else [])


@pytest.mark.parametrize(("days", "found"), [(7, False), (8, True)])
def test_more_than_a_week_without_rows(days, found):
    at = [*every(24, 10), *every(24, 10, str(np.datetime64("2025-06-11") + days + 1))]
    held = ground(made_log(at, user=["a", "b"] * 10))
    assert [one.kind for one in breaks(held)] == (["gap"] if found else [])


def test_policies_within_the_log_break_it_and_months_are_cut_there():
    users = [f"u{n % 11:02}" for n in range(60)]
    held = ground(
        made_log(every(24, 60), user=users),
        policies=(PolicyDate(date(2025, 6, 16), "new rules"), PolicyDate(date(2024, 1, 1))),
    )
    found = breaks(held)
    assert [(one.kind, one.day, one.name) for one in found] == [
        ("policy", "2025-06-16", "new rules")
    ]
    assert stretches(held, found).tolist() == [0] * 14 + [1] * 46
    told = [
        (one.month, one.stretch, one.days, one.lookups, one.users) for one in months(held, found)
    ]
    assert told == [
        ("2025-06", 0, 14, 14, 11),
        ("2025-06", 1, 15, 15, 11),
        ("2025-07", 1, 31, 31, 11),
    ]


def test_months_of_few_users_hide_them_and_their_units():
    held = ground(made_log(every(24, 5), user=list("abcde"), unit=["x", "x", "y", "y", "y"]))
    (month,) = months(held, [])
    assert month.hidden and month.users is None and month.units is None and month.lookups == 5
    assert month.a_day.value == 1.0 and month.a_day.low < 1.0 < month.a_day.high


def test_months_are_local():
    at = ["2025-07-01T02:00", "2025-07-01T08:00"]
    held = ground(made_log(at, user=["a", "b"], zone="America/Los_Angeles"))
    assert [one.month for one in months(held, [])] == ["2025-06", "2025-07"]


def test_a_clock_that_goes_back_over_midnight_breaks_nothing():
    # Sao Paulo, 18 February 2018, 02:00 UTC: from 24:00 of the 17th back to 23:00.
    at = every(1, N, "2018-02-08")
    held = ground(
        made_log(at, zone="America/Sao_Paulo", user=["a", "b"] * 240, devices=[100, 101] * 240)
    )
    assert (np.diff(held.day) < 0).sum() == 0  # on the hour both look-ups are of the 17th
    odd = [one + np.timedelta64(59, "m") for one in at]
    shifted = ground(made_log(odd, zone="America/Sao_Paulo", devices=[100, 101] * 240))
    assert breaks(held) == breaks(shifted) == []


def by_month(*a_day, start="2024-12-15"):
    """Look-ups a day of the months from January 2025 on, behind half a month and before one."""
    first = np.datetime64("2025-01", "M")
    months = first + np.arange(len(a_day) + 1)
    edges = [np.datetime64(start, "D"), *months.astype("datetime64[D]")]
    edges.append(edges[-1] + 10)
    at = [
        day + np.timedelta64(1440 // many * number, "m")
        for many, begin, end in zip((a_day[0], *a_day, a_day[-1]), edges, edges[1:], strict=False)
        for day in np.arange(begin, end)
        for number in range(many)
    ]
    return made_log(at, user=["a", "b"] * (len(at) // 2) + ["a"] * (len(at) % 2))


def volumes_of(log, **more):
    return [
        (one.day, one.before, one.after)
        for one in breaks(ground(log, **more))
        if one.kind == "volume"
    ]


@pytest.mark.parametrize(
    ("a_day", "found"),
    [
        ((9, 9, 9, 4, 4, 4), [("2025-04-01", 9.0, 4.0)]),
        ((10, 10, 10, 5, 5, 5), []),  # half is not less than half
        ((4, 4, 4, 9, 9), [("2025-04-01", 4.0, 9.0)]),
        ((9, 9, 9, 4), [("2025-04-01", 9.0, 4.0)]),
        ((9, 9, 4, 4), []),  # neither side has three months
        ((9, 9, 4, 9, 9), [("2025-03-01", 9.0, 4.0), ("2025-04-01", 4.0, 9.0)]),
        ((9, 9, 9, 4, 9, 9, 4, 4, 4),
         [("2025-04-01", 9.0, 4.0), ("2025-05-01", 4.0, 9.0), ("2025-07-01", 9.0, 4.0)]),
        ((20, 16, 13, 10, 8, 6, 5, 4), []),  # fades
        ((41, 39, 30, 11, 2), [("2025-04-01", 39.0, 11.0), ("2025-05-01", 11.0, 2.0)]),
    ],
)  # fmt: skip
def test_months_that_halve_or_double(a_day, found):
    log = by_month(*a_day)
    assert volumes_of(log) == found
    # Nothing is compared across them.
    held = ground(log)
    assert max(one.stretch for one in months(held, breaks(held))) == len(found)


def test_a_date_that_was_given_says_why_and_only_whole_months_beside_it_are_compared():
    log = by_month(9, 9, 9, 4, 4, 4)
    assert volumes_of(log, policies=(PolicyDate(date(2025, 4, 1), "fewer accounts"),)) == []
    assert volumes_of(log, policies=(PolicyDate(date(2025, 4, 9)),)) == []
    assert volumes_of(log, policies=(PolicyDate(date(2025, 2, 1)),)) == [("2025-04-01", 9.0, 4.0)]


def test_few_look_ups_and_weeks_that_differ_are_no_change():
    some, few = np.ones(30, int), np.zeros(30, int)
    few[::3] = 1
    assert changes([some] * 3 + [few] * 3) == []  # 90 on the higher side
    some[0] = 12
    assert changes([some] * 3 + [few] * 3) == [3]
    burst = np.zeros(30, int)
    burst[:7] = 40  # all in one week: 120 in three months, and as unlike as that
    quiet = np.zeros(30, int)
    quiet[:7] = 15
    assert changes([burst] * 3 + [quiet] * 3) == []


def test_months_that_always_differ_by_as_much_are_no_change():
    a_day = [9, 4] * 2 + [9, 9, 9, 4, 4, 4] + [9, 4] * 3
    counts = [np.full(30, one) for one in a_day]
    assert changes(counts) == []
    assert changes(counts[4:10]) == [3]  # alone, they are not known to differ


def false_alarms(rng, *, days=0.0, months=0.0, fall=1.0, n=24, runs=60):
    """Share of made-up logs of so many months, of 20 look-ups a day, in which a change is found."""
    week, found = np.array([1.2, 1.2, 1.2, 1.2, 1.1, 0.6, 0.5] * 5)[:30], 0
    for _ in range(runs):
        of_month = rng.gamma(1 / months**2, months**2, n) if months else np.ones(n)
        of_month[n // 2 :] *= fall
        of_day = rng.gamma(1 / days**2, days**2, (n, 30)) if days else np.ones((n, 30))
        found += bool(changes(list(rng.poisson(20 * of_month[:, None] * of_day * week))))
    return found / runs


def test_false_alarms_are_rare_unless_months_differ_and_a_fall_to_a_third_is_found():
    rng = np.random.default_rng(5)
    assert false_alarms(rng) == 0.0
    assert false_alarms(rng, days=0.5) <= 0.02
    assert false_alarms(rng, days=1.0) <= 0.05
    assert false_alarms(rng, days=0.5, months=0.2) <= 0.15
    assert false_alarms(rng, days=0.5, months=0.1, fall=1 / 3) >= 0.95
