"""The help in the documentation is what the commands print."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def _command_help():
    path = DOCS / "_ext" / "command_help.py"
    spec = importlib.util.spec_from_file_location("command_help", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("command", [*_command_help().commands()])
def test_help_in_the_documentation_is_the_real_one(command):
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = page.split(f"\n## veedor {command}\n", 1)[1]
    shown = section.split("```text\n", 1)[1].split("\n```", 1)[0]
    assert shown == _command_help().help_of(command), (
        "run `python docs/_ext/command_help.py` to bring docs/commands.md up to date"
    )


def test_a_new_command_gets_its_section():
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    first, last = page.index("\n## veedor fetch\n"), page.index("\n## veedor export\n")
    added = _command_help().with_help(page[:first] + page[last:])
    assert added.startswith(page[:first] + page[last:])
    assert page[first:last].split("```")[1] == added[len(page) - last + first :].split("```")[1]
