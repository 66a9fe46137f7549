"""`request`: a frozen question, each of whose fields carries its help and its range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from types import UnionType
from typing import (
    Annotated,
    Any,
    TypeAlias,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from veedor.complaints import complaint
from veedor.errors import StudyError

_Type = TypeVar("_Type")
#: Whole numbers that JSON, too, holds exactly.
_LARGEST = 2**53 - 1

#: A file; a folder. Those that are ``There`` must exist before anything is asked.
File: TypeAlias = Annotated[Path, "file"]
Folder: TypeAlias = Annotated[Path, "folder"]
FileThere: TypeAlias = Annotated[Path, "file", "there"]
FolderThere: TypeAlias = Annotated[Path, "folder", "there"]
There: TypeAlias = Annotated[Path, "there"]


def option(
    text: str = "",
    *,
    default: Any = MISSING,
    name: str = "",
    metavar: str = "",
    variable: str = "",
    commas: bool = False,
    needed: bool = False,
    code: bool = False,
    **limits: float,
) -> Any:
    """Describe a field that a door asks for by name.

    Parameters
    ----------
    text : str
        Its help, one sentence or a few.
    default : object
        Without one, the field must be given.
    name : str
        What the command line calls it, where that is not its own name.
    metavar : str
        What stands for its value in the help.
    variable : str
        Of the environment, that gives it where the command line does not; its value is a secret,
        and stays out of the `repr` of a request.
    commas : bool
        Whether the command line takes several at once, between commas.
    needed : bool
        Whether it must be given, by the request or by a file of settings: None until then.
    code : bool
        Whether it may name a file that is run: a form takes a plain name, and no file.
    **limits
        ``ge``, ``gt`` or ``le``: its range.
    """
    door = {
        "help": text, "name": name, "metavar": metavar, "variable": variable, "commas": commas,
        "needed": needed, "code": code,
    }  # fmt: skip
    return field(default=None if needed else default, metadata=door | limits, repr=not variable)


def argument(*, default: Any = MISSING) -> Any:
    """Describe a field that the command line takes without a name; help tells of it in prose."""
    return field(default=default, metadata={"argument": True})


def jobs() -> Any:
    """Describe in how many processes forecasts are made, where the context does not say."""
    return option("Processes; one a core by default.", default=None, ge=1)


def scheduler(*, default: None) -> Any:
    """Describe on which cluster forecasts are made, instead of in processes here."""
    return option(
        "A dask scheduler, as tcp://10.0.0.1:8786, on whose workers forecasts are made.",
        default=default,
        metavar="ADDRESS",
    )


def store(*, default: None) -> Any:
    """Describe where what is large goes between the machines of a cluster."""
    return option(
        "With --scheduler: a folder that all machines see, as s3://bucket/folder.",
        default=default,
        metavar="ADDRESS",
    )


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(option, argument, jobs, scheduler, store),
)
def request(kind: type[_Type]) -> type[_Type]:
    """Make a class of fields a request: frozen, its fields given by name."""
    return dataclass(frozen=True, kw_only=True)(kind)


def described(kind: type) -> Iterator[tuple[str, Any, Any, Mapping[str, Any]]]:
    """Yield the name, type, default (or `MISSING`) and description of each field of a request."""
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        yield one.name, hints[one.name], one.default, one.metadata


def unwrapped(hint: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the type that a field's hint is about, and the words that it is marked with."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is Annotated:
        hint, *words = get_args(hint)
        return hint, tuple(words)
    return hint, ()


def lacking(asked: Any, kind: type) -> list[str]:
    """Return what a kind of request needs and one does not give, as the command line calls it.

    Parameters
    ----------
    asked : request
        It may have more fields than `kind`.
    kind : type
    """
    return [
        about["name"] or name.replace("_", "-")
        for name, _, _, about in described(kind)
        if about.get("needed") and getattr(asked, name) is None
    ]


def checked(asked: _Type, workspace: Path) -> _Type:
    """Return a request of the right types and ranges, whose relative paths are in a workspace.

    What is needed and not given stays None: `lacking` names it.

    Raises
    ------
    StudyError
        Names the first field that is not what it must be.
    """
    values = {}
    for name, kind, _, about in described(type(asked)):
        if getattr(asked, name) is None and about.get("needed"):
            continue
        try:
            value = msgspec.convert(getattr(asked, name), kind, dec_hook=_path)
            _require_within(value, about)
        except msgspec.ValidationError as error:
            raise StudyError(
                "A request must hold what its fields say.",
                found=complaint(error, where=False),
                where=f"{type(asked).__module__}, {name}",
            ) from error
        values[name] = _placed(value, workspace)
    return replace(asked, **values)  # type: ignore[type-var]


def _require_within(value: Any, about: Mapping[str, Any]) -> None:
    for one in value if isinstance(value, tuple) else (value,):
        if one is None:
            continue
        if isinstance(one, float) and not math.isfinite(one):
            raise msgspec.ValidationError(f"Expected a finite number, got {one}")
        if isinstance(one, int) and abs(one) > _LARGEST:
            raise msgspec.ValidationError(f"Expected a number within {_LARGEST}, got {one}")
        if (
            ("ge" in about and one < about["ge"])
            or ("gt" in about and one <= about["gt"])
            or ("le" in about and one > about["le"])
        ):
            limits = (f"{key} {about[key]}" for key in ("ge", "gt", "le") if key in about)
            raise msgspec.ValidationError(f"Expected {', '.join(limits)}, got {one}")


def _placed(value: Any, workspace: Path) -> Any:
    if isinstance(value, Path):
        return workspace / value
    return tuple(_placed(one, workspace) for one in value) if isinstance(value, tuple) else value


def _path(kind: type, value: Any) -> Any:
    if kind is not Path or not isinstance(value, str | Path):
        raise msgspec.ValidationError(f"Expected a path, got {value!r}")
    return Path(value)
