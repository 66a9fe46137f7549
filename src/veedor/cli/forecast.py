"""``veedor forecast``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="forecast")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--periods",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="How many.",
)
def command(study: Path, periods: int) -> None:
    """Forecast the periods that follow the data, into STUDY/next/.

    Uses everything known at the `until` of study.toml. Whether such forecasts are any good is
    what `veedor run` measures: read its report first. A forecaster that has too little data is left
    out, and why is said.
    """
    from veedor.cli.console import Rows, Watched, printer
    from veedor.study import forecast_next

    with Watched() as progress:
        made = forecast_next(study, periods=periods, progress=progress)
    table = Rows(
        title="Recorded incidents expected in all cells together, 95% interval",
    )
    for name in ("Category", "Forecaster", "From", "To"):
        table.add_column(name)
    table.add_column("Expected", justify="right")
    for forecast in made.forecasts:
        totals = forecast.totals
        low, high = totals.quantile(0.025), totals.quantile(0.975)
        starts, ends = forecast.periods.labels()
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            table.add_row(
                forecast.category,
                forecast.forecaster,
                start,
                end,
                f"{totals.mean[number]:.1f} ({low[number]} to {high[number]})",
            )
    console = printer()
    console.print(table)
    for absence in made.absent:
        console.say(
            f"No forecast of {absence.category} by {absence.forecaster}, which "
            f"says that there is too little data: {absence.reason}",
        )
    console.say(f"Forecasts: {study / 'next' / 'forecasts'}")
