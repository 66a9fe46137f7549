"""``veedor verify``."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from veedor.cli.console import Rows

_FILE = click.Path(path_type=Path, dir_okay=False)
_THERE = click.Path(path_type=Path, dir_okay=False, exists=True)
#: Keys and checkpoints are small.
_MOST_BYTES = 1 << 20
_MOST_NUMBERS = 256 << 20
#: More on a terminal are read by nobody; the report has all.
_MOST_LINES, _MOST_ROWS = 200, 1_000


@click.command(name="verify")
@click.argument("log", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--since",
    multiple=True,
    type=_THERE,
    help="A checkpoint that you kept: the log must still begin with its entries.",
)
@click.option(
    "--remember",
    type=_FILE,
    help="As --since, if the file is there; then keep the newest checkpoint in it.",
)
@click.option("--public-key", type=_THERE, help="The key that the log must have, from elsewhere.")
@click.option(
    "--tsa-root",
    multiple=True,
    type=_THERE,
    help="Certificates (PEM) of time-stamping authorities that you trust.",
)
@click.option("--report", type=_FILE, help="Write HTML here, and the same as FILE.json beside it.")
@click.pass_context
def command(
    ctx: click.Context,
    log: Path,
    since: tuple[Path, ...],
    remember: Path | None,
    public_key: Path | None,
    tsa_root: tuple[Path, ...],
    report: Path | None,
) -> None:
    """Check a log of promises, from its public files; say what it proves and what it does not.

    Signatures, hashes, the Merkle tree and its proofs, timestamps, and every score computed again
    from the counts. Needs nothing but the folder LOG. Nothing in it is changed. Exit code 0 if
    everything holds; 1 if not, and then it names every problem and where it is.

    A log alone cannot prove that it is the only one. Keep a checkpoint, and come back with it:

    Example: veedor verify log --remember my-checkpoint.txt
    """
    from veedor.cli.console import Watched, printer
    from veedor.files.replacing import content, replacing
    from veedor.sealing import findings, load_public_key, load_roots, verify

    kept = [*since, *([remember] if remember and remember.exists() else [])]
    with Watched() as progress:
        progress.step("Checking the log", None)
        verdict = verify(
            log,
            public_key=None
            if public_key is None
            else load_public_key(content(public_key, _MOST_BYTES, "A key"), str(public_key)),
            tsa_roots=[root for path in tsa_root for root in load_roots(path)],
            remembered=[
                content(path, _MOST_BYTES, "A checkpoint").decode("utf-8", "replace")
                for path in kept
            ],
        )
        found = findings(verdict)
    console = printer()
    for title, lines in (
        ("PROBLEMS", [str(one) for one in verdict.problems]),
        ("Note", found["notices"]),
        ("Proven", found["proven"]),
        ("Not proven", found["not_proven"]),
    ):
        if lines:
            console.say(f"{title}:")
        for line in lines[:_MOST_LINES]:
            console.say(f"  - {line}")
        if len(lines) > _MOST_LINES:
            console.say(f"  - and {len(lines) - _MOST_LINES:,} more; --report FILE lists all")
    console.print(told(found))
    if report is not None:
        write(found, report, log)
    if not verdict.holds:
        console.say(f"The log does NOT verify: {len(verdict.problems)} problems.")
        ctx.exit(1)
    console.say(f"The log verifies: {found['log']['entries']} entries.")
    if remember is not None:
        with replacing(remember) as part:
            part.write_text(found["log"]["checkpoint"], encoding="utf-8")
        console.say(f"Checkpoint kept: {remember}")


def told(found: dict[str, Any], only: Set[int] | None = None) -> Rows:
    """Table of the promises and how they went; of some scorings only, if given."""
    from veedor.cli.console import Rows, interval

    promises = [
        one
        for one in found["promises"]
        if only is None or any(s["entry"] in only for s in one["scorings"])
    ]
    before = len(promises) - _MOST_ROWS
    table = Rows(
        title="Promises",
        caption=f"{before:,} before these; --report FILE lists all." if before > 0 else None,
    )
    for name in ("Entry", "Category", "Forecaster", "Begins", "Sealed", "State"):
        table.add_column(name)
    table.add_column("Gain over the reference, nats per incident", justify="right")
    for one in promises[-_MOST_ROWS:]:
        scorings = [s for s in one["scorings"] if only is None or s["entry"] in only]
        gains = [interval(scoring["results"]["information_gain"]) for scoring in scorings]
        table.add_row(
            str(one["entry"]),
            one["category"],
            one["forecaster"],
            one["begins"][:10],
            "LATE" if one["late"] else "in time",
            one["state"],
            "; revised: ".join(gains) if one["reference"] else "held against none",
        )
    return table


def write(found: dict[str, Any], report: Path, log: Path) -> None:
    """Write the report and its numbers, outside of the log."""
    from veedor.cli.console import printer
    from veedor.errors import SealError
    from veedor.files.json_file import write_json
    from veedor.report import sealed_document, write_document

    if report.resolve().is_relative_to(log.resolve()):
        raise SealError(
            "A report must not lie in the log, which holds nothing but what it needs.",
            found="a path in it",
            where=str(report),
            remedy="name a file elsewhere",
        )
    numbers = report.with_suffix(".json")
    if report == numbers:
        raise SealError(
            "A report must not have the name of its numbers.",
            found=report.suffix,
            where=str(report),
            remedy="name it FILE.html",
        )
    _require_own(numbers, set(found))
    write_document(sealed_document(found), report)
    write_json(found, numbers)
    printer().say(f"Report: {report}")


def _require_own(numbers: Path, parts: Set[str]) -> None:
    """Refuse to replace a file beside the report that is not of an earlier one."""
    import json

    from veedor.errors import SealError, VeedorError
    from veedor.files.replacing import content

    try:
        old = json.loads(content(numbers, _MOST_NUMBERS, "A report's numbers"))
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError, VeedorError):
        old = None
    if not isinstance(old, dict) or not parts <= old.keys():
        raise SealError(
            "The numbers of a report must go into a new file, or over those of an earlier one.",
            found="another file",
            where=str(numbers),
            remedy="name another report with --report, or move that file elsewhere",
        )
