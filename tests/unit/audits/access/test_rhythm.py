import numpy as np
from tests.made_logs import by_name, every, ground, made_log

from veedor.audits.access.lists import Roster
from veedor.audits.access.registers import Registers
from veedor.audits.access.rhythm import chance_of_none, hours, machines, missing, off_hours


def test_off_hours_are_by_local_hour_and_working_day():
    # Monday 06:59, 07:00, 18:59, 19:00; Saturday 12:00.
    at = [f"2025-06-02T{one}" for one in ("06:59", "07:00", "18:59", "19:00")] + ["2025-06-07T12"]
    held = ground(made_log([*at, None], user=list("ababab")), working_hours=(7, 19))
    off = by_name(off_hours(held))["off_hours_share"]
    assert (off.numerator, off.out_of) == (3, 5)
    every_day = ground(
        made_log(at, user=list("ababa")), working_hours=(7, 19), working_days=tuple(range(7))
    )
    assert by_name(off_hours(every_day))["off_hours_share"].numerator == 2
    assert off_hours(ground(made_log(at, user=list("ababa")))) == []


def test_off_shift_is_out_of_those_whose_shift_is_known():
    roster = Roster(None, None, None, None, 1, 1, np.array([480, -1], np.int16),
                    np.array([960, -1], np.int16))  # fmt: skip
    at = ["2025-06-02T09", "2025-06-02T20", "2025-06-03T21"]
    held = ground(made_log(at, user=["u", "u", "v"]), Registers(roster=roster))
    off = by_name(off_hours(held))["off_shift_share"]
    assert (off.numerator, off.out_of) == (1, 2)


def machine_log(machines_, people, gap_s=300, jitter=0.4, seed=0):
    """Machines look up every so many seconds; people as they come, in bursts too."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(machines_):
        start = rng.uniform(0, 3600)
        times = start + gap_s * np.arange(60) + rng.uniform(-jitter, jitter, 60)
        rows += [(t, f"m{number:02}") for t in times]
    for number in range(people):
        times = np.cumsum(rng.lognormal(5, 2, 80))
        rows += [(t, f"p{number:02}") for t in times]
    rows.sort()
    first = np.datetime64("2025-06-02", "us")
    at = [first + np.timedelta64(int(t * 1e6), "us") for t, _ in rows]
    return made_log(at, user=[user for _, user in rows])


def test_machines_are_told_from_people_and_counted_only_from_k_on():
    told = by_name(machines(ground(machine_log(12, 30))))
    assert told["regular_users"].estimate.value == 12
    assert told["regular_lookups_share"].numerator == 720
    few = by_name(machines(ground(machine_log(3, 30))))
    assert few["regular_users"].estimate.method.code == "suppressed"
    assert few["regular_lookups_share"].estimate.value is None
    none = by_name(machines(ground(machine_log(0, 200))))
    assert none["regular_users"].estimate.value == 0


def test_a_clock_of_minutes_makes_nobody_a_machine():
    rng = np.random.default_rng(4)
    rows = []
    for number in range(40):
        minutes = np.cumsum(rng.geometric(1 / 15, 60))
        rows += [(m, f"p{number}") for m in minutes]
    rows.sort()
    first = np.datetime64("2025-06-02", "us")
    log = made_log(
        [first + np.timedelta64(int(m), "m") for m, _ in rows], user=[user for _, user in rows]
    )
    assert by_name(machines(ground(log)))["regular_users"].estimate.value == 0


def test_nineteen_gaps_are_too_few():
    at = every(1, 20)
    assert (
        by_name(machines(ground(made_log(at, user=["m"] * 20))))["regular_users"].estimate.value
        == 0
    )
    more = by_name(machines(ground(made_log(every(1, 21), user=["m"] * 21))))
    assert more["regular_users"].estimate.value is None  # one: hidden


def test_hours_by_weekday_hide_what_is_small():
    at = ["2025-06-02T10:30"] * 12 + ["2025-06-08T23:10"] * 9
    told = hours(ground(made_log(at, user=["a", "b", "c"] * 7)))
    assert told[0][10] == 12 and told[6][23] is None and told[3][4] == 0


def busy(days, mean=20, seed=0):
    rng = np.random.default_rng(seed)
    return rng.poisson(mean, days)


def log_by_day(counts):
    first = np.datetime64("2025-06-02T12", "us")
    at = [first + np.timedelta64(day, "D") for day, n in enumerate(counts) for _ in range(n)]
    return made_log(at, user=["a"] * len(at))


def test_days_without_rows_that_chance_does_not_give():
    counts = busy(60)
    counts[[20, 21, 40]] = 0
    told = missing(ground(log_by_day(counts)))
    assert (told.days, told.without, told.without_utc, told.longest) == (60, 3, 3, 2)
    assert told.surprising == 3 and told.expected < 1.0


def test_days_without_rows_of_a_seldom_used_system_are_no_surprise():
    counts = busy(200, mean=1, seed=2)
    counts[0] = counts[-1] = 1
    told = missing(ground(log_by_day(counts)))
    assert told.without > 40 and told.surprising == 0
    assert 0.7 * told.without < told.expected < 1.3 * told.without


def test_weekends_without_rows_are_their_own_measure():
    counts = np.where(np.arange(70) % 7 < 5, 20, 0)
    told = missing(ground(log_by_day(counts[:68])))  # ends on a Friday
    assert told.without == 18 and told.surprising == 0


def test_local_and_utc_days_without_rows_differ():
    # 23:00 and 01:00 UTC: two UTC days, one local one, and none on the next.
    at = ["2025-06-02T23:00", "2025-06-03T01:00", "2025-06-04T23:30"]
    told = missing(ground(made_log(at, user=list("aba"), zone="America/Argentina/Buenos_Aires")))
    assert (told.days, told.without, told.without_utc) == (3, 1, 0)


def test_short_logs_have_no_chance_of_none():
    assert chance_of_none(np.full(27, 5.0)) is None
    assert chance_of_none(np.full(28, 5.0)) is not None
