"""How `veedor init` writes a study.toml: its templates, their filters, comments and paths."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path
from typing import Any

import jinja2

_WIDTH = 100


def environment() -> jinja2.Environment:
    """Templates of study.toml, with texts written as TOML."""
    made = jinja2.Environment(  # noqa: S701 - the template is TOML, not HTML
        loader=jinja2.PackageLoader("veedor.study"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["toml"] = toml
    return made


def relative(path: str | Path, folder: Path) -> str:
    """Write a path as it is seen from a folder."""
    return Path(os.path.relpath(Path(path).resolve(), folder.resolve())).as_posix()


def comment_of(text: str) -> str:
    """Make a text safe for a comment: one line, no control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def wrapped(comment: str) -> str:
    """Write a comment as lines of their own."""
    return textwrap.fill(comment, _WIDTH, initial_indent="# ", subsequent_indent="# ")


def toml(value: Any) -> str:
    """Write a text or a list of texts as TOML; a TOML basic string is a JSON string."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
