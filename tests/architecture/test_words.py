"""Every code has words, every word a code, and every template can be found and filled in."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import veedor
from veedor.report.words.codes import templates
from veedor.statistics import codes

SOURCE = Path(veedor.__file__).parent
KINDS = {kind.__name__: kind for kind in (codes.Denominator, codes.Finding, codes.Method)}
#: Methods of `Words` whose first strings are templates -> how many.
TEMPLATES = {"say": 1, "many": 2, "noted": 1}


def _calls() -> Iterator[tuple[Path, str, ast.Call]]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        coded = "veedor.statistics.codes import" in text
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if coded or name not in KINDS:
                    yield path, name, node


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_code_made_has_words_that_name_its_arguments() -> None:
    wrong = []
    for path, name, call in _calls():
        if (name not in KINDS and name != "finding") or not call.args:
            continue
        if not isinstance(call.args[0], ast.Constant):
            continue
        code, where = call.args[0].value, f"{path.relative_to(SOURCE)}:{call.lineno}"
        template = templates()[KINDS.get(name, codes.Finding)].get(code)
        if template is None:
            wrong.append(f"{where}: {name}({code!r}) has no words")
            continue
        if name == "finding":  # of a stranger's log, with its arguments by keyword
            if any(one.arg is None for one in call.keywords):
                continue
            given: ast.expr = ast.Dict(
                [ast.Constant(one.arg) for one in call.keywords],
                [one.value for one in call.keywords],
            )
        else:
            given = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
        if not isinstance(given, ast.Dict) or None in given.keys:
            continue
        stated = {key.value for key in given.keys if isinstance(key, ast.Constant)}
        several = (template,) if isinstance(template, str) else template
        if lacking := set().union(*map(_fields, several)) - stated:
            wrong.append(f"{where}: {name}({code!r}) lacks {', '.join(sorted(lacking))}")
    assert not wrong, "\n".join(wrong)


def test_no_words_stand_without_their_code() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
        if "words" not in path.parts
    )
    idle = [code for table in templates().values() for code in table if f'"{code}"' not in text]
    assert not idle, f"no result makes these codes: {', '.join(idle)}"


def test_templates_are_literal_and_can_be_filled_in() -> None:
    wrong = []
    for path, name, call in _calls():
        if "report" not in path.parts or name not in TEMPLATES:
            continue
        begin = 1 if name == "many" else 0
        for argument in call.args[begin : begin + TEMPLATES[name]]:
            where = f"{path.relative_to(SOURCE)}:{call.lineno}"
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                _fields(argument.value)
            elif isinstance(argument, ast.JoinedStr):
                wrong.append(f"{where}: an f-string cannot be translated")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("number", [1234.5, 2.0])
def test_a_float_is_never_filled_in_as_it_is(number: float) -> None:
    from veedor.report.words import words_in

    with pytest.raises(TypeError, match=r"Words\.number"):
        words_in("en").say("{n} of them", n=number)


def test_templates_hold_no_prose_and_ask_only_for_words_that_are_there() -> None:
    from veedor.report.words.frame import FRAME

    asked: set[str] = set()
    for path in sorted((SOURCE / "report" / "templates").glob("*.j2")):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'say\("(\w+)"', text))
        plain = re.sub(r"\{[%{#].*?[%}#]\}", " ", text, flags=re.DOTALL)
        shown = re.sub(r"<[^>]*>", " ", plain)
        labels = re.findall(r'(?:aria-label|title|alt)="([^"{]+)"', text)
        prose = [word for word in re.findall(r"[^\W\d_]{2,}", shown) if word != "veedor"]
        assert not prose, f"{path.name}: {' '.join(prose[:8])}"
        assert set(labels) <= {"study.toml"}, f"{path.name}: {labels}"
    assert asked == set(FRAME)
