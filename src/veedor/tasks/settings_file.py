"""Options of a task from a TOML file, as `veedor audit init` proposes one."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, replace
from pathlib import Path
from typing import Any, TypeVar

from veedor.errors import StudyError
from veedor.tasks.request import checked, described

_Type = TypeVar("_Type")


def with_settings(asked: _Type, file: Path) -> _Type:
    """Return a request whose fields at their defaults are taken from a file.

    Parameters
    ----------
    asked : request
        What it gives other than by default goes before the file.
    file : Path
        TOML, a setting a field; paths are relative to its folder.

    Raises
    ------
    StudyError
        If it is no TOML, holds a setting that there is not, or one of the wrong kind.
    """
    from veedor.suggestions import did_you_mean

    try:
        held = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(
            "A file of settings must be TOML.",
            found=str(error),
            where=file.name,
            remedy="`veedor audit init` writes one",
        ) from error
    fields = {name: default for name, _, default, _ in described(type(asked)) if name != "settings"}
    unknown = [name for name in held if name not in fields]
    if unknown:
        raise StudyError(
            "A setting of an audit must be one that there is.",
            found=unknown[0],
            where=file.name,
            remedy=did_you_mean(unknown[0], fields) or "see `veedor audit all --help`",
        )
    taken: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in held.items()
        if fields[name] is not MISSING and getattr(asked, name) == fields[name]
    }
    given = {name: getattr(asked, name) for name in fields if name not in taken}
    read = checked(replace(asked, **taken), file.absolute().parent)  # type: ignore[type-var]
    return replace(read, **given)  # type: ignore[type-var]
