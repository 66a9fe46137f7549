"""``veedor run``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="run")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; one a core by default.")
def command(study: Path, jobs: int | None) -> None:
    """Read, check, forecast, score and report: everything, into STUDY/results/.

    STUDY is a folder with study.toml, as `veedor init` writes it. A run that was stopped goes on
    where it was. Old results are replaced only when the new ones are complete.

    \b
    results/report.html    for people
    results/results.json   every number of the report
    results/quality.json   what the incidents are like
    results/forecasts/     every forecast, as Parquet
    results/outcomes/      what was then recorded
    results/patterns/      what the record shows, where study.toml has [patterns]
    results/manifest.json  hashes, versions, seed, command
    """  # noqa: D301 - click wants the character
    run_and_show(study, command=f"veedor run {study.resolve().name}", jobs=jobs)


def run_and_show(study: Path, *, command: str, jobs: int | None) -> None:
    """Run a study with progress; print the short table and where the report is."""
    from veedor.backtest import make_executor
    from veedor.cli.console import Watched, printer, results_table
    from veedor.report.publishing import publish
    from veedor.study import run_study

    with Watched() as progress:
        outcome = run_study(
            study,
            command=command,
            publish=publish,
            executor=make_executor(jobs),
            progress=progress,
        )
    console = printer()
    console.print(results_table(outcome.results))
    console.say(f"Report: {outcome.folder / 'report.html'}")
