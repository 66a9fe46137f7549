"""The tests' site behind a real server, and windows of a browser that look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """Serve the site that is open from this process; give its address."""
    import msgspec
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.test import override_settings

    application = get_wsgi_application()

    def answer(environment: dict[str, Any], start: Any) -> Any:
        try:
            return application(environment, start)
        finally:
            connections.close_all()

    with make_server("127.0.0.1", 0, answer, _Server, _Quiet) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        site = settings.VEEDOR_SITE
        about = msgspec.structs.replace(site.settings.site, address=address)
        there = msgspec.structs.replace(
            site, settings=msgspec.structs.replace(site.settings, site=about)
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with override_settings(VEEDOR_SITE=there, ALLOWED_HOSTS=["127.0.0.1"]):
            yield address
        server.shutdown()


@contextmanager
def serving_and_working(site: Path) -> Iterator[str]:
    """Serve the site that is open, with a worker in a process of its own; give its address."""
    from tests.web.working import worker_process

    with serving() as address:
        worker = worker_process(site)
        try:
            yield address
        finally:
            worker.terminate()
            worker.wait()


@contextmanager
def window(
    browser: Browser, address: str, *, language: str = "es", session: str = "", width: int = 1280
) -> Iterator[Page]:
    """Open a window in a language, as whoever a session is of; no complaint may be left in it."""
    context = browser.new_context(
        base_url=address, locale=language, viewport={"width": width, "height": 844}
    )
    if session:
        context.add_cookies([{"name": "veedor_session", "value": session, "url": address}])
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    yield page
    # A page that is meant to be missing is told by the browser as an error.
    assert not [text for text in told if "the server responded with a status of 404" not in text]
    context.close()
