"""`Audit`: what any audit found, as statements and warnings, and the two files that hold it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

import msgspec

from veedor.files.json_file import write_json
from veedor.statistics.codes import Argument, Coded, Denominator, Finding, Method
from veedor.statistics.estimates import Estimate, TestResult
from veedor.tables.csv_file import write_rows

#: Group of statements about a whole area.
WHOLE = "all"

Severity: TypeAlias = Literal["serious", "note"]
SERIOUS: Severity = "serious"
NOTE: Severity = "note"

#: Columns of every estimates.csv.
COLUMNS = (
    "assignment", "subset", "threshold", "group", "statistic", "value", "low", "high", "level",
    "method", "n", "denominator", "numerator", "out_of", "small", "method_code", "denominator_code",
)  # fmt: skip

#: Says a code in words, which are made above this room: `veedor.report.words.Words.of`.
Say: TypeAlias = Callable[[Coded], str]


class Subject(msgspec.Struct, frozen=True):
    """What a statement is about.

    Parameters
    ----------
    group : str
        Of people, zones or both; ``all`` (of alerts ``ALL``) for everyone.
    assignment : str
        How what is counted came to places, or which assumption holds; empty where there is no
        choice.
    subset : str
        What part of the data.
    threshold : float or None
        From which score on there is an alert; None where the system says so itself.
    """

    group: str
    assignment: str = ""
    subset: str = "all"
    threshold: float | None = None


class Statement(msgspec.Struct, frozen=True):
    """One number of an audit.

    Parameters
    ----------
    subject : Subject
    statistic : str
        Its code.
    estimate : Estimate
    numerator, out_of : float or None
        What was counted and out of how many, where the number is a ratio of counts; not whole
        where they are estimated.
    small : bool
        Whether it is out of so few that its interval is to be read, not its value.
    """

    subject: Subject
    statistic: str
    estimate: Estimate
    numerator: float | None = None
    out_of: float | None = None
    small: bool = False


class AuditWarning(msgspec.Struct, frozen=True):
    """What in the data would make a reader take an audit for more than it is.

    Parameters
    ----------
    code : str
    arguments : dict
        The numbers and names that it rests on.
    severity : {"serious", "note"}
    assignment : str
        The assignment that it is about; empty where it is about the data.
    """

    code: str
    arguments: dict[str, Argument]
    severity: Severity = SERIOUS
    assignment: str = ""

    @property
    def finding(self) -> Finding:
        """The same without what it is about: what has words."""
        return Finding(self.code, self.arguments)


class StatedTest(msgspec.Struct, frozen=True):
    """A test, and what it is about."""

    subject: Subject
    test: TestResult


class Audit(msgspec.Struct, frozen=True, kw_only=True, dict=True, tag_field="audit"):
    """What an audit found: numbers and codes.

    Parameters
    ----------
    schema_version : int
        Of the layout of results.json.
    statements : tuple of Statement
        In the order of estimates.csv.
    warnings : tuple of AuditWarning
    """

    #: Of each kind: of what this version of veedor writes.
    newest_schema: ClassVar[int]

    schema_version: int
    statements: tuple[Statement, ...]
    warnings: tuple[AuditWarning, ...] = ()

    def of(self, statistic: str, subject: Subject) -> Statement | None:
        """Return the first statement of a statistic about a subject; None where there is none."""
        return self.by_subject.get((subject, statistic))

    @cached_property
    def by_subject(self) -> Mapping[tuple[Subject, str], Statement]:
        """Every statement by what it is about, the first of each."""
        found: dict[tuple[Subject, str], Statement] = {}
        for statement in self.statements:
            found.setdefault((statement.subject, statement.statistic), statement)
        return found

    def write(self, folder: Path, say: Say) -> None:
        """Write ``estimates.csv`` and ``results.json``, each whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        write_estimates(self.statements, folder / "estimates.csv", say)
        write_json(self, folder / "results.json")


def estimate(
    value: float | None,
    interval: tuple[float, float] | None,
    method: Method,
    n: float,
    denominator: Denominator,
    level: float = 0.95,
) -> Estimate:
    """Make an estimate in which what is not a finite number is None.

    Parameters
    ----------
    value : float or None
    interval : (low, high) or None
        None for a number that has no interval, NaN where it cannot be told; the code of `method`
        then says why, after ``none_``.
    method : Method
    n : float
        Rounded to a whole number.
    denominator : Denominator
    level : float
    """
    low, high = (None, None) if interval is None else map(finite, interval)
    value = finite(value)
    if value is None:
        low = high = None
        method = Method("none_undefined")
    elif interval is not None and (low is None or high is None):
        low = high = None
        if not method.code.startswith("none_"):
            method = Method("none_too_few_zones")
    return Estimate(value, low, high, level, method, round(n), denominator)


def finite(value: Any) -> float | None:
    """Return a number, None where it is none or not finite.

    >>> finite(2), finite(float("nan")), finite(None)
    (2.0, None, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)


def write_estimates(statements: Sequence[Statement], path: Path, say: Say) -> None:
    """Write statements as CSV, a row each; text is made safe for spreadsheets.

    Undefined is an empty field. Numbers have all their digits. Methods and denominators are
    written in words, and last as their codes with what belongs in them. A crash leaves the old
    file.
    """
    write_rows(COLUMNS, (row_of(one, say) for one in statements), path)


def row_of(one: Statement, say: Say) -> list[Any]:
    """Return a statement as a row of estimates.csv; None is undefined."""
    subject, made = one.subject, one.estimate
    return [
        subject.assignment, subject.subset, _whole(subject.threshold), subject.group,
        one.statistic, made.value, made.low, made.high, made.level, say(made.method),
        made.n, say(made.denominator), _whole(one.numerator), _whole(one.out_of),
        "small" if one.small else "", _in_a_field(made.method), _in_a_field(made.denominator),
    ]  # fmt: skip


def _in_a_field(coded: Coded) -> str:
    """Write a code and its arguments as one field.

    >>> _in_a_field(Method("student_t", {"runs": 20, "of": "a"}))
    'student_t; runs=20; of=a'
    """
    told = [f"{name}={value}" for name, value in coded.arguments.items()]
    return "; ".join([coded.code, *told])


def _whole(value: float | None) -> float | int | None:
    if value is not None and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
