"""What is done to accounts is recorded, and told to those who watch over it."""

from __future__ import annotations

from veedor.web.accounts.mail import send
from veedor.web.accounts.models import Event, User
from veedor.web.accounts.words import EVENTS
from veedor.web.projects.permissions import Role

#: Told to every auditor, because they open a door.
_WATCHED = frozenset(
    {"role_invited", "recovery_begun", "recovery_confirmed", "recovered", "member_added"}
)


def record(kind: str, actor: User | None, account: User | None, told: str = "") -> Event:
    """Record what was done, in the transaction that does it, and tell the auditors where due."""
    if kind not in EVENTS:
        raise ValueError(kind)
    event = Event.objects.create(kind=kind, actor=actor, account=account, told=told)
    if kind in _WATCHED:
        what = ", ".join(filter(None, (account and account.email, told)))
        for auditor in User.objects.filter(site_role=Role.AUDITOR.value, is_active=True):
            send(auditor.email, "watched", what=EVENTS[kind], told=what)
    return event
