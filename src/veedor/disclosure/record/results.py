"""`RecordResults`: all that a page of a record shows; `RecordShown`: the record alone."""

from __future__ import annotations

import msgspec

from veedor.disclosure.record.canada import QuestionAnswered
from veedor.disclosure.record.core import About, Answer, AuditNamed, State, SystemRecord
from veedor.disclosure.record.frameworks import Matrix
from veedor.disclosure.record.shown import AuditShown

SCHEMA_VERSION = 1


class RecordResults(msgspec.Struct, frozen=True):
    """A record, what asks for it, and what audits show beside it.

    Parameters
    ----------
    schema_version : int
    about : About
    answers : dict of str to Answer
        By field, every one.
    counted : dict of str to int
        How many fields are in each state; a count, and no mark.
    matrices : tuple of Matrix
    audits : tuple of AuditShown
    questionnaire : tuple of QuestionAnswered
        Of Canada's Algorithmic Impact Assessment, with the user's own answers; no score.
    """

    schema_version: int
    about: About
    answers: dict[str, Answer]
    counted: dict[State, int]
    matrices: tuple[Matrix, ...]
    audits: tuple[AuditShown, ...] = ()
    questionnaire: tuple[QuestionAnswered, ...] = ()


class RecordShown(msgspec.Struct, frozen=True):
    """A record by itself, as `veedor record show` prints it.

    Parameters
    ----------
    schema_version : int
    about : About
    answers : dict of str to Answer
        By field, every one.
    counted : dict of str to int
        How many fields are in each state; a count, and no mark.
    audits : tuple of AuditNamed
        As the record names them: their files are not read.
    """

    schema_version: int
    about: About
    answers: dict[str, Answer]
    counted: dict[State, int]
    audits: tuple[AuditNamed, ...] = ()

    @classmethod
    def of(cls, record: SystemRecord) -> RecordShown:
        """Take all that a record holds."""
        return cls(
            SCHEMA_VERSION, record.about, dict(record.answers), dict(record.counted), record.audits
        )
