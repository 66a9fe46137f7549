"""The kinds of a column and how each is read: one rule of words and blanks for every table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from veedor.errors import phrase
from veedor.tables.written import quoted

#: Codes of a truth value.
FALSE, TRUE, UNKNOWN, UNREADABLE = range(4)
_TRUE = (
    "1", "1.0", "true", "t", "yes", "y", "si", "sí", "s", "verdadero", "sim", "verdadeiro",
)  # fmt: skip
_FALSE = ("0", "0.0", "false", "f", "no", "n", "falso", "não", "nao")
_UNKNOWN = (
    "", "unknown", "unresolved", "pending", "na", "n/a", "nan", "null", "none", "\\n",
    "desconocido", "sin resolver", "pendiente", "desconhecido", "pendente", "se desconoce",
    "s/d", "n/d", "s/i", "sin dato", "sin datos", "sin informacion", "sin información", "no consta",
)  # fmt: skip
#: Words for nothing in a column of numbers or times; NaN is what a calculation failed at.
_NOTHING = ("", "null", "na", "n/a", "none", "\\n")
#: What is found where a value is none of those that it must be.
_ANOTHER = phrase("another value")
_BLANKS = "\\t\\r\\n \u00a0\u2007\u202f\ufeff"


class TruthWords(NamedTuple):
    """Words of a column for true, false and not known, before those that everyone writes."""

    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Rule(NamedTuple):
    """What no row may meet: a condition in SQL, ``{0}`` the column; and what the error says."""

    condition: str
    must: str
    found: str = _ANOTHER
    remedy: str = ""


@dataclass(frozen=True)
class Column:
    """The SQL of a column, and the rules that hold for it once it is loaded."""

    sql: str
    rules: tuple[Rule, ...] = ()

    def never(self, condition: str, must: str, found: str = _ANOTHER, remedy: str = "") -> Column:
        """Add a rule; of two that a row breaks, the one added first is told."""
        return replace(self, rules=(*self.rules, Rule(condition, must, found, remedy)))


def text(column: str, sql_type: str) -> Column:
    """Read a column as text without the blanks around it, NULL where empty."""
    return Column(f"nullif({_trimmed(column, sql_type)}, '')")


def key(column: str, sql_type: str) -> Column:
    """Read a column of keys as 64-bit numbers, NULL where empty."""
    said = text(column, sql_type).sql
    return Column(f"CASE WHEN {said} IS NOT NULL THEN hash({said}) END")


def truth(column: str, sql_type: str, given: TruthWords | None = None) -> Column:
    """Read a column as `FALSE`, `TRUE`, `UNKNOWN` or `UNREADABLE`; words given go first."""
    if given is not None and any(given):
        said = f"trim({column}::VARCHAR)"
        cases = " ".join(
            f"WHEN regexp_full_match({said}, {_spelled(words)}) THEN {code}"
            for words, code in zip(given, (TRUE, FALSE, UNKNOWN), strict=True)
            if words
        )
        return Column(f"(CASE {cases} ELSE {truth(column, sql_type).sql} END)::UTINYINT")
    if sql_type == "BOOLEAN":
        return Column(f"coalesce({column}::UTINYINT, {UNKNOWN})::UTINYINT")
    said = f"{column}::VARCHAR"
    cases = " ".join(
        f"WHEN regexp_full_match({said}, {_spelled(words)}) THEN {code}"
        for words, code in ((_TRUE, TRUE), (_FALSE, FALSE), (_UNKNOWN, UNKNOWN))
    )
    # The usual words by a cast, which is fast; the others one by one.
    return Column(
        f"coalesce(TRY_CAST({said} AS BOOLEAN)::UTINYINT, CASE {cases} "
        f"WHEN {column} IS NOT NULL THEN {UNREADABLE} END, {UNKNOWN})::UTINYINT"
    )


def there(said: str) -> str:
    """Give the SQL of whether a text says something, in a column of numbers or times."""
    # Patterns throughout: DuckDB works an IN of constants out for every row, asked for or not.
    return f"NOT regexp_full_match({said}, {_spelled(_NOTHING)})"


def _trimmed(column: str, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        blank = quoted(f"^[{_BLANKS}]|[{_BLANKS}]$")  # asked first: trimming is slow
        bare = f"trim({column}, E'{_BLANKS}')"
        return f"CASE WHEN regexp_matches({column}, {blank}) THEN {bare} ELSE {column} END"
    if sql_type in ("DOUBLE", "FLOAT"):  # an id that was stored as a number is one still
        return f"regexp_replace({column}::VARCHAR, '[.]0$', '')"
    return f"{column}::VARCHAR"


def _spelled(words: Sequence[str]) -> str:
    """Pattern of words, in any case and between blanks."""
    return quoted(f"(?i)[{_BLANKS}]*({'|'.join(map(re.escape, words))})[{_BLANKS}]*")
