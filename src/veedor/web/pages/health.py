"""`health`: whether the site can answer and work, for a machine that asks; nothing of anyone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from veedor.web.looks.witnessed import witnessed
from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action
from veedor.web.projects.uploads import most_of_a_file
from veedor.web.work.alive import is_alive

#: Whoever asks after health does not wait as long as others do.
_PATIENCE_MS = 2_000


@asks(Action.SEE_PUBLIC)
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's
    """Say whether the database can be written to, an upload has room, and a worker is there.

    503 without the database; what else lacks is told with 200, since pages are still read.
    """
    told: dict[str, Any] = {
        "database": True,
        "disk": shutil.disk_usage(settings.VEEDOR_SITE.folder).free >= most_of_a_file(),
        "worker": is_alive(),
    }
    try:
        with _quickly():
            return JsonResponse(told | {"witnesses": witnessed().told})
    except Error:
        return JsonResponse(told | {"database": False}, status=503)


@contextmanager
def _quickly() -> Iterator[None]:
    """Begin a transaction that could write, or fail after a moment."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {_PATIENCE_MS}")
            yield
        return
    patience = 1_000 * connection.settings_dict["OPTIONS"]["timeout"]
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
