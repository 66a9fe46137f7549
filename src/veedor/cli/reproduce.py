"""``veedor reproduce``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="reproduce")
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; one a core by default.")
@click.pass_context
def command(ctx: click.Context, results: Path, jobs: int | None) -> None:
    """Run a finished study again and say whether every number is the same.

    RESULTS is the results folder of a study, as mystudy/results; the incident files must still be
    in the study's folder. Nothing there is changed. Exit code 0 if results.json, and
    the files of patterns and audits that the study asks for, are the same byte for byte; 1 if not,
    and then it says which inputs, versions and numbers differ.
    """
    from veedor.backtest import make_executor
    from veedor.cli.console import Watched, printer
    from veedor.study import reproduce

    with Watched() as progress:
        found = reproduce(results, executor=make_executor(jobs), progress=progress)
    console = printer()
    if found.same:
        console.say(f"Reproduced: the same, byte for byte: {', '.join(found.files)}.")
        return
    console.say(f"Not reproduced: {', '.join(found.files)} differ.")
    for line in found.differences:
        console.say(f"  {line}")
    ctx.exit(1)
