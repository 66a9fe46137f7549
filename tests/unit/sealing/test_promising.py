"""What may be promised, what is refused, and what an entry says."""

import json
import os
import stat

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rfc8785

from veedor.errors import PersonalDataRefusal, SameGroundError, SealError, UnreadableError
from veedor.files.json_file import plain
from veedor.report.words import words_in
from veedor.report.words.sealing import notices
from veedor.sealing import (
    Terms,
    Tree,
    create_key,
    findings,
    is_key_of,
    leaf_hash,
    load_key,
    load_roots,
    promisable,
    read_log,
    score,
    seal,
    verify,
    verify_inclusion,
)
from veedor.sealing.manifests import Span
from veedor.sealing.names import visible
from veedor.sealing.writing import writing
from veedor.statistics.codes import Finding

from .conftest import CUTOFF, FIRST, WEEK


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
    assert verdict.notices[0].code == "log_late"


def test_two_forecasts_of_one_maker_for_the_same_week_are_told(sealed, forecast, tmp_path):
    sealed(forecast("Tilted", tilt=0.2))
    assert not verify(tmp_path / "log").beside
    sealed(forecast("Tilted", tilt=0.4))
    found = findings(verify(tmp_path / "log"))
    assert [one.entry for one in found.promises] == [0, 1]
    assert found.notices == ()
    (notice,) = notices(words_in("en"), found)
    assert "Entry 1 is another forecast" in notice
    assert "entry 0" in notice


def test_a_cut_off_after_the_sealing_is_refused(sealed, forecast, tmp_path, time):
    time.at = FIRST - np.timedelta64(4, "h")  # the forecast names data up to an hour later
    with pytest.raises(SealError, match='lead = "1 day"'):
        sealed(forecast("Tilted"))
    assert not (tmp_path / "log" / "batches").exists() or not read_log(tmp_path / "log").entries


def test_a_cut_off_that_its_maker_does_not_state_is_not_made_up(sealed, forecast, tmp_path):
    path = forecast("Vendor")
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata(), path)
    entry = sealed(path).entries[0].manifest
    assert (entry.data_cutoff, entry.issued_at) == (None, None)
    verdict = verify(tmp_path / "log")
    assert verdict.holds
    assert verdict.notices == ()
    assert sealed(path).already == ((path, 0),)


def test_only_what_is_known_of_a_forecast_is_made_public(sealed, forecast, place, tmp_path):
    """A maker's own columns, metadata and properties stay with it."""
    path = forecast("Vendor")
    table = pq.read_table(path)
    head = json.loads(table.schema.metadata[b"veedor"])
    head |= {"contact": "SECRET", "parameters": {"analyst": "SECRET"}}
    table = table.append_column("victims", pa.array(["SECRET"] * len(table)))
    table = table.replace_schema_metadata({"veedor": json.dumps(head), "SECRET": "SECRET"})
    pq.write_table(table, path)
    cells = json.loads((place / "cells.geojson").read_text())
    cells["SECRET"] = cells["features"][0]["SECRET"] = "SECRET"
    cells["veedor"]["SECRET"] = "SECRET"
    for feature in cells["features"]:
        feature["properties"]["resident"] = "SECRET"
    (place / "cells.geojson").write_text(json.dumps(cells))
    assert len(sealed(path).entries) == 1
    for file in (tmp_path / "log").rglob("*"):
        if file.is_file():
            assert b"SECRET" not in file.read_bytes()
    (kept,) = (tmp_path / "log" / "files").glob("*.parquet")
    assert pq.read_schema(kept).names == [
        "category",
        "start",
        "end",
        "cell_id",
        "mean",
        "dispersion",
    ]
    assert verify(tmp_path / "log").holds
    assert sealed(path).already == ((path, 0),)


def test_the_same_forecast_in_other_bytes_is_the_same(sealed, forecast, monkeypatch):
    """Another version of the writer of Parquet files wrote the log."""
    path = forecast("Tilted")
    with monkeypatch.context() as patch:
        patch.setattr("veedor.sealing.promising.forecast_bytes", lambda _: path.read_bytes() + b"")
        sealed(path)
    again = sealed(path, references=[])
    assert again.entries == ()
    assert again.already == ((path, 0),)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"promised_by": "the city\u202e"}, SealError),
        ({"promised_by": "the ci\u200bty"}, SealError),
        ({"revisions": "none\x1b[31m"}, SealError),
        ({"promised_by": "write to ana@example.org"}, PersonalDataRefusal),
        ({"revisions": "ask ana@example.org"}, PersonalDataRefusal),
        ({"promised_by": "Juan Perez"}, PersonalDataRefusal),
        ({"promised_by": "PEREZ, juan"}, PersonalDataRefusal),
        ({"promised_by": "Dr. Ana Gómez, analyst"}, PersonalDataRefusal),
    ],
)
def test_what_must_not_stand_in_a_public_log_is_refused(sealed, forecast, terms, error):
    with pytest.raises(error):
        sealed(forecast("Tilted"), terms=Terms(**terms))


def test_names_of_a_forecast_that_must_not_stand_in_a_log_are_refused(sealed, forecast):
    with pytest.raises(SealError, match=r"\\u200b"):
        sealed(forecast("Til\u200bted"))
    for name in ("ana@example.org", "Juan Perez"):
        with pytest.raises(PersonalDataRefusal):
            sealed(forecast(name))


@pytest.mark.parametrize(
    "name",
    [
        "Fundación Juan Perez",
        "Municipalidad de Vicente Lopez",
        "City of X, crime analysis unit",
        "San Martin Police Department",
        "Thomson Reuters",
        "Holt Winters",
    ],
)
def test_an_organisation_promises_under_its_name(sealed, forecast, name):
    assert sealed(forecast("Tilted"), terms=Terms(promised_by=name)).entries


@pytest.mark.parametrize(
    "name", ["tilted", "TILTED ", "T\u0456lted", "Ti\u200blted", "\uff34ilted", "T1lted", "Til-ted"]
)
def test_a_maker_whose_name_looks_the_same_is_a_rival(
    sealed, forecast, tmp_path, name, monkeypatch
):
    monkeypatch.setattr("veedor.sealing.promising.require_plain", lambda *_: None)
    sealed(forecast("Tilted"))
    sealed(forecast(name, tilt=0.1))
    told = notices(words_in("en"), findings(verify(tmp_path / "log")))
    assert "another forecast" in told[-1]
    assert f"by {visible(name)!a}" in told[-1]
    assert all(one.isprintable() for one in told)


def test_promises_that_overlap_are_rivals_and_neighbours_are_not(
    sealed, forecast, grid, place, tmp_path
):
    from veedor.forecasts import CountDistribution, Forecast, write_forecast
    from veedor.spacetime import Length, Periods

    for week in (0, 1, 3):
        sealed(forecast("Tilted", week, tilt=0.2))
    sealed(forecast("Other", 2))
    assert verify(tmp_path / "log").beside == ()
    periods = Periods.stepping(FIRST + WEEK, Length(1, "week"), 0, 2, "UTC")
    mean = np.ones((2, 6))
    made = Forecast(
        CountDistribution(mean, 0.0), grid(3, 2), periods, "theft", "Tilted", "1", CUTOFF, CUTOFF
    )
    write_forecast(made, place / "two.parquet")
    sealed(place / "two.parquet")
    (notice,) = notices(words_in("en"), findings(verify(tmp_path / "log")))
    assert "beside entry 1 (from 2026-11-30" in notice
    assert "entry 2" not in notice


def test_a_strangers_names_are_shown_as_they_are_written(sealed, forecast, tmp_path, monkeypatch):
    monkeypatch.setattr("veedor.sealing.promising.require_plain", lambda *_: None)
    terms = Terms(promised_by="a\u202eb\x1b[31m", revisions="\u2067x")
    sealed(forecast("Ti\x07lted", category="the\u200bft"), terms=terms)
    (tmp_path / "log" / "\x1b[2J").write_text("{}")
    found = findings(verify(tmp_path / "log"))
    text = json.dumps(plain(found), ensure_ascii=False)
    assert all(code in text for code in ("\\u202e", "\\x1b", "\\u200b", "\\x07", "\\u2067"))
    assert text.isprintable()
    assert sum(one.code == "log_name_not_seen" for one in found.notices) == 3


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
        CountDistribution(np.ones((1, 4)), 0.0), cells, periods, "theft", "P", "1", CUTOFF, FIRST
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


def test_keys_and_certificates_are_plain_and_small(tmp_path):
    large, pipe = tmp_path / "large", tmp_path / "pipe"
    with large.open("wb") as file:
        file.truncate(1 << 33)
    os.mkfifo(pipe)
    for path in (large, pipe):
        for read in (load_key, load_roots):
            with pytest.raises(UnreadableError):
                read(path)
        log = tmp_path / f"log of {path.name}"
        log.mkdir()
        (log / "public-key.pem").symlink_to(path)
        create_key(tmp_path / f"{path.name}.key")
        with pytest.raises(UnreadableError):
            is_key_of(tmp_path / f"{path.name}.key", log)


def test_a_log_is_no_pipe(sealed, forecast, tmp_path, log_key):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SealError, match="must be a folder"):
        seal([forecast("Tilted")], tmp_path / "pipe", log_key)


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
    assert reasons["Late"] == (
        True,
        Finding("log_no_such_category", {"category": "arson"}),
    )
    assert not reasons["Patient"][0]
    assert "2026-12-03T03:00" in reasons["Patient"][1].arguments["due"]
    assert not reasons["Next"][0]
    states = {one.forecaster: one.state for one in findings(verify(log)).promises}
    assert states["Late"] == "never_scored"
    assert states["Patient"] == "not_due"


def test_a_record_that_ends_early_scores_nothing(
    sealed, forecast, incidents, time, log_key, tmp_path
):
    sealed(forecast("Tilted"))
    time.at = FIRST + WEEK + np.timedelta64(1, "h")
    made = score(tmp_path / "log", log_key, incidents(FIRST + np.timedelta64(3, "D")))
    assert made.entries == ()
    assert made.waiting[0].reason.code == "log_not_recorded"
    assert made.waiting[0].due


def test_scores_are_those_of_the_counts(sealed, forecast, incidents, time, log_key, tmp_path, grid):
    from veedor.forecasts import CountDistribution
    from veedor.verification import log_score

    sealed(forecast("Tilted", tilt=0.2), references=[forecast("PriorCounts")])
    time.at = FIRST + WEEK + np.timedelta64(1, "h")
    recorded = incidents(time.at)
    record = recorded.incidents
    made = score(tmp_path / "log", log_key, recorded)
    results = made.entries[1].manifest.results
    cells = grid(3, 2)
    inside = (record.start >= FIRST) & (record.start < FIRST + WEEK)
    counts = np.bincount(cells.locate(record.x_m, record.y_m)[inside], minlength=6)
    mine = log_score(CountDistribution(2.0 + 0.2 * np.arange(6), 0.1), counts)
    theirs = log_score(CountDistribution(np.full(6, 2.0), 0.1), counts)
    assert results.incidents == counts.sum() == 28
    assert results.scores["log_score"].value == pytest.approx(mine.mean())
    gain = results.information_gain.gain
    assert gain.value == pytest.approx((theirs - mine).sum() / 28)
    assert gain.low is None


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
    assert second.results.incidents == first.results.incidents + 3


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


def test_what_is_promised_has_an_end(sealed, forecast, tmp_path):
    for terms in ({"promised_by": "the city " * 300}, {"area_fractions": (0.5,) * 2_000}):
        with pytest.raises(SealError, match="length"):
            sealed(forecast("Tilted"), terms=Terms(**terms))
    assert sealed(forecast("Tilted")).entries  # nothing of it was written
    assert verify(tmp_path / "log").holds


@pytest.mark.parametrize(
    "hostile",
    [
        {"category": "a" * 1_000_000},
        {"scores": ["log_score"] * 100_000},
        {"periods": Span(edges=("2026-11-23T03:00:00.000000Z",) * 200_000, time_zone="UTC")},
        {"periods": Span(edges=("2026-11-23T03:00:00.000000Z",) * 90_000, time_zone="UTC")},
    ],
)
def test_a_strangers_log_is_told_of_in_few_words(
    sealed, forecast, log_key, tmp_path, monkeypatch, hostile
):
    sealed(forecast("Tilted"))
    monkeypatch.setattr("veedor.sealing.writing.decode", lambda *_: None)
    with writing(tmp_path / "log", log_key) as writer:
        promise = writer.entries[0].manifest
        writer.append([msgspec.structs.replace(promise, **hostile)], {})
    verdict = verify(tmp_path / "log")
    assert not verdict.holds
    assert len(json.dumps(plain(findings(verdict).problems))) < 5_000
