"""The forms of purposes and of the log's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from veedor.errors import PersonalDataRefusal, Phrase, phrase
from veedor.sealing.accesses import PURPOSE_KINDS, THING_KINDS
from veedor.tables.personal import refuse_personal_text
from veedor.web.looks.models import FEWEST_WORDS, MOST_OF_A_CASE, MOST_WORDS
from veedor.web.looks.words import kinds_of_entry, purpose, thing
from veedor.web.pages.jinja import say


class PurposeForm(forms.Form):
    """Why somebody will look."""

    kind = forms.ChoiceField()
    case_number = forms.CharField(max_length=MOST_OF_A_CASE, required=False)
    words = forms.CharField(max_length=MOST_WORDS, widget=forms.Textarea({"rows": 3}))
    next = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 - it is, above
        kind.choices = [("", ""), *((one, purpose(one)) for one in PURPOSE_KINDS)]

    def clean_case_number(self) -> str:
        """Refuse personal data; of a number no more than one line is kept."""
        return plain(self.cleaned_data["case_number"], phrase("a purpose"))

    def clean_words(self) -> str:
        """Refuse personal data, and what says nothing."""
        text = plain(self.cleaned_data["words"], phrase("a purpose"))
        if sum(one.isalpha() for one in text) < FEWEST_WORDS:
            raise ValidationError(
                phrase("This must say in some words what is looked for, and why."), code="few_words"
            )
        return text


def plain(given: str, what: Phrase) -> str:
    """Return what is kept for good, on one line; refuse personal data.

    Raises
    ------
    ValidationError
    """
    text = " ".join(given.split())
    if not text.isprintable():
        raise ValidationError(
            phrase("This must hold letters, figures and signs only."), code="not_plain"
        )
    try:
        refuse_personal_text([text], what=what, where="", maker=True)
    except PersonalDataRefusal as error:
        raise ValidationError(
            phrase(
                "This is kept for good and must hold no data about persons. Found: {found}. "
                "Name the case or file, and not the person.",
                found=error.found,
            ),
            code="personal",
        ) from error
    return text


class FilterForm(forms.Form):
    """Which entries of the log are shown."""

    entry = forms.ChoiceField(required=False)
    why = forms.ChoiceField(required=False)
    what = forms.ChoiceField(required=False)
    office = forms.CharField(required=False, max_length=200)
    account = forms.RegexField(r"\A[0-9a-f]{0,32}\Z", required=False)
    since = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, choices in (
            ("entry", kinds_of_entry()),
            ("why", [(one, purpose(one)) for one in PURPOSE_KINDS]),
            ("what", [(one, thing(one)) for one in THING_KINDS]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is, above
            field.choices = [("", say("all")), *choices]
