"""Passwords that whoever knows the place would guess first."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from veedor.web.accounts.models import Office

#: Beside those of the site's title, its host and the names of its offices.
_ALWAYS = ("veedor", "password", "contrasena", "clave", "admin", "observatorio", "observatory")
#: Shorter words are in every password.
_SHORTEST = 4
#: Signs that must be left when the place's words are taken out.
_FEWEST = 8
_WORD = re.compile(r"[^\W\d_]+")


class NotOfThePlace:
    """Refuses a password that is the place's words and little else; one without them is let be."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's
        """Take the words out, and see what is left.

        Raises
        ------
        ValidationError
        """
        plain = _plain(password)
        left = plain
        for word in sorted(_words(), key=len, reverse=True):
            left = left.replace(word, " ")
        if left != plain and len("".join(left.split())) < _FEWEST:
            raise ValidationError("", code="password_of_the_place")

    def get_help_text(self) -> str:
        """Return nothing: pages say it themselves."""
        return ""


def _words() -> set[str]:
    site = settings.VEEDOR_SITE
    named = [site.settings.site.title, site.host, *Office.objects.values_list("name", flat=True)]
    found = {word for name in named for word in _WORD.findall(_plain(name))}
    return {word for word in found if len(word) >= _SHORTEST} | set(_ALWAYS)


def _plain(text: str) -> str:
    """Return a text in small letters, without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))
