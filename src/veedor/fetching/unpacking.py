"""`unpacked`: a body as it was before it was packed for its way, or an error if it breaks off."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from veedor.errors import phrase

_GZIP = 16 + zlib.MAX_WBITS
_MOST_AT_ONCE = 1 << 20


class BrokenAnswerError(Exception):
    """An answer that is not what was asked for, and may be if it is asked for again."""


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Unpack the pieces of a body, a bounded part at a time.

    Parameters
    ----------
    pieces : iterable of bytes
    encoding : str
        As the header Content-Encoding says; only gzip is asked for.

    Raises
    ------
    BrokenAnswerError
        If it is packed in another way, or breaks off: its length alone would not tell.

    Examples
    --------
    >>> import gzip
    >>> b"".join(unpacked([gzip.compress(b"abc")], "gzip"))
    b'abc'
    """
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise BrokenAnswerError(phrase("an answer packed as was not asked for"))
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(rest, _MOST_AT_ONCE)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
        yield unpacker.flush()
    except zlib.error as error:
        raise BrokenAnswerError(phrase("a packed answer that is broken")) from error
    if not unpacker.eof:
        raise BrokenAnswerError(phrase("a packed answer that breaks off"))
