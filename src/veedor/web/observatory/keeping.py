"""`kept`: what was published, as pages that are made anew where something is or is withdrawn."""

from __future__ import annotations

from django.db.models import Count, Max

from veedor.web.observatory.models import Publication
from veedor.web.pages.keeping import keeping


def state() -> str:
    """Name what is public now."""
    found = Publication.objects.aggregate(changed=Max("changed_at"), rows=Count("pk"))
    return f"{found['rows']}-{found['changed']}"


kept = keeping(state)
