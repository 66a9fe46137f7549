"""The ``veedor`` command.

Each command is made of a task of `veedor.tasks`, which imports the rooms it needs when it performs,
so that help is at hand at once.
"""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import FrameType

import click

import veedor
from veedor import tasks
from veedor.cli.language import Asked, Option, asked_in, said, speaking
from veedor.cli.lazy import LazyGroup
from veedor.cli.visible import visible
from veedor.errors import VeedorError, phrase

_STOPPED = phrase("Stopped. Nothing is half-written; run it again to go on.")
_LOG = {"seal": "seal", "score": "score", "verify": "verify_log"}


@click.group(name="log", cls=LazyGroup, tasks=_LOG)
def log() -> None:
    """Promise forecasts in a public log, score them all, check it.

    Forecasts are promised before their period begins and scored by what they promised, all of
    them; anyone can check the log from its public files.
    """


_AUDITS = {
    task.removeprefix("audit_"): task
    for task in sorted(module.name for module in iter_modules(tasks.__path__))
    if task.startswith("audit_")
}


@click.group(name="audit", cls=LazyGroup, tasks=_AUDITS)
def audit() -> None:
    """Audit anyone's system from its files: whom it burdens, and whether it works.

    `access` is of who looks into a system, `alerts` of a system's alerts; the others are of
    place-based systems. Each writes estimates.csv (one row a figure, with its interval and
    denominator), results.json and report.html into a folder of its own.
    """


_RECORDS = {
    "new": "record_new",
    "show": "record_show",
    "export": "record_export",
    "diff": "record_diff",
}


@click.group(name="record", cls=LazyGroup, tasks=_RECORDS)
def record() -> None:
    """Keep a record of a system: what was told, what was refused, what stays blank.

    A record is a file that you fill in; veedor checks it, sets it beside what laws and registers
    ask for, and says what differs between two versions. It infers, scores and concludes nothing.
    """


_REQUESTS = {"letter": "request_letter", "deadlines": "request_deadlines"}


@click.group(name="request", cls=LazyGroup, tasks=_REQUESTS)
def request() -> None:
    """Ask a body for what it has not told, and know by when it must answer.

    Letters under a law of access to information, one a gap of a record, and the calendar of
    deadlines, each with its article. No name of anyone is taken or kept, and none of it is legal
    advice.
    """


_READING = {"plan": "reading_plan", "pack": "reading_pack", "score": "reading_score"}


@click.group(name="reading", cls=LazyGroup, tasks=_READING)
def reading() -> None:
    """Have people judge a random sample, and say what follows for the whole table.

    Plan which rows are read, pack them blind for two readers or more, and score what they say:
    what turns alerts, or the look-ups of an access log, into rates.
    """


_WEB = {
    name: f"veedor.web.commands.{name}"
    for name in (
        "demo",
        "init",
        "run",
        "worker",
        "invite",
        "publish",
        "witness",
        "renew",
        "backup",
        "restore",
    )
}


@click.group(name="web", cls=LazyGroup, tasks=_WEB)
def web() -> None:
    """Serve an observatory: studies, audits and records of a city, in a browser.

    It is known who may look and why they looked, in a log that is not rewritten unseen. Needs
    more packages: `pip install 'veedor[web]'`.
    """


#: Command -> its task.
COMMANDS: dict[str, str | click.Command] = {
    "demo": "demo",
    "init": "init",
    "check": "check",
    "run": "run",
    "run-many": "run_many",
    "reproduce": "reproduce",
    "patterns": "patterns",
    "forecast": "forecast",
    "verify-forecast": "verify_forecast",
    "log": log,
    "audit": audit,
    "record": record,
    "request": request,
    "reading": reading,
    "fetch": "fetch",
    "export": "export",
    "web": web,
    **_LOG,
}


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:  # noqa: ARG001
    if asked and not ctx.resilient_parsing:
        click.echo(said(phrase("veedor, version {version}", version=veedor.__version__)))
        ctx.exit()


@click.group(
    cls=LazyGroup,
    tasks=COMMANDS,
    renamed={name: f"log {name}" for name in _LOG},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=phrase(
        "Start with `veedor demo`, or `veedor init mystudy --incidents incidents.csv`. "
        "Exit codes: 0 done; 1 the answer is no, or a fault of veedor; 2 something for you to mend."
    ),
)
@click.option(
    "--version",
    cls=Option,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
@click.option(
    "--debug",
    cls=Option,
    is_flag=True,
    expose_value=False,
    help="Show the traceback of an error.",
)
def app() -> None:
    """Forecast recorded incidents for places, in the open, and test whether it works.

    veedor forecasts how many incidents each place will record, with honest uncertainty, and says
    whether that beats counting what happened before. It forecasts places, never persons.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 no or a fault of veedor, 2 for the user to mend."""
    given = sys.argv[1:] if arguments is None else arguments
    asked = asked_in(given)
    with _prepared(), speaking(asked.spoken):
        code = _called(given, asked)
    sys.exit(code)


def _called(given: list[str], asked: Asked) -> int:
    """Call the command; return the exit code."""
    debug = "--debug" in given
    try:
        code = app.main(args=given, prog_name="veedor", standalone_mode=False, obj=asked)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        _complain(error)
        return 2
    except (click.Abort, KeyboardInterrupt) as stopped:
        with speaking(asked.spoken):
            click.echo(said(_STOPPED), err=True)
        for ended in (stopped, stopped.__cause__):  # click makes an Abort of it
            if isinstance(ended, _EndedError):
                return ended.code
        return 130
    except VeedorError as error:
        _trace(debug)
        _show("show_error", error, asked)
        return 2
    except Exception as error:  # noqa: BLE001 - the last place where a fault can be told
        _trace(debug)
        _show("show_fault", error, asked)
        return 2 if isinstance(error, OSError) else 1
    return code if isinstance(code, int) else 0


def _show(how: str, error: Exception, asked: Asked) -> None:
    words = import_module("veedor.report.words").words_in(asked.spoken)
    getattr(import_module("veedor.cli.console"), how)(error, words)


def _trace(debug: bool) -> None:
    if debug:
        click.echo(visible(traceback.format_exc(), lines=True), err=True)


class _EndedError(KeyboardInterrupt):
    """The system ended the command; what is half-done goes as at Ctrl-C."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


@contextlib.contextmanager
def _prepared() -> Iterator[None]:
    """Let letters that the terminal lacks, and the end by a signal, do no harm."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    taken = []
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.signal(number, _end)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's
    raise _EndedError(128 + number)


def _complain(error: click.ClickException) -> None:
    """Print what click finds wrong with a call; it may repeat names of files."""
    told = io.StringIO()
    error.show(told)
    click.echo(visible(told.getvalue(), lines=True), err=True, nl=False)
