"""The JSON API: what stands on the public pages, read only, without a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

import msgspec
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from veedor.sealing import clock
from veedor.sealing.clock import written
from veedor.web.observatory import answers
from veedor.web.observatory.keeping import kept
from veedor.web.observatory.models import Publication, PublishedPromise
from veedor.web.observatory.openapi import described
from veedor.web.observatory.promises import newest_logs, standings, state_of
from veedor.web.pages.jinja import COPY
from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action

_View = Callable[..., HttpResponse]
_METHODS = ("GET", "HEAD")


def problem(status: HTTPStatus, detail: str) -> HttpResponse:
    """Say what is wrong, as RFC 9457 has it."""
    told = answers.Problem(title=status.phrase, status=status, detail=detail)
    return HttpResponse(
        msgspec.json.encode(told), status=status, content_type="application/problem+json"
    )


def _reading(asked: type[Any]) -> Callable[[_View], _View]:
    """Let a view answer who reads, with parameters of a type; all else gets a problem."""

    def decorated(view: _View) -> _View:
        @asks(Action.SEE_PUBLIC)
        @_only_read
        @kept
        @wraps(view)
        def reading(request: HttpRequest, **named: Any) -> HttpResponse:
            given = {name: request.GET.getlist(name) for name in request.GET}
            try:
                if any(len(values) > 1 for values in given.values()):
                    raise msgspec.ValidationError("A parameter was given twice")  # noqa: TRY301
                flat = {name: values[0] for name, values in given.items()}
                parameters = msgspec.convert(flat, asked, strict=False)
            except msgspec.ValidationError as error:
                return problem(HTTPStatus.BAD_REQUEST, str(error))
            return view(request, parameters, **named)

        return reading

    return decorated


def _only_read(view: _View) -> _View:
    """Refuse what would change something; forged or not, nothing is changed."""

    @csrf_exempt
    @wraps(view)
    def reading(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method in _METHODS:
            return view(request, **named)
        refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, "The API is read only: GET or HEAD.")
        refused.headers["Allow"] = ", ".join(_METHODS)
        return refused

    return cast("_View", reading)


def _answer(value: Any) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")


@_reading(answers.Paging)
def publications(request: HttpRequest, asked: answers.Paging) -> HttpResponse:
    """List what was published, newest first."""
    rows = Publication.objects.select_related("office", "withdrawn_office").defer(
        "rounds", "checkpoint"
    )
    return _paged(request, rows, asked, answers.Publications, _published)


@_reading(answers.NothingAsked)
def publication(request: HttpRequest, asked: answers.NothingAsked, key: str) -> HttpResponse:  # noqa: ARG001
    """Show a thing that was published, with its files."""
    rows = Publication.objects.select_related("office", "withdrawn_office")
    found = rows.filter(key=key).first()
    if found is None:
        return problem(HTTPStatus.NOT_FOUND, "Nothing was published under this key.")
    return _answer(
        answers.WholePublication(
            about=_published(found),
            checkpoint=found.checkpoint,
            files=tuple(
                answers.OneFile(
                    name=one.name,
                    address=_address("public_file", publication=found.key, name=one.name),
                    sha256=one.sha256,
                    bytes=one.bytes,
                )
                for one in found.listed.all()
            ),
        )
    )


@_reading(answers.Paging)
def promises(request: HttpRequest, asked: answers.Paging) -> HttpResponse:
    """List every promise of the newest state of every log."""
    logs = [one.pk for one in newest_logs()]
    rows = PublishedPromise.objects.filter(publication__in=logs).order_by(
        "publication__published_at", "publication_id", "entry"
    )
    now = written(clock.now())
    return _paged(
        request,
        rows.select_related("publication"),
        asked,
        answers.Promises,
        lambda one: _promise(one, now),
    )


@_reading(answers.NothingAsked)
def scoreboard(request: HttpRequest, asked: answers.NothingAsked) -> HttpResponse:  # noqa: ARG001
    """Show how the promises of all publishers went, judged as one family."""
    logs = newest_logs()
    found = standings(logs)
    sizes = [row.gain.comparisons for rows in found for row in rows if row.gain is not None]
    return _answer(
        answers.Scoreboard(
            as_of=written(clock.now()),
            comparisons=max(sizes, default=0),
            items=tuple(
                answers.LogStanding(
                    publication=log.key,
                    title=log.title,
                    office=log.office.name,
                    withdrawn=log.withdrawn,
                    rows=rows,
                )
                for log, rows in zip(logs, found, strict=True)
            ),
        )
    )


@_reading(answers.NothingAsked)
def description(request: HttpRequest, asked: answers.NothingAsked) -> HttpResponse:  # noqa: ARG001
    """Describe the API: OpenAPI 3.1."""
    return _answer(described())


@asks(Action.SEE_PUBLIC)
@_only_read
def nothing(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001
    """Say that there is nothing at an address."""
    return problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")


def _paged(
    request: HttpRequest,
    rows: QuerySet[Any],
    asked: answers.Paging,
    of: Callable[..., Any],
    written_as: Callable[[Any], Any],
) -> HttpResponse:
    whole = bool(request.META.get(COPY))  # files on a disk have no parameters: all stands in one
    pages = Paginator(rows, max(rows.count(), 1) if whole else asked.size)
    if asked.page > pages.num_pages:
        return problem(HTTPStatus.NOT_FOUND, f"There are {pages.num_pages} pages.")
    page = pages.page(asked.page)
    more = {"page": asked.page + 1, "size": asked.size}
    return _answer(
        of(
            total=pages.count,
            page=asked.page,
            pages=pages.num_pages,
            next=f"{request.path}?{urlencode(more)}" if page.has_next() else None,
            items=tuple(written_as(one) for one in page.object_list),
        )
    )


def _published(one: Publication) -> answers.PublishedThing:
    return answers.PublishedThing(
        key=one.key,
        address=_address("publication", publication=one.key),
        kind=one.kind,
        title=one.title,
        office=one.office.name,
        published_at=_instant(one.published_at),
        digest=one.digest,
        veedor=one.veedor,
        files=one.files,
        bytes=one.bytes,
        withdrawn=answers.Withdrawn(
            at=_instant(one.withdrawn_at),
            office=one.withdrawn_office.name,
            why=one.withdrawn_why,
        )
        if one.withdrawn_at and one.withdrawn_office
        else None,
    )


def _promise(one: PublishedPromise, now: str) -> answers.OnePromise:
    same = {
        name: getattr(one, name)
        for name in answers.OnePromise.__struct_fields__
        if name not in ("publication", "state")
    }
    return answers.OnePromise(publication=one.publication.key, state=state_of(one, now), **same)


def _address(view: str, **parts: str) -> str:
    return reverse(view, kwargs=parts)


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
