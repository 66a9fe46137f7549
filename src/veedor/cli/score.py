"""``veedor score``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="score")
@click.argument("log", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--outcomes",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="Recorded incidents: a study's folder, or a CSV, Parquet or GeoJSON file.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Private key of the log; LOG.key, beside it, by default.",
)
@click.option("--tsa", help="URL of a time-stamping authority (RFC 3161).")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="HTML; FILE.json beside it."
)
def command(
    log: Path, outcomes: Path, key: Path | None, tsa: str | None, report: Path | None
) -> None:
    """Score every promised forecast whose period is over, by what it promised.

    All of them, those that went badly too; those that cannot be scored are listed. Each scoring is
    an entry of the log. With revised outcomes, run it again: the new scoring is kept beside the
    first, never over it. The log keeps counts of cells and periods, never incidents.

    A study's folder says in its study.toml how its incidents are read. A file's columns are found
    as `veedor init` finds them, and its categories must have the forecasts' names.

    Example: veedor score log --outcomes mystudy --report report.html
    """
    from veedor.cli.console import Watched, printer
    from veedor.cli.verify import told, write
    from veedor.errors import SealError
    from veedor.sealing import default_key, findings, load_key, score, verify
    from veedor.study import read_outcomes

    verdict = verify(log)
    promises = list(verdict.promises.values())
    if not verdict.holds or not promises:
        raise SealError(
            "A log must verify, and hold promises, before it is scored.",
            found=str((*verdict.problems, "no promises")[0]),
            where=str(log),
            remedy=f"run `veedor verify {log}`",
        )
    with Watched() as progress:
        incidents = read_outcomes(
            outcomes,
            sorted({one.category for one in promises}),
            progress=progress,
        ).incidents
        progress.step("Scoring", None)
        made = score(log, load_key(key or default_key(log)), incidents, tsa=tsa)
    console = printer()
    for one in made.waiting:
        console.say(
            f"{'NOT SCORED' if one.due else 'Not scored'}: entry {one.entry}, "
            f"{one.promise.category} by {one.promise.forecaster}: {one.reason}",
        )
    found = findings(verify(log))
    scored = {entry.manifest.number for entry in made.entries}
    if scored:
        console.print(told(found, only=scored))
    console.say_lines("Checkpoint, to be given away:\n")
    console.say_lines(made.checkpoint)
    if report is not None:
        write(found, report, log)
