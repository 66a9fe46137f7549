"""Options of an audit of places from a TOML file, as `veedor audit init` proposes one."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import MISSING, replace
from pathlib import Path
from typing import Any, TypeVar

from veedor.errors import StudyError, phrase
from veedor.files.replacing import content
from veedor.files.toml_text import read_toml
from veedor.tasks.request import File, checked, described, option, request

_Type = TypeVar("_Type")


@request
class Settled:
    """What may stand in a file."""

    settings: File | None = option(
        "TOML of these options, as `veedor audit init` writes it; what is given here goes first.",
        default=None,
    )


def with_settings(
    asked: _Type, file: Path, known: Collection[str], given: Collection[str] | None = None
) -> _Type:
    """Return a request whose fields that nobody gave are taken from a file.

    Parameters
    ----------
    asked : request
        What was given goes before the file.
    file : Path
        TOML, a setting a field; paths are relative to its folder.
    known : collection of str
        Settings of any audit: one file serves all of them, and each takes its own.
    given : collection of str, optional
        Fields that were given; where that is not known, those that are not at their defaults.

    Raises
    ------
    StudyError
        If it is no TOML, holds a setting that there is not, or one of the wrong kind.
    """
    from veedor.suggestions import did_you_mean

    try:
        held = read_toml(content(file, 1 << 20, phrase("A file of settings")).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise StudyError(
            "A file of settings must be TOML.",
            found=str(error),
            where=file.name,
            remedy="`veedor audit init` writes one",
        ) from error
    fields = {
        name: default
        for name, _, default, _ in described(type(asked))
        if name != "settings" and default is not MISSING
    }
    there_are = {*fields, *known} - {"settings", "out"}
    unknown = [name for name in held if name not in there_are]
    if unknown:
        raise StudyError(
            "A setting of an audit must be one that there is.",
            found=unknown[0],
            where=file.name,
            remedy=did_you_mean(unknown[0], sorted(there_are))
            or phrase("see `veedor audit all --help`"),
        )
    taken: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in held.items()
        if name in fields
        and (getattr(asked, name) == fields[name] if given is None else name not in given)
    }
    kept = {name: getattr(asked, name) for name in fields if name not in taken}
    read = checked(replace(asked, **taken), file.absolute().parent)  # type: ignore[type-var]
    return replace(read, **kept)  # type: ignore[type-var]
