r"""Ask whether people changed what they do when something became known, beside controls.

A table of counts by period: what people may have turned from (sensitive), what they had no reason
to (control), and what nothing should have moved (negative_control). The answer is that a change is
shown, that none is detectable and what could have been, or that nothing can be told; never why
anyone did anything.

      OUT/report.html     for people
      OUT/estimates.csv   each change as a ratio, with its interval
      OUT/results.json    everything

      veedor audit behaviour --table reading.csv --event 2013-06 \
          --because "reports on the surveillance of reading were published" --out audit
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import phrase
from veedor.tasks.audited import task_of
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request

if TYPE_CHECKING:
    from veedor.audits.behaviour import BehaviourAudit
    from veedor.report.document import Document


@request
class Request:
    """Which series, and what happened when."""

    table: File = option("CSV: date, series, role, value[, denominator].")
    event: str = option(
        "Day, month or year from which people knew; its period is the first after.",
        metavar=phrase("DAY"),
    )
    because: str = option(
        "Why, in a sentence, people may have changed what they do. It is printed.",
        metavar=phrase("REASON"),
    )
    anticipation: int = option(
        "Periods before the event in which people may have known: left out.", default=0, ge=0
    )
    missing_days: str | None = option(
        "Column of days of the period without a record.", default=None, metavar=phrase("COLUMN")
    )
    lows: Literal["counted", "missing"] | None = option(
        "What sudden lows and runs of zeros are: people's doing, or no record.", default=None
    )
    design: Literal["comparative", "ols", "poisson", "quasi-poisson"] = option(
        "Comparative; the others do a published study again, without controls or verdict.",
        default="comparative",
    )
    shape: Literal["level-and-slope", "level"] = option(
        "What may change at the event.", default="level-and-slope"
    )
    harmonics: int | None = option(
        "Pairs for the season; two from two years before the event on, by default.",
        default=None,
        ge=0,
        le=4,
    )
    ramp_from: int = option(
        "What the ramp is in the first period after: 0, or 1 as in some studies.",
        default=0,
        ge=0,
        le=1,
    )
    out: Folder = option("Folder to write into.")


def audit(request: Request, context: Context, _: Path) -> tuple[BehaviourAudit, Document]:
    """Make the audit and its page."""
    from veedor.audits.behaviour import Question, audit_behaviour, read_panel
    from veedor.report.audit_behaviour import behaviour_document
    from veedor.report.words import words_in

    question = Question(
        event=request.event,
        because=request.because,
        anticipation=request.anticipation,
        design=request.design,
        shape=request.shape,
        harmonics=request.harmonics,
        ramp_from=request.ramp_from,
        lows=request.lows,
    )
    panel = read_panel(request.table, missing_days=request.missing_days)
    context.step(phrase("Comparing series"), None)
    made = audit_behaviour(panel, question)
    return made, behaviour_document(made, words_in(context.language))


perform = task_of(audit)
