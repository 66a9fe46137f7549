"""`seal`: a forecast, promised before its first period begins."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veedor.errors import SealError, phrase
from veedor.forecasts import (
    Forecast,
    cells_bytes,
    find_cells,
    forecast_bytes,
    read_forecast,
    require_same_ground,
)
from veedor.sealing import clock, timestamps
from veedor.sealing.batches import Entry
from veedor.sealing.clock import written
from veedor.sealing.contents import geojson, kept, parquet, read_cells_of
from veedor.sealing.keys import fingerprint
from veedor.sealing.manifests import (
    AUTHORITY,
    MOST_DAYS,
    OWN_CLOCK,
    Manifest,
    Promise,
    Revisions,
    Span,
    Timestamp,
    this_code,
)
from veedor.sealing.names import require_plain
from veedor.sealing.scores import promisable, require_known
from veedor.sealing.shelf import Shelf
from veedor.sealing.writing import Stamp, Writer, writing
from veedor.spacetime import Cells

AREA_FRACTIONS = (0.01, 0.05, 0.20)
_CLOCKS_APART = np.timedelta64(10, "m")


@dataclass(frozen=True)
class Terms:
    """What is promised about every forecast of one `seal`.

    Parameters
    ----------
    promised_by : str or None
        Who promises; the holder of the key where not given.
    scores : tuple of str
        Of `promisable`; all of them by default.
    area_fractions : tuple of float
        Where capture rates are taken, each in (0, 1].
    wait_days : int
        Outcomes are taken at least so many days after the last period ends, 0 to 3,650.
    revisions : str
        What is done about incidents recorded later still, in words.
    seed : int
        Of the bootstrap.
    """

    promised_by: str | None = None
    scores: tuple[str, ...] = ()
    area_fractions: tuple[float, ...] = AREA_FRACTIONS
    wait_days: int = 0
    revisions: str = (
        "Incidents recorded after that do not change this scoring; a later scoring is kept beside "
        "it."
    )
    seed: int = 1

    def __post_init__(self) -> None:
        require_known(self.scores or promisable())
        if not all(0.0 < fraction <= 1.0 for fraction in self.area_fractions):
            raise SealError(
                "Area fractions must be above 0 and at most 1.", found=str(self.area_fractions)
            )
        if not 0 <= self.wait_days <= MOST_DAYS or self.seed < 0:
            raise SealError(
                phrase(
                    "The days to wait must be from 0 to {most_days:,}, and the seed at least 0.",
                    most_days=MOST_DAYS,
                ),
                found=phrase(
                    "{wait_days} days, seed {seed}", wait_days=self.wait_days, seed=self.seed
                ),
            )


@dataclass(frozen=True)
class Sealed:
    """What `seal` did.

    Parameters
    ----------
    entries : tuple of Entry
        As appended; empty where all was sealed before.
    already : tuple of (Path, int)
        Files that were sealed before, and the entry of each.
    checkpoint : str
        The log's checkpoint afterwards: give it away.
    """

    entries: tuple[Entry, ...]
    already: tuple[tuple[Path, int], ...]
    checkpoint: str


@dataclass(frozen=True, eq=False)
class _Draft:
    path: Path
    data: bytes
    sha256: str
    forecast: Forecast
    cells: bytes


def seal(
    forecasts: Sequence[Path],
    log: Path,
    key: Ed25519PrivateKey,
    *,
    cells: Path | None = None,
    references: Sequence[Path] = (),
    terms: Terms | None = None,
    late: bool = False,
    tsa: str | None = None,
    origin: str | None = None,
) -> Sealed:
    """Promise forecasts: into a log, all in one batch or none.

    Parameters
    ----------
    forecasts : sequence of Path
        Parquet files in veedor's format. One that was sealed before is left as it was. What is kept
        is written anew, with the columns and the metadata that veedor knows and nothing else.
    log : Path
        Folder of the log; made if it is not there.
    key : Ed25519PrivateKey
    cells : Path, optional
        GeoJSON of the cells; by default the ``cells.geojson`` in the nearest folder above each.
    references : sequence of Path
        Forecasts that the others are held against, where ground and category are the same; sealed
        too, and first.
    terms : Terms, optional
    late : bool
        Seal a forecast whose first period has begun, and record that for good.
    tsa : str, optional
        URL of a time-stamping authority (RFC 3161). Without it entries say "own clock only".
    origin : str, optional
        Name of a new log.

    Raises
    ------
    SealError
        If a first period has begun by this clock or the authority's and `late` is not set, a
        forecast names data from after its sealing, its reference is not of its ground, a name
        cannot be seen, or the log cannot be added to.
    PersonalDataRefusal
        If a name or a sentence holds personal data.
    ForecastFileError, DataError
        If a file is not what it must be.
    """
    terms = terms or Terms()
    _require_plain(terms, origin)
    drafts = _read([*references, *forecasts], cells)
    with writing(log, key, origin=origin) as writer:
        promised = _promised(writer)
        drafts = [_as_promised(draft, promised, Shelf(writer.folder)) for draft in drafts]
        firsts = {draft.sha256 for draft in drafts[: len(references)]}
        already = tuple((d.path, promised[d.sha256][0]) for d in drafts if d.sha256 in promised)
        new = list({d.sha256: d for d in drafts if d.sha256 not in promised}.values())
        if new:
            now = clock.now()
            writer.require_later(written(now))
            manifests = [
                _promise(
                    draft,
                    None if draft.sha256 in firsts else _reference(draft, drafts, firsts),
                    terms,
                    promised_by=terms.promised_by
                    or f"the holder of the key {fingerprint(key.public_key())}",
                    now=now,
                    late=late,
                    tsa=tsa,
                )
                for draft in new
            ]
            files = {
                name: data
                for draft in new
                for name, data in (
                    (parquet(kept(draft.data)), draft.data),
                    (geojson(kept(draft.cells)), draft.cells),
                )
            }
            begins = [draft.forecast.periods.edges[0] for draft in new]
            stamp = None if tsa is None else stamping(tsa, now, None if late else min(begins))
            entries = tuple(writer.append(manifests, files, stamp))
        else:
            entries = ()
        return Sealed(entries, already, writer.checkpoint)


def stamping(tsa: str, now: np.datetime64, before: np.datetime64 | None) -> Stamp:
    """Return how a batch gets its timestamp.

    Parameters
    ----------
    tsa : str
    now : datetime64
        By this clock: the authority's may be ten minutes off, no more.
    before : datetime64 or None
        First instant at which it would be too late.
    """

    def stamp(message: bytes) -> Manifest:
        response = timestamps.ask(tsa, message)
        moment, _ = timestamps.stamped(response, message, tsa)
        if abs(moment - now) > _CLOCKS_APART:
            raise SealError(
                "This machine's clock and the authority's must agree within ten minutes.",
                found=phrase(
                    "{here} here, {there} there",
                    here=written(now),
                    there=written(moment),
                ),
                where=tsa,
                remedy="set this machine's clock. Nothing was sealed",
            )
        if before is not None and moment >= before:
            raise _begun(before, moment, tsa)
        return Timestamp(
            written_at=written(max(clock.now(), now)),
            code=this_code(),
            authority=tsa,
            response=base64.b64encode(response).decode(),
        )

    return stamp


def _begun(begins: np.datetime64, moment: np.datetime64, where: str) -> SealError:
    return SealError(
        "A forecast must be sealed before its first period begins.",
        found=phrase(
            "begun {begins}, and it is {now}",
            begins=written(begins),
            now=written(moment),
        ),
        where=where,
        remedy="seal the next one in time; --late seals this one and says so for good",
    )


def _read(paths: Sequence[Path], cells: Path | None) -> list[_Draft]:
    known: dict[Path, tuple[bytes, Cells]] = {}
    drafts = []
    for path in paths:
        place = find_cells(path, cells)
        if place not in known:
            known[place] = cells_bytes(place), read_cells_of(place)
        text, places = known[place]
        if path.suffix.lower() != ".parquet":
            raise SealError(
                "A forecast must be a Parquet file to be sealed.",
                found=path.name,
                remedy="read it with veedor.forecasts and write it with write_forecast",
            )
        forecast = read_forecast(path, places)
        require_plain(
            {
                "category": forecast.category,
                "forecaster": forecast.forecaster,
                "version": forecast.version,
            },
            str(path),
        )
        # Parameters are free text and numbers of any kind: they are not made public.
        data = forecast_bytes(replace(forecast, parameters={}))
        drafts.append(_Draft(path, data, kept(data).sha256, forecast, text))
    return drafts


def _require_plain(terms: Terms, origin: str | None) -> None:
    said = {"maker": terms.promised_by, "word on revisions": terms.revisions, "log's name": origin}
    require_plain({what: text for what, text in said.items() if text}, "what is promised")


def _as_promised(draft: _Draft, promised: dict[str, tuple[int, Promise]], shelf: Shelf) -> _Draft:
    """Return a forecast as it stands in the log, if the same was promised before.

    Another version of the writer of Parquet files writes the same forecast with other bytes.
    """
    if draft.sha256 in promised:
        return draft
    edges = tuple(written(edge) for edge in draft.forecast.periods.edges)
    cells = kept(draft.cells).sha256
    for sha256, (_, promise) in promised.items():
        if (promise.category, promise.forecaster, promise.periods.edges, promise.cells.sha256) == (
            draft.forecast.category,
            draft.forecast.forecaster,
            edges,
            cells,
        ):
            before = shelf.forecast(sha256, cells)
            if forecast_bytes(before) == draft.data:
                return replace(draft, sha256=sha256)
    return draft


def _promised(writer: Writer) -> dict[str, tuple[int, Promise]]:
    return {
        entry.manifest.forecast.sha256: (number, entry.manifest)
        for number, entry in enumerate(writer.entries)
        if isinstance(entry.manifest, Promise)
    }


def _reference(draft: _Draft, drafts: Sequence[_Draft], firsts: set[str]) -> _Draft | None:
    """Find the reference of a forecast: the one given for its category."""
    if not firsts:
        return None
    for other in drafts:
        if other.sha256 in firsts and (
            other.forecast.category == draft.forecast.category
            and np.array_equal(other.forecast.periods.edges, draft.forecast.periods.edges)
        ):
            require_same_ground(draft.forecast, other.forecast)
            if other.cells != draft.cells:
                raise SealError(
                    "A forecast and its reference must be for the same file of cells.",
                    found=phrase("two"),
                    where=phrase("{first} and {second}", first=draft.path, second=other.path),
                )
            return other
    raise SealError(
        "A forecast must have a reference of its category and periods, where references are given.",
        found=phrase(
            "none for {category} from {begins}",
            category=repr(draft.forecast.category),
            begins=draft.forecast.periods.edges[0],
        ),
        where=str(draft.path),
        remedy="name one with --reference, or seal this forecast by itself",
    )


def _promise(
    draft: _Draft,
    reference: _Draft | None,
    terms: Terms,
    *,
    promised_by: str,
    now: np.datetime64,
    late: bool,
    tsa: str | None,
) -> Promise:
    forecast = draft.forecast
    begins = forecast.periods.edges[0]
    if begins <= now and not late:
        raise _begun(begins, now, str(draft.path))
    stated = {
        name: None if name in forecast.unstated else getattr(forecast, name)
        for name in ("data_cutoff", "issued_at")
    }
    cutoff = stated["data_cutoff"]
    if cutoff is not None and cutoff > now:
        raise SealError(
            "A forecast must be sealed after its data cut-off: nobody has data from the future.",
            found=phrase(
                "data up to {cutoff}, and it is {now}",
                cutoff=written(cutoff),
                now=written(now),
            ),
            where=str(draft.path),
            remedy='set a lead in study.toml, as lead = "1 day" under [periods], forecast again, '
            "and seal between the cut-off and the first period",
        )
    return Promise(
        written_at=written(now),
        code=this_code(),
        promised_by=promised_by,
        late=bool(begins <= now),
        time_source=OWN_CLOCK if tsa is None else AUTHORITY,
        category=forecast.category,
        periods=Span(
            edges=tuple(written(edge) for edge in forecast.periods.edges),
            time_zone=forecast.periods.time_zone,
        ),
        forecast=kept(draft.data),
        forecaster=forecast.forecaster,
        version=forecast.version,
        cells=kept(draft.cells),
        cells_count=len(forecast.cells),
        data_cutoff=None if cutoff is None else written(cutoff),
        issued_at=None if stated["issued_at"] is None else written(stated["issued_at"]),
        scores=list(terms.scores or promisable()),
        area_fractions=list(terms.area_fractions),
        reference=None if reference is None else reference.sha256,
        revisions=Revisions(wait_days=terms.wait_days, text=terms.revisions),
        seed=terms.seed,
    )
