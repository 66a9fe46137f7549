"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

_MOST = 3
_ALIKE = 0.6


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Ask whether one of the known words was meant; empty where none is like it.

    Examples
    --------
    >>> did_you_mean("Longitude", ["longitud", "latitud", "fecha"])
    "did you mean 'longitud' or 'latitud'?"
    >>> did_you_mean("robo", ["THEFT"])
    ''
    """
    by_folded: dict[str, str] = {}
    for one in known:
        by_folded.setdefault(one.casefold(), one)
    near = difflib.get_close_matches(word.casefold(), by_folded, n=_MOST, cutoff=_ALIKE)
    named = [repr(by_folded[one]) for one in near]
    return f"did you mean {' or '.join(named)}?" if named else ""


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
