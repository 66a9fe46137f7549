import numpy as np
import pytest
from tests.made_logs import every, ground, made_log

from veedor.audits.access.first_lookups import repeats_of
from veedor.audits.access.reasons import reasons_of
from veedor.audits.access.review_plan import allocated, review_plan


def plan(held, seed=0):
    return review_plan(
        held, np.random.default_rng(seed), lists=None, rules=None,
        reasons=reasons_of(held), repeats=repeats_of(held),
    )  # fmt: skip


def log_of(n=1000):
    reasons = [
        None if i % 10 == 0 else "investigation" if i % 3 else "robo en Mitre" for i in range(n)
    ]
    return made_log(
        every(1, n), user=[f"u{i % 17}" for i in range(n)], reason=reasons,
        devices=[5000 if i % 50 == 0 else 10 for i in range(n)],
        window_days=[90 if i % 100 == 0 else 1 for i in range(n)],
    )  # fmt: skip


def test_the_random_part_has_known_chances_and_names_rows_only():
    held = ground(log_of(), review=100, targeted=5)
    found = plan(held)
    drawn = [one for one in found.rows if one.part == "random"]
    assert len(drawn) == 100 == sum(one.sampled for one in found.strata)
    assert sum(one.lookups for one in found.strata) == 1000
    chance = {one.stratum: one.sampled / one.lookups for one in found.strata}
    assert all(one.probability == chance[one.stratum] and one.why == () for one in drawn)
    assert sorted(chance) == ["reason_not_read", "reason_stated", "reason_vague"]
    assert len({one.row for one in drawn}) == 100
    # Weighted back, a count of the log comes out right.
    assert sum(1.0 / one.probability for one in drawn) == pytest.approx(1000)


def test_the_targeted_part_has_no_chance_and_says_why():
    found = plan(ground(log_of(), review=10, targeted=5))
    chosen = [one for one in found.rows if one.part == "targeted"]
    # 10 rows are both far-reaching and of a long window: 5 of them by lot.
    assert len(chosen) == 5
    assert all(one.why == ("devices_above", "window_days_above") for one in chosen)
    assert all(one.probability is None and (one.row - 1) % 100 == 0 for one in chosen)


def test_the_same_seed_gives_the_same_plan_and_another_another():
    held = ground(log_of(), review=50)
    assert plan(held, 1) == plan(held, 1)
    assert [one.row for one in plan(held, 1).rows] != [one.row for one in plan(held, 2).rows]


def test_nothing_found_has_its_bound():
    held = ground(made_log(every(1, 300), user=["a", "b", "c"] * 100), review=60)
    # One stratum: one-sided 95%, 1 - 0.05^(1/60), the rule of three says 0.05.
    assert plan(held).if_none == pytest.approx(1.0 - 0.05 ** (1 / 60))
    assert plan(ground(log_of(), review=0)).if_none is None


def test_nothing_found_has_its_bound_in_whatever_stratum_something_is():
    # Few look-ups have a reason, and are drawn more often: the others may hold all that is wrong.
    reasons = ["burglary at the station"] * 15 + [None] * 285
    held = ground(made_log(every(1, 300), user=list("abc") * 100, reason=reasons), review=30)
    drawn = review_plan(
        held, np.random.default_rng(1), lists=None, rules=None, reasons=reasons_of(held),
        repeats=None,
    )  # fmt: skip
    told = {one.stratum: (one.lookups, one.sampled) for one in drawn.strata}
    most = max(told.values())
    assert len(told) == 2
    alone = most[0] / 300 * (1.0 - 0.05 ** (1 / most[1]))
    assert drawn.if_none >= alone - 1e-9


@pytest.mark.parametrize(
    ("sizes", "wanted", "taken"),
    [([900, 90, 5, 0], 100, [79, 16, 5, 0]), ([3, 2], 100, [3, 2]), ([50, 50], 0, [0, 0]),
     ([100, 100, 100], 5, [2, 2, 1]), ([10, 1000], 20, [10, 10])],
)  # fmt: skip
def test_strata_get_their_least_and_the_rest_by_size(sizes, wanted, taken):
    assert allocated(np.array(sizes), wanted).tolist() == taken


def test_firsts_and_repeats_of_keys_are_strata_of_their_own():
    held = ground(
        made_log(every(1, 200), user=["a", "b"] * 100, key=[f"k{n % 50:02}" for n in range(200)]),
        review=40,
    )
    assert [(one.stratum, one.lookups) for one in plan(held).strata] == [
        ("lookups+first", 50),
        ("lookups+again", 150),
    ]
