import numpy as np
import pytest
from tests.made_logs import every, ground, made_log

from veedor.audits.access.lists import Roster, Trait
from veedor.audits.access.peers import chances, peers, usual
from veedor.audits.access.registers import Registers
from veedor.statistics import false_discovery_q


def log_of(counts):
    users = [f"u{n:03}" for n, many in enumerate(counts) for _ in range(many)]
    return made_log(every(1, len(users)), user=users)


def roster(units, roles=None):
    names = tuple(sorted({one for one in units if one}))
    codes = np.array([names.index(one) if one else -1 for one in units], np.int32)
    role = None
    if roles is not None:
        kinds = tuple(sorted(set(roles)))
        role = Trait(np.array([kinds.index(one) for one in roles], np.int32), kinds)
    return Registers(roster=Roster(None, Trait(codes, names), None, role, len(units), 0))


def test_users_are_compared_with_their_like_only():
    # A unit that always looks often is not above one that seldom does.
    rng = np.random.default_rng(0)
    counts = [*rng.poisson(100, 20), *rng.poisson(10, 20)]
    told = peers(ground(log_of(counts), roster(["east"] * 20 + ["west"] * 20)))
    assert [(one.unit, one.users, one.above) for one in told.cells] == [
        ("east", 20, 0),
        ("west", 20, 0),
    ]
    assert told.users == 40 and told.above == 0 and told.cells_with_above == 0


def test_who_stands_out_is_counted_and_hidden_below_k():
    rng = np.random.default_rng(0)
    one_above = [*rng.poisson(20, 30), 200]
    told = peers(ground(log_of(one_above), roster(["east"] * 31)))
    assert told.above is None and told.cells_with_above == 1
    many = [*rng.poisson(20, 300), *[150] * 12]
    told = peers(ground(log_of(many), roster(["east"] * 312)))
    assert told.above == 12


def test_a_hidden_number_is_not_what_the_sum_leaves():
    # 12 stand out in one unit and 5 in another: a sum of 17 beside the 12 would tell the 5.
    rng = np.random.default_rng(0)
    counts = [*rng.poisson(20, 300), *[150] * 12, *rng.poisson(20, 100), *[150] * 5]
    told = peers(ground(log_of(counts), roster(["east"] * 312 + ["west"] * 105)))
    east, west = (one.above for one in told.cells)
    assert west is None and (east is None or told.above is None)
    assert told.cells_with_above == 2


def test_small_cells_and_unknown_units_are_left_out():
    told = peers(ground(log_of([5] * 31), roster(["east"] * 12 + ["west"] * 9 + [None] * 10)))
    assert [one.unit for one in told.cells] == ["east"]
    assert told.users == 12 and told.left_out == 19
    by_role = roster(["east"] * 20, ["a"] * 11 + ["b"] * 9)
    told = peers(ground(log_of([5] * 20), by_role))
    # All are 20, and known: 11 compared would tell of the 9.
    assert [(one.unit, one.role, one.users, one.lookups) for one in told.cells] == [
        ("east", "a", None, None)
    ]
    assert told.left_out is None and told.users is None
    alone = peers(ground(log_of([5] * 4), roster(["east"] * 4)))
    assert alone.cells == () and alone.users is None and alone.left_out is None
    held = roster(["east"] * 20 + ["west"] * 12 + ["south"] * 3)
    told = peers(ground(log_of([5] * 35), held))
    assert {one.unit: one.users for one in told.cells} == {"east": 20, "west": None}
    assert told.users is None


def test_no_roster_no_peers():
    assert peers(ground(log_of([5] * 20))) is None
    assert (
        peers(ground(log_of([5] * 20), Registers(roster=Roster(None, None, None, None, 0, 20))))
        is None
    )


def test_a_cell_of_its_own_like_gives_chances_near_uniform():
    # The null: negative binomial of dispersion 1 in 6 cells of 25.
    rng = np.random.default_rng(7)
    cell = np.repeat(np.arange(6), 25)
    below = []
    for _ in range(60):
        means = rng.gamma(2.0, 20.0, 6)[cell]
        counts = rng.poisson(means * rng.gamma(1.0, 1.0, 150)).astype(float) + 1.0
        below.append(np.mean(chances(counts, cell)[0] <= 0.05))
    assert 0.02 < np.mean(below) < 0.08


def test_nobody_stands_out_by_chance_though_who_looked_nothing_up_is_not_seen():
    # Counts lack their zeros: a dispersion of counts that have them is half of it, and one
    # force in three was then told of users above.
    rng = np.random.default_rng(8)
    cell = np.repeat(np.arange(5), 40)
    wrong, dispersions = 0, []
    for _ in range(40):
        counts = rng.poisson(30.0 * rng.gamma(1 / 3, 3.0, 200)).astype(float)
        p, alike = chances(counts[counts > 0], cell[counts > 0])
        dispersions.append(alike.dispersion)
        wrong += bool((false_discovery_q(p) <= 0.05).any())
    assert wrong <= 5
    assert 2.4 < np.median(dispersions) < 3.6


@pytest.mark.parametrize(("users", "far"), [(10, 1), (20, 2), (40, 4)])
def test_a_tenth_of_a_cell_does_not_widen_what_is_usual(users, far):
    rng = np.random.default_rng(9)
    counts = rng.poisson(50.0 * rng.gamma(10.0, 0.1, users)).astype(float)
    alone = usual(counts, np.zeros(users, int))
    counts[:far] = 2_000.0
    beside = usual(counts, np.zeros(users, int))
    assert beside.dispersion < alone.dispersion + 0.2
    assert beside.means[0] < 1.3 * alone.means[0]


def test_the_limit_is_that_of_users_who_look_and_no_outlier_moves_it():
    # 1 in 1,000 of Poisson counts of mean 50 passes 73.
    rng = np.random.default_rng(10)
    counts = [*rng.poisson(50, 39), 5_000]
    (cell,) = peers(ground(log_of(counts), roster(["east"] * 40))).cells
    assert 70 <= cell.limit <= 80


def test_cells_of_one_look_up_each_and_of_one_count_are_fitted():
    once = usual(np.ones(12), np.zeros(12, int))
    assert once.dispersion == 0.0 and once.means[0] < 0.01
    assert usual(np.full(12, 7.0), np.zeros(12, int)).means[0] == pytest.approx(7.0, rel=0.02)
    far = usual(np.array([1.0] * 11 + [900.0]), np.zeros(12, int))
    assert far.means[0] < 1.0
