"""Commands made of tasks: options from the fields of a request, help from what its task says."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import click
import msgspec


def command_of(name: str, task: str, renamed: str = "") -> click.Command:
    """Make the command of a task.

    Parameters
    ----------
    name : str
        Of the command.
    task : str
        Name of its module in `veedor.tasks`.
    renamed : str
        What the command is called now, if this is its old name.
    """
    module = import_module(f"veedor.tasks.{task}")
    return click.Command(
        name,
        params=list(_parameters(module.Request)),
        help=f"Old name of `veedor {renamed}`, for one version more." if renamed else _help(module),
        callback=_call(module, renamed),
    )


def _call(module: ModuleType, renamed: str) -> Callable[..., None]:
    def call(**given: Any) -> None:
        from veedor.cli.console import Watched, printer, show, show_error
        from veedor.tasks import Context

        if renamed:
            printer(err=True).say(f"This command is now `veedor {renamed}`.")
        request = module.Request(**given)
        with Watched() as progress:
            done = module.perform(request, Context(progress=progress))
        show(done.document)
        for hindrance in done.hindrances:
            show_error(hindrance)
        if done.hindrances or not done.holds:
            click.get_current_context().exit(2 if done.hindrances else 1)

    return call


def _help(module: ModuleType) -> str:
    r"""Write what a task does as click's help: what is set in stays line by line.

    >>> from veedor.tasks import forecast
    >>> _help(forecast).partition("\n")[0]
    'Forecast the periods that follow the data, into STUDY/next/.'
    """
    parts = (inspect.getdoc(module) or "").split("\n\n")
    return "\n\n".join(
        f"\b\n{textwrap.dedent(part)}" if part.startswith("    ") else part for part in parts
    )


def _parameters(request: type[msgspec.Struct]) -> Iterator[click.Parameter]:
    hints = get_type_hints(request, include_extras=True)
    for field in msgspec.structs.fields(request):
        kind, about = _unwrapped(hints[field.name])
        required = field.default is msgspec.NODEFAULT
        shared: dict[str, Any] = {"required": required}
        if not required:
            shared["default"] = field.default
        several = get_origin(kind) is tuple
        inner = get_args(kind)
        if several and inner[-1] is Ellipsis:
            element, of_element = _unwrapped(inner[0])
            shared["type"] = _type(element, of_element | about)
            shared["nargs" if about.get("argument") else "multiple"] = (
                -1 if about.get("argument") else True
            )
        elif about.get("ratio"):
            shared["type"] = _OutOf()
        elif several:
            shared |= {"type": _type(inner[0], about), "nargs": len(inner)}
        else:
            shared["type"] = _type(kind, about)
        if about.get("argument"):
            yield click.Argument([field.name], **shared)
            continue
        name = about.get("option", field.name.replace("_", "-"))
        flags = f"--{name}"
        if kind is bool:
            del shared["type"]
            shared["is_flag"] = True
            flags += f"/--no-{name}" if field.default else ""
        yield click.Option(
            [flags, field.name],
            **shared,
            help=about.get("help"),
            metavar=about.get("metavar"),
            envvar=about.get("variable"),
            show_default=(not required and field.default not in (None, ()) and kind is not bool)
            or field.default is True,
        )


def _unwrapped(hint: Any) -> tuple[Any, dict[str, Any]]:
    """Return the type that a hint is about, and what its metadata say together."""
    about: dict[str, Any] = {}
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is Annotated:
        hint, *metadata = get_args(hint)
        for meta in metadata:
            about |= meta.extra or {}
            about |= {
                name: value
                for name in ("ge", "gt", "le")
                if (value := getattr(meta, name)) is not None
            }
            if meta.description is not None:
                about["help"] = meta.description
    return hint, about


def _type(kind: Any, about: dict[str, Any]) -> click.ParamType[Any]:
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    if kind is Path:
        what = about.get("path", "any")
        return click.Path(
            path_type=Path,
            exists=about.get("there", False),
            file_okay=what != "folder",
            dir_okay=what != "file",
        )
    if kind is date:
        return _Day()
    low, high = about.get("ge", about.get("gt")), about.get("le")
    if kind in (int, float) and (low is not None or high is not None):
        of = click.IntRange if kind is int else click.FloatRange
        return of(low, high, min_open="gt" in about)
    named: dict[Any, click.ParamType[Any]] = {int: click.INT, float: click.FLOAT, bool: click.BOOL}
    return named.get(kind, click.STRING)


class _Day(click.DateTime):
    """A day."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        when = super().convert(value, param, ctx)
        return when.date() if isinstance(when, datetime) else when


class _OutOf(click.ParamType[tuple[int, int]]):
    """X/N, two whole numbers."""

    name = "X/N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        parts = str(value).split("/")
        if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
            self.fail(f"{value!r} is not X/N, as 95/100", param, ctx)
        return int(parts[0]), int(parts[1])
