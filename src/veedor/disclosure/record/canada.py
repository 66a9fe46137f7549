"""Canada's Algorithmic Impact Assessment: its questions with the user's own answers, unscored.

The questionnaire is read from the file that Canada publishes (``survey-enfr.json``, MIT); veedor
carries no text of it. The values of its choices end in points; those are never read as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec

from veedor.errors import DataError, UnreadableError, phrase
from veedor.files.replacing import content
from veedor.suggestions import did_you_mean
from veedor.tables.escape import shown
from veedor.tables.personal import refuse_personal_text

_MOST_BYTES = 16 << 20
#: What holds other questions, and what holds none.
_PANEL, _TEXT = "panel", "html"
#: Asked by the questionnaire, and never printed: they name persons.
_OF_PERSONS = frozenset(("projectDetailsRespondent", "ADMresponsible"))

_Kind = TypeVar("_Kind")
_Translated: TypeAlias = dict[str, str] | str
_Value: TypeAlias = str | bool | int | float | list[str | int | float] | None


class QuestionAnswered(msgspec.Struct, frozen=True):
    """A question, and what the user answered.

    Parameters
    ----------
    part, name, question : str
        As the questionnaire has them.
    conditional : bool
        Whether it is asked after some answers only.
    answers : tuple of str
        The text that was written, or the words of each choice; empty where nothing was answered.
    """

    part: str
    name: str
    question: str
    conditional: bool
    answers: tuple[str, ...]


class _Choice(msgspec.Struct, frozen=True):
    value: str | int
    text: _Translated = ""


class _Element(msgspec.Struct, frozen=True):
    type: str
    name: str
    title: _Translated = ""
    choices: tuple[_Choice | str, ...] = ()
    elements: tuple[_Element, ...] = ()
    visible_if: str = msgspec.field(default="", name="visibleIf")


class _Page(msgspec.Struct, frozen=True):
    name: str
    title: _Translated = ""
    elements: tuple[_Element, ...] = ()


class _Survey(msgspec.Struct, frozen=True):
    pages: tuple[_Page, ...]


class _Saved(msgspec.Struct, frozen=True):
    data: dict[str, _Value]


def read_questionnaire(questionnaire: Path, answers: Path) -> tuple[QuestionAnswered, ...]:
    """Return every question of the questionnaire with what a user answered.

    Parameters
    ----------
    questionnaire : Path
        Of Canada, as published: JSON of pages of questions.
    answers : Path
        JSON as the questionnaire's own page saves it, or an object of question and answer.

    Raises
    ------
    UnreadableError
        If one is not what it must be.
    DataError
        If an answer is to no question, or is none of its choices.
    PersonalDataRefusal
        If an answer holds personal data.
    """
    survey = _decoded(questionnaire, _Survey, phrase("A questionnaire"))
    given = _answers(answers)
    made, asked = [], set()
    for part, element in _questions(survey):
        asked.add(element.name)
        if element.name in _OF_PERSONS:
            continue
        told = _told(element, given.get(element.name), answers.name)
        refuse_personal_text(
            told, what=phrase("an answer"),
            where=phrase("{file}, {question}", file=shown(answers.name), question=element.name),
            maker=True,
        )  # fmt: skip
        made.append(
            QuestionAnswered(
                part, element.name, _text(element.title) or element.name, bool(element.visible_if),
                told,
            )
        )  # fmt: skip
    for name in given:
        if name not in asked:
            raise DataError(
                "An answer must be to a question of the questionnaire.",
                found=shown(name),
                where=shown(answers.name),
                remedy=did_you_mean(name, asked)
                or phrase("name the version of the questionnaire that was answered"),
            )
    return tuple(made)


def _decoded(path: Path, kind: type[_Kind], what: str) -> _Kind:
    try:
        return msgspec.json.decode(content(path, _MOST_BYTES, what), type=kind)
    except (OSError, RecursionError, msgspec.DecodeError) as error:
        raise UnreadableError(
            phrase("{what} must be JSON, as Canada's questionnaire has it.", what=what),
            found=shown(str(error), 200),
            where=shown(path.name),
        ) from error


def _answers(path: Path) -> dict[str, _Value]:
    what = phrase("A file of answers")
    if "data" in (held := _decoded(path, dict[str, msgspec.Raw], what)):
        return _decoded(path, _Saved, what).data
    return _decoded(path, dict[str, _Value], what) if held else {}


def _questions(survey: _Survey) -> Iterator[tuple[str, _Element]]:
    for page in survey.pages:
        for element in _flat(page.elements):
            yield _text(page.title) or page.name, element


def _flat(elements: tuple[_Element, ...]) -> Iterator[_Element]:
    for one in elements:
        if one.type == _PANEL:
            yield from _flat(one.elements)
        elif one.type != _TEXT:
            yield one


def _text(told: _Translated) -> str:
    return told if isinstance(told, str) else told.get("default", "")


def _told(element: _Element, value: _Value, file: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [] if value in (None, "") else [value]
    if not element.choices:
        return tuple(str(one).strip() for one in values if str(one).strip())
    words = {
        str(one if isinstance(one, str) else one.value): (
            one if isinstance(one, str) else _text(one.text) or str(one.value)
        )
        for one in element.choices
    }
    for one in values:
        if str(one) not in words:
            raise DataError(
                "An answer must be one of the choices of its question.",
                found=shown(str(one)),
                where=phrase("{file}, {question}", file=shown(file), question=element.name),
                remedy="name the version of the questionnaire that was answered",
            )
    return tuple(words[str(one)] for one in values)
