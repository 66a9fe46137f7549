"""The commands as a person or a script calls them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def veedor(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "veedor", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"COLUMNS": "120"},  # a test runner may have set another
        check=False,
        timeout=300,
    )


def test_init_check_run_reproduce_forecast_on_a_users_own_csv(small_study, tmp_path):
    source = small_study / "incidents.csv"
    made = veedor("init", "mine", "--incidents", str(source), cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "mine" / "study.toml").read_text()
    assert text.count("GUESS") >= 8
    assert 'time_zone = "America/Argentina/Buenos_Aires"' in text
    assert 'crs = "EPSG:32721"' in text
    assert "note" in made.stdout  # named as dropped
    assert 'use = ["PriorCounts", ' in text

    checked = veedor("check", "mine", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "600" in checked.stdout
    written = {path.name for path in (tmp_path / "mine" / "results").iterdir()}
    assert written == {"check.html", "manifest.json", "quality.json"}

    ran = veedor("run", "mine", "--jobs", "1", "--details", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "PriorCounts" in ran.stdout
    assert "plain counting" in ran.stdout
    assert ran.stdout.rstrip().endswith("report.html")
    assert "\x1b" not in ran.stdout + ran.stderr
    assert (tmp_path / "mine" / "results" / "report.html").stat().st_size > 100_000

    same = veedor("reproduce", "mine/results", "--jobs", "1", cwd=tmp_path)
    assert same.returncode == 0, same.stderr
    assert "same, byte for byte" in same.stdout

    results = tmp_path / "mine" / "results" / "results.json"
    document = json.loads(results.read_text())
    document["cells"]["count"] += 1
    results.write_text(json.dumps(document))
    other = veedor("reproduce", "mine/results", "--jobs", "1", cwd=tmp_path)
    assert other.returncode == 1
    assert "cells.count" in other.stdout

    ahead = veedor("forecast", "mine", "--periods", "2", "--details", cwd=tmp_path)
    assert ahead.returncode == 0, ahead.stderr
    assert "2024-07-08T00:00-03:00" in ahead.stdout
    again = veedor("init", "mine", "--incidents", str(source), cwd=tmp_path)
    assert again.returncode == 2
    assert "must not replace" in again.stderr


def test_init_says_what_it_could_not_guess(tmp_path):
    (tmp_path / "odd.csv").write_text("a,b,c\n1,2024-01-01,x\n2,2024-01-02,y\n")
    made = veedor("init", "mine", "--incidents", "odd.csv", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "mine" / "study.toml").read_text()
    assert 'date = "b"' in text  # found by its values
    for role in ("category", "latitude", "longitude"):
        assert f'# SET THIS: {role} = "' in text
    assert 'time_zone = "SET THIS"' in text
    assert veedor("run", "mine", cwd=tmp_path).returncode == 2


def test_what_is_to_be_set_is_marked_in_spanish_and_known_in_any_language(tmp_path):
    (tmp_path / "odd.csv").write_text("a,b,c\n1,2024-01-01,x\n2,2024-01-02,y\n")
    made = veedor("--lang", "es", "init", "mine", "--incidents", "odd.csv", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "mine" / "study.toml").read_text()
    assert 'time_zone = "COMPLETAR"' in text
    assert "SUPUESTO: " in text
    assert "SET THIS" not in text
    assert "GUESS" not in text + made.stdout
    run = veedor("run", "mine", "--lang", "en", cwd=tmp_path)
    assert run.returncode == 2
    assert "time_zone" in run.stderr
    assert "to set" in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "nowhere"),
        ("check", "nowhere"),
        ("forecast", "nowhere"),
        ("reproduce", "nowhere"),
        ("init", "x", "--incidents", "absent.csv"),
        ("init", "x"),
        ("fly",),
        ("run",),
        ("run", "nowhere", "--jobs", "0"),
    ],
)
def test_what_the_user_can_mend_exits_with_2_and_no_traceback(arguments, tmp_path):
    done = veedor(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_a_panel_and_debug_shows_the_traceback(small_study):
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace("size_m = 500", "size_m = 50"))
    done = veedor("run", str(small_study))
    assert done.returncode == 2
    assert "Refused, by design" in done.stderr
    assert "To do:" in done.stderr
    assert "Traceback" not in done.stderr
    debugged = veedor("--debug", "run", str(small_study))
    assert debugged.returncode == 2
    assert "Traceback" in debugged.stderr


def test_version_and_help():
    import veedor as package

    assert package.__version__ in veedor("--version").stdout
    shown = veedor("--help").stdout
    for command in ("demo", "init", "check", "run", "reproduce", "forecast"):
        assert f"  {command} " in shown
        one = veedor(command, "--help")
        assert one.returncode == 0
        assert len(one.stdout) > 200


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from veedor.cli.app import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'duckdb', 'rich', 'matplotlib', 'scipy', 'pyarrow', 'shapely'}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_demo_does_not_overwrite_other_files(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    done = veedor("demo", str(tmp_path))
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_leaves_old_results_and_says_so(small_study, tmp_path, sent, code):
    copies = tmp_path / "copies"
    copies.mkdir()
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace("origins = 6", "origins = 20"))
    process = subprocess.Popen(
        [sys.executable, "-m", "veedor", "run", str(small_study), "--jobs", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(copies)},
        # Tests that are run in the background hand on that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not list((small_study / ".veedor").glob("run-*/forecasts/robo/*/*.parquet")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Nothing is half-written" in errors
    assert not (small_study / "results").exists()
    assert not list(small_study.rglob("*.part"))
    assert not list(copies.glob("veedor-*"))
    assert not list((small_study / ".veedor").glob("veedor-*"))


def test_markup_in_a_title_is_text(small_study):
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace('"Small"', '"x [/red] y"'))
    done = veedor("run", str(small_study), "--jobs", "1", "--details")
    assert done.returncode == 0, done.stderr
    assert "x [/red] y" in done.stdout


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [(OSError(28, "No space left on device"), 2, "disk"), (ZeroDivisionError("x"), 1, "a fault")],
)
def test_what_was_not_foreseen_is_a_panel_too(error, code, words, monkeypatch, capsys, small_study):
    from veedor.cli import main
    from veedor.tasks import check

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check, "perform", fail)
    with pytest.raises(SystemExit) as leaving:
        main(["check", str(small_study)])
    assert leaving.value.code == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chek", "."), "Did you mean 'check'"),
        (("audit", "exposre"), "Did you mean 'exposure'"),
        (("check", "smal"), "Did you mean 'small'?"),
        (("init", "new", "--incidents", "small/incident.csv"), "Did you mean 'incidents.csv'?"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is_like_it(arguments, words, small_study):
    done = veedor(*arguments, cwd=small_study.parent)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_what_is_like_nothing_is_not_guessed_at(small_study):
    done = veedor("zzzzzz", cwd=small_study.parent)
    assert done.returncode == 2
    assert "mean" not in done.stderr


def test_the_manifest_of_the_demo_names_the_command_that_was_typed(tmp_path, monkeypatch):
    from veedor.tasks import Context, demo, run

    monkeypatch.setattr(run, "run_as", lambda command, *_: command)
    perform = demo.perform.__wrapped__
    assert perform(demo.Request(study=tmp_path / "here"), Context()) == "veedor demo here"


def test_the_demo_speaks_the_language_of_the_call_and_keeps_its_settings(tmp_path, monkeypatch):
    import tomllib

    from veedor.tasks import Context, demo, run

    monkeypatch.setattr(run, "run_as", lambda *_: None)
    asked, own = demo.Request(study=tmp_path), tmp_path / "study.toml"
    demo.perform.__wrapped__(asked, Context(language="es"))
    spanish = own.read_text(encoding="utf-8")
    demo.perform.__wrapped__(asked, Context())  # over the same demo in another language
    english = own.read_text(encoding="utf-8")
    there, here = tomllib.loads(spanish), tomllib.loads(english)
    assert there["study"].pop("language") == "es"
    assert there["study"].pop("title") != here["study"].pop("title")
    assert there == here
    comments = [set(re.findall(r"# (.*)", text)) for text in (spanish, english)]
    assert len(comments[0]) == len(comments[1]) > 10
    assert not comments[0] & comments[1]
