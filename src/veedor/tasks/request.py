"""What the fields of requests are made of: their help, ranges, and what a path must be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from veedor.errors import StudyError

_Request = TypeVar("_Request", bound=msgspec.Struct)

#: A file; a folder; either. Those that are ``There`` must exist before anything is asked.
File: TypeAlias = Annotated[Path, Meta(extra={"path": "file"})]
Folder: TypeAlias = Annotated[Path, Meta(extra={"path": "folder"})]
FileThere: TypeAlias = Annotated[Path, Meta(extra={"path": "file", "there": True})]
FolderThere: TypeAlias = Annotated[Path, Meta(extra={"path": "folder", "there": True})]
There: TypeAlias = Annotated[Path, Meta(extra={"path": "any", "there": True})]
#: Processes; with it, a task forecasts in so many.
Jobs: TypeAlias = Annotated[int, Meta(ge=1, description="Processes; one a core by default.")]


def about(
    text: str = "",
    *,
    option: str = "",
    metavar: str = "",
    variable: str = "",
    argument: bool = False,
    **limits: float,
) -> Meta:
    """Say what a field is.

    Parameters
    ----------
    text : str
        Its help, one sentence or a few.
    option : str
        What the command line calls it, where that is not its name.
    metavar : str
        What stands for its value in the help.
    variable : str
        Of the environment, that gives it where the command line does not.
    argument : bool
        Whether the command line takes it without a name.
    **limits
        ``ge``, ``gt`` or ``le``: its range.
    """
    door = {"option": option, "metavar": metavar, "variable": variable, "argument": argument}
    extra = {name: value for name, value in door.items() if value}
    fields: dict[str, Any] = {"description": text, "extra": extra, **limits}
    return Meta(**fields)


def checked(request: _Request) -> _Request:
    """Return a request whose fields are of their types and within their ranges.

    Raises
    ------
    StudyError
        Names the first field that is not.
    """
    fields = {
        field.name: msgspec.to_builtins(getattr(request, field.name), enc_hook=str)
        for field in msgspec.structs.fields(request)
    }
    try:
        return msgspec.convert(fields, type(request), dec_hook=_path)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise StudyError(
            "A request must hold what its fields say.",
            found=what,
            where=f"{type(request).__module__}, {where.strip('`$.') or 'request'}",
        ) from error


def placed(request: _Request, workspace: Path) -> _Request:
    """Return a request whose paths are within a workspace; absolute ones stay as they are."""
    if workspace == Path():
        return request
    return msgspec.structs.replace(
        request,
        **{
            field.name: _placed(getattr(request, field.name), workspace.absolute())
            for field in msgspec.structs.fields(request)
        },
    )


def _placed(value: Any, workspace: Path) -> Any:
    if isinstance(value, Path):
        return workspace / value
    if isinstance(value, tuple):
        return tuple(_placed(one, workspace) for one in value)
    return value


def _path(kind: type, value: Any) -> Any:
    if kind is not Path or not isinstance(value, str):
        raise msgspec.ValidationError(f"Expected a path, got {value!r}")
    return Path(value)
