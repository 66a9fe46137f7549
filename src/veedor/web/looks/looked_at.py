"""`look_at`: whether an account looked at a file not long ago, as the log shows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from veedor.sealing.appending import now
from veedor.web.accounts.models import User
from veedor.web.looks.looking import HOURS
from veedor.web.looks.models import Entry
from veedor.web.projects.models import Project
from veedor.web.site.keys import pseudonyms


def look_at(user: User, project: Project, digests: Collection[str]) -> int | None:
    """Find the last look of an account at any of some results, within the hours of a purpose.

    Parameters
    ----------
    user : User
    project : Project
    digests : collection of str
        SHA-256 of what is looked at.

    Returns
    -------
    int or None
        Number of its entry in the log.
    """
    keys, said = pseudonyms(), [f'"sha256":"{one}"' for one in digests]
    looks = Entry.objects.filter(
        kind="look",
        what="result",
        account=keys.account(str(user.pk)),
        project=keys.project(project.key),
        at__gte=datetime.fromisoformat(now()) - HOURS,
    ).order_by("-number")
    for number, leaf in looks.values_list("number", "leaf").iterator():
        if any(one in leaf for one in said):
            return int(number)
    return None
