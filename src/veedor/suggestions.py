"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from veedor.errors import phrase

_MOST = 3
_ALIKE = 0.6


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Ask whether one of the known words was meant; empty where none is like it.

    Examples
    --------
    >>> did_you_mean("Longitude", ["longitud", "latitud", "fecha"])
    "Did you mean 'longitud' or 'latitud'?"
    >>> did_you_mean("robo", ["THEFT"])
    ''
    """
    by_folded: dict[str, str] = {}
    for one in known:
        by_folded.setdefault(one.casefold(), one)
    near = difflib.get_close_matches(word.casefold(), by_folded, n=_MOST, cutoff=_ALIKE)
    match [repr(by_folded[one]) for one in near]:
        case [one]:
            return phrase("Did you mean {one}?", one=one)
        case [one, two]:
            return phrase("Did you mean {one} or {two}?", one=one, two=two)
        case [one, two, three]:
            return phrase("Did you mean {one}, {two} or {three}?", one=one, two=two, three=three)
        case _:
            return ""


def one_of(word: str, known: Iterable[str]) -> str:
    """Say which words are known, and before it which of them was meant, if one is like it.

    >>> one_of("Kernal", ["Kernel", "Recency"])
    "Did you mean 'Kernel'? Use one of Kernel, Recency."
    """
    words = list(known)
    near = did_you_mean(word, words)
    if near:
        return phrase("{meant} Use one of {known}.", meant=near, known=", ".join(words))
    return phrase("use one of {known}", known=", ".join(words))


def did_you_mean_file(path: Path) -> str:
    """Ask whether a file or folder beside one that does not exist was meant.

    Examples
    --------
    >>> did_you_mean_file(Path("no-such-folder") / "incidents.csv")
    ''
    """
    try:
        beside = [one.name for one in path.parent.iterdir()]
    except OSError:
        return ""
    return did_you_mean(path.name, beside)
