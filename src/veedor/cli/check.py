"""``veedor check``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="check")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
def command(study: Path) -> None:
    """Read and screen the incidents; print the quality report; forecast nothing.

    Writes quality.json into STUDY/results/, or where a finished run is there into STUDY/check/:
    rows read, kept and set aside by reason, how much has a place, how exact times are, months
    that break the series, columns that were dropped. Then, with exit code 2, what hinders a run of
    the study as it stands.
    """
    from veedor.cli.console import Watched, laid_out, printer
    from veedor.report.words import words_in
    from veedor.report.words.quality import quality_tables
    from veedor.study import check_study

    with Watched() as progress:
        checked = check_study(study, progress)
    console = printer()
    for table in quality_tables(words_in("en"), checked.quality):
        console.print(laid_out(table))
    for doubt in checked.doubts:
        console.say(f"Doubt: {doubt}")
    console.say(f"Quality report: {checked.path}")
    if checked.hindrance is not None:
        raise checked.hindrance
