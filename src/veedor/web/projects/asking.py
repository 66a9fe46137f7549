"""`asks`: a view that does nothing before `may` allowed it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from veedor.web.accounts.telling import tell_of_who_asks
from veedor.web.pages.unsent import first_to
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import ALLOWED, OF_A_PROJECT, Action, Role, may

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
#: Where a view keeps what it asks; a test walks all addresses by it.
ASKED = "asked"


def asks(action: Action) -> Callable[[_View], _View]:
    """Let a view answer only who may do an action; the address of a project's names ``project``.

    A project's view is handed the `Project`. Who is not signed in is sent to sign in, whether or
    not there is such a project; who may not know of a project finds nothing there. It stands above
    all other decorators.
    """

    def decorated(view: _View) -> _View:
        @wraps(view)
        def asking(request: HttpRequest, **named: Any) -> HttpResponse:
            user = request.user
            if any("\0" in str(part) for part in named.values()):
                raise Http404  # PostgreSQL has no text with it, so that nothing is called so
            if not user.is_authenticated and Role.VISITOR not in ALLOWED[action]:
                to_sign_in = redirect_to_login(request.get_full_path()).url
                return first_to(request, to_sign_in, why="session")
            if action in OF_A_PROJECT:
                project = Project.objects.filter(key=named["project"]).first()
                if project is None or not may(user, action, project):
                    tell_of_who_asks("refused", request)
                    raise Http404
                named["project"] = project
            elif not may(user, action):
                raise PermissionDenied
            return view(request, **named)

        setattr(asking, ASKED, action)
        return asking  # type: ignore[return-value]

    return decorated
