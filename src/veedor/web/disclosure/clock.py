"""Today, where the site is; and the context in which its tasks are performed at once."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from veedor.tasks import Context
from veedor.web.pages.jinja import words


def now() -> datetime:
    """The present time in the site's zone."""
    return timezone.now().astimezone(ZoneInfo(settings.VEEDOR_SITE.settings.site.time_zone))


def today() -> date:
    """The present day in the site's zone."""
    return now().date()


def context() -> Context:
    """Return where, when and in which language a task is performed while a page is made."""
    return Context(workspace=settings.VEEDOR_SITE.folder, clock=now, language=words().language)
