"""`SystemRecord`: what the keepers of a system answered, field by field, and nothing inferred."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, TypeAlias

import msgspec

from veedor.disclosure.record.fields import FIELDS

#: What became of a question. A field of which nothing is known is not answered.
State: TypeAlias = Literal["given", "refused", "not answered", "not applicable"]
STATES: tuple[State, ...] = ("given", "refused", "not applicable", "not answered")


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was answered to one question.

    Parameters
    ----------
    state : str
        Of `State`.
    value : str
        What was answered, in its own words; of a refusal, the grounds that were stated; of what
        does not apply, why it does not, as stated. Empty where nothing was answered.
    source : str
        Where it can be read: a note, a provision with its article, a page. Of what was not
        answered, the request that asked it.
    date : str
        Of the source, as YYYY-MM-DD; empty only where nothing was asked.
    """

    state: State = "not answered"
    value: str = ""
    source: str = ""
    date: str = ""


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which system a record is about, and which version of the record it is.

    Parameters
    ----------
    system, body : str
        As they are called.
    version : str
    date : str
        Up to when answers were taken in, as YYYY-MM-DD.
    language : str
        In which the values are written: two letters of ISO 639-1.
    """

    system: str
    body: str
    version: str
    date: str
    language: str


class AuditNamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An audit whose results a record shows as such.

    Parameters
    ----------
    results : str
        Its results.json, beside the record.
    date : str
        When it was made, as YYYY-MM-DD.
    sha256 : str
        Of the results, so that they are the ones that were meant; none is held against if empty.
    """

    results: str
    date: str
    sha256: str = ""


class SystemRecord(msgspec.Struct, frozen=True, dict=True):
    """A record of one system.

    Parameters
    ----------
    about : About
    answers : dict of str to Answer
        By the key of a `Field`: every one, in their order.
    audits : tuple of AuditNamed

    Examples
    --------
    >>> about = About("a system", "a ministry", "1", "2026-11-30", "en")
    >>> said = Answer("refused", "security", "note 12", "2026-11-02")
    >>> record = SystemRecord(about, complete({"retention": said}))
    >>> len(record.answers) == len(FIELDS), record.counted["refused"], record.counted["given"]
    (True, 1, 0)
    """

    about: About
    answers: Mapping[str, Answer]
    audits: tuple[AuditNamed, ...] = ()

    @cached_property
    def counted(self) -> Mapping[State, int]:
        """How many fields there are in each state."""
        states = [one.state for one in self.answers.values()]
        return {state: states.count(state) for state in STATES}


def complete(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return every field with its answer; one that is not there is not answered."""
    return {one.key: answers.get(one.key, Answer()) for one in FIELDS}
