import numpy as np
from tests.made_logs import by_name, every, ground, made_log

from veedor.audits.access.lists import Accounts, Roster, Trait
from veedor.audits.access.registers import Registers
from veedor.audits.access.who import accounts, groups

NEVER = np.datetime64("NaT", "us")


def log_of(counts, **columns):
    """Each user looks up so many times, one after another."""
    users = [f"user-{n:03}" for n, many in enumerate(counts) for _ in range(many)]
    return made_log(every(1, len(users)), user=users, **columns)


def granted(codes, without=0):
    codes = np.array(codes, np.int32)
    never = np.full(len(codes), NEVER)
    return Accounts(codes, never, never, never, np.full(len(codes), -1, np.int8), without)


def test_accounts_granted_used_and_dormant():
    # 20 users; 12 of them among 30 accounts, 18 of which the log does not hold.
    held = ground(log_of([2] * 20), Registers(accounts=granted([*range(12), *[-1] * 18])))
    found = by_name(accounts(held))
    assert found["accounts_granted"].estimate.value == 30
    assert found["accounts_used_share"].estimate.value == 0.4
    dormant = found["accounts_dormant_share"]
    assert (dormant.numerator, dormant.out_of) == (18, 30)
    assert dormant.estimate.low < 0.6 < dormant.estimate.high
    # 8 users without an account are people fewer than 10.
    assert found["users_without_account"].estimate.value is None


def test_few_used_accounts_are_not_told_nor_what_would_give_them_back():
    held = ground(log_of([2] * 20), Registers(accounts=granted([0, 1, *[-1] * 40])))
    found = by_name(accounts(held))
    assert found["accounts_granted"].estimate.value == 42
    assert found["accounts_used"].estimate.method.code == "suppressed"
    assert found["accounts_dormant"].estimate.value is None


def test_an_account_whose_user_is_unknown_is_never_used():
    # Code -1 must not stand for the last user.
    held = ground(log_of([5] * 12), Registers(accounts=granted([-1] * 15)))
    assert by_name(accounts(held))["accounts_dormant_share"].estimate.value == 1.0


def test_forces_of_few_users_are_hidden_and_never_left_over():
    # Force a: 12 users, b: 11, c: 3. Alone, c would be the whole less the others: b goes too.
    users = [f"u{n:02}" for n in range(26)]
    forces = ["a"] * 12 + ["b"] * 11 + ["c"] * 3
    held = ground(made_log(every(1, 26), user=users, force=forces))
    told = {one.name: (one.users, one.lookups) for one in groups(held)}
    assert told == {"a": (12, 12), "b": (None, None), "c": (None, None)}


def test_a_unit_of_few_is_not_what_its_force_leaves():
    # Force a: units x (20) and y (4); force b: units z (15) and w (4). Two are hidden, one a force.
    users = [f"u{n:02}" for n in range(43)]
    forces = ["a"] * 24 + ["b"] * 19
    units = ["x"] * 20 + ["y"] * 4 + ["z"] * 15 + ["w"] * 4
    held = ground(made_log(every(1, 43), user=users, force=forces, unit=units))
    told = {one.name: one.users for one in groups(held)}
    assert told == {"a": 24, "b": 19, "x": None, "y": None, "z": None, "w": None}


def test_several_hidden_forces_that_are_k_together_need_no_other():
    users = [f"u{n:02}" for n in range(24)]
    forces = ["a"] * 12 + ["b"] * 6 + ["c"] * 6
    told = {
        one.name: one.users
        for one in groups(ground(made_log(every(1, 24), user=users, force=forces)))
    }
    assert told == {"a": 12, "b": None, "c": None}


def test_units_come_from_the_roster_where_the_log_has_none():
    trait = Trait(np.array([0] * 12 + [-1], np.int32), ("east",))
    roster = Roster(None, trait, None, None, 12, 1)
    held = ground(log_of([1] * 13), Registers(roster=roster))
    assert [(one.what, one.name, one.users) for one in groups(held)] == [("unit", "east", 12)]
    assert by_name(accounts(held))["units"].estimate.value == 1


def test_without_users_look_ups_stand_for_people():
    held = ground(made_log(every(1, 25), force=["a"] * 15 + ["b"] * 10))
    assert {one.name: (one.users, one.lookups) for one in groups(held)} == {
        "a": (None, 15),
        "b": (None, 10),
    }
    assert "users" not in by_name(accounts(held))
