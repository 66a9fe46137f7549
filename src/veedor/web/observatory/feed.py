"""The Atom feed of what was published and withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from veedor.languages import languages
from veedor.report.words import words_in
from veedor.web.observatory.keeping import kept
from veedor.web.observatory.models import Publication
from veedor.web.observatory.words import KINDS
from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action

_ENTRIES = 50


@asks(Action.SEE_PUBLIC)
@require_safe
@kept
def feed(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - Django's
    """Tell what was published, newest first, in a language."""
    if language not in languages():
        raise Http404
    words = words_in(language)
    site = settings.VEEDOR_SITE
    root = site.settings.site.address.rstrip("/")
    made = Atom1Feed(
        title=site.settings.site.title,
        link=f"{root}{reverse('published')}",
        feed_url=f"{root}{reverse('feed', kwargs={'language': language})}",
        description=words.say("What was published, and what was withdrawn."),
        language=language,
        author_name=site.settings.site.title,
    )
    rows = Publication.objects.select_related("office", "withdrawn_office").defer("rounds")
    for one in rows.order_by("-changed_at")[:_ENTRIES]:
        told = words.say(
            "{kind}, published by {office}.",
            kind=words.say(KINDS[one.kind]),
            office=one.office.name,
        )
        if one.withdrawn_office is not None:
            told = words.say(
                "Withdrawn by {office}: {why}",
                office=one.withdrawn_office.name,
                why=one.withdrawn_why,
            )
        made.add_item(
            title=one.title,
            link=f"{root}{reverse('publication', kwargs={'publication': one.key})}",
            description=told,
            unique_id=f"tag:{site.host},{one.published_at:%Y-%m-%d}:{one.key}",
            pubdate=one.published_at,
            updateddate=one.last_change,
            author_name=one.office.name,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
