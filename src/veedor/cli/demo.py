"""``veedor demo``."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click

from veedor.cli.run import run_and_show
from veedor.errors import StudyError
from veedor.files.replacing import replacing

_FILES = ("study.toml", "incidents.csv", "zones.geojson")


@click.command(name="demo")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False), default="demo-study")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; one a core by default.")
def command(study: Path, jobs: int | None) -> None:
    """Run the whole flow on the data that ships with veedor.

    Copies the study to STUDY (demo-study by default) and runs it: recorded gun-violence events,
    Chicago 2022 (City of Chicago open data, as packed in BSTPP 0.1.4), weekly, in squares of
    500 m, the last 16 weeks forecast one by one. STUDY/study.toml shows how it is set up.
    """
    if study.exists() and any(study.iterdir()) and not _is_demo(study):
        raise StudyError(
            "The demo must go into a new folder, or one that holds the demo.",
            found="other files",
            where=str(study),
            remedy="name another folder: `veedor demo FOLDER`",
        )
    study.mkdir(parents=True, exist_ok=True)
    with as_file(files("veedor.demo")) as shipped:
        for name in _FILES:
            with replacing(study / name) as part:
                shutil.copyfile(shipped / name, part)
    run_and_show(study, command=f"veedor demo {study.resolve().name}", jobs=jobs)


def _is_demo(study: Path) -> bool:
    """Whether a folder holds the demo's own study file."""
    text = study / "study.toml"
    shipped = files("veedor.demo").joinpath("study.toml").read_bytes()
    return text.is_file() and text.read_bytes() == shipped
