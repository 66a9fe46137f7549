"""Forms made of requests: a control for each field, by its type, with the help that it carries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, get_args, get_origin

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from veedor.errors import Phrase, listed, phrase
from veedor.tasks.request import checked, described, unwrapped
from veedor.web.pages.jinja import words
from veedor.web.work.labels import chosen, label_of

#: Fields that the site itself gives, or that name files which nobody uploads.
LEFT_OUT = frozenset({"study", "out", "jobs", "settings", "salt", "layout"})
_LINES = phrase("One a line.")
_PLAIN_NAME = r"\A\w+\Z"
_MOST_TEXT, _MOST_LINES = 2_000, 200


class Offered(Protocol):
    """A file that a form lets be chosen: an upload, or what a task wrote."""

    key: str

    def place(self) -> str:
        """Where it is, relative to the site's folder."""

    def called(self) -> Phrase:
        """What it is called in the form."""


class Question(NamedTuple):
    """What a field is asked by.

    Parameters
    ----------
    label, hint : str
        To be translated.
    """

    label: str
    hint: str


class Lines(forms.CharField):
    """Several values, one a line.

    Parameters
    ----------
    one : type
        Of a value: str, float or date.
    """

    def __init__(self, one: type, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=_MOST_TEXT, **more)
        self.one = one

    def clean(self, value: Any) -> list[Any]:
        """Read the lines."""
        text = super().clean(value) or ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > _MOST_LINES:
            raise ValidationError("", code="invalid")
        return [_read(line, self.one) for line in lines]


class Numbers(forms.CharField):
    """So many numbers, between blanks or a slash.

    Parameters
    ----------
    kinds : sequence of type
    """

    def __init__(self, kinds: Sequence[type], **more: Any) -> None:
        super().__init__(max_length=_MOST_TEXT, **more)
        self.kinds = kinds

    def clean(self, value: Any) -> list[Any] | None:
        """Read them; None where nothing was written."""
        parts = (super().clean(value) or "").replace("/", " ").split()
        if not parts:
            return None
        if len(parts) != len(self.kinds):
            raise ValidationError("", code="invalid")
        return [_read(part, kind) for part, kind in zip(parts, self.kinds, strict=True)]


def _read(text: str, kind: type) -> Any:
    if kind is float:
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValidationError("", code="invalid") from error


class RequestForm(forms.Form):
    """A form that asks for a request; made by `form_of`."""

    _kind: type
    _questions: Mapping[str, Question]
    _places: Mapping[str, str]

    def asked(self) -> list[tuple[BoundField, str, str]]:
        """Give its fields, each with its label and hint in the language of this request."""
        return [
            (self[name], _said(self._questions[name].label), _said(self._questions[name].hint))
            for name in self._questions
        ]

    def given(self, more: Mapping[str, Any], workspace: Path) -> dict[str, Any]:
        """Return the fields of a request that were given, as JSON, with those of the site itself.

        Raises
        ------
        StudyError
            If one is not what it must be.
        """
        found = dict(more)
        for name in self._questions:
            value = self.cleaned_data[name]
            if value in ("", None, []):
                continue
            found[name] = self._stored(name, value)
        checked(self._kind(**found), workspace)
        return found

    def _stored(self, name: str, value: Any) -> Any:
        if isinstance(self.fields[name], _OfFiles | _OfSeveralFiles):
            one_or_more = value if isinstance(value, list) else [value]
            places = [self._places[key] for key in one_or_more]
            return places if isinstance(value, list) else places[0]
        return msgspec.to_builtins(value)


class _OfFiles(forms.ChoiceField):
    """One file."""


class _OfSeveralFiles(forms.MultipleChoiceField):
    """Several files."""


def form_of(
    kind: type, files: Sequence[Offered], left_out: Collection[str] = LEFT_OUT
) -> type[RequestForm]:
    """Make a form of a kind of request.

    Parameters
    ----------
    kind : type
        A task's ``Request``.
    files : sequence of Offered
        That its files are chosen among.
    left_out : collection of str
        Fields that are not asked.
    """
    made: dict[str, Any] = {}
    questions = {}
    for name, hint, default, about in described(kind):
        if name in left_out:
            continue
        field = _field(hint, about, files)
        field.required = default is MISSING or bool(about.get("needed"))
        if default not in (MISSING, None, ()):
            field.initial = default
        for limit, attribute in (("ge", "min"), ("gt", "min"), ("le", "max")):
            if limit in about and isinstance(field, forms.IntegerField):
                field.widget.attrs[attribute] = about[limit]
        made[name] = field
        questions[name] = _question(name, about, field)
    places = {one.key: one.place() for one in files}
    more = {"_kind": kind, "_questions": questions, "_places": places}
    return type("Asked", (RequestForm,), made | more)


def _said(text: str) -> str:
    return words().translated(text) if isinstance(text, Phrase) else words().own(text)


def _question(name: str, about: Mapping[str, Any], field: forms.Field) -> Question:
    label = label_of(name, about.get("help"))
    option = phrase("In the command: --{name}", name=about.get("name") or name.replace("_", "-"))
    hints: list[Phrase] = [] if "argument" in about else [option]
    if isinstance(field, Lines):
        hints.append(_LINES)
    return Question(label, listed(hints, ". ") if hints else "")


def _field(hint: Any, about: Mapping[str, Any], files: Sequence[Offered]) -> forms.Field:
    kind, _ = unwrapped(hint)
    if about.get("code"):
        return forms.RegexField(_PLAIN_NAME, max_length=_MOST_TEXT)
    if get_origin(kind) is tuple:
        return _several(get_args(kind), files)
    if get_origin(kind) is Literal:
        return forms.ChoiceField(choices=[("", "-"), *_named_codes(kind)])
    if kind is Path:
        return _OfFiles(choices=[("", "-"), *_named(files)])
    if kind is bool:
        return forms.BooleanField()
    if kind is int:
        return forms.IntegerField()
    if kind is float:
        return forms.FloatField(localize=True, widget=forms.TextInput({"inputmode": "decimal"}))
    if kind is date:
        return forms.DateField(widget=forms.DateInput({"type": "date"}))
    return forms.CharField(max_length=_MOST_TEXT)


def _several(inner: tuple[Any, ...], files: Sequence[Offered]) -> forms.Field:
    one, _ = unwrapped(inner[0])
    if inner[-1] is not Ellipsis:
        return Numbers([unwrapped(each)[0] for each in inner])
    if one is Path:
        return _OfSeveralFiles(choices=_named(files))
    if get_origin(one) is Literal:
        return forms.MultipleChoiceField(choices=_named_codes(one))
    return Lines(one)


def _named_codes(kind: Any) -> list[tuple[str, str]]:
    return [(one, chosen(one)) for one in get_args(kind)]


def _named(files: Sequence[Offered]) -> list[tuple[str, str]]:
    return [(one.key, _said(one.called())) for one in files]
