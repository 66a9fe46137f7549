"""What every answer tells a browser not to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from veedor.web.projects.asking import ASKED
from veedor.web.projects.permissions import Action

#: Nothing is loaded, run, framed or sent anywhere but what stands here.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Headers:
    """Adds headers that an answer has not set itself.

    What is not for everyone, and what is answered to who is signed in, is kept by nobody: neither
    by the browser nor by what stands between.

    Parameters
    ----------
    get_response : callable
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" in response.headers:  # and nobody asks the database who it is
            return response
        user = getattr(request, "user", None)
        if (user is not None and user.is_authenticated) or not _is_public(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def _is_public(request: HttpRequest) -> bool:
    """Whether an address is of what anyone may see; one that is not there tells nothing."""
    match = request.resolver_match
    return match is None or getattr(match.func, ASKED, None) is Action.SEE_PUBLIC
