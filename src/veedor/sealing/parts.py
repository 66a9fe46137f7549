"""What every entry of a log says, whatever it is about, and the forms of its texts and numbers."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
#: A stranger's log is read whole and shown, so what it says has an end.
Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=2_000)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a manifest: nothing missing, nothing more."""


class Code(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The software that wrote an entry: version of veedor, and one hash of all its source."""

    veedor: Text
    sha256: Sha256


class Written(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry says: its number from 0, the tree head before it, when and by what code."""

    number: int = -1
    previous: Text = ""
    written_at: Text
    code: Code
