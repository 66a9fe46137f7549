"""What may be promised, what is refused, and what an entry says."""

import json
import os
import stat

import numpy as np
import pytest
import rfc8785

from veedor.errors import SameGroundError, SealError
from veedor.sealing import (
    Terms,
    Tree,
    create_key,
    findings,
    leaf_hash,
    load_key,
    promisable,
    read_log,
    score,
    seal,
    verify,
    verify_inclusion,
)

from .conftest import FIRST, WEEK


@pytest.fixture
def sealed(tmp_path, time, forecast, log_key):
    def make(*files, **options):
        return seal(list(files), tmp_path / "log", log_key, **options)

    return make


def test_an_entry_says_what_was_promised(sealed, forecast, tmp_path):
    terms = Terms(promised_by="the city", wait_days=14, revisions="none", scores=("crps",))
    reference = forecast("PriorCounts")
    made = sealed(forecast("Tilted", tilt=0.2), references=[reference], terms=terms)
    first, second = (entry.manifest for entry in made.entries)
    assert (first.forecaster, first.reference) == ("PriorCounts", None)
    assert second.reference == first.forecast.sha256
    assert second.promised_by == "the city"
    assert (second.category, second.cells_count, second.late) == ("theft", 6, False)
    assert (second.revisions.wait_days, second.revisions.text) == (14, "none")
    assert second.scores == ["crps"]
    assert second.periods.edges[0] == "2026-11-23T03:00:00.000000Z"
    assert second.time_source == "own clock only"
    assert len(second.code.sha256) == 64
    assert verify(tmp_path / "log").holds


def test_manifests_are_canonical_json(sealed, forecast, tmp_path):
    made = sealed(forecast("Tilted"))
    message = made.entries[0].message
    assert rfc8785.dumps(json.loads(message)) == message


def test_an_entry_is_proven_by_its_bytes_and_the_checkpoint_alone(kept_log):
    log = read_log(kept_log)
    tree = Tree(leaf_hash(entry.leaf) for entry in log.entries)
    for number, entry in enumerate(log.entries):
        proof = tree.inclusion_proof(number)
        leaf = leaf_hash(entry.leaf)
        assert verify_inclusion(leaf, number, log.head.size, proof, log.head.root)


def test_a_period_that_has_begun_is_refused(sealed, forecast, time, tmp_path):
    path = forecast("Tilted")
    time.at = FIRST
    with pytest.raises(SealError, match="before its first period begins"):
        sealed(path)
    assert not read_log(tmp_path / "log").entries


def test_late_is_recorded_for_good(sealed, forecast, time, tmp_path):
    time.at = FIRST + np.timedelta64(1, "h")
    made = sealed(forecast("Tilted"), late=True)
    assert made.entries[0].manifest.late
    verdict = verify(tmp_path / "log")
    assert verdict.holds
    assert "sealed late" in verdict.notices[0]


def test_two_forecasts_of_one_maker_for_the_same_week_are_told(sealed, forecast, tmp_path):
    sealed(forecast("Tilted", tilt=0.2))
    assert not verify(tmp_path / "log").notices
    sealed(forecast("Tilted", tilt=0.4))
    found = findings(verify(tmp_path / "log"))
    assert [one["entry"] for one in found["promises"]] == [0, 1]
    (notice,) = found["notices"]
    assert "Entry 1 is another forecast" in notice
    assert "entry 0" in notice


def test_a_cut_off_after_the_sealing_is_told(sealed, forecast, tmp_path, time):
    time.at = FIRST - np.timedelta64(4, "h")  # the forecast names data up to an hour later
    sealed(forecast("Tilted"))
    (notice,) = verify(tmp_path / "log").notices
    assert "its cut-off is not what it says" in notice


def test_late_in_time_is_not_late(sealed, forecast):
    assert not sealed(forecast("Tilted"), late=True).entries[0].manifest.late


def test_sealing_again_changes_nothing(sealed, forecast, time):
    path = forecast("Tilted")
    first = sealed(path)
    time.at = FIRST + WEEK
    again = sealed(path)
    assert again.entries == ()
    assert again.already == ((path, 0),)
    assert again.checkpoint == first.checkpoint


def test_all_or_none(sealed, forecast, time, tmp_path):
    files = [forecast("Tilted", 1), forecast("Tilted", 0)]
    time.at = FIRST + np.timedelta64(1, "h")
    with pytest.raises(SealError):
        sealed(*files)
    assert not read_log(tmp_path / "log").entries


def test_a_reference_of_other_periods_is_refused(sealed, forecast):
    with pytest.raises(SealError, match="reference of its category and periods"):
        sealed(forecast("Tilted", 1), references=[forecast("PriorCounts", 0)])


def test_a_reference_for_other_cells_is_refused(sealed, forecast, tmp_path, grid):
    from veedor.forecasts import CountDistribution, Forecast, write_cells, write_forecast
    from veedor.spacetime import Length, Periods

    cells = grid(2, 2)
    periods = Periods.stepping(FIRST, Length(1, "week"), 0, 1, "UTC")
    other = tmp_path / "other"
    write_cells(cells, other / "cells.geojson")
    made = Forecast(
        CountDistribution(np.ones((1, 4)), 0.0), cells, periods, "theft", "P", "1", FIRST, FIRST
    )
    write_forecast(made, other / "p.parquet")
    with pytest.raises(SameGroundError):
        sealed(forecast("Tilted"), references=[other / "p.parquet"])


@pytest.mark.parametrize(
    "options",
    [
        {"scores": ("accuracy",)},
        {"scores": ("crps", "crps")},
        {"area_fractions": (0.0,)},
        {"wait_days": -1},
    ],
)
def test_terms_that_cannot_be_kept_are_refused(options):
    with pytest.raises(SealError):
        Terms(**options)


def test_every_proper_score_of_verification_can_be_promised():
    from veedor.verification import SCORES

    assert {*SCORES, "information_gain", "capture_rate"} == set(promisable())


def test_a_key_is_its_owners_alone_and_never_replaced(tmp_path):
    path = tmp_path / "key.pem"
    made = create_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name != "posix"
    with pytest.raises(SealError, match="must not replace"):
        create_key(path)
    assert load_key(path).public_key() == made.public_key()
    path.write_bytes(b"nonsense")
    with pytest.raises(SealError, match="Ed25519 private key"):
        load_key(path)


def test_another_key_cannot_add_to_a_log(kept_log, forecast, tmp_path):
    with pytest.raises(SealError, match="its own key"):
        seal([forecast("Tilted", 5)], kept_log, create_key(tmp_path / "other.key"))


def test_a_clock_that_runs_back_is_refused(kept_log, forecast, log_key, time):
    time.at -= np.timedelta64(30, "D")
    with pytest.raises(SealError, match="in the order of their times"):
        seal([forecast("Tilted", 5)], kept_log, log_key)


def test_a_log_that_does_not_verify_is_not_added_to(kept_log, forecast, log_key):
    path = kept_log / "batches" / "00000002.json"
    path.write_bytes(path.read_bytes().replace(b"the city", b"the town"))
    with pytest.raises(SealError, match="must verify before"):
        seal([forecast("Tilted", 5)], kept_log, log_key)


def test_scoring_scores_all_that_is_due_and_lists_the_rest(
    sealed, forecast, incidents, time, log_key, tmp_path
):
    log = tmp_path / "log"
    waits = Terms(wait_days=3)
    sealed(forecast("Tilted", tilt=0.2), references=[forecast("PriorCounts")])
    sealed(forecast("Patient", tilt=0.1), terms=waits)
    sealed(forecast("Late", tilt=0.3, category="arson"))
    sealed(forecast("Next", week=1))
    time.at = FIRST + WEEK + np.timedelta64(1, "h")
    made = score(log, log_key, incidents(time.at))
    assert {entry.manifest.forecast_entry for entry in made.entries} == {0, 1}
    reasons = {one.promise.forecaster: (one.due, one.reason) for one in made.waiting}
    assert reasons["Late"] == (True, "the outcomes have no category 'arson'")
    assert not reasons["Patient"][0]
    assert "2026-12-03T03:00" in reasons["Patient"][1]
    assert not reasons["Next"][0]
    states = {one["forecaster"]: one["state"] for one in findings(verify(log))["promises"]}
    assert states["Late"] == "due, and never scored"
    assert states["Patient"] == "not due yet"


def test_a_record_that_ends_early_scores_nothing(
    sealed, forecast, incidents, time, log_key, tmp_path
):
    sealed(forecast("Tilted"))
    time.at = FIRST + WEEK + np.timedelta64(1, "h")
    made = score(tmp_path / "log", log_key, incidents(FIRST + np.timedelta64(3, "D")))
    assert made.entries == ()
    assert "time without a record" in made.waiting[0].reason
    assert made.waiting[0].due


def test_scores_are_those_of_the_counts(sealed, forecast, incidents, time, log_key, tmp_path, grid):
    from veedor.forecasts import CountDistribution
    from veedor.verification import log_score

    sealed(forecast("Tilted", tilt=0.2), references=[forecast("PriorCounts")])
    time.at = FIRST + WEEK + np.timedelta64(1, "h")
    record = incidents(time.at)
    made = score(tmp_path / "log", log_key, record)
    results = made.entries[1].manifest.results
    cells = grid(3, 2)
    inside = (record.start >= FIRST) & (record.start < FIRST + WEEK)
    counts = np.bincount(cells.locate(record.x_m, record.y_m)[inside], minlength=6)
    mine = log_score(CountDistribution(2.0 + 0.2 * np.arange(6), 0.1), counts)
    theirs = log_score(CountDistribution(np.full(6, 2.0), 0.1), counts)
    assert results["incidents"] == counts.sum() == 28
    assert results["scores"]["log_score"]["value"] == pytest.approx(mine.mean())
    gain = results["information_gain"]
    assert gain["value"] == pytest.approx((theirs - mine).sum() / 28)
    assert gain["low"] is None


def test_no_incident_is_kept(kept_log):
    import pyarrow.parquet as pq

    for path in (kept_log / "files").glob("*.parquet"):
        names = set(pq.read_schema(path).names)
        assert names in (
            {"start", "end", "cell_id", "count"},
            {"category", "start", "end", "cell_id", "mean", "dispersion"},
        )


def test_a_second_scoring_stands_beside_the_first(kept_log):
    verdict = verify(kept_log)
    rounds = [[scoring.round for _, scoring in one] for one in verdict.scorings.values()]
    assert rounds == [[1, 2], [1, 2], [1], [1]]
    _, first = verdict.scorings[1][0]
    _, second = verdict.scorings[1][1]
    assert second.results["incidents"] == first.results["incidents"] + 3


def test_the_same_counts_again_change_nothing(kept_log, incidents, log_key, time):
    before = (kept_log / "checkpoint").read_text()
    made = score(kept_log, log_key, incidents(time.at, more=3))
    assert made.entries == ()
    assert (kept_log / "checkpoint").read_text() == before


def test_only_parquet_is_sealed(tmp_path, time, forecast, log_key):
    path = forecast("Tilted")
    other = path.with_suffix(".csv")
    other.write_bytes(path.read_bytes())
    with pytest.raises(SealError, match="Parquet"):
        seal([other], tmp_path / "log", log_key)
    assert not (tmp_path / "log").exists() or not list((tmp_path / "log").glob("batches/*"))
