"""What entries of the log are called."""

from __future__ import annotations

from veedor.errors import phrase
from veedor.report.words import looks as told
from veedor.web.pages.jinja import words

_THINGS = {
    "result": phrase("a result"),
    "summary": phrase("a summary of what was uploaded"),
    "export": phrase("an export"),
    "access_log": phrase("the access log"),
}
_ENTRIES = {
    "look": phrase("looks"),
    "purpose": phrase("purposes"),
    "account": phrase("changes of accounts"),
    "witness": phrase("checkpoints given to witnesses"),
    "key": phrase("other keys of the log"),
}
_CHANGES = {
    "invited": phrase("let in"),
    "role_changed": phrase("given another role"),
    "ended": phrase("ended"),
    "factor_reset": phrase("second factor reset"),
}
_WITNESSES = {"mail": phrase("by mail"), "git": phrase("by git")}
_ROLES = {
    "analyst": phrase("analyst"),
    "reader": phrase("reader"),
    "auditor": phrase("auditor"),
    "administrator": phrase("administrator"),
    "none": phrase("no role"),
}


def purpose(kind: str) -> str:
    """Name a kind of purpose."""
    return told.purpose(words(), kind)


def thing(kind: str) -> str:
    """Name a kind of thing that is looked at."""
    return words().translated(_THINGS[kind])


def role(name: str) -> str:
    """Name a role."""
    return words().translated(_ROLES[name]) if name in _ROLES else name


def kinds_of_entry() -> list[tuple[str, str]]:
    """Name all kinds of entries."""
    return [(kind, words().translated(name)) for kind, name in _ENTRIES.items()]


def what(kind: str, of: str) -> str:
    """Say of an entry of a kind what it is about."""
    if kind == "look":
        return thing(of)
    if kind == "purpose":
        return words().say("a purpose stated")
    if kind == "account":
        return words().say("an account {change}", change=words().translated(_CHANGES[of]))
    if kind == "key":
        return words().say("another key of the log")
    return words().say("a checkpoint given out {how}", how=words().translated(_WITNESSES[of]))
