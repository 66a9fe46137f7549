"""Which account acts, and what it is told where what it does cannot be written into the log."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from veedor.errors import SealError

_answering: ContextVar[HttpRequest | None] = ContextVar("answering", default=None)


class Acting:
    """Remembers the request while it is answered.

    Parameters
    ----------
    get_response : callable
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        token = _answering.set(request)
        try:
            return self.get_response(request)
        finally:
            _answering.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 where a change of an account could not be written down, and was not made."""
        from veedor.web.looks.looking import unwritten

        return unwritten(request, error) if isinstance(error, SealError) else None


def acting_account() -> int | None:
    """Return what the account that acts is known by; None for a command or a visitor."""
    request = _answering.get()
    user = None if request is None else request.user
    return int(user.pk) if user is not None and user.is_authenticated else None
