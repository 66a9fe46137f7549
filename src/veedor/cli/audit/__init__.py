"""``veedor audit``: audits of anyone's system, from its files."""

from __future__ import annotations

import click

from veedor.cli.lazy import LazyGroup

#: Audit -> one line of help.
COMMANDS = {
    "exposure": "Whom it burdens: who lives where a system looks.",
    "benchmark": "Whether it looks there more than the record explains, and whether it works.",
    "reporting": "Whether the answer would survive what was never recorded.",
    "feedback": "Whether the system feeds on itself.",
    "all": "Every audit that has its inputs.",
}


@click.group(name="audit", cls=LazyGroup, package="veedor.cli.audit", about=COMMANDS)
def command() -> None:
    """Audit anyone's system from its files: whom it burdens, and whether it works.

    Each audit writes estimates.csv (one row a figure, with its interval and denominator),
    results.json and report.html into a folder of its own.
    """
