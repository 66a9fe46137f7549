"""What commands print: anyone's names are text, and cannot act on a terminal or hide in it."""

import io
import re
import sys
from pathlib import Path

import pytest

from veedor.cli.console import Rows, ShownProgress, printer, show, show_error, show_fault
from veedor.errors import StudyError
from veedor.report.document import Document, Section
from veedor.report.words import words_in

CLI = Path(__file__).parents[3] / "src" / "veedor" / "cli"
#: Clears the screen, turns the direction of reading, makes a line of its own, bold as markup.
EVIL = "\x1b[2J\x9b31m\u202eevil\nThe log verifies[bold]:smile:[/]\r\x07\u2066\u200b\udc80"
SEEN = r"\x1b[2J\x9b31m\u202eevil\nThe log verifies[bold]:smile:[/]\r\x07\u2066\u200b\udc80"


@pytest.fixture(params=[False, True], ids=["piped", "terminal"])
def terminal(request, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    if request.param:
        monkeypatch.setenv("TTY_COMPATIBLE", "1")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("NO_COLOR", "1")
    return request.param


def harmless(text: str) -> None:
    """Nothing that acts or hides, but for the codes by which rich writes letters bold."""
    assert "\x1b[2J" not in text
    own = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", own)
    assert not re.search(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", own)


def test_a_line_is_one_line_with_all_of_it_seen(terminal, capsys):
    printer().say(EVIL)
    told = capsys.readouterr().out
    harmless(told)
    assert told == SEEN + "\n"


def test_tables_titles_and_headers_hold_names_as_they_are(terminal, capsys):
    table = Rows(title=EVIL)
    table.add_column(EVIL)
    table.add_row(EVIL)
    printer().print(table)
    told = capsys.readouterr().out
    harmless(told)
    assert told.count(r"\x1b[2J\x9b31m\u202eevil") == 3
    assert told.count("[bold]:smile:[/]") == 3
    assert not any(line.strip().startswith("The log verifies[") for line in told.splitlines()[4:])


@pytest.mark.parametrize(("title", "told"), [("Counted", "Counted:\n"), ("Which?", "Which?\n")])
def test_a_title_that_asks_ends_as_it_does(title, told, capsys):
    show(Document("A page", headline=[Section(title)]))
    assert capsys.readouterr().out == told


def test_errors_and_faults_hold_names_as_they_are(terminal, capsys):
    show_error(StudyError(EVIL, found=EVIL, where=EVIL, remedy=EVIL), words_in("en"))
    show_fault(OSError(EVIL), words_in("en"))
    told = capsys.readouterr().err
    harmless(told)
    assert told.count(r"\x1b[2J") == 5
    assert "smile" in told


def test_steps_hold_names_as_they_are(terminal, capsys):
    with ShownProgress(words_in("en")) as progress:
        progress.step(EVIL, 3)
        progress.advance(1)
    told = capsys.readouterr().err
    if not terminal:
        harmless(told)
    assert "\x1b[2J" not in told
    assert "\u202e" not in told


def test_nothing_is_printed_but_through_the_one_console():
    for path in CLI.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "console.py":
            assert "from rich" not in text, path
            assert "import rich" not in text, path
        if path.name not in ("app.py", "all.py"):
            assert "click.echo" not in text, path
        assert "sys.stdout.write" not in text, path


def test_a_call_that_click_refuses_repeats_no_codes(capsys):
    from veedor.cli import main

    for arguments in ([EVIL], ["run", "a", EVIL], ["--debug", "run", EVIL]):
        with pytest.raises(SystemExit) as leaving:
            main(arguments)
        assert leaving.value.code == 2
        harmless(capsys.readouterr().err)


@pytest.mark.parametrize(("columns", "width"), [("200", 200), ("40", 40), (None, 120), ("x", 120)])
def test_columns_are_honoured_where_there_is_no_terminal(columns, width, monkeypatch, capsys):
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    show_error(StudyError("word " * 100, found="x"), words_in("en"))
    assert max(len(line) for line in capsys.readouterr().err.splitlines()) == width


def test_long_work_tells_how_far_it_is_where_there_is_no_terminal(capsys):
    from threading import Event

    with ShownProgress(words_in("en"), every_s=0.02) as progress:
        progress.step("Forecasting", 96)
        progress.advance(12)
        Event().wait(0.2)
        progress.step("Writing", None)
        Event().wait(0.1)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Forecasting ..."
    assert "Forecasting: 12 of 96 after 0 s" in told
    assert "Writing: still at it after 0 s" in told


def test_nothing_is_told_of_a_step_once_what_follows_waits_for_others(capsys):
    from threading import Event

    with ShownProgress(words_in("en"), every_s=0.3) as progress:
        progress.step("Writing", None)
        progress.rest()
        Event().wait(1.0)
        progress.tell("Served.")
    told = capsys.readouterr().err.splitlines()  # rich before 15 ends by an empty line
    assert list(filter(None, told)) == ["Writing ...", "Served."]


def test_letters_that_the_terminal_lacks_stop_nothing(monkeypatch):
    from veedor.cli import main

    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    with pytest.raises(SystemExit) as leaving:
        main(["run", "añ\udc80o"])
    assert leaving.value.code == 2
    sys.stderr.flush()
    assert b"study.toml" in sys.stderr.buffer.getvalue()
