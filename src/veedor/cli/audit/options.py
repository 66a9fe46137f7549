"""Options that the audits of places share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from veedor.audits.audit import Audit

_FILE = click.Path(path_type=Path, dir_okay=False)
_Command = Callable[..., Any]


def zones_and_groups(command: _Command) -> _Command:
    """Add the options that say who lives where."""
    for option in reversed((
        click.option(
            "--zones", type=_FILE, required=True,
            help="GeoJSON of zones, plain or .gz, with population and group counts.",
        ),
        click.option(
            "--groups", required=True, help="Columns of residents by group: white,black,latino."
        ),
        click.option("--population", required=True, help="Column of all residents."),
        click.option("--reference", required=True, help="The group others are compared with."),
        click.option(
            "--group", "others", multiple=True, metavar="NAME=NUM/DEN:REF",
            help="A group out of another denominator; REF is the rest of DEN, or another group.",
        ),
        click.option("--id", "id_column", default="id", show_default=True, help="Zone id."),
        click.option(
            "--moe-suffix", default="_moe", show_default=True,
            help="What a column's margin of error (90%, as the ACS prints it) is called behind it.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def predictions(required: bool) -> Callable[[_Command], _Command]:
    """Add the options that say where the system looked."""

    def add(command: _Command) -> _Command:
        for option in reversed((
            click.option(
                "--predictions", type=_FILE, required=required,
                help="CSV lat,lon,count of boxes; GeoJSON of polygons with a score; or a veedor "
                "forecast (.parquet).",
            ),
            click.option("--box-m", type=float, help="Side of a box in metres; 500 ft are 152.4."),
            click.option("--category", help="Only predictions of this category."),
            click.option(
                "--score", default="count", show_default=True, help="Property of polygons."
            ),
            click.option(
                "--cells", type=_FILE, help="Outlines of a forecast's cells, if not beside it."
            ),
        )):  # fmt: skip
            command = option(command)
        return command

    return add


def output(command: _Command) -> _Command:
    """Add the seed, and the folder to write to."""
    for option in reversed((
        click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True),
        click.option(
            "--out", type=click.Path(path_type=Path, file_okay=False), required=True,
            help="Folder for estimates.csv, results.json and report.html.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def read_zones_of(given: dict[str, Any], stored_count: str | None = None) -> Any:
    """Read the zones that `zones_and_groups` asked for."""
    from veedor.audits.places import make_groups, read_zones

    columns = [name.strip() for name in given["groups"].split(",") if name.strip()]
    groups = make_groups(columns, given["population"], given["reference"], given["others"])
    return read_zones(
        given["zones"],
        groups,
        population=given["population"],
        id_column=given["id_column"],
        stored_count=stored_count,
        margin_suffix=given["moe_suffix"],
    )


def read_predictions_of(given: dict[str, Any]) -> Any:
    """Read the predictions that `predictions` asked for; None where none were given."""
    from veedor.audits.places import read_predictions

    if given["predictions"] is None:
        return None
    return read_predictions(
        given["predictions"],
        box_m=given["box_m"],
        category=given["category"],
        score=given["score"],
        cells=given["cells"],
    )


def show(audit: Audit, out: Path) -> None:
    """Print the warnings, and where the files are."""
    from veedor.cli.console import printer
    from veedor.report.words import words_in

    console, words = printer(), words_in("en")
    for warning in audit.warnings:
        about = f" ({warning.assignment})" if warning.assignment else ""
        console.say(f"Warning{about}: {words.of(warning.finding)}")
    console.say(f"{len(audit.statements):,} figures: {out / 'estimates.csv'}")
    console.say(f"Report: {out / 'report.html'}")
