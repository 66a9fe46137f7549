"""The one way results are written as JSON: the same value gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from veedor.errors import UnreadableError, phrase
from veedor.files.replacing import replacing


def plain(value: Any) -> Any:
    """Return what JSON knows of a value: Structs and dataclasses as objects, arrays as lists.

    NaN in an array is None: an array has no other way to say that a number is undefined.

    Raises
    ------
    TypeError
        For a type that has no one form in JSON.

    Examples
    --------
    >>> plain(np.array([0.5, np.nan]))
    [0.5, None]
    >>> plain({"counts": np.array([1, 2]), "share": np.float64(0.5), "names": ("a", "b")})
    {'counts': [1, 2], 'share': 0.5, 'names': ('a', 'b')}
    """
    return msgspec.to_builtins(value, enc_hook=_own, builtin_types=())


def json_bytes(value: Any, *, ascii_only: bool = False) -> bytes:
    r"""Write a result as JSON: sorted keys, one space of indent, UTF-8, a final newline.

    Parameters
    ----------
    value : object
    ascii_only : bool
        Whether other letters are escaped, so that a stream of any encoding carries them.

    Raises
    ------
    ValueError
        For NaN or an infinity: what is undefined is None.

    Examples
    --------
    >>> json_bytes({"b": None, "a": 1.5})
    b'{\n "a": 1.5,\n "b": null\n}\n'
    """
    text = json.dumps(
        plain(value), sort_keys=True, ensure_ascii=ascii_only, allow_nan=False, indent=1
    )
    return (text + "\n").encode()


def write_json(value: Any, path: Path) -> None:
    """Write a result as JSON into a file that is replaced whole or not at all."""
    written = json_bytes(value)
    with replacing(path) as part:
        part.write_bytes(written)


def require_known(schema_version: int, newest: int, where: str) -> None:
    """Refuse what a later version of veedor wrote: what it means there is not known here.

    Raises
    ------
    UnreadableError
        Naming both layouts.
    """
    if not 1 <= schema_version <= newest:
        raise UnreadableError(
            "The layout of a file must be one that this version of veedor knows.",
            found=phrase(
                "schema_version {version}; the newest known is {newest}",
                version=schema_version,
                newest=newest,
            ),
            where=where,
            remedy="read it with the version of veedor that wrote it, or a later one",
        )


def _own(value: Any) -> Any:
    """Return what numpy and `veedor.errors.phrase` make as Python's own; refuse anything else."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and np.isnan(value).any():
        return np.where(np.isnan(value), None, value).tolist()  # type: ignore[call-overload]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no one form in JSON")
