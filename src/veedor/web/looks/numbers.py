"""`public_numbers`: who may look, how often it is done and why, as anyone may be told."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Count, Q

from veedor.sealing import LooksOf, PublishedLooks, published_looks
from veedor.web.accounts.models import User
from veedor.web.looks.models import Entry
from veedor.web.projects.permissions import ALLOWED, Action, Role

#: Numbers are counted anew after so long: not for every reader, and not after every look.
_KEPT_S = 3_600
_CACHED = "looks_public_numbers"


def public_numbers() -> PublishedLooks:
    """Count accounts that may look and looks, by office and by kind of purpose.

    Counts of fewer than 10 accounts, and what would tell one, are None. An hour old at most.
    """
    found: PublishedLooks | None = cache.get(_CACHED)
    if found is None:
        found = published_looks(*_counted())
        cache.set(_CACHED, found, _KEPT_S)
    return found


def _counted() -> tuple[dict[str, LooksOf], dict[str, LooksOf]]:
    roles = [one.value for one in ALLOWED[Action.SEE_RESULTS] - {Role.VISITOR, Role.ACCOUNT}]
    may = dict(
        User.objects.filter(Q(site_role__in=roles) | Q(memberships__role__in=roles), is_active=True)
        .values_list("office__name")
        .annotate(n=Count("pk", distinct=True))
    )
    looks = Entry.objects.filter(kind="look").order_by()
    did = Count("account", distinct=True), Count("number")
    by_office = {
        name: (accounts, n)
        for name, accounts, n in looks.values("office")
        .annotate(a=did[0], n=did[1])
        .values_list("office", "a", "n")
    }
    by_kind = looks.values("why").annotate(a=did[0], n=did[1]).values_list("why", "a", "n")
    offices = {
        name: LooksOf(may.get(name, 0), *by_office.get(name, (0, 0)))
        for name in sorted(may.keys() | by_office.keys())
    }
    kinds = {why: LooksOf(accounts, accounts, n) for why, accounts, n in sorted(by_kind)}
    return offices, kinds
