"""Triggers that refuse to change what readers answered, and what they were shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from veedor.web.looks.guards import ANSWERS, set_up


def _guard(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's
    set_up(schema_editor.connection, ANSWERS)


class Migration(migrations.Migration):
    """Triggers over answers and lines."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("reading", "0002_replaced_readers")]
    operations: ClassVar[list[Any]] = [migrations.RunPython(_guard)]
