"""What every page of veedor has in common: escaped, closed to the outside, printable."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from veedor.errors import Phrase
from veedor.report.tables import Spoken
from veedor.report.words.frame import FRAME
from veedor.report.words.language import Words

#: What HTML and SVG cannot hold; what cannot be seen; what turns the direction of the words after.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff"
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def render(template: str, words: Words, scripts: tuple[str, ...] = (), **values: Any) -> str:
    """Lay out a page: everything is escaped but what is marked as markup.

    Parameters
    ----------
    template : str
        Its name.
    words : Words
        Of the page's language; a template has ``say("name")`` of `FRAME`.
    scripts : tuple of str
        The scripts that the page may run, and no others.
    **values
        What the template shows; a name that it uses and nobody gave is an error.
    """

    def say(name: str, **arguments: str) -> str:
        return words.say(FRAME[name], **arguments)

    return (
        _environment()
        .get_template(template)
        .render(policy=_policy(*scripts), say=say, language=words.language, **values)
    )


@cache
def _environment() -> Environment:
    """Return what lays out templates, and compiles each once."""
    return Environment(
        loader=PackageLoader("veedor.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _policy(*scripts: str) -> str:
    """Content security policy: nothing from outside, and only these scripts.

    >>> _policy("let a = 1;").split("; ")[:2]
    ["default-src 'none'", "script-src 'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='"]
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    hashes = hashes or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def inline_json(value: Any) -> Markup:
    r"""Write JSON that nothing inside a script element can end.

    >>> inline_json({"name": "</script><b>&"})
    Markup('{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}')
    """
    text = msgspec.json.encode(value).decode()
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def printable(value: Any) -> Any:
    r"""Replace characters that HTML and SVG cannot hold, or that hide in a text or turn it around.

    >>> printable({"a": ["b\x00", "\u202ec", 1]})
    {'a': ['b�', '�c', 1]}
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, Phrase):
        return Phrase(value.template, printable(value.arguments))
    if isinstance(value, Spoken):
        return Spoken(_UNPRINTABLE.sub("�", value), value.language)
    if isinstance(value, str):
        return _UNPRINTABLE.sub("�", value)
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(
            value, **{name: printable(getattr(value, name)) for name in value.__struct_fields__}
        )
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: printable(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **named)
    if isinstance(value, Mapping):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([printable(item) for item in value])
    return value


@cache
def asset(name: str) -> str:
    """Text of a file that ships with the report: a style sheet, a script, a licence."""
    return resources.files("veedor.report").joinpath("assets", name).read_text(encoding="utf-8")


def styles(*libraries: str) -> Markup:
    """Style sheets of a page: those of libraries, then our own."""
    names = (*libraries, "panels.css", "report.css", "cover.css")
    return Markup("".join(map(asset, names)))  # noqa: S704 - shipped with veedor
