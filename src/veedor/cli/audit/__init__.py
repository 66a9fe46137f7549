"""``veedor audit``: whom a system burdens, and how often it is wrong."""

from __future__ import annotations

import click

from veedor.cli.lazy import LazyGroup

#: Audit -> one line of help.
AUDITS = {
    "alerts": "How often alerts are wrong, for whom, at which base rate, and whether claims hold.",
}


@click.group(name="audit", cls=LazyGroup, package="veedor.cli.audit", about=AUDITS)
def command() -> None:
    """Audit anyone's system from files: whom it burdens, and how often it is wrong."""
