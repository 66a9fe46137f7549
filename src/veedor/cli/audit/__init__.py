"""``veedor audit``: audits of anyone's system, from its files."""

from __future__ import annotations

import click

from veedor.cli.lazy import LazyGroup

#: Audit -> its task.
COMMANDS: dict[str, str | click.Command] = {
    name: f"veedor.cli.audit.{name}"
    for name in ("exposure", "benchmark", "reporting", "feedback", "all", "alerts")
}


@click.group(name="audit", cls=LazyGroup, tasks=COMMANDS)
def command() -> None:
    """Audit anyone's system from its files: whom it burdens, and whether it works.

    All but `alerts` are audits of place-based systems. Each writes estimates.csv (one row a
    figure, with its interval and denominator), results.json and report.html into a folder of
    its own.
    """
