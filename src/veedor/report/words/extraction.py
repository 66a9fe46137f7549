"""Finding every template for translation: the method that Babel calls on each module.

Templates are literals in calls of `Words.say`, `Words.many`, `noted` and `veedor.errors.text`, and
the plain strings that errors are made with.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from veedor import errors

#: Call -> which of its first arguments are templates.
_CALLS = {"say": (0,), "noted": (0,), "phrase": (0,), "step": (0,), "many": (1, 2)}
_ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.VeedorError)
}
Message = tuple[int, str, str | tuple[str, str], list[str]]


def extract(
    file: IO[bytes],
    keywords: Mapping[str, Any],  # noqa: ARG001 - Babel's, as all four are
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Message]:
    """Yield line, function, message or (one, several), and comments: as Babel asks for them."""
    for call in ast.walk(ast.parse(file.read())):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in _CALLS:
            found = [_literal(call.args[at]) for at in _CALLS[name] if at < len(call.args)]
            if found and all(found):
                one = str(found[0])
                yield (
                    (call.lineno, "ngettext", (one, str(found[1])), [])
                    if name == "many"
                    else (call.lineno, "gettext", one, [])
                )
        elif name in _ERRORS:
            for part in (*call.args, *(keyword.value for keyword in call.keywords)):
                if message := _literal(part):
                    yield part.lineno, "gettext", message, []


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
