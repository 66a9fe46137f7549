"""A record of one system: what its keepers answered, who asks for it, and what audits show.

A blank field is not answered; nothing is inferred, scored or concluded from it.
"""

from veedor.disclosure.record.canada import QuestionAnswered, read_questionnaire
from veedor.disclosure.record.comparison import Change, Differences, differences
from veedor.disclosure.record.core import (
    STATES,
    About,
    Answer,
    AuditNamed,
    SystemRecord,
    complete,
)
from veedor.disclosure.record.fields import FIELDS, Field
from veedor.disclosure.record.frameworks import (
    Framework,
    FrameworkEntry,
    Matrix,
    MatrixRow,
    framework,
    matrix,
)
from veedor.disclosure.record.netherlands import register_entry
from veedor.disclosure.record.reading import read_record
from veedor.disclosure.record.results import RecordResults, RecordShown
from veedor.disclosure.record.shown import AuditShown, read_audit, read_audits

__all__ = [
    "FIELDS",
    "STATES",
    "About",
    "Answer",
    "AuditNamed",
    "AuditShown",
    "Change",
    "Differences",
    "Field",
    "Framework",
    "FrameworkEntry",
    "Matrix",
    "MatrixRow",
    "QuestionAnswered",
    "RecordResults",
    "RecordShown",
    "SystemRecord",
    "complete",
    "differences",
    "framework",
    "matrix",
    "read_audit",
    "read_audits",
    "read_questionnaire",
    "read_record",
    "register_entry",
]
