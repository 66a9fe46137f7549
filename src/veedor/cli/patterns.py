"""``veedor patterns``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="patterns")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
def command(study: Path) -> None:
    """Describe the record: concentration, hot spots, near repeats, seasons, change.

    STUDY is a folder with study.toml, as `veedor init` writes it. Nothing is forecast. Settings
    stand under [patterns] in study.toml; all have defaults. Whatever looks at many places is
    adjusted for it, and signs of a change of recording are named.

    \b
    patterns/report.html       for people
    patterns/patterns.json     every number of the report
    patterns/cells.csv         hot spots, classes and trends of every cell
    patterns/near_repeats.csv  the Knox tables
    patterns/clock.csv         the hours of the week
    patterns/shifts.csv        level shifts
    """  # noqa: D301 - click wants the character
    from veedor.cli.console import Rows, Watched, printer
    from veedor.report.patterns import publish_patterns
    from veedor.study.patterns import find_patterns

    with Watched() as progress:
        made = find_patterns(study, publish=publish_patterns, progress=progress)
    table = Rows(title="Recorded incidents")
    for name in ("Category", "In cells", "Cells with half of them", "By chance", "Hot spots"):
        table.add_column(name, justify="left" if name == "Category" else "right")
    for one in made.found.categories:
        whole, hot = one.concentration[0], one.hot_spots
        table.add_row(
            one.name,
            f"{whole.incidents:,}",
            f"{whole.holding['0.5'].value:.1%}",
            f"{whole.chance['0.5'].mean:.1%}",
            f"{hot.hot:,} of {hot.places:,}",
        )
    console = printer()
    console.print(table)
    console.say(f"Report: {made.folder / 'report.html'}")
