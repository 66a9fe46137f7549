"""A group of commands that are made when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext
from types import MappingProxyType
from typing import Any

import click

from veedor.cli.generated import command_of
from veedor.cli.language import Spoken, language_option, said
from veedor.suggestions import did_you_mean


class LazyGroup(Spoken, click.Group):
    """A group that makes a command of its task when the command is called.

    Parameters
    ----------
    tasks : dict of str to str or Command
        Name of a command -> its module, as `command_of` takes it, or a group.
    renamed : dict of str to str
        Old name of a command -> what it is called now.
    """

    def __init__(
        self,
        *args: Any,
        tasks: Mapping[str, str | click.Command],
        renamed: Mapping[str, str] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(language_option())
        self.tasks = tasks
        self.renamed = renamed

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Names of the commands, in the order of `tasks`."""
        return list(self.tasks)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        cmd_name: str,
    ) -> click.Command | None:
        """Make one command; None where there is no such command."""
        task = self.tasks.get(cmd_name)
        if isinstance(task, str):
            return command_of(cmd_name, task, self.renamed.get(cmd_name, ""))
        return task

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; where there is none, name one like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = did_you_mean(args[0], self.tasks)
            if not near:
                raise
            raise click.UsageError(f"{error.message} {said(near)}", error.ctx) from error

    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the commands and what each is for."""
        lines = []
        with formatter.section(gettext("Commands")):
            for name in self.tasks:
                made = self.get_command(ctx, name)
                lines.append((name, made.said_help()[0] if isinstance(made, Spoken) else ""))
            formatter.write_dl(lines)
