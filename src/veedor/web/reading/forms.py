"""The forms of a pack: an answer, who reads, and why a reading is opened again or given on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from veedor.errors import Phrase, phrase
from veedor.web.accounts.models import User
from veedor.web.looks.forms import plain
from veedor.web.projects.permissions import Role
from veedor.web.reading.models import MOST_WHY, Pack

_FEWEST_LETTERS = 3
#: Figures of a count.
_MOST_FIGURES = 9


class AnswerForm(forms.Form):
    """An answer: one of the codebook's by its number; of a pack of counts, a count or that."""

    answer = forms.CharField(required=False, max_length=4)
    count = forms.CharField(required=False, max_length=40)

    def __init__(self, pack: Pack, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.pack = pack

    def clean(self) -> dict[str, Any]:
        """Say in `given` what is kept: the answer as the codebook has it, or the count."""
        asked = self.cleaned_data
        number, count = asked.get("answer", ""), asked.get("count", "")
        if number:
            if not _figures(number) or not 1 <= int(number) <= len(self.pack.answers):
                raise ValidationError("", code="invalid_choice")
            return asked | {"given": self.pack.answers[int(number) - 1][0]}
        if not self.pack.counts or not count:
            raise ValidationError(phrase("An answer is needed."), code="no_answer")
        if not _figures(count) or len(count) > _MOST_FIGURES:
            raise ValidationError(phrase("A count must be a whole number from 0."), code="no_count")
        return asked | {"given": str(int(count))}


def _figures(text: str) -> bool:
    return text.isascii() and text.isdecimal()


class ReaderForm(forms.Form):
    """Who judges as one of a pack's readers."""

    account = forms.ModelChoiceField(queryset=User.objects.none())

    def __init__(self, pack: Pack, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is, above
        field.queryset = (
            User.objects.filter(
                is_active=True,
                memberships__project=pack.project,
                memberships__role=Role.READER.value,
            )
            .exclude(assignments__pack=pack)
            .order_by("email")
        )
        field.label_from_instance = lambda user: user.email
        field.empty_label = ""


def _why(text: str, what: Phrase) -> str:
    """Refuse personal data, and what says nothing."""
    text = plain(text, what)
    if sum(one.isalpha() for one in text) < _FEWEST_LETTERS:
        raise ValidationError(phrase("This must say why, in a word or more."), code="few")
    return text


class ReplaceForm(ReaderForm):
    """Who takes the place of a reader, and why."""

    why = forms.CharField(max_length=MOST_WHY)

    def clean_why(self) -> str:
        """Require a reason."""
        return _why(self.cleaned_data["why"], phrase("why a reader is replaced"))


class ReopenForm(forms.Form):
    """Why a reading that was finished is opened again."""

    why = forms.CharField(max_length=MOST_WHY)

    def clean_why(self) -> str:
        """Require a reason."""
        return _why(self.cleaned_data["why"], phrase("why a reading is opened again"))
