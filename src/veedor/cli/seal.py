"""``veedor seal``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="seal")
@click.argument("forecast", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--log", required=True, type=click.Path(path_type=Path, file_okay=False), help="Its folder."
)
@click.option("--key", type=_FILE, help="Private key of the log; LOG.key, beside it, by default.")
@click.option("--new-key", type=_FILE, help="Make a private key here (mode 0600), and use it.")
@click.option("--by", help="Who promises, in words; the holder of the key by default.")
@click.option(
    "--reference",
    multiple=True,
    type=_FILE,
    help="Forecast to hold the others against; sealed too. The file of the same name under "
    "PriorCounts by default. May be given again, one a category.",
)
@click.option(
    "--cells", type=_FILE, help="GeoJSON of the cells; cells.geojson in a folder above by default."
)
@click.option("--score", "scores", multiple=True, help="Score to promise; all by default.")
@click.option(
    "--wait-days",
    type=click.IntRange(0, 3650),
    default=0,
    show_default=True,
    help="Outcomes are taken at least so many days after the last period, for late records.",
)
@click.option("--revisions", help="What is done about later records still, in words.")
@click.option("--late", is_flag=True, help="Seal after the first period began; recorded for good.")
@click.option("--tsa", help="URL of a time-stamping authority (RFC 3161).")
@click.option("--origin", help="Name of a new log, as example.org/weekly-test.")
def command(
    forecast: tuple[Path, ...],
    log: Path,
    key: Path | None,
    new_key: Path | None,
    by: str | None,
    reference: tuple[Path, ...],
    cells: Path | None,
    scores: tuple[str, ...],
    wait_days: int,
    revisions: str | None,
    late: bool,
    tsa: str | None,
    origin: str | None,
) -> None:
    """Promise forecasts before their period begins, in a log that anyone can check.

    FORECAST is a forecast file (Parquet), or a folder of them, as mystudy/next. All are sealed at
    once or none. A forecast whose first period has begun is refused. One that was sealed before is
    left as it was, so the command may be run again.

    Publish the folder LOG, and give the checkpoint that is printed to somebody who does not
    answer to you. The private key stays with you: who loses it can never add to the log.

    Example: veedor seal mystudy/next --log log --by "City of X" --tsa https://tsa.example/tsr
    """
    from veedor.cli.console import Watched, printer
    from veedor.sealing import Promise, Terms, Timestamp, promisable, seal

    terms = Terms(
        promised_by=by,
        scores=scores or promisable(),
        wait_days=wait_days,
        revisions=revisions or Terms.revisions,
    )
    files = _files(forecast)
    holder = _key(log, key, new_key)
    with Watched() as progress:
        progress.step("Sealing", None)
        made = seal(
            files,
            log,
            holder,
            cells=cells,
            references=reference or _references(files),
            terms=terms,
            late=late,
            tsa=tsa,
            origin=origin,
        )
    console = printer()
    for path, number in made.already:
        console.say(f"Sealed before, as entry {number}: {path}")
    for entry in made.entries:
        about = entry.manifest
        if isinstance(about, Promise):
            console.say(
                f"Entry {about.number}: {about.category} by {about.forecaster}, from "
                f"{about.periods.edges[0]}; {about.time_source}" + ("; LATE" * about.late),
            )
        elif isinstance(about, Timestamp):
            console.say(f"Entry {about.number}: timestamp by {about.authority}")
    console.say_lines("Checkpoint, to be given away:\n")
    console.say_lines(made.checkpoint)


def _files(given: tuple[Path, ...]) -> list[Path]:
    """Forecast files, and those in folders, in order."""
    from veedor.errors import SealError
    from veedor.files.replacing import require_readable

    files = [
        file
        for path in given
        for file in (sorted(path.rglob("*.parquet")) if path.is_dir() else [path])
    ]
    for file in files:
        require_readable(file, "A forecast")
    if not files:
        raise SealError(
            "There must be forecasts to seal.",
            found="no .parquet file",
            where=", ".join(map(str, given)),
            remedy="make them with `veedor forecast STUDY`",
        )
    return files


def _references(files: list[Path]) -> list[Path]:
    """The reference's forecast beside each: the same file, in the folder PriorCounts."""
    beside = (file.resolve().parents[1] / "PriorCounts" / file.name for file in files)
    return list(dict.fromkeys(path for path in beside if path.is_file()))


def _key(log: Path, key: Path | None, new_key: Path | None) -> Ed25519PrivateKey:
    from veedor.cli.console import printer
    from veedor.errors import SealError
    from veedor.sealing import clear_copies, create_key, default_key, is_key_of, load_key

    if key is not None and new_key is not None:
        raise SealError("A key must be old or new.", found="--key and --new-key")
    place = key or new_key or default_key(log)
    if place.resolve().is_relative_to(log.resolve()):
        raise SealError(
            "The private key must never lie in the log, which is public.",
            found="a path in it",
            where=str(place),
            remedy="name a file elsewhere",
        )
    # A command that broke off, and is given again, finds its key made.
    begun = place.exists() and is_key_of(place, log)
    if begun or (new_key is None and (key is not None or place.exists() or log.exists())):
        clear_copies(place)
        return load_key(place)
    made = create_key(place)
    printer(err=True).say(
        f"Made a private key, {place}. Keep a copy where nobody else can read it.",
    )
    return made
