"""Words are made from templates in the language asked for, and every template can be found."""

import ast
import pickle
from pathlib import Path

import pytest
from catalogues.extraction import ERRORS, extracted

import veedor
from veedor.errors import StudyError, phrase
from veedor.report.words import Words, words_in
from veedor.statistics.codes import Denominator, Finding, Method

SOURCE = Path(veedor.__file__).parent


class Dictionary:
    """Translations from a dict."""

    def __init__(self, messages):
        self.messages = messages

    def gettext(self, message):
        return self.messages.get(message, message)

    def ngettext(self, one, other, n):
        return self.messages.get(one if n == 1 else other, one if n == 1 else other)


@pytest.fixture
def spanish():
    words = Words("es")
    words._messages = Dictionary(
        {
            "{rows:,} rows of {name}": "{rows:,} filas de {name}",
            "{n} cell": "{n} celda",
            "{n} cells": "{n} celdas",
            "no place": "ningún lugar",
            "It must.": "Debe.",
        }
    )
    return words


def test_an_error_is_said_in_another_language_with_its_numbers(spanish):
    error = StudyError(
        "No words.", found=phrase("{rows:,} rows of {name}", rows=1234, name="a.csv")
    )
    assert error.found == "1,234 rows of a.csv"
    assert spanish.translated(error.found) == "1.234 filas de a.csv"
    assert spanish.translated(pickle.loads(pickle.dumps(error)).found) == "1.234 filas de a.csv"


def test_veedors_own_words_are_translated_and_anyones_are_not(spanish):
    own, anyones = phrase("no place"), "no place"
    assert spanish.translated(own) == "ningún lugar"
    assert spanish.translated(anyones) == anyones
    assert spanish.translated(phrase("{what}!", what=own)) == "ningún lugar!"
    assert spanish.translated(phrase("{what}!", what=anyones)) == "no place!"
    assert spanish.translated(phrase("{what}!", what="{n} of <b>")) == "{n} of <b>!"
    error = StudyError("It must.", found=anyones, where=anyones, remedy="no place")
    assert spanish.translated(error.must) == "Debe."
    assert spanish.translated(error.found) == spanish.translated(error.where) == anyones
    assert spanish.translated(error.remedy) == "ningún lugar"


def test_plurals_and_groups_follow_the_language(spanish):
    assert spanish.many(1, "{n} cell", "{n} cells") == "1 celda"
    assert spanish.many(12345, "{n} cell", "{n} cells") == "12.345 celdas"
    assert words_in("en").many(12345, "{n} cell", "{n} cells") == "12,345 cells"


def test_a_code_without_words_is_an_error():
    with pytest.raises(KeyError):
        words_in("en").of(Denominator("never heard of it"))


def test_whatever_is_undefined_is_said_so_and_never_zero():
    words = words_in("en")
    assert {words.number(value) for value in (None, float("nan"), float("inf"))} == {"undefined"}
    assert words.percent(None) == "undefined"
    assert words.number(0.0) == "0"
    assert words.number(-0.5) == "−0.5"
    assert words.number(1.23e-6) == "1.23e−06"


def test_numbers_of_any_size_are_written(spanish):
    words = words_in("en")
    assert words.number(1.5e17) == "150,000,000,000,000,000"
    assert [words.number(value) for value in (1e18, -1.234e300)] == ["1e18", "−1.23e300"]
    assert spanish.number(1.234e300) == "1,23e300"
    assert words.say("{n}", n=10**400) == "1e400"
    assert words.percent(1e30) == "1e32%"


def test_the_messages_of_each_kind_are_found():
    code = """
words.say("a {b}", b=1)
words.many(n, "one", "{n} of them")
TABLE = {"x": noted("in a table")}
raise StudyError("It must.", found=phrase("{c} found", c=2), where="a.csv", remedy="do it")
context.step(phrase("Looking"), None)
field: int = option("Its help.")
other("not a template")
"""
    assert set(extracted(code, "veedor/study/some.py")) == {
        "a {b}", ("one", "{n} of them"), "in a table", "It must.", "{c} found", "do it",
        "Looking", "Its help.",
    }  # fmt: skip


def test_no_error_is_made_with_an_f_string():
    """An f-string is filled in before anyone could translate it."""
    wrong = []
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ERRORS:
                parts = [*call.args, *(keyword.value for keyword in call.keywords)]
                wrong += [
                    f"{path.relative_to(SOURCE)}:{part.lineno}"
                    for part in parts
                    if isinstance(part, ast.JoinedStr)
                    and any(
                        isinstance(piece, ast.Constant) and any(map(str.isalpha, str(piece.value)))
                        for piece in part.values
                    )
                ]
    assert not wrong, "\n".join(wrong)


def test_one_is_told_from_several_by_the_first_argument():
    few = [words_in("en").of(Method("none_few_blocks", {"blocks": n})) for n in (1, 2)]
    assert few == [
        "none: 1 block (a week, or a longer period) is too few",
        "none: 2 blocks (weeks, or longer periods) are too few",
    ]
    late = Finding("log_own_clock", {"own": 1, "promises": 3})
    assert words_in("en").of(late).startswith("When 1 of 3 promises was made")
