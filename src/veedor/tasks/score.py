"""Score every promised forecast whose period is over, by what it promised.

All of them, those that went badly too; those that cannot be scored are listed. Each scoring is
an entry of the log. With revised outcomes, run it again: the new scoring is kept beside the
first, never over it. The log keeps counts of cells and periods, never incidents.

A study's folder says in its study.toml how its incidents, or its counts by area, are read. A
file's columns are found as `veedor init` finds them, and its categories must have the forecasts'
names.

Example: veedor log score log --outcomes mystudy --report report.html
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, There, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which log to score, and by which record."""

    log: Folder = argument()
    outcomes: There = option(
        "Recorded incidents: a study's folder, or a CSV, Parquet or GeoJSON file."
    )
    key: File | None = option(
        "Private key of the log; LOG.key, beside it, by default.", default=None
    )
    tsa: str | None = option("URL of a time-stamping authority (RFC 3161).", default=None)
    report: File | None = option("HTML; FILE.json beside it.", default=None)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Score what is due, and write what the log then shows where a report is asked for.

    Returns
    -------
    Done
        ``results`` are the findings.

    Raises
    ------
    SealError
        If the log does not verify or holds no promise, or the report's files are someone else's.
    """
    from veedor.errors import SealError
    from veedor.report.sealed import sealed_document
    from veedor.report.words import words_in
    from veedor.report.words.logs import scored
    from veedor.report.words.sealing import problem
    from veedor.sealing import default_key, findings, load_key, score, verify
    from veedor.study import read_outcomes
    from veedor.tasks.log_report import write_log_report

    log = request.log
    verdict, words = verify(log), words_in(context.language)
    promises = list(verdict.promises.values())
    if not verdict.holds or not promises:
        raise SealError(
            "A log must verify, and hold promises, before it is scored.",
            found=problem(words, verdict.problems[0])
            if verdict.problems
            else phrase("no promises"),
            where=str(log),
            remedy=phrase("run `veedor log verify {log}`", log=log),
        )
    categories = sorted({one.category for one in promises})
    recorded = read_outcomes(request.outcomes, categories, progress=context).recorded
    context.step(phrase("Scoring"), None)
    made = score(log, load_key(request.key or default_key(log)), recorded, tsa=request.tsa)
    found = findings(verify(log))
    document = sealed_document(found, words)
    if request.report is not None:
        write_log_report(document, found, request.report, log, context.language)
    return Done(log, found, scored(words, document, made, found, request.report))
