"""``veedor audit``: audits of anyone's system, from files."""

from __future__ import annotations

import click

from veedor.cli.lazy import LazyGroup

#: Audit -> one line of help.
AUDITS = {
    "reporting": "Would the answer survive what was never recorded?",
    "feedback": "Does the system feed on itself?",
}


@click.group(name="audit", cls=LazyGroup, package="veedor.cli.audit", about=AUDITS)
def command() -> None:
    """Audit a system that flags places, from files: ours, a vendor's, anyone's."""
