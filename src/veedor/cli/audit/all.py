"""``veedor audit all``."""

from __future__ import annotations

import copy
from importlib import import_module
from typing import Any

import click

from veedor.cli.audit import COMMANDS

_ALL = "all"


def _audits() -> dict[str, click.Command]:
    """Every other audit of places, by name."""
    return {
        name: import_module(f"veedor.cli.audit.{name}").command
        for name in COMMANDS
        if name in ("exposure", "benchmark", "reporting", "feedback")
    }


def _options() -> list[click.Parameter]:
    """Options of all audits, each once and none needed but the folder to write to."""
    options: dict[str, click.Parameter] = {}
    for audit in _audits().values():
        for option in audit.params:
            if option.name is not None and option.name not in options:
                options[option.name] = copy.copy(option)
                options[option.name].required = option.name == "out"
    return list(options.values())


@click.command(name=_ALL, params=_options())
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Every audit of places that has its inputs, each into a folder of its own below OUT.

    Options are those of the single audits. An audit whose needed options are not given is left
    out, and what it lacks is said. One that an input stops does not stop the others: its error is
    told, and the exit code is then 2.
    """
    from veedor.cli.console import show_error
    from veedor.errors import VeedorError

    done = stopped = 0
    for name, audit in _audits().items():
        lacking = [
            option.opts[0]
            for option in audit.params
            if option.required and given.get(str(option.name)) in (None, ())
        ]
        lacking += [
            " or ".join(f"--{option}" for option in options)
            for options in getattr(import_module(f"veedor.cli.audit.{name}"), "ONE_OF", ())
            if all(given.get(option) is None for option in options)
        ]
        if lacking:
            click.echo(f"{name}: left out; it needs {', '.join(lacking)}.")
            continue
        click.echo(f"{name}:")
        mine = {str(option.name): given[str(option.name)] for option in audit.params}
        try:
            ctx.invoke(audit, **{**mine, "out": given["out"] / name})
        except VeedorError as error:
            show_error(error)
            stopped += 1
        else:
            done += 1
    if stopped:
        ctx.exit(2)
    if not done:
        raise click.UsageError("No audit has its inputs; see `veedor audit --help`.", ctx)
