"""What somebody wrote into a form that was not taken: shown once more, so that it is not lost.

Nothing of it is kept. It is shown only where the form came from a page of this site, so that no
other site has its words said by this one.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

#: Shorter answers are chosen or typed again in a moment.
_LEAST = 12
_NOT_SHOWN = re.compile(r"password|code|again|token|^next$|^back$")


def unsent(request: HttpRequest) -> list[str]:
    """Give the longer texts of a form; none of what is a secret, and none of a stranger's form."""
    own = f"{request.scheme}://{request.get_host()}"
    form = "application/x-www-form-urlencoded"
    if (request.method, request.content_type, request.headers.get("Origin")) != ("POST", form, own):
        return []
    every = [
        text.strip()
        for name, texts in request.POST.lists()
        if not _NOT_SHOWN.search(name)
        for text in texts
    ]
    return [text for text in every if len(text) >= _LEAST]


def first_to(request: HttpRequest, address: str, *, why: str) -> HttpResponse:
    """Send to what must be done first; where something was written, show it before.

    Parameters
    ----------
    request : HttpRequest
    address : str
    why : str
        ``session`` is over, or ``purpose``.
    """
    texts = unsent(request)
    if not texts:
        return HttpResponseRedirect(address)
    shown = {"texts": texts, "address": address, "why": why}
    return render(request, "pages/unsent.html", shown, status=403)
