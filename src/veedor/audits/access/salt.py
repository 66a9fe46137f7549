"""`Salt`: the secret under which keys of persons and cases are hashed; it leaves no machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.errors import StudyError, UnreadableError, phrase
from veedor.tables.escape import shown
from veedor.tables.whole import whole

#: Bytes of a secret that nobody can try out, and different ones among them.
FEWEST_BYTES, _FEWEST_DIFFERENT = 16, 6
_MOST_BYTES = 1 << 16
#: Name of the variable of the environment that may hold it.
VARIABLE = "VEEDOR_SALT"
#: Texts that are objects at a time: they are several times as large as what they say.
_BLOCK = 1 << 16
_PERSON = b"veedor access"

Digests = npt.NDArray[np.uint64]


class Salt:
    """A secret, and the keyed hash that it makes: BLAKE2b of 64 bits.

    A plate, a user name or an identity number has so few forms that whoever holds a hash without a
    secret finds what was hashed by trying all. So there is no hash without one, and the secret is
    in no result, error, representation or copy of this object.

    Parameters
    ----------
    secret : bytes
        At least 16, blanks around them apart; ``openssl rand -hex 32`` makes a good one.
    where : str
        The file or variable that it came from, for the error.

    Raises
    ------
    StudyError
        If it is so short, or of so few different bytes, that it can be guessed.

    Notes
    -----
    Aumasson, Neves, Wilcox-O'Hearn & Winnerlein (2013), BLAKE2: simpler, smaller, fast as MD5,
    doi:10.1007/978-3-642-38980-1_8; RFC 7693. Two of ten million keys share a number with a
    probability of 3 in a million.

    Examples
    --------
    >>> Salt(b"made up, and long enough")
    Salt(...)
    >>> one, other = (Salt(bytes([start, *range(40)])) for start in (1, 2))
    >>> plates = pa.array(["ABC123", "ABC124", "ABC123"])
    >>> digests = one.digests(plates)
    >>> bool(digests[0] == digests[2]), bool(digests[0] == other.digests(plates)[0])
    (True, False)
    """

    __slots__ = ("_key",)

    def __init__(self, secret: bytes, where: str = "salt") -> None:
        bare = secret.strip()
        if len(bare) < FEWEST_BYTES or len({*bare}) < _FEWEST_DIFFERENT:
            raise StudyError(
                phrase(
                    "The salt must be a secret of at least {fewest} bytes that nobody can guess.",
                    fewest=FEWEST_BYTES,
                ),
                found=phrase(
                    "{n} bytes, {different} different", n=len(bare), different=len({*bare})
                ),
                where=where,
                remedy="make one with `openssl rand -hex 32`, keep it where the log is kept, and "
                "give it to nobody",
            )
        self._key = hashlib.blake2b(bare, person=_PERSON).digest()

    @classmethod
    def given(cls, path: Path | None = None) -> Salt:
        """Take the secret from a file, or without one from the environment.

        Raises
        ------
        StudyError
            If there is none: no key is hashed without a salt.
        UnreadableError
            If the file cannot be read.
        """
        if path is not None:
            try:
                return cls(whole(path, _MOST_BYTES), shown(path.name, 100))
            except OSError as error:
                raise UnreadableError(
                    "The file with the salt must be readable.",
                    found=str(error.strerror),
                    where=shown(path.name, 100),
                ) from error
        said = os.environ.get(VARIABLE)
        if said is None:
            raise StudyError(
                "Keys of persons must be hashed with a secret salt.",
                found=phrase("no salt"),
                remedy="make one with `openssl rand -hex 32 > salt.txt` and give it by --salt "
                "salt.txt, or set VEEDOR_SALT; keep it: with another one, nothing of a later log "
                "can be joined to what was joined before",
            )
        return cls(said.encode(), VARIABLE)

    def digests(self, texts: pa.Array) -> Digests:
        """Hash texts; one that is null gets the digest of nothing.

        Parameters
        ----------
        texts : array of text, shape (n,)
            Different ones: each is hashed by itself.

        Returns
        -------
        array of uint64, shape (n,)
        """
        begun = hashlib.blake2b(key=self._key, digest_size=8, person=_PERSON)

        def one(text: bytes | None) -> bytes:
            made = begun.copy()
            made.update(text or b"")
            return made.digest()

        made = np.empty(len(texts), np.uint64)
        for start in range(0, len(texts), _BLOCK):
            said = texts.slice(start, _BLOCK).cast(pa.binary()).to_pylist()
            made[start : start + _BLOCK] = np.frombuffer(b"".join(map(one, said)), np.uint64)
        return made

    def __repr__(self) -> str:
        return "Salt(...)"

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied to where it would be written down."""
        raise TypeError("a salt is not copied, pickled or sent to another process")
