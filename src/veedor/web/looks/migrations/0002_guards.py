"""Triggers that refuse to change the log, and the end of a new one."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations

from veedor.sealing.merkle import Frontier
from veedor.web.looks.guards import LOG, set_up


def _begin(apps: Any, schema_editor: Any) -> None:
    end = apps.get_model("looks", "LogEnd")
    origin = f"{settings.VEEDOR_SITE.host}/looks-{secrets.token_hex(4)}"
    end.objects.using(schema_editor.connection.alias).create(
        pk=1, origin=origin, root=Frontier().root().hex()
    )
    set_up(schema_editor.connection, LOG)


class Migration(migrations.Migration):
    """One row, and triggers over all."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("looks", "0001_initial")]
    operations: ClassVar[list[Any]] = [migrations.RunPython(_begin)]
