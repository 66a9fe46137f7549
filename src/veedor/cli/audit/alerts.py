"""``veedor audit alerts``."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)


class _OutOf(click.ParamType[tuple[int, int]]):
    """X/N, two whole numbers."""

    name = "X/N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        parts = str(value).split("/")
        if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
            self.fail(f"{value!r} is not X/N, as 95/100", param, ctx)
        return int(parts[0]), int(parts[1])


@click.command(name="alerts")
@click.option("--decisions", type=_FILE, help="One row a decision: score or flag, and outcome.")
@click.option("--searches", type=_FILE, help="1:N searches; with --candidates.")
@click.option("--candidates", type=_FILE, help="The candidates that searches returned.")
@click.option("--deployments", type=_FILE, help="Published counts, one row a deployment.")
@click.option("--claims", type=_FILE, help="What is claimed: metric, operator, value, ...")
@click.option("--nonalert-audit", type=_FILE, help="A random audit of those without an alert.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="COLUMN",
    help="Column of groups. Repeat to intersect.",
)
@click.option("--reference", metavar="NAME", help="Group that the others are compared with.")
@click.option(
    "--threshold", "thresholds", type=float, multiple=True, help="Score >= T is an alert. Repeat."
)
@click.option("--score", metavar="COLUMN", help="Column of the score, if not `score`.")
@click.option("--time", metavar="COLUMN", help="Column of the time, if not `decided_at`.")
@click.option(
    "--interval", type=click.Choice(["wilson", "clopper_pearson"]), default="wilson",
    show_default=True, help="Of proportions.",
)  # fmt: skip
@click.option("--base-rate", "base_rates", type=float, multiple=True, help="One more. Repeat.")
@click.option("--people-a-day", type=float, help="How many are checked a day, for alerts a day.")
@click.option("--fpir", "targets", type=float, multiple=True, help="One more FPIR target. Repeat.")
@click.option("--small", type=click.IntRange(1), default=30, show_default=True, help="Small cells.")
@click.option(
    "--publish", is_flag=True, help="Suppress small cells, so that no sum gives them back."
)
@click.option("--checklist", type=_FILE, help="Answers to the checklist, as TOML.")
@click.option("--checker-confirms", type=_OutOf(), help="Right matches confirmed, of those shown.")
@click.option("--checker-rejects", type=_OutOf(), help="Wrong matches rejected, of those shown.")
@click.option(
    "--recapture", type=int, nargs=3, metavar="A B BOTH", help="Positives on two lists, and both."
)
@click.option(
    "--days-between-false-alarms", type=float, default=1000.0, show_default=True,
    help="Of drift alarms, on average at least.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Of resampled intervals.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="Folder to write into.",
)  # fmt: skip
def command(
    decisions: Path | None,
    searches: Path | None,
    candidates: Path | None,
    deployments: Path | None,
    claims: Path | None,
    nonalert_audit: Path | None,
    groups: tuple[str, ...],
    reference: str | None,
    thresholds: tuple[float, ...],
    score: str | None,
    time: str | None,
    interval: str,
    base_rates: tuple[float, ...],
    people_a_day: float | None,
    targets: tuple[float, ...],
    small: int,
    publish: bool,
    checklist: Path | None,
    checker_confirms: tuple[int, int] | None,
    checker_rejects: tuple[int, int] | None,
    recapture: tuple[int, int, int] | None,
    days_between_false_alarms: float,
    seed: int,
    out: Path,
) -> None:
    """Audit an alert system from the tables of alerts and outcomes that it leaves behind.

    Give --decisions, or --searches with --candidates, or --deployments. veedor matches no face and
    reads no post: a table with images, embeddings, names or identifiers of persons is refused.

    \b
      OUT/report.html     in plain words, every denominator in its sentence
      OUT/estimates.csv   every rate, with its counts, interval and method
      OUT/results.json    all that is in the report

    \b
      veedor audit alerts --decisions decisions.csv --group race --reference white --out audit
      veedor audit alerts --searches s.csv --candidates c.csv --threshold 0.6 --out audit
      veedor audit alerts --deployments counts.csv --claims claims.csv --out audit
    """  # noqa: D301 - \b keeps the lines apart
    from veedor.audits.alerts import BASE_RATES, Inputs, Settings, audit_alerts
    from veedor.audits.alerts.searches import FPIR_TARGETS
    from veedor.audits.audit import SERIOUS
    from veedor.cli.audit.tables import alerts_table
    from veedor.cli.console import Watched, printer
    from veedor.errors import StudyError
    from veedor.files.folders import replacing_folder, require_own
    from veedor.report.audit_alerts import alert_document
    from veedor.report.document import write_document
    from veedor.report.words import words_in

    require_own(out)
    if (checker_confirms is None) != (checker_rejects is None):
        raise StudyError(
            "Both of a checker's errors must be known.",
            found="one of --checker-confirms and --checker-rejects",
            remedy="give both",
        )
    settings = Settings(
        groups=groups,
        reference=reference,
        thresholds=tuple(dict.fromkeys(thresholds)),
        interval=interval,
        base_rates=tuple(sorted({*BASE_RATES, *base_rates})),
        people_a_day=people_a_day,
        fpir_targets=tuple(sorted({*FPIR_TARGETS, *targets}, reverse=True)),
        small=small,
        publish=publish,
        score=score,
        time=time,
        adjudicator=(
            (checker_confirms, checker_rejects) if checker_confirms and checker_rejects else None
        ),
        recapture=recapture,
        periods_between_false_alarms=days_between_false_alarms,
        seed=seed,
    )
    inputs = Inputs(decisions, searches, candidates, deployments, claims, nonalert_audit, checklist)
    with Watched() as progress:
        progress.step("Reading and counting", None)
        audit = audit_alerts(inputs, settings)
        progress.step("Writing the report", None)
        with replacing_folder(out) as building:
            write_document(alert_document(audit), building / "report.html")
            audit.write(building)
    console = printer()
    console.print(alerts_table(audit))
    words = words_in("en")
    for warning in audit.warnings:
        if warning.severity == SERIOUS:
            console.say(f"! {words.of(warning.finding)}")
    console.say(f"Report: {out / 'report.html'}")
