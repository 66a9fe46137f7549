"""What a log says, of promises or of looks; each entry a manifest in canonical JSON."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any

import msgspec
import rfc8785

import veedor
from veedor.errors import SealError, phrase
from veedor.sealing.accesses import Access
from veedor.sealing.clock import instant
from veedor.sealing.earlier import scores_of_before
from veedor.sealing.parts import Code, Number, Part, Sha256, Text, Written
from veedor.sealing.scores import PromiseScores

#: `time_source` of an entry for whose time there is nobody's word but its maker's.
OWN_CLOCK = "own clock only"
#: `time_source` of an entry whose batch ends with the token of a time-stamping authority.
AUTHORITY = "RFC 3161 token at the end of the batch"


_Fraction = Annotated[float, msgspec.Meta(gt=0.0, le=1.0)]
_Few = msgspec.Meta(max_length=1_000)
_Edges = msgspec.Meta(min_length=2, max_length=100_000)
MOST_DAYS = 3650
_NUMBER_OF_ITS_OWN = re.compile(rb"[:,[]-?[0-9](?:[0-9]{15}|[0-9]*(?:\.0[],}]|(?:\.[0-9]+)?[eE]))")
_BEYOND_THE_PLANE = re.compile(rb"[\xf0-\xf4]")


class Kept(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the log, by its SHA-256 (hexadecimal) and size in bytes."""

    sha256: Sha256
    bytes: Number


class Span(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Edges of consecutive half-open periods (UTC), and the zone they were set in."""

    edges: Annotated[tuple[Text, ...], _Edges]
    time_zone: Text


class Revisions(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done about incidents that are recorded late.

    `wait_days` whole days after the last period outcomes may be taken, not before; `text` says
    the rest in words.
    """

    wait_days: Annotated[int, msgspec.Meta(ge=0, le=MOST_DAYS)]
    text: Text


class Promise(
    Written,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="forecast",
):
    """A forecast, promised.

    `late` is whether its first period had begun. `reference` is the SHA-256 of the forecast it
    will be held against, promised before it or in the same batch; null for none. `scores` are
    names that `veedor.sealing.promisable` gives; `seed` is of their bootstrap. `data_cutoff` and
    `issued_at` are null where the forecast's maker does not say.
    """

    promised_by: Text
    late: bool
    time_source: Text
    category: Text
    periods: Span
    forecast: Kept
    forecaster: Text
    version: Text
    cells: Kept
    cells_count: Number
    data_cutoff: Text | None
    issued_at: Text | None
    scores: Annotated[list[Text], _Few]
    area_fractions: Annotated[list[_Fraction], _Few]
    reference: Sha256 | None
    revisions: Revisions
    seed: Number


class Scoring(
    Written,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="scoring",
):
    """A promised forecast, scored.

    `forecast_entry` is the number of its promise, `round` counts the scorings of it from 1,
    `outcomes` is the file of counts, `sources` the SHA-256 of the incident files they were counted
    from, which the log does not hold.
    """

    time_source: Text
    forecast_entry: Number
    round: Number
    outcomes: Kept
    sources: list[Text]
    results: PromiseScores


class Timestamp(
    Written,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="timestamp",
):
    """An authority's word that the tree of all entries before this one existed.

    `response` is its RFC 3161 response, base64, for the three lines of the tree's checkpoint;
    `authority` the URL that was asked.
    """

    authority: Text
    response: str


Manifest = Promise | Scoring | Timestamp | Access
_READER = msgspec.json.Decoder(Manifest)
_ANY_READER, _WRITER = msgspec.json.Decoder(), msgspec.json.Encoder(order="sorted")


def encode(manifest: Manifest) -> bytes:
    """Canonical JSON (RFC 8785) of a manifest.

    Raises
    ------
    SealError
        If it holds what JSON cannot: NaN, or half a character.
    """
    try:
        text: bytes = rfc8785.dumps(msgspec.to_builtins(manifest))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise SealError("A manifest must be plain JSON.", found=str(error)) from error
    return text


def decode(text: bytes, where: str) -> Manifest:
    """Read a manifest strictly.

    Raises
    ------
    SealError
        If it is not a manifest in canonical JSON.
    """
    try:
        said = _ANY_READER.decode(text)
        manifest = _read(text, said)
        for time in _times(manifest):
            instant(time)
        plain = plainly_canonical(text, said) or rfc8785.dumps(said) == text
    except (
        msgspec.MsgspecError,
        rfc8785.CanonicalizationError,
        ValueError,
        RecursionError,
    ) as error:
        raise SealError(
            "An entry must hold a manifest that this version knows.", found=str(error), where=where
        ) from error
    if not plain:
        raise SealError(
            "A manifest must be in canonical JSON (RFC 8785).",
            found=phrase("another form"),
            where=where,
        )
    return manifest


def _read(text: bytes, said: Any) -> Manifest:
    """Read a manifest of today's form, or a scoring of before that says no more than they did."""
    try:
        manifest: Manifest = _READER.decode(text)
    except msgspec.ValidationError:
        if not isinstance(said, dict) or said.get("kind") != Scoring.__struct_config__.tag:
            raise
        results = msgspec.to_builtins(scores_of_before(said.get("results")))
        return msgspec.convert(said | {"results": results}, Scoring)
    if isinstance(manifest, Scoring) and _ANY_READER.decode(
        _WRITER.encode(manifest.results)
    ) != said.get("results"):
        raise ValueError("more than what was promised")
    return manifest


def plainly_canonical(text: bytes, said: object) -> bool:
    """Whether a text is canonical by the rules that msgspec's faster writer shares.

    They differ in exponents, in whole numbers written as ``1.0`` or beyond what a double holds
    and, for names beyond the basic plane, in their order. Where a text has any of these, the
    answer is no, and `encode` decides; manifests hardly ever have one.

    >>> plainly_canonical(b'{"a":0.5}', {"a": 0.5}), plainly_canonical(b'{"a": 0.5}', {"a": 0.5})
    (True, False)
    """
    if _NUMBER_OF_ITS_OWN.search(text) or _BEYOND_THE_PLANE.search(text):
        return False
    return _WRITER.encode(said) == text


def _times(manifest: Manifest) -> list[str]:
    times = [manifest.written_at]
    if isinstance(manifest, Promise):
        times += manifest.periods.edges
        times += [one for one in (manifest.data_cutoff, manifest.issued_at) if one is not None]
    return times


@cache
def this_code() -> Code:
    """The code that is running: SHA-256 over the name and SHA-256 of every module of veedor."""
    digest = hashlib.sha256()
    for name, text in _modules(files("veedor"), ""):
        digest.update(f"{hashlib.sha256(text).hexdigest()}  {name}\n".encode())
    return Code(veedor=veedor.__version__, sha256=digest.hexdigest())


def _modules(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for part in sorted(folder.iterdir(), key=lambda one: one.name):
        if part.is_dir():
            found += _modules(part, f"{prefix}{part.name}/")
        elif part.name.endswith(".py"):
            found.append((f"{prefix}{part.name}", part.read_bytes()))
    return found
