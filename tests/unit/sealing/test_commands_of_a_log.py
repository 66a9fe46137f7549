"""A public test of four weeks, one command a week, by the command line; and its report."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest
from msgspec.structs import replace

from veedor.cli.app import main
from veedor.files.json_file import json_bytes
from veedor.report import write_document
from veedor.report.sealed import sealed_document
from veedor.report.words import words_in
from veedor.report.words.log_cover import finding, promised, proof
from veedor.sealing import Problem, findings, seal, verify
from veedor.sealing.findings import NEVER, NOT_DUE
from veedor.sealing.writing import writing
from veedor.statistics.codes import Finding

from .conftest import EAST, FIRST, NORTH, WEEK

_HOUR = np.timedelta64(1, "h")


def run(*words):
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return left.value.code


@pytest.mark.parametrize("name", ["report.html", "report.json"])
def test_a_report_replaces_nothing_that_is_not_its_own(kept_log, tmp_path, name, capsys):
    beside = tmp_path / "report.json"
    beside.write_text('{"mine": 1}')
    assert run("log", "verify", kept_log, "--report", tmp_path / name) == 2
    assert "report.json" in capsys.readouterr().err
    assert beside.read_text() == '{"mine": 1}'
    assert not (tmp_path / "report.html").exists()
    beside.unlink()
    for _ in range(2):
        assert run("log", "verify", kept_log, "--report", tmp_path / "report.html") == 0
    assert "promises" in json.loads(beside.read_text())


def test_the_old_names_do_the_same_and_say_the_new_one(kept_log, capsys):
    assert run("log", "verify", kept_log) == 0
    new = capsys.readouterr()
    assert "is now" not in new.err
    assert run("verify", kept_log) == 0
    old = capsys.readouterr()
    assert old.out == new.out
    assert "This command is now `veedor log verify`." in old.err
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "Old name of `veedor log verify`" in capsys.readouterr().out


@pytest.fixture
def outcomes(tmp_path):
    """A CSV of thefts, every six hours up to an instant, around two of the cells."""

    def make(until):
        from pyproj import Transformer

        start = np.arange(FIRST - 6 * WEEK, until, np.timedelta64(6, "h"))
        local = (start - np.timedelta64(3, "h")).astype("datetime64[m]")
        x = EAST + np.where(np.arange(len(start)) % 3 == 0, 250.0, 1250.0)
        to_degrees = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
        lon, lat = to_degrees.transform(x, np.full(len(x), NORTH + 300.0))
        rows = [
            f"{n},{when},{a:.6f},{b:.6f},theft"
            for n, (when, a, b) in enumerate(zip(local, lat, lon, strict=True))
        ]
        path = tmp_path / "recorded.csv"
        path.write_text("\n".join(["id,occurred_at,latitude,longitude,category", *rows]) + "\n")
        return path

    return make


@pytest.fixture
def public_test(tmp_path, time, forecast, place, outcomes):
    """Four weeks of two forecasters against the reference; each week one seal and one score."""
    log = tmp_path / "log"
    for week in range(5):
        time.at = FIRST + week * WEEK - _HOUR
        if week < 4:
            for name, tilt in (("PriorCounts", 0.0), ("Good", 0.3), ("Bad", -0.3)):
                forecast(name, week, tilt=tilt)
            assert run("log", "seal", place, "--log", log, "--by", "the city") == 0
        time.at += np.timedelta64(1, "m")
        if week == 4:
            time.at += 2 * _HOUR
        assert run("log", "score", log, "--outcomes", outcomes(time.at)) == 0
    return log


def test_four_weeks(public_test, tmp_path, capsys):
    found = findings(verify(public_test))
    assert found.holds, found.problems
    assert len(found.promises) == 12
    assert {one.promised_by for one in found.promises} == {"the city"}
    together = {one.forecaster: one for one in found.together}
    assert set(together) == {"Good", "Bad"}
    for one in together.values():
        assert (one.promised, one.scored, one.never_scored) == (4, 4, 0)
        assert one.gain.estimate.n == 4 * 28
        assert one.gain.estimate.low is None
    assert together["Bad"].worse_than_reference == 4
    capsys.readouterr()
    kept = tmp_path / "kept.txt"
    report = tmp_path / "report.html"
    assert run("log", "verify", public_test, "--remember", kept, "--report", report) == 0
    told = capsys.readouterr().out
    assert "own clock only" in told
    assert "The log verifies: 24 entries." in told
    assert kept.read_text() == (public_test / "checkpoint").read_text()
    written = json.loads(report.with_suffix(".json").read_text())
    assert written["together"] == json.loads(json_bytes(found.together))
    assert "The log verifies." in report.read_text()


def test_before_a_round_is_over_nothing_is_said_of_scores(
    tmp_path, time, forecast, place, outcomes, capsys
):
    time.at = FIRST - _HOUR
    for name, tilt in (("PriorCounts", 0.0), ("Good", 0.3)):
        forecast(name, 0, tilt=tilt)
    assert run("log", "seal", place, "--log", tmp_path / "log", "--by", "the city") == 0
    capsys.readouterr()
    assert run("log", "score", tmp_path / "log", "--outcomes", outcomes(time.at)) == 0
    told = capsys.readouterr().out
    assert "Not scored: entry 0" in told
    assert "Promises" not in told
    found = findings(verify(tmp_path / "log"))
    assert "log_scorings_agree" not in {one.code for one in found.proven}
    page = sealed_document(found, words_in("en"))
    assert "can be told yet." in page.plain.points[0]
    assert "scored round" not in page.plain.points[0]
    assert not any(table.caption == "Scores" for s in page.sections for table in s.behind)


def test_a_changed_log_is_told_by_its_exit_code(public_test, tmp_path, capsys):
    kept = tmp_path / "kept.txt"
    run("log", "verify", public_test, "--remember", kept)
    before = kept.read_text()
    counts = sorted((public_test / "files").glob("*.parquet"))[0]
    counts.write_bytes(counts.read_bytes()[:-1])
    capsys.readouterr()
    assert run("log", "verify", public_test, "--remember", kept) == 1
    assert counts.name in capsys.readouterr().out
    assert kept.read_text() == before


def test_late_stands_in_the_report_and_counts_nowhere(
    tmp_path, time, forecast, place, outcomes, capsys
):
    log = tmp_path / "log"
    for name, tilt in (("PriorCounts", 0.0), ("Good", 0.3)):
        forecast(name, 0, tilt=tilt)
    time.at = FIRST + _HOUR
    assert run("log", "seal", place, "--log", log) == 2
    assert "--late" in capsys.readouterr().err
    assert run("log", "seal", place, "--log", log, "--late") == 0
    assert "LATE" in capsys.readouterr().out
    time.at = FIRST + WEEK + _HOUR
    assert (
        run("log", "score", log, "--outcomes", outcomes(time.at), "--report", tmp_path / "r.html")
        == 0
    )
    page = (tmp_path / "r.html").read_text()
    assert "2 of 2 were sealed late" in page
    assert "LATE" in page
    assert findings(verify(log)).together[0].gain is None


def test_a_forecast_in_the_working_folder_is_sealed(tmp_path, time, forecast, monkeypatch):
    path = forecast("Tilted")
    monkeypatch.chdir(path.parent)
    run("log", "seal", path.name, "--log", str(tmp_path / "log"))
    assert verify(tmp_path / "log").promises[0].forecaster == "Tilted"


def test_the_key_never_lies_in_the_log(tmp_path, time, forecast, capsys):
    log = tmp_path / "log"
    log.mkdir()
    path = forecast("Tilted")
    assert run("log", "seal", path, "--log", log, "--new-key", log / "key.pem") == 2
    assert "must never lie in the log" in capsys.readouterr().err
    assert not list(log.iterdir())


def test_a_study_folder_says_how_its_outcomes_are_read(small_study):
    from veedor.study import read_outcomes

    recorded = read_outcomes(small_study, ["robo"])
    assert len(recorded.recorded.incidents) == recorded.kept == 600
    assert not recorded.proposed


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)


def test_names_in_the_report_are_escaped(tmp_path, time, forecast, log_key):
    from veedor.sealing import Terms, seal

    terms = Terms(promised_by="<script>alert(1)</script>", revisions="<b>")
    seal([forecast("Tilted")], tmp_path / "log", log_key, terms=terms)
    write_document(
        sealed_document(findings(verify(tmp_path / "log")), words_in("en")), tmp_path / "page.html"
    )
    page = _Tags()
    page.feed((tmp_path / "page.html").read_text())
    assert "script" not in page.seen
    assert "table" in page.seen


def test_a_log_of_thousands_of_rivals_is_told_of_soon(forecast, time, log_key, tmp_path, capsys):
    seal([forecast("Tilted")], tmp_path / "log", log_key)
    with writing(tmp_path / "log", log_key) as writer:
        writer.append([writer.entries[0].manifest] * 3_000, {})
    capsys.readouterr()
    assert run("log", "verify", tmp_path / "log", "--details") == 1
    told = capsys.readouterr().out
    assert "and 2,800 more; --report FILE lists all" in told
    assert "2,001 before these" in told
    assert "and many more" in told
    assert told.count("\n") < 2_000


def test_the_cover_tells_whether_promises_were_kept(public_test):
    found = findings(verify(public_test))
    page = sealed_document(found, words_in("en"))
    assert page.cover is not None
    assert page.cover.finding == (
        "This log holds, and every promise that is due was scored: 12 of 12"
    )
    assert [one.told for one in page.cover.proof.counts] == ["12 of 12", "12 of 12", "0 of 12"]
    assert all(section.folded for section in page.sections)
    never = replace(found, promises=(replace(found.promises[0], state=NEVER), *found.promises[1:]))
    assert finding(words_in("en"), never)[1] == (
        "This log holds, but 1 promise that is due was never scored"
    )
    waiting = tuple(replace(one, state=NOT_DUE, scorings=()) for one in found.promises)
    assert finding(words_in("en"), replace(found, promises=waiting))[1].endswith("none is due yet")
    problem = Problem(where=Finding("log_entry", {"entry": 1}), what=Finding("log_not_in_the_tree"))
    assert finding(words_in("en"), replace(never, holds=False, problems=(problem,)))[1].startswith(
        "This log does not hold: 1 problem"
    )


def test_a_log_of_late_promises_does_not_say_that_it_holds_alone(public_test):
    words, found = words_in("en"), findings(verify(public_test))
    late = (replace(found.promises[0], late=True), *found.promises[1:])
    tone, told = finding(words, replace(found, promises=late))
    assert (tone, told) == (
        "open",
        "This log holds, but 1 promise was sealed after its period had begun: it proves no "
        "forecast",
    )
    assert finding(words, replace(found, promises=()))[1] == (
        "This log holds, and no forecast is promised in it"
    )


def test_that_a_promise_was_in_time_is_said_by_whose_clock(public_test):
    words, found = words_in("en"), findings(verify(public_test))
    own = tuple(replace(one, existed_by=None, late=False) for one in found.promises)
    seen = tuple(replace(one, existed_by="2024-01-01T00:00Z") for one in own)
    for promises, checked, clock in (
        (own, True, ", by the log's own clock"),
        (seen, False, ", by the log's own clock"),
        ((own[0], *seen[1:]), True, ", by the log's own clock"),
        (seen, True, ""),
    ):
        given = replace(found, promises=promises, authority_checked=checked)
        (name, in_time, whole), *_ = proof(words, given)
        assert name == f"sealed before their period{clock}"
        assert in_time == whole == len(promises)


@pytest.mark.parametrize(("late", "told"), [(False, "before"), (True, "LATE")])
def test_what_was_promised_is_told_with_whether_it_was_in_time(late, told):
    said = promised(words_in("en"), [("2024-07-08T03:00Z", late), ("2024-07-01T03:00Z", False)])
    assert told in said
    assert "2024-07-01T03:00Z" in said
    assert ("LATE" in said) == late
