"""Finding every message: templates of words, parts of errors, help, and click's own words.

Messages are literals in calls of `Words.say`, `Words.many`, `noted` and `veedor.errors.phrase`, in
calls of ``_`` and ``many`` in templates of the web app, the plain strings that errors are made
with, the help of options, the paragraphs of the docstrings that are the help of commands, and what
forecasters say in the first line of theirs. Of click it is what it hands to gettext.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from jinja2 import Environment
from jinja2.ext import extract_from_ast

import veedor
from veedor import errors
from veedor.cli.language import paragraphs
from veedor.forecasters.registry import FORECASTERS

#: A message, or its forms for one and for several.
Message = str | tuple[str, str]
SOURCE = Path(veedor.__file__).parent
#: Call -> which of its first arguments are messages.
_CALLS = {
    "say": (0,),
    "noted": (0,),
    "phrase": (0,),
    "option": (0,),
    "many": (1, 2),
    "noted_many": (0, 1),
}
#: Where docstrings of modules are help.
_TASKS = ("veedor/tasks/", "veedor/web/commands/")
_TEMPLATES = ("_", "many")
_GETTEXT = {"_": (0,), "gettext": (0,), "ngettext": (0, 1)}
#: Parts of an error that are always words of veedor's own.
_OWN = "remedy"
#: Of click: a prompt is never shown, a pager or an editor never opened.
_CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "types")
#: Of click, said from a table.
_CLICK_TABLED = ("required",)
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.VeedorError)
}


def messages() -> dict[Message, set[str]]:
    """Every message, and the modules it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE.parent).as_posix()
        for message in extracted(path.read_text(encoding="utf-8"), name):
            found.setdefault(message, set()).add(name)
    for path in sorted(SOURCE.glob("web/*/jinja2/**/*.*")):
        name = path.relative_to(SOURCE.parent).as_posix()
        for message in of_template(path.read_text(encoding="utf-8")):
            found.setdefault(message, set()).add(name)
    folder = Path(click.__file__).parent
    for module in _CLICK:
        text = (folder / f"{module}.py").read_text(encoding="utf-8")
        for message in _called(ast.parse(text), _GETTEXT):
            found.setdefault(message, set()).add("click")
    for message in _CLICK_TABLED:
        found.setdefault(message, set()).add("click")
    return found


def extracted(text: str, name: str) -> Iterator[Message]:
    """Messages of a module's text; by its name it is known whose docstrings are help."""
    tree = ast.parse(text)
    yield from _called(tree, _CALLS | _GETTEXT)
    yield from _of_errors(tree)
    if name.startswith(_TASKS):
        if any(map(_performs, tree.body)):
            yield from paragraphs(ast.get_docstring(tree) or "")
    elif name.startswith("veedor/forecasters/"):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in FORECASTERS:
                yield (ast.get_docstring(node) or "").partition("\n")[0]
    elif name.startswith("veedor/cli/"):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and any(map(_is_group, node.decorator_list)):
                yield from paragraphs(ast.get_docstring(node) or "")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from (_literal(kw.value) or "" for kw in node.keywords if kw.arg == "help")


def of_template(text: str) -> Iterator[Message]:
    """Messages of a template of the web app.

    >>> [*of_template('<p>{{ _("To the content") }} {{ many(n, "{n} day", "{n} days") }}</p>')]
    ['To the content', ('{n} day', '{n} days')]
    """
    for _, _, found in extract_from_ast(
        Environment(autoescape=True).parse(text), _TEMPLATES, False
    ):
        match found:
            case (one,) | str(one):
                yield one
            case (one, other):
                yield one, other


def _called(tree: ast.AST, calls: dict[str, tuple[int, ...]]) -> Iterator[Message]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (places := calls.get(_name(call))):
            found = [_literal(call.args[at]) for at in places if at < len(call.args)]
            match found:
                case [str(one), str(other)] if one and other:
                    yield one, other
                case [str(one)] if one:
                    yield one


def _of_errors(tree: ast.AST) -> Iterator[Message]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call) in ERRORS:
            for part in (*call.args, *(kw.value for kw in call.keywords if kw.arg == _OWN)):
                if message := _literal(part):
                    yield message


def _performs(node: ast.stmt) -> bool:
    """Whether it defines what a task does."""
    match node:
        case ast.FunctionDef(name="perform") | ast.Assign(targets=[ast.Name(id="perform")]):
            return True
    return False


def _is_group(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and _name(decorator) == "group"


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
