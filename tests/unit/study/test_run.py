"""A study from its folder to its results, and what happens when it is broken off."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.asking import ask, run_here

from veedor.backtest import Made, SerialExecutor
from veedor.errors import StudyError, VeedorError
from veedor.files.json_file import json_bytes
from veedor.study import load_study
from veedor.tasks import check, forecast, patterns, reproduce
from veedor.tasks import run as run_task

HERE = SerialExecutor()


def run(folder, **options):
    return run_here(folder, **options)


def test_a_run_leaves_everything_it_promises(small_study):
    outcome = run(small_study)
    results = small_study / "results"
    names = {path.name for path in results.iterdir()}
    assert names == {
        "results.json",
        "quality.json",
        "manifest.json",
        "study.toml",
        "cells.geojson",
        "expected_places.csv",
        "forecasts",
        "outcomes",
    }
    manifest = json.loads((results / "manifest.json").read_text())
    assert manifest["inputs"][0]["sha256"]
    assert {entry["name"] for entry in manifest["outputs"]} >= {"results.json", "quality.json"}
    assert len(list(results.glob("forecasts/robo/*/*.parquet"))) == 4 * 6
    assert not (small_study / ".veedor").exists()
    assert outcome.results.categories[0].examination.recorded.inside > 0


def test_results_hold_intervals_denominators_and_the_reference(small_study):
    results = run(small_study).results
    found = results.categories[0].examination
    assert found.reference == found.forecasters[0].forecaster == "PriorCounts"
    assert [row.forecaster for row in found.comparisons] == ["Recency", "Kernel", "PastMean"]
    for row in found.comparisons:
        gain = row.gain.estimate
        assert gain.low <= gain.value <= gain.high
        assert gain.n == found.recorded.inside
        assert gain.denominator.code == "incidents_in_cells"
    assert sum(found.recorded.by_period) == found.recorded.inside


def test_gain_is_the_difference_of_the_log_scores(small_study):
    """Scored apart and together, the numbers must be one."""
    results = run(small_study).results
    found = results.categories[0].examination
    cells = results.cells.count * len(results.periods.start)
    prior, past = (found.of(who).scores["log_score"].value for who in ("PriorCounts", "PastMean"))
    gain = found.comparisons[-1].gain.estimate
    assert gain.value * gain.n == pytest.approx((prior - past) * cells)


def test_two_runs_are_the_same_bytes_and_reproduce_says_so(small_study):
    run(small_study)
    first = (small_study / "results" / "results.json").read_bytes()
    run(small_study)
    assert (small_study / "results" / "results.json").read_bytes() == first
    assert ask(reproduce, results=small_study / "results").results.same


def test_processes_give_the_same_bytes_as_one(small_study, tmp_path):
    from veedor.backtest import ProcessExecutor

    run(small_study)
    run(small_study, into=tmp_path / "other" / "results", executor=ProcessExecutor(2))
    one = (small_study / "results" / "results.json").read_bytes()
    assert (tmp_path / "other" / "results" / "results.json").read_bytes() == one


def test_reproduce_names_what_differs(small_study):
    run(small_study)
    path = small_study / "incidents.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:1] + lines[2::2]) + "\n")
    found = ask(reproduce, results=small_study / "results").results
    assert not found.same
    assert any(line.startswith("input incidents.csv") for line in found.differences)
    assert any("categories[0]" in line for line in found.differences)


def test_reproduce_uses_the_study_as_it_was_run(small_study):
    run(small_study)
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace("origins = 6", "origins = 3"))
    assert ask(reproduce, results=small_study / "results").results.same


def test_reproduce_of_nothing_is_one_clear_error(tmp_path):
    with pytest.raises(StudyError, match="finished run"):
        ask(reproduce, results=tmp_path)


class StopsAfter:
    """An executor whose user presses Ctrl-C after some forecasts."""

    def __init__(self, tasks):
        self.tasks = tasks

    def run(self, function, shared, tasks, *, together=None):
        for number, task in enumerate(tasks):
            if number == self.tasks:
                raise KeyboardInterrupt
            yield function(shared, task)


class Counts(SerialExecutor):
    """An executor that remembers which forecasts had still to be made."""

    def __init__(self):
        self.made = 0

    def run(self, function, shared, tasks, *, together=None):
        for done in super().run(function, shared, tasks, together=together):
            self.made += isinstance(done, tuple) and isinstance(done[0], Made)
            yield done


def test_a_run_broken_off_keeps_old_results_and_goes_on_where_it_was(small_study):
    run(small_study)
    old = (small_study / "results" / "results.json").read_bytes()
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace("seed = 3", "seed = 4"))
    with pytest.raises(KeyboardInterrupt):
        run(small_study, executor=StopsAfter(4 * 4))
    assert (small_study / "results" / "results.json").read_bytes() == old
    counted = Counts()
    run(small_study, executor=counted)
    assert counted.made == 2 * 4
    assert (small_study / "results" / "results.json").read_bytes() != old
    assert not (small_study / ".veedor").exists()


def test_a_failing_report_leaves_the_old_results(small_study, monkeypatch):
    run(small_study)
    old = (small_study / "results" / "manifest.json").read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("veedor.report.write.write_report", fail)
    with pytest.raises(OSError, match="disk full"):
        run(small_study, report=True)
    assert (small_study / "results" / "manifest.json").read_bytes() == old


def test_a_crash_between_the_renames_brings_the_old_results_back(small_study, monkeypatch):
    """Where two folders cannot change places at once, the old one is set aside first."""
    run(small_study)
    old = (small_study / "results" / "manifest.json").read_bytes()
    monkeypatch.setattr("veedor.files.folders._exchanged", lambda *_: False)
    rename = Path.rename

    def killed(self, target):
        if self.parent.name == ".veedor":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as now:
        now.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            run(small_study)
    assert not (small_study / "results").exists()
    ask(check, study=small_study)
    assert (small_study / "results" / "manifest.json").read_bytes() == old
    assert not list(small_study.glob(".results*"))


def test_other_data_does_not_resume_from_old_forecasts(small_study):
    with pytest.raises(KeyboardInterrupt):
        run(small_study, executor=StopsAfter(4 * 4))
    path = small_study / "incidents.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:1] + lines[2::2]) + "\n")
    counted = Counts()
    run(small_study, executor=counted)
    assert counted.made == 6 * 4


def test_check_writes_the_quality_report_and_forecasts_nothing(small_study):
    checked = ask(check, study=small_study)
    quality = checked.results
    assert checked.folder.name == "results"
    assert quality.rows.read == quality.rows.kept == 600
    written = {path.name for path in (small_study / "results").iterdir()}
    assert written == {"check.html", "manifest.json", "quality.json"}
    assert "note" in str(quality.dropped_columns)


def test_check_reports_on_what_was_read_also_where_cells_cannot_be_laid(small_study):
    """Latitude and longitude mapped the wrong way round: the report is what shows it."""
    path = small_study / "study.toml"
    text = path.read_text()
    text = text.replace('latitude = "lat"', 'latitude = "LON"').replace(
        'longitude = "lon"', 'longitude = "lat"'
    )
    path.write_text(text.replace("LON", "lon"))
    checked = ask(check, study=small_study)
    assert (checked.folder / "quality.json").exists()
    assert checked.results.places.located.numerator == 0
    assert checked.results.places.outside_area is None
    assert "suspected: latitude and longitude exchanged" in str(checked.hindrances)
    with pytest.raises(StudyError, match="At most 5% of the coordinates"):
        run(small_study)


def test_next_periods_follow_the_data(small_study):
    made = ask(forecast, study=small_study, periods=2).results
    assert made.absent == ()
    assert {one.forecaster for one in made.forecasts} == {
        "PriorCounts",
        "Recency",
        "Kernel",
        "PastMean",
    }
    for one in made.forecasts:
        assert one.periods.labels()[0][0].startswith("2024-07-01T00:00")
        assert len(one.periods) == 2
    assert len(list((small_study / "next" / "forecasts" / "robo").iterdir())) == 4
    assert not (small_study / ".veedor").exists()


def test_data_after_an_origin_changes_no_forecast_made_there(small_study):
    """Leakage, end to end: rewrite the last weeks and compare the first origin's files."""
    run(small_study)
    folder = small_study / "results" / "forecasts" / "robo"
    first = {
        path.parent.name: path.read_bytes()
        for path in folder.glob("*/*.parquet")
        if path.name == min(p.name for p in path.parent.iterdir())
    }
    path = small_study / "incidents.csv"
    rows = path.read_text().splitlines()
    moved = [
        row.replace("-34.6", "-34.7") if "2024-06" in row.split(",")[1] else row for row in rows
    ]
    assert moved != rows
    path.write_text("\n".join(moved) + "\n")
    run(small_study)
    for name, before in first.items():
        after = min((folder / name).iterdir(), key=lambda p: p.name).read_bytes()
        assert after == before, name


def test_json_is_written_one_way():
    assert json_bytes({"b": 1, "a": "ñ"}) == '{\n "a": "ñ",\n "b": 1\n}\n'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes({"a": np.nan})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("size_m = 500", "size_m = 50", "addresses"),
        ("size_m = 500", 'size_m = "500"', "Expected"),
        ("size_m = 500", "sizem = 500", "sizem"),
        ('known_by = "reported"', 'known_by = "discovered"', "go looking for"),
        ('name = "robo"', 'name = "manifestación"', "rotest"),
        ('name = "robo"', 'name = "tenencia de estupefacientes"', "reported"),
        ("origins = 6", "origins = 0", "at least one origin"),
        (
            "history_from = 2024-01-01",
            'history_from = "SET THIS"',
            "1 to set: periods.hist",
        ),
        ("history_from = 2024-01-01", 'history_from = "soon"', "must be a local date"),
        ("history_from = 2024-01-01", "history_from = 2024-12-01", "before the first origin"),
        ('length = "1 week"', 'length = "1 fortnight"', "whole number"),
        ('crs = "EPSG:32721"', 'crs = "EPSG:4326"', "metres"),
        ('category = "category"', 'category = "category"\nvictim_name = "note"', "role"),
        ('category = "category"', 'category = "missing"', "missing"),
        ('"incidents.csv"', '"absent.csv"', "absent"),
        ('country = "AR"', 'country = "XX"', "XX"),
        ('"PastMean"]', '"Oracle"]', "Oracle"),
        ("seed = 3", "seed = ", "TOML"),
        ("until = 2024-07-01", "until = 2025-07-01", "within its record"),
        ("history_from = 2024-01-01", "history_from = 2021-01-01", "within its record"),
        ("until = 2024-07-01", "until = 2024-07-01T00:00:00+05:00", "without an offset"),
        ("until = 2024-07-01", "until = 0001-01-08", "from 1900"),
        ("origins = 6", "origins = 1000000000", "at most 20,000 periods"),
        ("size_m = 500", "size_m = nan", "size"),
        ("size_m = 500", "size_m = 1e9", "size"),
        ('name = "robo"', 'name = ""', "must have names"),
        (
            "[cells]",
            '[[categories]]\nname = "ROBO"\nknown_by = "reported"\nvalues = ["x"]\n[cells]',
            "aside",
        ),
        ('time_zone = "America/Argentina/Buenos_Aires"', 'time_zone = "Mars/Base"', "IANA"),
        ('length = "1 week"', 'length = "999999999 weeks"', "hundred years"),
    ],
)
def test_a_wrong_study_is_one_clear_error(small_study, old, new, message):

    path = small_study / "study.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(VeedorError, match=message) as caught:
        run(small_study)
    assert caught.value.must.endswith(".")
    assert "\n" not in str(caught.value)
    assert not (small_study / "results").exists()


def test_a_study_beyond_its_record_is_told_by_the_days_of_the_record_not_its_seconds(small_study):
    """The page of `check` shows this error, and is shared without the data."""
    path = small_study / "study.toml"
    path.write_text(path.read_text().replace("until = 2024-07-01", "until = 2025-07-01"))
    with pytest.raises(VeedorError, match="within its record") as caught:
        run(small_study)
    spans = caught.value.found.partition("incidents from ")[2]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d", spans)


def test_the_demo_study_is_valid(tmp_path):
    from importlib.resources import files

    (tmp_path / "study.toml").write_bytes(files("veedor.demo").joinpath("study.toml").read_bytes())
    study = load_study(tmp_path)
    assert study.length.unit == "week"
    assert study.periods.origins == 16


def test_two_runs_at_once_do_not_mix(small_study):
    """The second is told to wait; the first one's results are whole."""
    from veedor.study.workspace import temporary_workspace

    with (
        temporary_workspace(small_study),
        pytest.raises(StudyError, match="one command may work"),
    ):
        run(small_study)
    run(small_study)
    assert (small_study / "results" / "results.json").exists()
    assert not (small_study / ".veedor").exists()


def test_check_leaves_a_finished_runs_results_alone(small_study):
    run(small_study)
    before = (small_study / "results" / "quality.json").read_bytes()
    path = small_study / "incidents.csv"
    path.write_text(path.read_text() + "900,2024-06-30T10:00,-34.6,-58.4,robo,x\n")
    written = ask(check, study=small_study).folder
    assert written.name == "check"
    assert (small_study / "results" / "quality.json").read_bytes() == before


@pytest.mark.parametrize("name", ["results", "next", "patterns", "check", ".veedor"])
def test_a_link_in_a_study_is_not_followed_out(small_study, tmp_path, name):
    """A study may come from anyone: what a link in it leads to is not the study's to replace."""
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    (small_study / name).symlink_to(kept)
    if name == "check":
        (small_study / "results").mkdir()
        (small_study / "results" / "results.json").write_text("{}")
    task = {"results": run_task, "next": forecast, "patterns": patterns}
    with pytest.raises(StudyError, match="link"):
        ask(task.get(name, check), study=small_study)
    assert list(kept.iterdir()) == []
    assert (small_study / name).is_symlink()


@pytest.mark.parametrize(
    ("length", "until", "per_origin"),
    [("1 hour", "2022-03-14", 24), ("8 hours", "2022-03-15", 3), ("1 month", "2022-06-01", 1)],
)
def test_any_length_of_period_has_its_whole_count(small_study, length, until, per_origin):
    from veedor.study.config import parse_study
    from veedor.study.laying_out import forecast_periods

    text = (small_study / "study.toml").read_text()
    for old, new in (
        ("America/Argentina/Buenos_Aires", "America/Chicago"),
        ("2024-07-01", until),
        ("1 week", length),
        ("origins = 6", f"origins = 5\nperiods_per_origin = {per_origin}"),
    ):
        text = text.replace(old, new)
    assert len(forecast_periods(parse_study(text.encode()))) == 5 * per_origin


def test_polygons_without_the_named_id_are_refused(small_study):
    import shapely

    outline = shapely.box(-58.45, -34.65, -58.35, -34.55)
    feature = {"type": "Feature", "properties": {"name": "a"}}
    feature["geometry"] = json.loads(shapely.to_geojson(outline))
    document = {"type": "FeatureCollection", "crs": None, "features": [feature]}
    (small_study / "zones.geojson").write_text(json.dumps(document))
    study = small_study / "study.toml"
    text = study.read_text().replace(
        "size_m = 500", 'shape = "polygon"\nfile = "zones.geojson"\nid = "ID"'
    )
    study.write_text(text)
    with pytest.raises(StudyError, match="without 'ID'"):
        run(small_study)
    study.write_text(text.replace('id = "ID"', 'id = "name"'))
    assert run(small_study).results.cells.count == 1


def test_a_folder_of_someone_elses_is_not_replaced(small_study):
    (small_study / "results").mkdir()
    (small_study / "results" / "thesis.doc").write_text("precious")
    with pytest.raises(StudyError, match="earlier command"):
        run(small_study)
    assert (small_study / "results" / "thesis.doc").read_text() == "precious"
