"""A folder of studies: which are in it, under what names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from veedor.errors import StudyError, phrase
from veedor.study.section_checks import FILE_NAME
from veedor.suggestions import did_you_mean_file

#: Folders below one that are looked into; nobody keeps more in a folder of studies.
_MOST_FOLDERS = 100_000


@dataclass(frozen=True)
class Studies:
    """The studies of a folder.

    Parameters
    ----------
    folders : dict of str to Path
        By name, in the order of names: where each is below the folder, with ``/`` between parts.
        So no two have one name, whatever their titles are.
    links : tuple of str
        Names of links to studies, which are not followed.
    """

    folders: dict[str, Path]
    links: tuple[str, ...] = ()


def find_studies(folder: Path) -> Studies:
    """Find every folder with study.toml below one, at any depth; none inside another study.

    Hidden folders and links are not looked into.

    Raises
    ------
    StudyError
        If there is none, or the folder is itself a study.
    """
    if (folder / FILE_NAME).is_file():
        raise StudyError(
            "A folder of studies must not be a study itself.",
            found=phrase("{file_name} in it", file_name=FILE_NAME),
            where=str(folder),
            remedy=phrase("run it with `veedor run {folder}`", folder=folder),
        )
    found: dict[str, Path] = {}
    links: list[str] = []
    for seen, (place, names, files) in enumerate(os.walk(folder), start=1):
        if seen > _MOST_FOLDERS:
            raise StudyError(
                phrase("A folder of studies must hold at most {most:,} folders.", most=seen - 1),
                found=phrase("more"),
                where=str(folder),
                remedy="name a folder that holds studies and little else",
            )
        here = Path(place)
        if FILE_NAME in files:
            found[_name(here, folder)] = here
            names.clear()
            continue
        linked = [name for name in names if (here / name).is_symlink()]
        links += (
            _name(here / name, folder)
            for name in linked
            if not name.startswith(".") and (here / name / FILE_NAME).is_file()
        )
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in linked)
    if not found and not links:
        raise StudyError(
            phrase("A folder of studies must hold folders with {file_name}.", file_name=FILE_NAME),
            found=phrase("none in it") if folder.is_dir() else phrase("no such folder"),
            where=str(folder),
            remedy=did_you_mean_file(folder)
            or phrase("make each with `veedor init {folder}/CITY --incidents FILE`", folder=folder),
        )
    return Studies(dict(sorted(found.items())), tuple(sorted(links)))


def refused_link(name: str) -> StudyError:
    """Say of a link to a study that it is not followed."""
    return StudyError(
        "A study of a folder of studies must be in it: links are not followed.",
        found=phrase("a link"),
        where=name,
        remedy="move or copy the study there, or run it by itself",
    )


def _name(path: Path, folder: Path) -> str:
    """Return where a study is below a folder; letters that are no text are written as codes."""
    name = path.relative_to(folder).as_posix()
    return os.fsencode(name).decode("utf-8", "backslashreplace")
