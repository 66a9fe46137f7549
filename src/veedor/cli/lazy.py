"""A group of commands whose modules are imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from veedor.suggestions import did_you_mean


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called.

    Parameters
    ----------
    package : str
        Where the modules stand; each is named as its command, with ``_`` for ``-``, and holds it
        as ``command``.
    about : dict of str to str
        Command -> one line of help. The line stands there so that ``--help`` imports nothing.
    """

    def __init__(self, *args: Any, package: str, about: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.package = package
        self.about = about

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Names of the commands, in the order of `about`."""
        return list(self.about)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        cmd_name: str,
    ) -> click.Command | None:
        """Import one command; None where there is no such command."""
        if cmd_name not in self.about:
            return None
        module = import_module(f"{self.package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; where there is none, name one like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = did_you_mean(args[0], self.about)
            if not near:
                raise
            asked = f"{error.message} {near[0].upper()}{near[1:]}"
            raise click.UsageError(asked, error.ctx) from error

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the commands and what each is for."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.about.items()))
