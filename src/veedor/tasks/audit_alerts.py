r"""Audit an alert system from the tables of alerts and outcomes that it leaves behind.

Give --decisions, or --searches with --candidates, or --deployments. veedor matches no face and
reads no post: a table with images, embeddings, names or identifiers of persons is refused.

      OUT/report.html     in plain words, every denominator in its sentence
      OUT/estimates.csv   every rate, with its counts, interval and method
      OUT/results.json    all that is in the report

      veedor audit alerts --kind risk-score --decisions d.csv --group race --reference white \
          --out audit
      veedor audit alerts --kind alarm --decisions export.csv --alerts-only \
          --outcome Disposition --right Founded --wrong Unfounded --open Pending --out audit
      veedor audit alerts --searches s.csv --candidates c.csv --threshold 0.6 --out audit
      veedor audit alerts --deployments counts.csv --claims claims.csv --out audit
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import phrase
from veedor.tasks.audited import Labelled, task_of
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request

if TYPE_CHECKING:
    from veedor.audits.alerts import AlertAudit
    from veedor.report.document import Document


@request
class Request(Labelled):
    """Which tables to audit, and how."""

    kind: Literal["risk-score", "face-match", "alarm", "post-flag"] | None = option(
        "Of system: decides the words, charts and base rates of the page.", default=None
    )
    decisions: File | None = option("One row a decision: score or flag, and outcome.", default=None)
    searches: File | None = option("1:N searches; with --candidates.", default=None)
    candidates: File | None = option("The candidates that searches returned.", default=None)
    deployments: File | None = option("Published counts, one row a deployment.", default=None)
    claims: File | None = option("What is claimed: metric, operator, value, ...", default=None)
    nonalert_audit: File | None = option("A random audit of those without an alert.", default=None)
    groups: tuple[str, ...] = option(
        "Column of groups. Repeat to intersect.", default=(), name="group", metavar=phrase("COLUMN")
    )
    reference: str | None = option(
        "Group that the others are compared with.", default=None, metavar=phrase("NAME")
    )
    thresholds: tuple[float, ...] = option(
        "Score >= T is an alert. Repeat.", default=(), name="threshold"
    )
    score: str | None = option(
        "Column of the score, if not `score`.", default=None, metavar=phrase("COLUMN")
    )
    time: str | None = option(
        "Column of the time, if not `decided_at`.", default=None, metavar=phrase("COLUMN")
    )
    outcome: str | None = option(
        "Column of the outcome, if not `outcome`.", default=None, metavar=phrase("COLUMN")
    )
    right: tuple[str, ...] = option(
        "A word for an outcome that was so, as founded. Repeat.", default=(), metavar=phrase("WORD")
    )
    wrong: tuple[str, ...] = option(
        "A word for one that was not so, as unfounded. Repeat.", default=(), metavar=phrase("WORD")
    )
    open: tuple[str, ...] = option(
        "A word for one that is not known, as pending. Repeat.", default=(), metavar=phrase("WORD")
    )
    flagged: str | None = option(
        "Column that says what is an alert, if not `flagged`.",
        default=None,
        metavar=phrase("COLUMN"),
    )
    alerts_only: bool = option("Every row of --decisions is an alert.", default=False)
    interval: Literal["wilson", "clopper_pearson"] = option("Of proportions.", default="wilson")
    base_rates: tuple[float, ...] = option("One more. Repeat.", default=(), name="base-rate")
    people_a_day: float | None = option(
        "How many are checked a day, for alerts a day.", default=None
    )
    targets: tuple[float, ...] = option("One more FPIR target. Repeat.", default=(), name="fpir")
    small: int = option("Small cells.", default=30, ge=1)
    publish: bool = option("Suppress small cells, so that no sum gives them back.", default=False)
    checklist: File | None = option("Answers to the checklist, as TOML.", default=None)
    checker_confirms: tuple[int, int] | None = option(
        "Right matches confirmed, of those shown.", default=None, metavar="X/N"
    )
    checker_rejects: tuple[int, int] | None = option(
        "Wrong matches rejected, of those shown.", default=None, metavar="X/N"
    )
    recapture: tuple[int, int, int] | None = option(
        "Positives on two lists, and both.", default=None, metavar=phrase("A B BOTH")
    )
    days_between_false_alarms: float = option(
        "Of drift alarms, on average at least.", default=1000.0
    )
    seed: int = option("Of resampled intervals.", default=0)
    out: Folder = option("Folder to write into.")


def audit(request: Request, context: Context, _: Path) -> tuple[AlertAudit, Document]:
    """Make the audit and its page."""
    from veedor.audits.alerts import BASE_RATES, Inputs, Settings, audit_alerts
    from veedor.audits.alerts.searches import FPIR_TARGETS
    from veedor.errors import StudyError
    from veedor.report.audit_alerts import alert_document
    from veedor.report.words import words_in

    confirms, rejects = request.checker_confirms, request.checker_rejects
    if (confirms is None) != (rejects is None):
        raise StudyError(
            "Both of a checker's errors must be known.",
            found=phrase("one of --checker-confirms and --checker-rejects"),
            remedy="give both",
        )
    settings = Settings(
        kind=request.kind,
        groups=request.groups,
        reference=request.reference,
        thresholds=tuple(dict.fromkeys(request.thresholds)),
        interval=request.interval,
        base_rates=tuple(sorted({*BASE_RATES, *request.base_rates})),
        people_a_day=request.people_a_day,
        fpir_targets=tuple(sorted({*FPIR_TARGETS, *request.targets}, reverse=True)),
        small=request.small,
        publish=request.publish,
        score=request.score,
        time=request.time,
        outcome=request.outcome,
        flagged=request.flagged,
        right=request.right,
        wrong=request.wrong,
        open=request.open,
        alerts_only=request.alerts_only,
        adjudicator=(confirms, rejects) if confirms and rejects else None,
        recapture=request.recapture,
        periods_between_false_alarms=request.days_between_false_alarms,
        seed=request.seed,
    )
    inputs = Inputs(
        request.decisions,
        request.searches,
        request.candidates,
        request.deployments,
        request.claims,
        request.nonalert_audit,
        request.checklist,
    )
    context.step(phrase("Reading and counting"), None)
    made = audit_alerts(inputs, settings)
    page = alert_document(request.labelled(made, context.language), words_in(context.language))
    return made, page


perform = task_of(audit)
