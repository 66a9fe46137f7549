"""Whatever a log holds: codes mean nothing, nobody is one of few, shares are of a whole."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made_logs import coded, made_log

from veedor.audits.access.audit import audit_access
from veedor.audits.access.lists import Roster, Trait
from veedor.audits.access.registers import Registers
from veedor.audits.access.settings import Settings

ASKED = Settings(replicates=100, review=20, targeted=5, working_hours=(8, 18))
PEOPLE = {"users", "regular_users", "keys_by_users", "users_without_account", "accounts_granted"}


@st.composite
def logs(draw):
    """A log of some users, keys and reasons, each of which may be missing, and a roster."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 250))
    users, keys = draw(st.integers(1, 40)), draw(st.integers(1, 60))

    def some(kinds, name):
        picked = rng.integers(-1 if draw(st.booleans()) else 0, kinds, n)
        return [None if one < 0 else f"{name}{one:02}" for one in picked]

    first = np.datetime64("2025-03-01", "us")
    span = draw(st.sampled_from([3_600, 86_400 * 20, 86_400 * 90]))
    at = list(np.sort(first + (rng.integers(0, span, n) * 1_000_000).astype("timedelta64[us]")))
    log = made_log(
        at, zone="America/Los_Angeles", user=some(users, "u"), key=some(keys, "k"),
        case=some(9, "c"), reason=some(6, "police "), force=some(3, "f"),
        devices=[None if one % 7 == 0 else one for one in rng.integers(0, 2000, n).tolist()],
    )  # fmt: skip
    held = log.coded["user"].distinct
    unit = Trait(rng.integers(-1, 3, held).astype(np.int32), ("east", "north", "west"))
    return log, Registers(roster=Roster(None, unit, None, None, held, 0))


@settings(max_examples=25, deadline=None)
@given(logs(), st.integers(0, 99))
def test_codes_of_persons_mean_nothing(made, seed):
    log, registers = made
    rng = np.random.default_rng(seed)
    columns = dict(log.coded)
    orders = {}
    for name in ("user", "key", "case"):
        column = columns[name]
        orders[name] = rng.permutation(column.distinct).astype(np.int32)
        padded = np.append(orders[name], np.int32(-1))
        columns[name] = replace(column, codes=padded[column.codes])
    unit = registers.roster.unit
    moved = np.empty_like(unit.codes)
    moved[orders["user"]] = unit.codes
    roster = replace(registers.roster, unit=replace(unit, codes=moved))
    other = audit_access(replace(log, coded=columns), ASKED, Registers(roster=roster))
    assert audit_access(log, ASKED, registers) == other


@settings(max_examples=40, deadline=None)
@given(logs())
def test_no_count_of_people_is_from_1_to_9(made):
    audit = audit_access(made[0], ASKED, made[1])
    few = set(range(1, ASKED.k))
    told = [one.estimate.value for one in audit.statements if one.statistic in PEOPLE]
    told += [one.users for one in (*audit.months, *audit.groups)]
    told += [one.above for one in audit.peers.cells] if audit.peers else []
    told += [audit.peers.above, audit.peers.left_out] if audit.peers else []
    told += [many for row in audit.hours for many in row]
    told += [many for one in audit.terms for many in (one.whole, one.inside)]
    assert not few & {one for one in told if one is not None}


@settings(max_examples=40, deadline=None)
@given(logs())
def test_shares_lie_in_their_intervals_and_parts_make_the_whole(made):
    audit = audit_access(made[0], ASKED, made[1])
    sums = {}
    for one in audit.statements:
        value = one.estimate.value
        if one.numerator is not None and value is not None:
            assert 0.0 <= value <= 1.0 and one.numerator <= one.out_of
            if one.estimate.low is not None:
                assert one.estimate.low - 1e-12 <= value <= one.estimate.high + 1e-12
        if one.statistic in ("explained_share", "unexplained_share", "cannot_tell_share"):
            sums.setdefault(one.subject.subset, []).append(one.numerator)
    assert not sums or sum(sums["all"]) == audit.lookups
    assert sum(one.lookups for one in audit.months) == audit.lookups
    assert sum(one.lookups for one in audit.review.strata) == audit.lookups
    assert sum(1.0 / one.probability for one in audit.review.rows if one.part == "random") > 0


def test_a_masked_column_of_users_is_nobody():
    log = made_log(
        list(np.datetime64("2025-03-01", "us") + np.arange(40).astype("timedelta64[h]")),
        user=coded(["x"] * 40, keyed=True, constant=True),
    )
    audit = audit_access(log, ASKED)
    assert not {one.statistic for one in audit.statements} & {*PEOPLE, "gini_users", "top_share"}
