"""The simulated world, systems, remedies, thresholds and the test on a record."""

from __future__ import annotations

import numpy as np
import pytest

from veedor.audits.places.feedback import (
    REMEDIES,
    Counting,
    Observed,
    Setting,
    World,
    audit_feedback,
    crossing,
    discovered_per_reported,
    mean_over_runs,
    persistence,
    proportional,
    read_observed,
    read_world,
    runaway_threshold,
    share_of_runs,
    simulate,
    top,
)
from veedor.errors import DataError, StudyError
from veedor.files.json_file import json_bytes
from veedor.report.audit_feedback import feedback_document
from veedor.statistics.codes import Denominator

SMALL = {"rounds": 20, "runs": 5}


def test_the_discovered_fraction_is_what_even_patrols_record():
    world = World.of([200.0, 100.0], reporting=[0.4, 0.2], detection=0.1)
    for fraction in (0.2, 0.5, 1.0):
        scaled = world.with_discovered_fraction(fraction)
        assert scaled.discovered_fraction == pytest.approx(fraction)
    assert world.least_discovered_fraction <= 0.2
    with pytest.raises(StudyError, match="between"):
        world.with_discovered_fraction(0.01)


@pytest.mark.parametrize(
    "options",
    [
        {"true_rate": [1.0]},
        {"true_rate": [1.0, 0.0]},
        {"true_rate": [1.0, 501.0]},
        {"true_rate": [1.0, np.nan]},
        {"true_rate": [1.0, 1.0], "reporting": 1.2},
        {"true_rate": [1.0, 1.0], "detection": 0.0},
        {"true_rate": [1.0, 1.0], "prior": [0.0, 0.0]},
    ],
)
def test_a_world_that_cannot_be_is_refused(options):
    with pytest.raises(StudyError):
        World.of(**options)


def test_the_same_incidents_happen_whatever_is_reported_or_said():
    """A system that is fed everything at full reporting sees the same true incidents."""
    seen = []

    class Spy(Counting):
        def learn(self, added):
            seen[-1].append(added.copy())
            super().learn(added)

    world = World.of([3.0, 5.0, 2.0], reporting=1.0)
    for allocation in (proportional, top(0.34)):
        seen.append([])
        simulate(world, Spy(), allocation=allocation, **SMALL)
    np.testing.assert_array_equal(seen[0], seen[1])
    assert np.mean(seen[0]) == pytest.approx(10 / 3, rel=0.2)


def test_a_seed_gives_the_same_shares_and_another_others():
    world = World.of([3.0, 5.0], detection=0.2)
    first, again, other = (simulate(world, Counting(), seed=s, **SMALL) for s in (0, 0, 1))
    np.testing.assert_array_equal(first.last_share, again.last_share)
    assert not np.array_equal(first.last_share, other.last_share)


def test_without_the_loop_the_record_finds_the_truth():
    world = World.of([30.0, 10.0], detection=0.5, prior=[1.0, 9.0])
    found = simulate(world, Counting(), loop=False, rounds=300, runs=20)
    np.testing.assert_allclose(found.last_share.mean(axis=0), [0.75, 0.25], atol=0.01)


def test_patrols_at_the_top_share_ties():
    shares = top(0.4)(np.array([[1.0, 1.0, 1.0, 0.0, 5.0], [0.0, 0.0, 0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(shares[0], [1 / 6, 1 / 6, 1 / 6, 0, 1 / 2])
    np.testing.assert_allclose(shares[1], 0.2)
    np.testing.assert_allclose(proportional(np.zeros((1, 4))), 0.25)
    with pytest.raises(StudyError):
        top(0.0)


@pytest.mark.parametrize("made", [lambda r: r[:, :1], lambda r: -r, lambda r: r * np.nan])
def test_a_function_that_returns_no_scores_is_refused(made):
    with pytest.raises(StudyError, match="finite scores"):
        simulate(World.of([1.0, 2.0]), Counting(function=made), **SMALL)


def test_what_a_remedy_feeds():
    fed = {}
    for remedy in REMEDIES:

        class Spy(Counting):
            name = remedy.name

            def learn(self, added):
                fed.setdefault(self.name, []).append(added.copy())

        simulate(World.of([9.0, 9.0], reporting=0.5, detection=0.5), Spy(), remedy=remedy, **SMALL)
    total = {name: np.sum(rounds) for name, rounds in fed.items()}
    assert total["reported_only"] < total["thinned_by_share"] < total["none"]
    # With an even prior that never changes, presence is 1 and its weight too.
    assert total["weighted_by_presence"] == pytest.approx(total["none"])


def test_the_crossing_is_where_the_mean_curve_meets_the_tolerance():
    fractions = np.array([0.0, 0.5, 1.0])
    excess = np.tile([0.0, 0.0, 0.4], (10, 1))
    found = crossing(fractions, excess, 0.1, 0.95, 0)
    assert found.value == pytest.approx(0.625)
    assert (found.low, found.high) == pytest.approx((0.625, 0.625))
    assert crossing(fractions, 0 * excess, 0.1, 0.95, 0).value is None
    assert crossing(fractions, excess + 0.2, 0.1, 0.95, 0).value == 0.0


def test_means_and_shares_of_runs_say_when_they_have_no_interval():
    assert mean_over_runs(np.array([0.3]), 0.95, Denominator("simulated_runs")).low is None
    found = share_of_runs(np.zeros(20, dtype=bool), 0.95, Denominator("simulated_runs"))
    assert found.value == found.low == 0.0
    assert 0.1 < found.high < 0.2


def test_a_world_in_which_nothing_is_reported_has_one_fraction():
    found = runaway_threshold(World.of([3.0, 2.0]), Counting, Setting(**SMALL))
    assert found.fractions == (1.0,)


def test_the_audit_writes_plain_json_with_every_figure():
    world = World.of([3.0, 5.0, 2.0], reporting=0.3)
    found = audit_feedback(world, Counting, Setting(**SMALL), threshold=False)
    text = json_bytes(found).decode()
    assert "deviation_last" in text
    assert len(found.statements) == 6 * len(REMEDIES) + 1


def test_the_page_says_of_how_many_runs_and_gives_shares_their_intervals():
    world = World.of(np.linspace(1.0, 5.0, 20), reporting=0.3)
    rng = np.random.default_rng(2)
    record = observed(
        rng.poisson(3, (12, 20)), rng.poisson(1, (12, 20)), rng.random((12, 20)) < 0.3
    )
    setting = Setting(rounds=20, runs=20)
    found = audit_feedback(world, Counting, setting, observed=record, threshold=False)
    said = feedback_document(found).plain.sentences
    assert "out of 20 simulated runs of 20 rounds in 20 zones" in said[0]
    assert said[-1].count("95% interval") == 2
    assert "flagged places in a period that another follows) are flagged again" in said[-1]


def observed(reported, discovered, flagged):
    shape = np.shape(reported)
    return Observed(
        np.arange(shape[0]).astype(str),
        np.arange(shape[1]).astype(str),
        np.asarray(reported, dtype=float),
        np.asarray(discovered, dtype=float),
        np.asarray(flagged, dtype=bool),
        "made up",
    )


def test_the_ratio_by_hand():
    """One period: flagged 6 discovered to 3 reported, elsewhere 2 to 4: 2 / (1/2) = 4."""
    reported = [[3.0] + [0.5] * 8, [0.0] * 9]
    discovered = [[6.0] + [0.25] * 8, [0.0] * 9]
    flagged = [[True] + [False] * 8] * 2
    estimate, test = discovered_per_reported(observed(reported, discovered, flagged))
    assert estimate.value == pytest.approx(4.0)
    assert estimate.low is None  # one place was ever flagged
    assert test.p_value is None


def test_what_has_no_ratio_is_undefined():
    nothing = np.zeros((3, 8))
    flagged = np.tile(np.arange(8) < 4, (3, 1))
    for within in ("period", "place"):
        estimate, test = discovered_per_reported(observed(nothing, nothing, flagged), within=within)
        assert estimate.value is None
        assert test.statistic is None
    lasting = persistence(observed(nothing, nothing, nothing))
    assert lasting.flags.value is None
    assert lasting.difference.value is None


def test_persistence_by_hand():
    flagged = [[1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]]
    reported = [[9, 0, 0], [0, 20, 0], [0, 0, 50], [0, 0, 0]]
    found = persistence(observed(reported, reported, flagged))
    # From the second period on: flags 0, 0, 1; by reports so far 0, 1, 2.
    assert found.flags.value == 0.5
    assert found.reports.value == 0.0
    assert found.difference.value == 0.5
    assert found.flags.low is None


def test_a_memory_forgets_older_reports():
    flagged = np.tile([1, 0], (4, 1))
    reported = [[90, 0], [0, 1], [0, 1], [0, 1]]
    assert persistence(observed(reported, reported, flagged)).reports.value == 1.0
    short = persistence(observed(reported, reported, flagged), memory=1)
    assert short.reports.value == 0.5  # the first place, then twice the second
    with pytest.raises(StudyError):
        persistence(observed(reported, reported, flagged), memory=0)


def test_a_record_is_read_in_the_order_of_its_periods(tmp_path):
    path = tmp_path / "o.csv"
    head = "period,place,reported,discovered,flagged\n"
    rows = [f"{t},{z},{t},{z},{int(t > 9)}" for t in (10, 2) for z in (1, 2)]
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    found = read_observed(path)
    assert found.period.tolist() == ["2", "10"]
    assert found.reported[:, 0].tolist() == [2.0, 10.0]
    path.write_text(head + "\n".join(rows[:3]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="one row"):
        read_observed(path)


def test_a_world_is_read_with_its_names(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("zone,true_rate,reporting\nnorth,3,0.2\nsouth,4,0.3\n", encoding="utf-8")
    world = read_world(path, detection=0.2)
    assert world.zone == ("north", "south")
    assert world.detection == 0.2
    path.write_text("zone,true_rate\nnorth,3\nnorth,4\n", encoding="utf-8")
    with pytest.raises(DataError, match="unique"):
        read_world(path)
