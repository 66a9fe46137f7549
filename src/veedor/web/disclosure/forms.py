"""Forms that are made of no task's request: questions of one's own, days, titles, links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from veedor.errors import phrase
from veedor.report.words import records as called
from veedor.tasks import record_export, request_letter
from veedor.web.disclosure.asking import events_of, gaps_of
from veedor.web.disclosure.models import MOST_SHOWN, InformationRequest, Version
from veedor.web.disclosure.words import event
from veedor.web.pages.jinja import words
from veedor.web.work.asking import Lines, RequestForm, form_of

_BY = {"gap": phrase("a letter a gap"), "topic": phrase("a letter a topic")}
_APPLICANTS = {"person": phrase("a person"), "organisation": phrase("an organisation")}
#: Of the task that writes letters, what the site gives, or what these forms ask in another way.
_GIVEN = ("gaps", "fields", "law", "out")


def of_record(version: Version) -> type[RequestForm]:
    """Make the form by which fields of a record are asked for."""
    choices = [(key, called.name_of(words(), key)) for key in gaps_of(version)]
    chosen = forms.MultipleChoiceField(
        choices=choices, widget=forms.SelectMultiple({"size": min(len(choices), 12)})
    )
    made = form_of(request_letter.Request, (), _GIVEN)
    _name(made, "by", _BY)
    _name(made, "applicant", _APPLICANTS)
    return type("Asked", (made,), {"chosen": chosen})


def in_own_words() -> type[RequestForm]:
    """Make the form by which something is asked in somebody's own words."""
    made = form_of(request_letter.Request, (), (*_GIVEN, "by"))
    _name(made, "applicant", _APPLICANTS)
    more: dict[str, Any] = {
        name: forms.CharField(max_length=MOST_SHOWN) for name in ("system", "body", "subject")
    }
    return type("Asked", (made,), more | {"ask": Lines(str)})


def of_export() -> type[RequestForm]:
    """Make the form by which a record is set beside laws and registers."""
    made = form_of(record_export.Request, (), ("record", "questionnaire", "answers", "out"))
    _name(made, "to", called.FRAMEWORKS)
    return made


def _name(made: type[RequestForm], name: str, names: Mapping[str, str]) -> None:
    """Name the choices of a field; what is sent stays what the task takes."""
    field = made.base_fields[name]
    held = dict(field.choices)
    field.choices = [(one, words().own(names[one])) for one in held if one in names]


class DayForm(forms.Form):
    """On which day something happened; none takes back what was noted."""

    event = forms.ChoiceField()
    day = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, asked: InformationRequest, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is, above
        field.choices = [("", "-"), *((one, event(words(), one)) for one in events_of(asked))]


class TitleForm(forms.Form):
    """What is published is called so."""

    title = forms.CharField(max_length=200)
