import numpy as np
import pytest
from tests.made_logs import by_name, every, ground, made_log

from veedor.audits.access.first_lookups import repeated, repeats_of

DAY = 86_400


def test_first_look_ups_and_repeats_by_whom_and_how_soon():
    #       day 0    1    2    3    4
    users = ["a", "a", "b", "a", None]
    keys = ["k", "k", "k", "j", "k"]
    held = ground(made_log(every(24, 5), user=users, key=keys))
    found = repeats_of(held)
    assert found.by_anyone.tolist() == [-1, DAY, DAY, -1, 2 * DAY]
    assert found.by_same.tolist() == [-1, DAY, -1, -1, -1]
    assert found.users_of_key.tolist() == [1, 2]  # j, k: unknown users are none
    told = by_name(repeated(held, found))
    assert told["first_in_log_share"].numerator == 2 and told["first_in_log_share"].out_of == 5
    assert told["again_by_same_user_share"].numerator == 1
    others = told["again_by_others_only_share"]
    assert (others.numerator, others.out_of) == (1, 4)
    # Within a day, of look-ups from the second day on: days 1 and 2 are repeats of the day before.
    soon = told["again_within_share 1"]
    assert (soon.numerator, soon.out_of) == (2, 4)
    assert "again_within_share 7" not in told  # the log is shorter


def test_keys_by_users_are_hidden_below_k():
    users, keys = [], []
    for key in range(12):
        users += [f"u{key}", f"v{key}"]
        keys += [key, key]
    users.append("solo")
    keys.append("last")
    held = ground(made_log(every(1, 25), user=users, key=[str(one) for one in keys]))
    told = by_name(repeated(held, repeats_of(held)))
    assert told["keys_by_users 2"].estimate.value == 12
    assert told["keys_by_users 1"].estimate.value is None
    assert told["keys_by_users 10"].estimate.value == 0


def test_rows_without_a_key_or_a_time_are_neither():
    held = ground(
        made_log(["2025-06-02", "2025-06-03", None], user=list("aaa"), key=["k", None, "k"])
    )
    assert repeats_of(held).known.tolist() == [True, False, False]
    assert repeats_of(ground(made_log(every(1, 2), user=["a", "b"]))) is None


def seconds(gap):
    return int(-(-gap.astype(int) // 1_000_000))


@pytest.mark.parametrize("seed", range(4))
def test_alike_with_a_plain_version(seed):
    rng = np.random.default_rng(seed)
    n = 300
    users = [None if u == 9 else f"u{u}" for u in rng.integers(0, 10, n)]
    keys = [None if k == 30 else f"k{k:02}" for k in rng.integers(0, 31, n)]
    at = np.sort(np.datetime64("2025-01-01", "us") + rng.integers(0, 40 * DAY * 1_000_000, n))
    found = repeats_of(ground(made_log(list(at), user=users, key=keys)))
    last, last_own = {}, {}
    for row in range(n):
        key, user = keys[row], users[row]
        if key is None:
            continue
        wanted = seconds(at[row] - last[key]) if key in last else -1
        own = seconds(at[row] - last_own[key, user]) if (key, user) in last_own else -1
        assert (found.by_anyone[row], found.by_same[row]) == (wanted, own)
        last[key] = at[row]
        if user is not None:
            last_own[key, user] = at[row]


def test_a_repeat_within_a_day_is_told_to_the_microsecond():
    at = ["2025-06-01T00:00", "2025-06-03T00:00", "2025-06-04T00:00", "2025-06-05T00:00:00.000001"]
    held = ground(made_log(at, user=["a"] * 4, key=["k"] * 4))
    soon = by_name(repeated(held, repeats_of(held)))["again_within_share 1"]
    assert (soon.numerator, soon.out_of) == (1, 3)
