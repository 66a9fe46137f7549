"""Which tasks the site offers, and what they are called."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from veedor import tasks
from veedor.errors import phrase
from veedor.web.pages.jinja import words
from veedor.web.work.child import PACK, SCREEN

_TITLES = {
    SCREEN: phrase("Look at an upload"),
    PACK: phrase("Read a reading pack"),
    "init": phrase("Propose a study"),
    "check": phrase("Check a record"),
    "run": phrase("Run a study"),
}
#: Proposes a file of settings for the command line; here a form asks.
_NOT_OFFERED = frozenset({"audit_init"})


@cache
def audits() -> dict[str, str]:
    """Audits that are offered: part of the address -> task.

    >>> audits()["behaviour"]
    'audit_behaviour'
    """
    return {
        name.removeprefix("audit_"): name
        for name in sorted(module.name for module in iter_modules(tasks.__path__))
        if name.startswith("audit_") and name not in _NOT_OFFERED
    }


def task(name: str) -> ModuleType:
    """Return a task by its name."""
    return import_module(f"veedor.tasks.{name}")


def title_of(name: str) -> str:
    """Say what a task does, in a few words; of an audit, the first sentence of its help."""
    if name in _TITLES:
        return words().translated(_TITLES[name])
    return words().own(" ".join(_paragraphs(name)[0].split())).removesuffix(".")


def about(name: str) -> list[str]:
    """Say what a task does, in paragraphs; what is for a terminal is left out."""
    prose = [one for one in _paragraphs(name)[1:] if not one.startswith((" ", "Example: "))]
    return [words().own(" ".join(one.split())) for one in prose]


def _paragraphs(name: str) -> list[str]:
    return (inspect.getdoc(task(name)) or name).split("\n\n")
