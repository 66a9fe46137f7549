"""What an access log says: a purpose declared, a look, a change of an account, a witness's head.

Who looked is a key of an account, never a name; of a case and of words only what shows, to who is
told them, that they are the same. What stands here is signed and cannot be taken out again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Annotated, Literal, TypeAlias, get_args

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from veedor.sealing.parts import Number, Sha256, Written

#: A purpose is in force from when it is declared, for so long.
IN_FORCE = np.timedelta64(8, "h")
_KEY_BYTES = 16
_Keyed: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
_Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
#: Why somebody looks: a short list, so that it can be counted.
PurposeKind: TypeAlias = Literal["case", "complaint", "court", "audit", "research", "own_work"]
#: What is looked at.
ThingKind: TypeAlias = Literal["result", "summary", "export", "access_log"]
AccountChangeKind: TypeAlias = Literal["invited", "role_changed", "ended", "factor_reset"]
WitnessKind: TypeAlias = Literal["mail", "git"]
PURPOSE_KINDS: tuple[PurposeKind, ...] = get_args(PurposeKind)
THING_KINDS: tuple[ThingKind, ...] = get_args(ThingKind)


class Purpose(
    Written, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="purpose"
):
    """Why an account will look at a project, for the 8 hours from here on.

    `account`, `project` and `case` are keys that only the site can make (`Pseudonyms`); `case` is
    null where no number was given. `words` is a commitment to what was written: see `committed`.
    """

    account: _Keyed
    office: _Name
    role: _Name
    project: _Keyed
    purpose: PurposeKind
    case: _Keyed | None
    words: Sha256


class Look(
    Written, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="look"
):
    """An account was shown a thing, whose SHA-256 is `sha256`.

    `purpose` is the number of the entry by which it declared why.
    """

    account: _Keyed
    office: _Name
    role: _Name
    project: _Keyed
    thing: ThingKind
    sha256: Sha256
    purpose: Number


class AccountChange(
    Written, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="account"
):
    """What became of an account, by whom; `role` is the one it has from here on.

    `project` is null where the change is of the whole site; `by` where the machine's administrator
    did it, at whose command no account stands.
    """

    account: _Keyed
    change: AccountChangeKind
    office: _Name
    role: _Name
    project: _Keyed | None
    by: _Keyed | None


class Witnessed(
    Written, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="witness"
):
    """A checkpoint of so many entries, with this head, was given to a witness: ask there for it."""

    witness: WitnessKind
    size: Number
    root: Sha256


class KeyRenewed(
    Written, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="key"
):
    """Whatever follows is signed by this Ed25519 key, of 32 bytes, and by the former no more."""

    public_key: Sha256


Access: TypeAlias = Purpose | Look | AccountChange | Witnessed | KeyRenewed


class Pseudonyms:
    """Keys of accounts, projects and cases, that only the holder of a log's key can make.

    HMAC-SHA-256, cut to 16 bytes, under a secret that HKDF (RFC 5869) makes of the log's key. A
    number of a case has so few forms that a hash without a secret is undone by trying them all.

    Parameters
    ----------
    key : Ed25519PrivateKey or bytes
        The first of the log; or the secret that was made of it, where it is no more.

    Examples
    --------
    >>> made = Pseudonyms(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    >>> made.account("17") == made.account("17"), made.account("17") == made.project("17")
    (True, False)
    >>> made.case(" exp. 12/2026") == made.case("EXP 12-2026")
    True
    """

    def __init__(self, key: Ed25519PrivateKey | bytes) -> None:
        info = b"veedor access log: pseudonyms"
        self.secret = (
            key
            if isinstance(key, bytes)
            else HKDF(SHA256(), 32, None, info).derive(key.private_bytes_raw())
        )

    def account(self, name: str) -> str:
        """Key of an account, by what its site knows it by for good."""
        return self._keyed("account", name)

    def project(self, name: str) -> str:
        """Key of a project."""
        return self._keyed("project", name)

    def case(self, number: str) -> str:
        """Key of the number of a case, however it is punctuated."""
        bare = re.sub(r"[\W_]+", "", number.casefold())
        return self._keyed("case", bare or number)

    def _keyed(self, what: str, name: str) -> str:
        message = f"{what}\n{name}".encode()
        return hmac.digest(self.secret, message, hashlib.sha256)[:_KEY_BYTES].hex()


def committed(words: str, nonce: bytes) -> str:
    """Return a commitment to words: SHA-256 of 32 random bytes and the words, in hexadecimal.

    Who is shown bytes and words sees that they are those that were written then; who is not can
    guess nothing.

    Raises
    ------
    ValueError
        If there are not 32 bytes.
    """
    if len(nonce) != 32:
        raise ValueError(f"{len(nonce)} bytes, not 32")
    return hashlib.sha256(nonce + words.encode()).hexdigest()
