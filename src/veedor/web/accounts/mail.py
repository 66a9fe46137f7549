"""Letters to accounts, in the site's language, sent without keeping anybody waiting.

They go by a thread, so that how long an answer takes does not tell whether there was a letter.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from veedor.errors import Phrase, phrase
from veedor.report.words import words_in
from veedor.web.accounts.words import LETTERS

_LOG = logging.getLogger(__name__)
_SENDER = ThreadPoolExecutor(1, thread_name_prefix="mail")


def send(address: str, letter: str, **about: str | Phrase | datetime) -> None:
    """Send a letter of `LETTERS` once what it tells of is in the database.

    Parameters
    ----------
    address : str
    letter : str
    **about
        What its lines name; the site is known.
    """
    site = settings.VEEDOR_SITE.settings.site
    words = words_in(site.language)
    zone = ZoneInfo(site.time_zone)
    given = {
        name: words.day(value.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"))
        if isinstance(value, datetime)
        else words.translated(value)
        for name, value in (about | {"site": site.title}).items()
    }
    subject, lines = LETTERS[letter]
    said = [
        words.translated(phrase(line.template, **given))
        if isinstance(line, Phrase)
        else line.format(**given)
        for line in lines
    ]
    title = f"{site.title}: {words.translated(subject)}"
    message = EmailMessage(" ".join(title.split()), "\n\n".join(said) + "\n", to=[address])
    transaction.on_commit(message.send)


class Backend(BaseEmailBackend):
    """Hands letters to the backend that the site has, in a thread."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take letters; whether they arrive is not known here."""
        _SENDER.submit(_send, list(email_messages))
        return len(email_messages)


def _send(messages: list[EmailMessage]) -> None:
    try:
        get_connection(settings.VEEDOR_MAIL_BACKEND).send_messages(messages)
    except (OSError, smtplib.SMTPException) as error:
        # A traceback would hold the addresses.
        _LOG.error("A letter could not be sent: %s", type(error).__name__)
