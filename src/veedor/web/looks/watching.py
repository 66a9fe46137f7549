"""`watch`: this site as a witness of others: their checkpoints, kept here and held together."""

from __future__ import annotations

import hashlib
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from veedor.errors import SealError, phrase
from veedor.files.replacing import replacing
from veedor.sealing import Checkpoint, fingerprint, load_public_key
from veedor.sealing.batches import Entry
from veedor.sealing.keys import public_pem
from veedor.sealing.renewing import named_by
from veedor.web.looks.given_out import folder

_ENDING = "looks/checkpoint"
_TIMEOUT_S, _MOST_BYTES = 20.0, 1 << 16


class _NoWay(urllib.request.HTTPRedirectHandler):
    """Follows nobody: a site that is witnessed does not say where else this one asks."""

    def redirect_request(self, *_: Any) -> None:
        """Leave a redirect as the error that it is."""


_OPENER = urllib.request.build_opener(_NoWay)


def watch(address: str) -> Checkpoint:
    """Fetch the checkpoint of another site, and keep it beside those of before.

    Its key is kept at the first time; another takes its place only where the log says so, signed by
    the one that is kept. What is kept is never replaced.

    Parameters
    ----------
    address : str
        Of the checkpoint, as ``https://example.org/looks/checkpoint``.

    Raises
    ------
    SealError
        If it does not answer, or its log was cut, replaced or rewritten since.
    """
    if urlsplit(address).scheme not in ("http", "https") or not address.endswith(_ENDING):
        raise SealError(
            "A site that is witnessed must be named by the address of its checkpoint.",
            found=address,
            remedy=phrase("write it as https://example.org/{ending}", ending=_ENDING),
        )
    kept = folder() / "sites" / hashlib.sha256(address.encode()).hexdigest()[:16]
    kept.mkdir(parents=True, exist_ok=True)
    key = _key(address, kept)
    found = Checkpoint.parse(_fetched(address), address)
    before = _before(kept)
    what = None
    if not found.is_by(key) and not found.is_by(key := _followed(address, kept, key)):
        what = phrase("a signature of another key: the log was replaced")
    elif before is not None and before.origin != found.origin:
        what = phrase("the log {name}: the log was replaced", name=found.origin)
    elif before is not None and found.size < before.size:
        what = phrase(
            "{n} entries, where {before} were there: the log was cut",
            n=found.size, before=before.size,
        )  # fmt: skip
    elif before is not None and found.size == before.size and found.root != before.root:
        what = phrase("other entries than before: the log was rewritten")
    _keep(kept, found, "checkpoint" if what is None else "refused")
    if what is not None:
        raise SealError(
            "The access log of a site that is witnessed must go on from where it was.",
            found=what,
            where=address,
            remedy=phrase("tell the public, and show both checkpoints: {folder}", folder=kept),
        )
    return found


def _key(address: str, kept: Path) -> Ed25519PublicKey:
    place = kept / "key.pem"
    if not place.exists():
        text = _fetched(address.removesuffix(_ENDING) + "looks/key").encode()
        load_public_key(text, address)
        with replacing(place) as part:
            part.write_bytes(text)
    return load_public_key(place.read_bytes(), str(place))


def _followed(address: str, kept: Path, key: Ed25519PublicKey) -> Ed25519PublicKey:
    """Go on to the key of now, by entries that the kept one, or one that it named, has signed.

    What was kept before stays beside it, with the entry that named the next.
    """
    try:
        lines = _fetched(address.removesuffix(_ENDING) + "looks/keys").encode().splitlines()
    except SealError:
        return key  # of a site that knows no other
    for line in lines:
        following = named_by(Entry.read(line, address), key)
        if following is not None:
            before, place = fingerprint(key)[:16], kept / "key.pem"
            with replacing(kept / f"key-{before}.followed") as part:
                part.write_bytes(public_pem(key) + line + b"\n")
            with replacing(place) as part:
                part.write_bytes(public_pem(following))
            key = following
    return key


def _before(kept: Path) -> Checkpoint | None:
    """Return the largest checkpoint that was kept, of those that went on from one another."""
    found = [
        Checkpoint.parse(path.read_text(encoding="utf-8"), str(path))
        for path in kept.glob("*.checkpoint")
    ]
    return max(found, key=lambda one: one.size, default=None)


def _keep(kept: Path, checkpoint: Checkpoint, as_what: str) -> None:
    """Keep a checkpoint; one that does not go on from those before is held against none later."""
    digest = hashlib.sha256(checkpoint.text.encode()).hexdigest()[:16]
    place = kept / f"{checkpoint.size:016d}-{digest}.{as_what}"
    if not place.exists():
        with replacing(place) as part:
            part.write_text(checkpoint.text, encoding="utf-8")


def _fetched(address: str) -> str:
    try:
        with _OPENER.open(address, timeout=_TIMEOUT_S) as answer:
            text: bytes = answer.read(_MOST_BYTES)
        return text.decode()
    except (OSError, HTTPException, ValueError) as error:
        raise SealError(
            "A site that is witnessed must give its checkpoint.",
            found=str(error),
            where=address,
            remedy="try again; if it stays so, ask whoever keeps it",
        ) from error
