"""Many studies run as each by itself: the same bytes, whatever else is in the folder."""

from __future__ import annotations

import json
import re
import weakref
from pathlib import Path
from shutil import copytree
from threading import Event, Lock

import pytest
from tests.asking import ask
from tests.contracts.test_tasks import After
from tests.golden import town

from veedor import backtest
from veedor.backtest import SerialExecutor
from veedor.cli import main
from veedor.errors import StudyError
from veedor.files.folders import is_as_listed
from veedor.report.words import words_in
from veedor.study import preparation
from veedor.tasks import Cancelled, Context, run, run_many
from veedor.tasks import run as run_task

NAMES = ("north", "south/old", "south/north")


class Threads:
    """Does tasks in the thread that asks, one at a time of all, as other processes would."""

    def __init__(self):
        self._lock = Lock()

    def run(self, function, shared, tasks, *, together=None):
        for task in tasks:
            with self._lock:
                done = function(shared, task)
            yield done


def at_once(folder: Path, ahead: int, kind=Threads, **given):
    """Run with executors of a kind, one for each study that is under way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backtest, "make_executor", lambda *_: kind())
        return run_many.perform(run_many.Request(folder=folder, ahead=ahead), Context(**given))


def write(folder: Path, names=NAMES, origins=2) -> Path:
    """Write studies that are soon done: one category, one forecaster beside the reference."""
    for number, name in enumerate(names):
        town.build_small(folder / name, number)
        path = folder / name / "study.toml"
        text = path.read_text(encoding="utf-8").replace("origins = 6", f"origins = {origins}")
        text = text.replace('[[categories]]\nname = "theft"\nknown_by = "reported"\n', "")
        text = text.replace(', "Kernel"', "")
        assert text.count("[[categories]]") == 1
        assert "Kernel" not in text
        path.write_text(text, encoding="utf-8")
    return folder


def spoiled(folder: Path) -> Path:
    """Add a study with an unknown setting, one that begins too late, one away, and a loop."""
    for name, old, new in (
        ("bad", "size_m = 500", "sise_m = 500"),
        ("late", "history_from = 2024-01-01", "history_from = 2024-06-14"),
    ):
        write(folder, (name,))
        path = folder / name / "study.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    (folder / "away").symlink_to(folder / "north")
    (folder / "south" / "loop").symlink_to(folder)
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A folder of studies as it was run, three at a time, and what came of it."""
    folder = spoiled(write(tmp_path_factory.mktemp("many"), origins=6))
    return folder, at_once(folder, 2)


def files(results: Path) -> dict[str, bytes]:
    """Files of results, but for when and how long they were made."""
    found = {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
    told = re.compile(rb"<td>\s*(?:[\d.]+|\d{4}-\d\d-\d\dT[\d:+]+|veedor run\S* \S+)\s*</td>")
    found["report.html"] = told.sub(b"", found["report.html"])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_study_gives_the_same_bytes_as_run_by_itself(many, tmp_path, name):
    folder, _ = many
    alone = tmp_path / Path(name).name
    copytree(folder / name, alone, ignore=lambda *_: {"results"})
    ask(run, study=alone)
    assert files(alone / "results") == files(folder / name / "results")


def test_what_stops_a_study_is_told_by_its_name_and_stops_no_other(many):
    folder, done = many
    told = {str(error.where).partition(":")[0]: error for error in done.hindrances}
    assert list(told) == ["away", "bad", "late"]
    assert "links are not followed" in told["away"].must
    assert "sise_m" in told["bad"].found
    assert "at least one whole period" in told["late"].must
    assert [one.study for one in done.results.studies] == sorted(NAMES)
    assert [one.study for one in done.results.not_run] == ["away", "bad", "late"]
    assert not (folder / "late" / "results").exists()
    assert not (folder / "away" / "results.json").exists()


def test_the_folder_says_what_holds_over_all(many):
    folder, done = many
    written = json.loads((folder / "results" / "results.json").read_bytes())
    assert written["comparisons"] == done.results.comparisons == 3
    lines = (folder / "results" / "comparisons.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + done.results.comparisons
    page = (folder / "results" / "report.html").read_text(encoding="utf-8")
    for name in NAMES:
        assert f'href="../{name}/results/report.html"' in page
        assert (folder / "results" / f"../{name}/results/report.html").is_file()
    assert is_as_listed(folder / "results")


def test_neither_order_nor_number_at_a_time_changes_anything(many, tmp_path):
    folder, _ = many
    other = tmp_path / folder.name
    spoiled(_again(folder, other))
    ask(run_many, SerialExecutor(), folder=other)
    assert files(other / "results") == files(folder / "results")


def _again(folder: Path, other: Path) -> Path:
    """Write the same studies, the last first."""
    for name in NAMES[::-1]:
        copytree(folder / name, other / name, ignore=lambda *_: {"results"})
    return other


def test_processes_give_the_same_bytes(many, tmp_path):
    folder, _ = many
    other = _again(folder, tmp_path / "other")
    run_many.perform(run_many.Request(folder=other, jobs=2), Context())
    for name in NAMES:
        assert files(other / name / "results") == files(folder / name / "results")


@pytest.mark.release(reason="tests of executors look at a cluster in each run")
def test_a_cluster_gives_the_same_bytes(many, tmp_path):
    pytest.importorskip("distributed")
    from tests.made_cluster import Cluster

    folder = _again(many[0], tmp_path / "other")
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as made, made.supervised(2):
        run_many.perform(run_many.Request(folder=folder, scheduler=made.address), Context())
    for name in NAMES:
        assert files(folder / name / "results") == files(many[0] / name / "results")


def manifests(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name / "results" / "manifest.json").read_bytes() for name in NAMES}


def test_what_is_whole_is_not_made_again_and_what_changed_is(tmp_path, state):
    folder = write(tmp_path / "many")
    ask(run_many, folder=folder)
    before = manifests(folder)
    done = ask(run_many, folder=folder)
    assert manifests(folder) == before
    (last,) = done.document.headline[-1:]
    assert "3 of 3 studies were whole already" in last.sentences[0]

    with (folder / "north" / "incidents.csv").open("a", encoding="utf-8") as file:
        file.write("9999,2024-03-03T03:00,-34.6,-58.4,theft,one more\n")
    (folder / "south/old" / "results" / "results.json").write_text("{}")
    done = ask(run_many, folder=folder)
    after = manifests(folder)
    assert {name for name in NAMES if after[name] != before[name]} == {"north", "south/old"}
    assert "1 of 3 studies was whole already and not made again: south/north" in str(
        done.document.headline[-1].sentences
    )


def test_whole_results_of_anyone_elses_are_made_again(tmp_path, monkeypatch, state):
    folder = write(tmp_path / "many", ("north",))
    ask(run_many, folder=folder)
    before = (folder / "north" / "results" / "manifest.json").read_bytes()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    ask(run_many, folder=folder)
    assert (folder / "north" / "results" / "manifest.json").read_bytes() != before


@pytest.mark.parametrize(
    ("executor", "times"),
    [(SerialExecutor, 0), (SerialExecutor, 12), (Threads, 3), (Threads, 16)],
)
def test_a_cancelled_call_leaves_nothing_half_written_and_goes_on(
    many, tmp_path, state, executor, times
):
    folder = _again(many[0], tmp_path / "many")
    with pytest.raises(Cancelled):
        at_once(folder, 1, executor, cancel=After(times))
    assert not (folder / "results").exists()
    for name in NAMES:
        assert not (folder / name / "results").exists() or is_as_listed(folder / name / "results")
        assert not list((folder / name / ".veedor").glob("veedor-*"))
        assert not (folder / name / ".veedor" / "lock").exists()
    ask(run_many, folder=folder)
    for name in NAMES:
        assert files(folder / name / "results") == files(many[0] / name / "results")


class Interrupted:
    """Hears Ctrl-C at the n-th task."""

    def __init__(self, tasks):
        self.left = tasks

    def run(self, function, shared, tasks, *, together=None):
        for task in tasks:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            yield function(shared, task)


def test_what_was_broken_off_goes_on_where_it_was(tmp_path, state):
    folder = write(tmp_path / "many", ("north",))
    with pytest.raises(KeyboardInterrupt):
        ask(run_many, Interrupted(3), folder=folder)
    kept = sorted((folder / "north" / ".veedor").rglob("*.parquet"))
    assert kept
    made = {path.name: path.stat().st_mtime_ns for path in kept}
    again = Interrupted(10**6)
    ask(run_many, again, folder=folder)
    for path in (folder / "north" / "results" / "forecasts").rglob("*.parquet"):
        if path.name in made and path.stat().st_mtime_ns == made[path.name]:
            break
    else:
        pytest.fail("every forecast was made again")


def test_no_more_studies_are_in_memory_than_are_at_once(tmp_path, monkeypatch, state):
    folder = write(tmp_path / "many", ("a", "b", "c", "d", "e"))
    alive: weakref.WeakSet = weakref.WeakSet()
    most = []
    prepare = preparation.prepare

    def counted(*arguments):
        made = prepare(*arguments)
        alive.add(made)
        most.append(len(alive))
        return made

    monkeypatch.setattr(preparation, "prepare", counted)
    at_once(folder, 1)
    assert len(most) == 5
    assert max(most) == 2


def test_forecasts_go_on_while_a_study_is_scored(tmp_path, monkeypatch, state):
    folder = write(tmp_path / "many", ("a", "b"), origins=4)
    from veedor.study import results

    made, scored, build = Event(), [], results.build_results

    def waiting(*arguments):
        if not scored:
            scored.append(1)
            assert made.wait(60.0), "the queue stood still"
        return build(*arguments)

    class Telling(Threads):
        def run(self, function, shared, tasks, *, together=None):
            for done in super().run(function, shared, tasks, together=together):
                if scored:
                    made.set()
                yield done

    monkeypatch.setattr(results, "build_results", waiting)
    at_once(folder, 1, Telling)


def test_a_fault_is_no_matter_of_the_study_and_ends_all(tmp_path, monkeypatch, state):
    folder = write(tmp_path / "many", ("a", "b"))

    def fault(*_, **__):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(run_task, "_write_reports", fault)
    with pytest.raises(ZeroDivisionError):
        at_once(folder, 1)
    assert not (folder / "results").exists()
    assert not list(folder.rglob("lock"))


def test_a_study_that_another_command_works_on_is_told(tmp_path, state):
    from veedor.study.workspace import temporary_workspace

    folder = write(tmp_path / "many", ("a", "b"))
    with temporary_workspace(folder / "a"):
        done = ask(run_many, folder=folder)
    assert ["Only one command" in error.must for error in done.hindrances] == [True]
    assert [one.study for one in done.results.studies] == ["b"]


def test_each_study_is_told_in_its_own_language(tmp_path, state):
    folder = write(tmp_path / "many", ("a", "b"))
    path = folder / "a" / "study.toml"
    path.write_text(path.read_text().replace("seed = 3", 'seed = 3\nlanguage = "es"'))
    run_many.perform(
        run_many.Request(folder=folder), Context(executor=SerialExecutor(), language="en")
    )
    pages = {name: (folder / name / "results/report.html").read_text() for name in ("a", "b")}
    assert '<html lang="es' in pages["a"]
    assert '<html lang="en' in pages["b"]
    assert '<html lang="en' in (folder / "results" / "report.html").read_text()


def test_the_command_ends_with_2_where_a_study_was_stopped(many, tmp_path, capsys, state):
    folder = spoiled(write(tmp_path / "many"))
    with pytest.raises(SystemExit) as left:
        main(["run-many", str(folder), "--jobs", "1", "--lang", "es"])
    assert left.value.code == 2
    told = capsys.readouterr()
    assert "late:" in told.err
    assert str(folder / "results" / "report.html") in told.out


@pytest.mark.parametrize("made", [False, True])
def test_a_folder_without_studies_is_one_clear_error(tmp_path, made):
    if made:
        (tmp_path / "none").mkdir()
    with pytest.raises(StudyError, match="must hold folders with"):
        ask(run_many, folder=tmp_path / "none")
    assert not (tmp_path / "none" / ".veedor").exists()


def test_results_of_anyone_elses_are_not_replaced(tmp_path, state):
    folder = write(tmp_path / "many", ("a",))
    (folder / "results").mkdir()
    (folder / "results" / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match="must be new, empty"):
        ask(run_many, folder=folder)
    assert not (folder / "a" / "results").exists()


def test_words_of_the_page_are_of_its_language(many):
    _, done = many
    from veedor.report.many import page

    made = page(done.results, {}, words_in("es"))
    assert "recuento" in made.cover.finding
