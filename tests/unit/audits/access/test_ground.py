import numpy as np
import pytest
from tests.made_logs import coded, every, ground, made_log

from veedor.audits.access.ground import distinct_of
from veedor.statistics.clusters import linearised
from veedor.statistics.codes import Denominator

OF = Denominator("lookups")


def test_days_and_minutes_are_local_and_know_of_summer():
    # Los Angeles: UTC-8 until 9 March 2025, 10:00 UTC, then UTC-7.
    held = ground(
        made_log(["2025-03-09T07:59", "2025-03-09T09:30", "2025-03-09T10:30", None],
                 zone="America/Los_Angeles")
    )  # fmt: skip
    assert held.first_day == np.datetime64("2025-03-08") and held.days == 2
    assert held.day.tolist() == [0, 1, 1, 2]
    assert held.minute.tolist() == [23 * 60 + 59, 90, 3 * 60 + 30, -1]
    assert held.weekday.tolist() == [5, 6]


def test_a_share_has_the_interval_of_what_varies_together():
    # All of user a counted, none of user b: two users are worth less than 40 rows.
    users = ["a"] * 20 + ["b"] * 20
    held = ground(made_log(every(24, 40), user=users))
    counted = np.arange(40) < 20
    made = held.share("x", counted, held.everything, OF)
    assert made.estimate.value == 0.5 and (made.numerator, made.out_of) == (20, 40)
    assert made.estimate.method.code == "wilson_over_users"
    low, high = linearised([[20.0, 0.0]], [[20.0, 20.0]]).interval()
    assert (made.estimate.low, made.estimate.high) == (low[0], high[0])


def test_days_that_vary_more_than_users_give_the_interval():
    users = ["a", "b"] * 20
    at = ["2025-06-02T10"] * 20 + ["2025-06-03T10"] * 20
    held = ground(made_log(at, user=users))
    made = held.share("x", np.arange(40) < 20, held.everything, OF)
    assert made.estimate.method.code == "wilson_over_days"
    assert made.estimate.low < 0.1 and made.estimate.high > 0.9


def test_a_share_of_nothing_is_undefined_and_of_one_user_and_day_has_no_interval():
    held = ground(made_log(every(1, 5), user=["a"] * 5))
    none = held.share("x", held.everything, ~held.everything, OF)
    assert none.estimate.value is None and none.estimate.method.code == "none_undefined"
    one = held.share("x", np.arange(5) < 2, held.everything, OF)
    assert one.estimate.value == 0.4 and one.estimate.low is None
    assert one.estimate.method.code == "none_one_user_or_day"


def test_unknown_users_are_nobody():
    held = ground(made_log(every(24, 6), user=["a", "b", None, None, "a", "b"]))
    assert held.lookups_of_user.tolist() == [2, 2] and held.active_users == 2
    assert ground(made_log(every(1, 2), user=[None, None])).users == 0
    constant = coded(["x"] * 3, keyed=True, constant=True)
    assert ground(made_log(every(1, 3), user=constant)).users == 0


def test_the_producers_own_look_ups_are_left_out():
    held = ground(made_log(every(1, 4), kind="network", own=[True, False, True, False],
                           user=["a", "b", "a", "c"], devices=[1, 2, 3, 4]))  # fmt: skip
    assert len(held) == 2 and held.active_users == 2
    assert held.log.row.tolist() == [2, 4]
    assert held.log.numbers["devices"].values.tolist() == [2, 4]


@pytest.mark.parametrize("limit", [0, 10**9])
def test_distinct_members_alike_by_table_and_by_sorting(monkeypatch, limit):
    from veedor.audits.access import ground as module

    monkeypatch.setattr(module, "_LARGEST_TABLE", limit)
    rng = np.random.default_rng(2)
    members, groups = rng.integers(-1, 8, 200), rng.integers(-1, 5, 200)
    wanted = [
        len({int(m) for m, g in zip(members, groups, strict=True) if g == group and m >= 0})
        for group in range(4)
    ]
    assert distinct_of(members, groups, 8, 4).tolist() == wanted


def test_a_time_shown_twice_in_autumn_can_lie_on_an_earlier_day():
    # Reykjavik never changes; Azores go back at 01:00 UTC to 00:00 of the same day: no harm.
    held = ground(made_log(["2025-10-26T00:59", "2025-10-26T01:01"], zone="Atlantic/Azores"))
    assert held.day.tolist() == [0, 0] and held.minute.tolist() == [59, 1]
