"""A study's folder from someone else: what it holds of an unfinished run is not believed."""

import json
import pickle

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import ask, run_here

from veedor.backtest import Made, SerialExecutor
from veedor.errors import StudyError
from veedor.tasks import check


def run(folder, **options):
    return run_here(folder, **options)


class StopsAfter:
    def __init__(self, tasks):
        self.tasks = tasks

    def run(self, function, shared, tasks, *, together=None):
        for number, task in enumerate(tasks):
            if number == self.tasks:
                raise KeyboardInterrupt
            yield function(shared, task)


def planted(path):
    """Forecasts as good as one likes: every mean a hundredfold."""
    table = pq.read_table(path)
    mean = pa.array([100.0 * one for one in table["mean"].to_pylist()])
    pq.write_table(table.set_column(table.column_names.index("mean"), "mean", mean), path)


def test_planted_forecasts_are_made_anew(small_study):
    run(small_study)
    honest = (small_study / "results" / "results.json").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        run(small_study, executor=StopsAfter(4 * 4))
    work = small_study / ".veedor"
    made = sorted(work.glob("run-*/forecasts/robo/Kernel/*.parquet"))
    assert made
    for path in made:
        planted(path)
    run(small_study)
    assert (small_study / "results" / "results.json").read_bytes() == honest


def test_what_another_users_veedor_left_is_made_anew(small_study, tmp_path, monkeypatch):
    """Whole and well sealed, but under another key: one cannot know what made it."""
    with pytest.raises(KeyboardInterrupt):
        run(small_study, executor=StopsAfter(4 * 4))
    made = sorted((small_study / ".veedor").glob("run-*/forecasts/robo/Kernel/*.parquet"))
    for path in made:
        planted(path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    counted = []

    class Counts(SerialExecutor):
        def run(self, function, shared, tasks, *, together=None):
            for done in super().run(function, shared, tasks, together=together):
                if isinstance(done, tuple) and isinstance(done[0], Made):
                    counted.append(done)
                yield done

    run(small_study, executor=Counts())
    assert len(counted) == 6 * 4


def test_nothing_strange_is_carried_into_results(small_study, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(small_study, executor=StopsAfter(2 * 4))
    (building,) = (small_study / ".veedor").glob("run-*")
    far = tmp_path / "far"
    far.mkdir()
    (far / "kept").write_text("precious")
    (building / "report.html").write_text("forged")
    (building / "audits" / "exposure").mkdir(parents=True)
    (building / "audits" / "exposure" / "results.json").write_text("{}")
    (building / "model.pkl").write_bytes(pickle.dumps(print))
    (building / "outcomes").symlink_to(far)
    forecast = next(iter(sorted(building.glob("forecasts/robo/*"))))
    forecast.rename(tmp_path / "moved")
    forecast.symlink_to(tmp_path / "moved")
    run(small_study)
    names = {path.name for path in (small_study / "results").iterdir()}
    assert names.isdisjoint({"report.html", "model.pkl", "audits"})
    assert not any(path.is_symlink() for path in (small_study / "results").rglob("*"))
    assert [path.name for path in far.iterdir()] == ["kept"]


@pytest.mark.parametrize("name", [".veedor/results-old", ".results.veedor-old"])
def test_results_set_aside_by_someone_else_are_not_brought_back(small_study, tmp_path, name):
    run(small_study)
    (small_study / ".veedor").mkdir()
    (small_study / "results").rename(small_study / name)
    (small_study / name / "report.html").write_text("forged")
    ask(check, study=small_study)
    written = {path.name for path in (small_study / "results").iterdir()}
    assert written == {"check.html", "manifest.json", "quality.json"}


def test_links_in_the_working_folder_are_not_followed(small_study, tmp_path):
    far = tmp_path / "far"
    (far / "reading-1").mkdir(parents=True)
    (far / "kept").write_text("precious")
    work = small_study / ".veedor"
    work.mkdir()
    (work / "lock").symlink_to(far / "kept")
    (work / "reading-1").symlink_to(far / "reading-1")
    (work / "run-0").symlink_to(far)
    run(small_study)
    assert (far / "kept").read_text() == "precious"
    assert (far / "reading-1").is_dir()
    assert json.loads((small_study / "results" / "results.json").read_text())


def test_files_added_to_results_stop_the_next_run_before_it_works(small_study):
    run(small_study)
    (small_study / "results" / "notes.txt").write_text("precious")
    with pytest.raises(StudyError, match=r"notes\.txt"):
        run(small_study, executor=StopsAfter(0))
    assert (small_study / "results" / "notes.txt").read_text() == "precious"
