"""`Decisions`: one row for everyone a system decided on, read once and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from veedor.audits.alerts.tables.groups import check_groups, group_headers, group_label
from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown
from veedor.tables.kinds import Column, TruthWords
from veedor.tables.source import Source

#: Columns that hold a key, screened for names and identifiers.
DECISION_KEYS = ("decision_id", "subject_key", "deployment_id", "deployment")
#: Columns whose repeated values vary together.
CLUSTERS = (
    ("subject_key", ("subject_key",)),
    ("deployment_id", ("deployment_id", "deployment")),
)
_TIMES = ("decided_at", "decided_on", "screening_date", "date", "timestamp")
_OUTCOME_TIMES = ("outcome_at", "outcome_on", "outcome_date")
#: Roles whose column is called otherwise in the database.
_COLUMNS = {"outcome": "outcome_said", "decided_at": "day", "outcome_at": "outcome_day"}
MOST_GROUPS = 1_000


@dataclass(frozen=True)
class DecisionsForm:
    """How a table of decisions is written.

    Parameters
    ----------
    score, time, outcome, flagged : str or None
        Headers; found where not given.
    words : TruthWords or None
        Of the outcome: words for right, for wrong, and for what is not known.
    alerts_only : bool
        Whether every row is an alert.
    """

    score: str | None = None
    time: str | None = None
    outcome: str | None = None
    flagged: str | None = None
    words: TruthWords | None = None
    alerts_only: bool = False


@dataclass(frozen=True)
class Decisions:
    """A table of decisions, ready to be counted.

    Parameters
    ----------
    source : Source
        Whose database holds the table ``decisions``: ``grp`` (text), ``alert`` and ``outcome``
        (truth codes; an outcome that was not adjudicated is unknown), ``score``, ``threshold``,
        ``probability``, ``day``, ``version``, ``cause``, and a number for each cluster.
    rows : int
    groups : tuple of str
        Sorted; empty without group columns.
    headers : dict
        Role to header, of the columns that the file has.
    fixed_threshold : float or None
        The one threshold of all rows, where they have one.
    """

    source: Source
    rows: int
    groups: tuple[str, ...]
    headers: dict[str, str]
    fixed_threshold: float | None

    def alert(self, threshold: float | None) -> str:
        """Give the SQL that is true for an alert: score >= threshold, or as the system flagged.

        Raises
        ------
        StudyError
            If a threshold is asked for and there is no score.
        """
        if threshold is None:
            return "alert = 1"
        if "score" not in self.headers:
            raise StudyError(
                "A threshold needs scores.",
                found=phrase("decisions without a column `score`"),
                where=self.source.table.name,
                remedy="name the column with --score, or leave --threshold out",
            )
        return f"score >= {threshold!r}"


def read_decisions(
    source: Source,
    groups: Sequence[str] = (),
    *,
    form: DecisionsForm | None = None,
    thresholds: Sequence[float] = (),
) -> Decisions:
    """Read and check a table of decisions.

    Parameters
    ----------
    source : Source
    groups : sequence of str
        Group columns, as the user names them.
    form : DecisionsForm, optional
        How the table is written, where it is not found by itself.
    thresholds : sequence of float
        That will be asked for: every row needs a score then.

    Raises
    ------
    DataError
        With row numbers, for a value that cannot be read, a score that is missing, a probability
        outside (0, 1], or a decision that comes twice.
    StudyError
        If it cannot be known what an alert is.
    """
    form = form or DecisionsForm()
    headers = _headers(source, form)
    labelled = group_headers(source, groups)
    read: dict[str, Callable[[str], Column]] = {
        "outcome": lambda header: source.truth(
            header, given=form.words,
            remedy=phrase(
                "say which words mean what: --right, --wrong and --open, each with one word"
            ),
        ),
        "flagged": source.truth, "adjudicated": source.truth,
        "score": source.number, "threshold": source.number,
        "inclusion_probability": lambda header: source.number(header, most=1.0).never(
            "{0} <= 0 OR {0} > 1", "`inclusion_probability` must be above 0 and at most 1.",
            "another number", "it is the chance that this row's outcome was checked",
        ),
        "decided_at": source.day, "outcome_at": source.day,
        "system_version": source.text, "error_cause": source.text,
        "decision_id": source.key, **{name: source.key for name, _ in CLUSTERS},
    }  # fmt: skip
    columns = {"grp": group_label(source, labelled)} | {
        _COLUMNS.get(role, role): read[role](header) for role, header in headers.items()
    }
    rows = source.load("raw_decisions", columns)
    labels = {role: headers[role] for role in ("system_version", "error_cause") if role in headers}
    source.screen_labels("raw_decisions", {"grp": ", ".join(labelled) or "group"} | labels)
    _check(source, headers, thresholds)
    _finish(source, headers, alerts_only=form.alerts_only)
    found = source.database.rows("SELECT DISTINCT grp FROM decisions ORDER BY grp LIMIT 1001")
    if len(found) > MOST_GROUPS:
        raise StudyError(
            phrase("There may be at most {most_groups:,} groups.", most_groups=MOST_GROUPS),
            found=phrase("more, in {labelled}", labelled=", ".join(shown(h) for h in labelled)),
            where=source.table.name,
            remedy="name a column with fewer values, or fewer columns",
        )
    names = tuple(row[0] for row in found) if labelled else ()
    check_groups(source, names, labelled)
    return Decisions(source, rows, names, headers, _one_threshold(source, headers))


def _headers(source: Source, form: DecisionsForm) -> dict[str, str]:
    """Find the columns, by the names of the format and those that published files use."""
    scores = [h for h in source.table.columns if h.casefold().startswith(("score_", "decile"))]
    names: dict[str, Sequence[str]] = {
        "decision_id": ("decision_id",),
        "score": (form.score,) if form.score else ("score", *(scores if len(scores) == 1 else ())),
        "flagged": (form.flagged or "flagged",),
        "threshold": ("threshold",),
        "adjudicated": ("adjudicated",),
        "inclusion_probability": ("inclusion_probability",),
        "decided_at": (form.time,) if form.time else _TIMES,
        "outcome_at": _OUTCOME_TIMES,
        "system_version": ("system_version",),
        "error_cause": ("error_cause",),
        **dict(CLUSTERS),
    }
    headers = {role: source.find(*spelled) for role, spelled in names.items()}
    asked = {"score": form.score, "decided_at": form.time, "flagged": form.flagged}
    for role, header in asked.items():
        if header and headers[role] is None:
            source.need(header, role=role)
    found = {role: header for role, header in headers.items() if header is not None}
    named = form.outcome or "outcome"
    found["outcome"] = source.need(
        named,
        role="outcome",
        remedy="" if form.outcome else phrase("name the column with --outcome"),
    )
    if form.alerts_only and "flagged" in found:
        raise StudyError(
            "A table of alerts only says so by an option or by a column.",
            found=phrase("both: --alerts-only and {column}", column=repr(shown(found["flagged"]))),
            where=source.table.name,
            remedy="leave --alerts-only out",
        )
    if not form.alerts_only and "score" not in found and "flagged" not in found:
        source.need(
            "score",
            "flagged",
            remedy=phrase(
                "name it with --score or --flagged; or give --alerts-only, where every row is "
                "an alert"
            ),
        )
    return found


def _check(source: Source, headers: dict[str, str], thresholds: Sequence[float]) -> None:
    """Refuse rows that cannot be."""
    if {"decided_at", "outcome_at"} <= headers.keys():
        source.forbid(
            "raw_decisions",
            "outcome_said < 2 AND outcome_day < day",
            phrase("An outcome must not be known before the decision."),
            phrase("an earlier day"),
            phrase(
                "an outcome that was there before the alert cannot test it: correct the "
                "days, or take these rows out"
            ),
        )
    if "decision_id" in headers:
        source.distinct("raw_decisions", "decision_id", "decision_id")
    if "flagged" in headers and not thresholds:
        source.forbid(
            "raw_decisions",
            "flagged = 2",
            phrase("Every decision must be flagged or not."),
            phrase("neither"),
        )
    elif thresholds and "score" in headers:
        source.forbid(
            "raw_decisions",
            "score IS NULL",
            phrase("Every decision must have a score."),
            phrase("none"),
        )


def _finish(source: Source, headers: dict[str, str], *, alerts_only: bool) -> None:
    """Make the table that everything counts from: what is an alert, whose outcome is known."""
    if alerts_only:
        alert = "1::UTINYINT"
    elif "flagged" in headers:
        alert = "flagged"
    elif "threshold" in headers:
        alert = "(score >= threshold)::UTINYINT"
        source.forbid(
            "raw_decisions",
            "score IS NULL OR threshold IS NULL",
            phrase("Every decision must have a score and a threshold, or be flagged or not."),
            phrase("neither"),
        )
    else:
        alert = "NULL::UTINYINT"
    known = "outcome_said"
    if "adjudicated" in headers:
        known = "CASE WHEN adjudicated = 0 THEN 2 ELSE outcome_said END"
    kept = "* EXCLUDE (outcome_said)"
    source.database.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW decisions AS SELECT {kept}, {alert} AS alert, "
        f"({known})::UTINYINT AS outcome FROM raw_decisions"
    )


def _one_threshold(source: Source, headers: dict[str, str]) -> float | None:
    if "threshold" not in headers:
        return None
    low, high = source.database.rows("SELECT min(threshold), max(threshold) FROM raw_decisions")[0]
    return float(low) if low is not None and low == high else None
