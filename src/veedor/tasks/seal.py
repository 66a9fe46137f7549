"""Promise forecasts before their period begins, in a log that anyone can check.

FORECAST is a forecast file (Parquet), or a folder of them, as mystudy/next. All are sealed at
once or none. A forecast whose first period has begun is refused. One that was sealed before is
left as it was, so the command may be run again.

Publish the folder LOG, and give the checkpoint that is printed to somebody who does not
answer to you. The private key stays with you: who loses it can never add to the log.

Example: veedor log seal mystudy/next --log log --by "City of X" --tsa https://tsa.example/tsr
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, There, argument, option, request
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@request
class Request:
    """Which forecasts to promise, in which log, and on what terms."""

    forecast: tuple[There, ...] = argument()
    log: Folder = option("Its folder.")
    key: File | None = option(
        "Private key of the log; LOG.key, beside it, by default.", default=None
    )
    new_key: File | None = option("Make a private key here (mode 0600), and use it.", default=None)
    by: str | None = option(
        "Who promises, in words; the holder of the key by default.", default=None
    )
    reference: tuple[File, ...] = option(
        "Forecast to hold the others against; sealed too. The file of the same name under "
        "PriorCounts by default. May be given again, one a category.",
        default=(),
    )
    cells: File | None = option(
        "GeoJSON of the cells; cells.geojson in a folder above by default.", default=None
    )
    score: tuple[str, ...] = option("Score to promise; all by default.", default=())
    wait_days: int = option(
        "Outcomes are taken at least so many days after the last period, for late records.",
        default=0,
        ge=0,
        le=3650,
    )
    revisions: str | None = option(
        "What is done about later records still, in words.", default=None
    )
    late: bool = option("Seal after the first period began; recorded for good.", default=False)
    tsa: str | None = option("URL of a time-stamping authority (RFC 3161).", default=None)
    origin: str | None = option("Name of a new log, as example.org/weekly-test.", default=None)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Seal forecasts into a log, which is made, with a key beside it, if it is not there.

    Returns
    -------
    Done
        ``results`` is `Sealed`; ``folder`` is the log.

    Raises
    ------
    SealError
        If there is nothing to seal, it is too late, or the key is not the log's.
    """
    from veedor.forecasts.folder import PARQUET, forecast_files
    from veedor.report.words import words_in
    from veedor.report.words.logs import sealed
    from veedor.sealing import Terms, promisable, seal

    terms = Terms(
        promised_by=request.by,
        scores=request.score or promisable(),
        wait_days=request.wait_days,
        revisions=request.revisions or Terms.revisions,
    )
    files = forecast_files(request.forecast, PARQUET)
    holder = _key(request, context)
    context.step(phrase("Sealing"), None)
    made = seal(
        files,
        request.log,
        holder,
        cells=request.cells,
        references=request.reference or _references(files),
        terms=terms,
        late=request.late,
        tsa=request.tsa,
        origin=request.origin,
    )
    return Done(request.log, made, sealed(words_in(context.language), made))


def _references(files: list[Path]) -> list[Path]:
    """The reference's forecast beside each: the same file, in the folder PriorCounts."""
    beside = (file.resolve().parents[1] / "PriorCounts" / file.name for file in files)
    return list(dict.fromkeys(path for path in beside if path.is_file()))


def _key(request: Request, context: Context) -> Ed25519PrivateKey:
    from veedor.errors import SealError
    from veedor.report.words import words_in
    from veedor.report.words.logs import key_made
    from veedor.sealing import clear_copies, create_key, default_key, is_key_of, load_key

    log, key, new_key = request.log, request.key, request.new_key
    if key is not None and new_key is not None:
        raise SealError("A key must be old or new.", found=phrase("--key and --new-key"))
    place = key or new_key or default_key(log)
    if place.resolve().is_relative_to(log.resolve()):
        raise SealError(
            "The private key must never lie in the log, which is public.",
            found=phrase("a path in it"),
            where=str(place),
            remedy="name a file elsewhere",
        )
    # A command that broke off, and is given again, finds its key made.
    begun = place.exists() and is_key_of(place, log)
    if begun or (new_key is None and (key is not None or place.exists() or log.exists())):
        clear_copies(place)
        return load_key(place)
    made = create_key(place)
    context.tell(key_made(words_in(context.language), place))
    return made
