"""The small tables: what a vendor claims, and a random audit of those without an alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from veedor.errors import DataError, phrase
from veedor.tables.kinds import Column
from veedor.tables.source import Source

OPERATORS = {
    "<": "<", "<=": "<=", ">": ">", ">=": ">=", "≤": "<=", "≥": ">=",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "less than": "<", "fewer than": "<", "at most": "<=", "more than": ">", "at least": ">=",
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """One claim about a rate.

    Parameters
    ----------
    row : int
        In the file, from 1.
    metric : str
        A rate as in estimates.csv.
    operator : str
        ``<``, ``<=``, ``>`` or ``>=``.
    value : float
        In [0, 1].
    group : str
        ``ALL`` where the file does not say.
    denominator : str
        Out of what the claim is, in its own words; empty where it does not say.
    threshold : float or None
    alpha : float
        Of the test, in (0, 1); 0.05 where the file does not say.
    """

    row: int
    metric: str
    operator: str
    value: float
    group: str
    denominator: str
    threshold: float | None
    alpha: float


@dataclass(frozen=True)
class Stratum:
    """A random audit of one part of those without an alert.

    Parameters
    ----------
    name : str
        A group's name, or any other part.
    population : int
        Without an alert, in the part.
    sampled : int
        Of them, drawn at random and checked.
    positives_found : int
        Of these, those whose outcome is true: misses.
    """

    name: str
    population: int
    sampled: int
    positives_found: int


def read_claims(source: Source) -> list[Claim]:
    """Read and check claims: ``metric, operator, value[, group, denominator, threshold, alpha]``.

    Raises
    ------
    DataError
        With row numbers.
    """
    columns = {
        "metric": source.text(source.need("metric")).never(
            "{0} IS NULL", "Every claim must name a metric.", "none"
        ),
        "operator": source.text(source.need("operator")),
        "value": source.number(source.need("value"), most=1.0).never(
            "{0} IS NULL OR {0} < 0 OR {0} > 1",
            "The `value` of a claim must be a probability, from 0 to 1.",
            remedy="write 1 in 6,000 as 0.000166667 and 7% as 0.07",
        ),
    }
    for role in ("group", "denominator"):
        header = source.find(role)
        columns[f"{role}_"] = source.text(header) if header else Column("NULL")
    for role in ("threshold", "alpha"):
        header = source.find(role)
        most = 1.0 if role == "alpha" else None
        columns[role] = source.number(header, most=most) if header else Column("NULL::DOUBLE")
    columns["alpha"] = columns["alpha"].never("{0} <= 0 OR {0} >= 1", "`alpha` must be in (0, 1).")
    source.load("claims", columns)
    claims = []
    for number, row in enumerate(_rows(source, "claims")):
        operator = OPERATORS.get(str(row["operator"]).strip().casefold())
        if operator is None:
            raise DataError(
                "The `operator` of a claim must be <, <=, > or >=.",
                found=phrase("another value"),
                where=source.where([number]),
            )
        claims.append(
            Claim(
                number + 1, str(row["metric"]).casefold(), operator, float(row["value"]),
                row["group_"] or "ALL", row["denominator_"] or "", row["threshold"],
                0.05 if row["alpha"] is None else float(row["alpha"]),
            )
        )  # fmt: skip
    return claims


def read_nonalert_audit(source: Source) -> list[Stratum]:
    """Read and check an audit of non-alerts: ``stratum, population, sampled, positives_found``.

    Raises
    ------
    DataError
        With row numbers.
    """
    numbers = ("population", "sampled", "positives_found")
    columns = {
        name: source.number(source.need(name), whole=True).never(
            "{0} IS NULL", phrase("`{name}` must be a whole number from 0.", name=name), "none"
        )
        for name in numbers
    }
    columns["stratum"] = source.text(source.need("stratum")).never(
        "{0} IS NULL", "Every stratum must have a name.", "none"
    )
    source.load("strata", columns)
    source.distinct("strata", "stratum", "stratum")
    source.forbid(
        "strata", "sampled > population OR positives_found > sampled",
        phrase("A stratum must have positives_found <= sampled <= population."),
        phrase("counts that cannot be"),
    )  # fmt: skip
    source.forbid(
        "strata", "sampled = 0 AND population > 0", phrase("Every stratum must have been sampled."),
        phrase("a stratum of which nobody was checked"),
        phrase("leave it out only if nothing is to be said of it; then say so"),
    )  # fmt: skip
    return [
        Stratum(row["stratum"], *(int(row[name]) for name in numbers))
        for row in _rows(source, "strata")
    ]  # fmt: skip


def _rows(source: Source, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        source.database.connection.sql(f"SELECT * FROM {name}").to_arrow_table().to_pylist()
    )
    return found
