"""Templates: Jinja2, always escaped, whose sentences are of veedor's own catalogue.

In a template ``{{ _("Sign in") }}`` says a message, ``{{ _("{n} days", n=3) }}`` fills one in,
``{{ many(n, "{n} day", "{n} days") }}`` counts; ``url``, ``static`` and ``may`` are what they are
called, ``moment`` writes an instant in the site's time zone, ``day`` and ``number`` those of a
result; ``copied`` is whether the page is for a copy on a disk, where nobody signs in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from jinja2 import Environment, StrictUndefined

from veedor.languages import languages
from veedor.report.words import Words, words_in
from veedor.web.accounts.second_factor import has_key, keys_work
from veedor.web.pages.complaints import complaints_of
from veedor.web.pages.forms import control
from veedor.web.projects.permissions import Action, may
from veedor.web.projects.words import ROLES

#: Of a request's environment, never of its headers: the page is for a copy on a disk.
COPY = "veedor.copy"


def words() -> Words:
    """Words of the language that this request is answered in."""
    spoken = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return words_in(spoken if spoken in languages() else settings.LANGUAGE_CODE)


def say(template: str, **arguments: Any) -> str:
    """Say a message of the catalogue."""
    return words().say(template, **arguments)


def many(n: int, one: str, other: str, **arguments: Any) -> str:
    """Say a message that counts."""
    return words().many(n, one, other, **arguments)


def day(written: str) -> str:
    """Write a day, or an instant, of a result."""
    return words().day(written)


def number(value: float | None) -> str:
    """Write a number to three significant digits."""
    return words().number(value)


def moment(when: datetime) -> str:
    """Write an instant in the site's time zone."""
    zone = ZoneInfo(settings.VEEDOR_SITE.settings.site.time_zone)
    return words().day(when.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"))


def url(name: str, /, **arguments: Any) -> str:
    """Address of a view by its name."""
    return reverse(name, kwargs=arguments)


def own_name(language: str) -> str:
    """Name a language as those call it who speak it.

    >>> own_name("es")
    'español'
    """
    return Locale.parse(languages()[language]).get_language_name(language) or language


def environment(**options: Any) -> Environment:
    """Make the environment of all templates."""
    options.pop("autoescape", None)
    given = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**(options | given), autoescape=True)
    made.globals.update(
        {
            "_": say,
            "many": many,
            "translated": lambda text: words().translated(text),
            "role_name": lambda role: words().translated(ROLES[role]),
            "has_key": has_key,
            "keys_work": keys_work,
            "moment": moment,
            "day": day,
            "number": number,
            "url": url,
            "static": static,
            "complaints_of": complaints_of,
            "control": control,
            "own_name": own_name,
            "Action": Action,
        }
    )
    return made


def of_request(request: HttpRequest) -> dict[str, Any]:
    """What every template knows of the request."""
    user = getattr(request, "user", None)
    return {
        "site": settings.VEEDOR_SITE.settings.site,
        "language": words().language,
        "other_languages": [one for one in languages() if one != words().language],
        "user": user,
        "copied": bool(request.META.get(COPY)),
        "may": lambda action, thing=None: may(user, action, thing),
    }
