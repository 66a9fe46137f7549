"""Pages that anyone may read, and the page of a project on which it withdraws."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from veedor.errors import StudyError, VeedorError, phrase
from veedor.sealing import clock
from veedor.sealing.clock import written
from veedor.web.observatory import files
from veedor.web.observatory.keeping import kept
from veedor.web.observatory.models import Kind, Publication, PublishedFile
from veedor.web.observatory.promises import newest_logs, standings, state_of, totals
from veedor.web.observatory.publishing import COPY, withdraw
from veedor.web.observatory.words import KINDS, STATES, verdict_of
from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action

ON_A_PAGE = 50


@asks(Action.SEE_PUBLIC)
@require_safe
@kept
def published(request: HttpRequest, page: int = 1) -> HttpResponse:
    """List what was published, newest first, with what was withdrawn."""
    found = Publication.objects.select_related("office").defer("rounds", "checkpoint")
    return render(
        request, "observatory/published.html", {"page": _page(found, page), "kinds": KINDS}
    )


@asks(Action.SEE_PUBLIC)
@require_safe
@kept
def publication(request: HttpRequest, publication: str) -> HttpResponse:
    """Show a thing that was published, or that it was withdrawn."""
    found = _found(publication)
    return render(request, "observatory/publication.html", _about(found))


def _about(found: Publication) -> dict[str, object]:
    listed = list(found.listed.all()[:ON_A_PAGE])
    of_log = found.kind == Kind.PROMISES
    later = (
        Publication.objects.filter(series=found.series, entries__gt=found.entries)
        .order_by("-entries")
        .first()
        if of_log
        else None
    )
    return {
        "publication": found,
        "kind": KINDS[found.kind],
        "listed": [one for one in listed if one.name.startswith(f"{COPY}/")],
        "numbers": [one for one in listed if not one.name.startswith(f"{COPY}/")],
        "more": found.files > len(listed),
        "report": f"checked/{words().language}.html" if of_log else found.report,
        "of_log": of_log,
        "later": later,
    }


@asks(Action.SEE_PUBLIC)
@require_safe
@kept
def promises_of(request: HttpRequest, publication: str, page: int = 1) -> HttpResponse:
    """List every promise of a published log, in the order in which they were sealed."""
    found = _found(publication)
    if found.kind != Kind.PROMISES:
        raise Http404
    now = written(clock.now())
    shown = _page(found.promises.all(), page)
    rows = [(one, STATES[state_of(one, now)]) for one in shown.object_list]
    about = {"publication": found, "page": shown, "rows": rows}
    return render(request, "observatory/promises_of.html", about)


@asks(Action.SEE_PUBLIC)
@require_safe
@kept
def promises(request: HttpRequest) -> HttpResponse:
    """Show how the promises of all publishers went, judged together, ordered by name."""
    logs = newest_logs()
    found = standings(logs)
    rows = [
        (log, standing, verdict_of(words(), standing))
        for log, group in zip(logs, found, strict=True)
        for standing in group
    ]
    compared = max((row.gain.comparisons for _, row, _ in rows if row.gain), default=0)
    sums = [(log, totals(group)) for log, group in zip(logs, found, strict=True)]
    about = {"rows": rows, "sums": sums, "compared": compared}
    return render(request, "observatory/promises.html", about)


@asks(Action.SEE_PUBLIC)
@require_safe
@kept
def data(request: HttpRequest) -> HttpResponse:
    """Say where the same can be read by machines."""
    return render(request, "observatory/data.html", {})


@asks(Action.SEE_PUBLIC)
@require_safe
def public_file(request: HttpRequest, publication: str, name: str) -> HttpResponse:
    """Send a file of a publication: only what is listed, each under a policy of its own."""
    found = _found(publication)
    if found.withdrawn:
        return render(request, "observatory/publication.html", _about(found), status=410)
    listed = get_object_or_404(PublishedFile, publication=found, name=name)
    etag = f'"{listed.sha256}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            stream = (found.folder / listed.name).open("rb")
        except FileNotFoundError as error:  # withdrawn while it was asked for
            raise Http404 from error
        response = FileResponse(stream, content_type=files.content_type(name))
    # Of a file that a browser has already, what is said now holds: it must be the same.
    for header, value in files.headers(name).items():
        response.headers[header] = value
    response.headers["ETag"] = etag
    return response


@asks(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def of_project(request: HttpRequest, project: Project) -> HttpResponse:
    """List what a project published; withdraw one of it, with a reason."""
    if request.method == "POST":
        key = request.POST.get("publication", "")
        try:
            one = project.publications.filter(key=key).first() if key.isalnum() else None
            withdraw(_named(one), request.user, request.POST.get("why", ""))
        except VeedorError as error:
            messages.error(request, words().translated(error.told))
        return redirect("published_of_project", project=project.key)
    found = project.publications.select_related("office").defer("rounds", "checkpoint")
    about = {"project": project, "publications": found, "kinds": KINDS}
    return render(request, "observatory/of_project.html", about)


def _named(found: Publication | None) -> Publication:
    if found is None:
        raise StudyError("What is withdrawn must be of this project.", found=phrase("another"))
    return found


def _found(key: str) -> Publication:
    return get_object_or_404(
        Publication.objects.select_related("office", "withdrawn_office"), key=key
    )


def _page(found: object, number: int) -> Page:
    pages = Paginator(found, ON_A_PAGE)
    if not 1 <= number <= pages.num_pages:
        raise Http404
    return pages.page(number)
