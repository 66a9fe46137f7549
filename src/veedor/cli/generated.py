"""Commands made of tasks: options from the fields of a request, help from what its task says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import click
from click.core import ParameterSource

from veedor.cli.language import Asked, Option, Spoken, language_option, said
from veedor.errors import phrase
from veedor.tasks.request import described, unwrapped

#: What a value must be, as help and complaints name it.
_WHOLE, _NUMBER = phrase("integer"), phrase("number")


def command_of(name: str, task: str, renamed: str = "") -> click.Command:
    """Make the command of a task.

    Parameters
    ----------
    name : str
        Of the command.
    task : str
        Name of its module in `veedor.tasks`, or, with dots, of any module like those.
    renamed : str
        What the command is called now, if this is its old name.
    """
    module = import_module(task if "." in task else f"veedor.tasks.{task}")
    old = phrase("Old name of `veedor {command}`, for one version more.", command=renamed)
    return Spoken(
        name,
        params=[*_parameters(module.Request), _details(), language_option()],
        help=old if renamed else inspect.getdoc(module),
        callback=_call(module, renamed),
    )


def _call(module: ModuleType, renamed: str) -> Callable[..., None]:
    def call(details: bool, **given: Any) -> None:
        from veedor.cli.console import ShownProgress, printer, show, show_error
        from veedor.report.words import words_in
        from veedor.tasks import Context
        from veedor.tasks.language import language_of

        if renamed:
            now = phrase("This command is now `veedor {command}`.", command=renamed)
            printer(err=True).say(said(now))
        request = module.Request(**given)
        here = click.get_current_context()
        asked = here.ensure_object(Asked)
        asked.spoken = asked.language or language_of(request)
        words = words_in(asked.spoken)
        with ShownProgress(words) as progress:
            context = Context(
                progress=progress,
                language=words.language,
                language_asked=bool(asked.language),
                given=_typed(here, given),
            )
            done = module.perform(request, context)
        show(done.document, details=details)
        for hindrance in done.hindrances:
            show_error(hindrance, words)
        if done.hindrances or not done.holds:
            here.exit(2 if done.hindrances else 1)

    return call


def _typed(here: click.Context, names: Collection[str]) -> frozenset[str]:
    """Return what somebody gave, on the command line or in the environment."""
    by_default = (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP, None)
    return frozenset(name for name in names if here.get_parameter_source(name) not in by_default)


def _details() -> click.Option:
    return Option(
        ["--details"],
        is_flag=True,
        help="Print the tables too, before what was found.",
    )


def _parameters(request: type) -> Iterator[click.Parameter]:
    for name, hint, default, about in described(request):
        kind, words = unwrapped(hint)
        shared: dict[str, Any] = {"required": default is MISSING}
        if default is not MISSING:
            shared["default"] = default
        argument = "argument" in about
        inner = get_args(kind)
        if get_origin(kind) is not tuple:
            shared["type"] = _type(kind, words, about)
        elif not argument and about["commas"]:
            shared["type"] = _Listed()
        elif inner[-1] is Ellipsis:
            shared["type"] = _type(*unwrapped(inner[0]), about)
            shared |= {"nargs": -1} if argument else {"multiple": True}
        elif about["metavar"] == _OutOf.name:
            shared["type"] = _OutOf()
        else:
            shared |= {"type": _type(inner[0], words, about), "nargs": len(inner)}
        if argument:
            yield click.Argument([name], **shared)
            continue
        flag = about["name"] or name.replace("_", "-")
        if kind is bool:
            shared |= {"type": click.BOOL, "is_flag": True}
        yield Option(
            [f"--{flag}/--no-{flag}" if default is True else f"--{flag}", name],
            **shared,
            help=about["help"],
            metavar=about["metavar"] or None,
            envvar=about["variable"] or None,
            show_default=default is not MISSING
            and default is not None
            and default is not False
            and default != (),
        )


def _type(kind: Any, words: tuple[str, ...], about: Mapping[str, Any]) -> click.ParamType[Any]:
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    if kind is Path:
        return click.Path(
            path_type=Path,
            exists="there" in words,
            file_okay="folder" not in words,
            dir_okay="file" not in words,
        )
    if kind is date:
        return _Day()
    low, high = about.get("ge", about.get("gt")), about.get("le")
    if kind in (int, float):
        whole, bounded = kind is int, low is not None or high is not None
        made: click.ParamType[Any]
        if bounded:
            of = click.IntRange if whole else click.FloatRange
            made = of(low, high, min_open="gt" in about)
        else:
            made = click.types.IntParamType() if whole else click.types.FloatParamType()
        made.name = said(_WHOLE if whole else _NUMBER)
        return made
    return click.BOOL if kind is bool else click.STRING


class _Day(click.DateTime):
    """A day."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        when = super().convert(value, param, ctx)
        return when.date() if isinstance(when, datetime) else when


class _Listed(click.ParamType[tuple[str, ...]]):
    """Names between commas."""

    name = "text"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002 - click's
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(name for part in str(value).split(",") if (name := part.strip()))


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
            wrong = phrase("{value} is not X/N, as 95/100", value=repr(value))
            self.fail(said(wrong), param, ctx)
        return int(parts[0]), int(parts[1])
