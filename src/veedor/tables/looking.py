"""Files that a folder or a pattern means, with an end to the looking.

A study may come from anyone, and name a pattern that goes over the whole disk, or a folder with
links that lead back into it.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

from veedor.errors import UnreadableError
from veedor.tables.escape import shown

_MAGIC = frozenset("*?[")
_MOST_SEEN = 200_000


class Looking:
    """Looks through folders; what starts with a dot is passed over unless a pattern says it.

    Parameters
    ----------
    given : str
        As it was named, for the error.
    """

    def __init__(self, given: str) -> None:
        self._given = given
        self._seen = 0

    def below(self, folder: Path) -> Iterator[Path]:
        """Yield all plain files below a folder; links to folders are not followed."""
        return self._matching(folder, ["**"])

    def matching(self) -> Iterator[Path]:
        """Yield the plain files that the pattern means: ``*``, ``?``, ``[..]``, and ``**``.

        ``**`` is any number of folders, those of links apart; a file may come more than once.

        Raises
        ------
        UnreadableError
            If more is to be looked at than any folder of data holds.
        """
        parts = Path(self._given).parts
        fixed = next((n for n, part in enumerate(parts) if _MAGIC & {*part}), None)
        if fixed is None or "\0" in self._given:
            return iter(())
        wanted: list[str] = []
        for part in parts[fixed:]:
            if part != "**" or wanted[-1:] != ["**"]:
                wanted.append(part)
        return self._matching(Path(*parts[:fixed]), wanted)

    def _matching(self, folder: Path, wanted: list[str]) -> Iterator[Path]:
        head, rest = wanted[0], wanted[1:]
        if head == "**" and rest:
            yield from self._matching(folder, rest)
        for entry in self._entries(folder):
            if entry.name.startswith(".") and not head.startswith("."):
                continue
            path = Path(entry.path)
            if head == "**":
                if entry.is_dir(follow_symlinks=False):
                    yield from self._matching(path, wanted)
                elif not rest and entry.is_file():
                    yield path
            elif fnmatch.fnmatchcase(entry.name, head):
                if rest and entry.is_dir():
                    yield from self._matching(path, rest)
                elif not rest and entry.is_file():
                    yield path

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """Return what is in a folder; nothing where it may not be read."""
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError:
            return []
        self._seen += len(entries) + 1
        if self._seen > _MOST_SEEN:
            raise UnreadableError(
                f"A source must be found by looking at no more than {_MOST_SEEN:,} files.",
                found="more",
                where=shown(self._given, 100),
                remedy="name the folder that holds the files",
            )
        return entries
