"""The help of each command, as `docs/commands.md` shows it.

``python docs/_ext/command_help.py`` writes it into the page anew; a test says when that is due.
"""

import re
from pathlib import Path

import click
from click.testing import CliRunner

from veedor.cli.app import app

PAGE = Path(__file__).parents[1] / "commands.md"
WIDTH = 100


def commands(group=app, before=""):
    """Every command, those of a group after it: ``run``, ``audit``, ``audit exposure``, ..."""
    for name in group.list_commands(None):
        yield before + name
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


def help_of(command: str) -> str:
    """What ``veedor COMMAND --help`` prints, 100 characters wide."""
    result = CliRunner().invoke(
        app, [*command.split(), "--help"], prog_name="veedor", terminal_width=WIDTH, color=False
    )
    return result.output.rstrip()


def with_help(page: str) -> str:
    """Return the page with the first code block of each command's section set to its help.

    A new command gets a section at the end: move it to its kin, and say there what help does not.
    """
    for command in commands():
        block = re.compile(rf"(\n## veedor {command}\n\n```text\n).*?(\n```\n)", re.DOTALL)
        if not block.search(page):
            page += f"\n## veedor {command}\n\n```text\n\n```\n"
        text = help_of(command)
        page = block.sub(lambda m, text=text: m[1] + text + m[2], page, count=1)
    return page


if __name__ == "__main__":
    PAGE.write_text(with_help(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
