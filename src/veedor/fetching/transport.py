"""`Transport`: one request over the wire, through a proxy where the environment names one."""

from __future__ import annotations

import contextlib
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ProxySchemeUnknown
from urllib3.response import BaseHTTPResponse, HTTPResponse

from veedor.errors import FetchError, phrase


class _Timed(HTTPConnection):
    """A connection that is cut where it, or the head of an answer, comes byte by byte for ever."""

    wire: socket.socket | None = None

    def connect(self) -> None:
        """Connect, in time."""
        with self._in_time():
            super().connect()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """Read the head of an answer, in time."""
        self.wire = self.sock
        with self._in_time():
            return super().getresponse()

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        seconds = self.timeout if isinstance(self.timeout, int | float) else None
        with _within(seconds, lambda: self.sock):
            yield


class _TimedSecure(_Timed, HTTPSConnection):
    """The same over TLS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Timed


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedSecure


@contextlib.contextmanager
def _within(
    seconds: float | None, wire: socket.socket | Callable[[], socket.socket | None] | None
) -> Iterator[None]:
    """Cut a connection if what is done takes longer; a timeout of each byte does not tell.

    Raises
    ------
    TimeoutError
        If it was cut: what was read until then may look whole.
    """
    late = threading.Event()

    def cut() -> None:
        late.set()
        there = wire() if callable(wire) else wire
        if there is not None:
            with contextlib.suppress(OSError):
                # Not the method of a TLS socket, which would let go of what is being read.
                socket.socket.shutdown(there, socket.SHUT_RDWR)

    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise TimeoutError("an answer that comes in drops") from error
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError("an answer that comes in drops")


class Transport:
    """Connections to portals, kept open between requests.

    ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` of the environment hold, as they
    do for other programs. Nothing is followed and nothing is tried again here.

    Parameters
    ----------
    timeout_s : float
        Without a byte for so long, a connection is given up; so is one that takes longer to be
        made, for the head of an answer or for one piece of its body, byte by byte.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._options: dict[str, Any] = {
            "timeout": urllib3.Timeout(timeout_s),
            "retries": False,
        }
        self._pools: dict[str | None, urllib3.PoolManager] = {}

    def close(self) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.clear()

    def send(self, method: str, url: str, headers: dict[str, str], body: Any) -> BaseHTTPResponse:
        """Send one request, and give its answer, the body not yet read; a `body` goes as JSON."""
        options: dict[str, Any] = {} if body is None else {"json": body}
        return self._pool(_proxy_of(url)).request(
            method, url, headers=headers, preload_content=False, redirect=False, **options
        )

    def piece(self, answer: BaseHTTPResponse, most_bytes: int) -> bytes:
        """Give the next bytes of a body as they came over the wire; none at its end.

        Raises
        ------
        TimeoutError
            If they take too long.
        """
        connection = answer.connection if isinstance(answer, HTTPResponse) else None
        wire = connection.wire if isinstance(connection, _Timed) else None
        with _within(self._timeout_s, wire):
            return answer.read1(most_bytes, decode_content=False)

    def _pool(self, proxy: str | None) -> urllib3.PoolManager:
        if proxy not in self._pools:
            pool = urllib3.PoolManager(**self._options) if proxy is None else self._through(proxy)
            pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
            self._pools[proxy] = pool
        return self._pools[proxy]

    def _through(self, proxy: str) -> urllib3.PoolManager:
        parts = urlsplit(proxy)
        headers = None
        if parts.username is not None:
            known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers = urllib3.make_headers(proxy_basic_auth=known)
        try:
            return urllib3.ProxyManager(proxy, proxy_headers=headers, **self._options)
        except ProxySchemeUnknown as error:
            raise FetchError(
                "A proxy must be an http or https one.",
                found=phrase(
                    "{scheme} in the environment", scheme=parts.scheme or phrase("another")
                ),
                remedy="set HTTPS_PROXY to an http:// or https:// address, or add the portal's "
                "host to NO_PROXY",
            ) from error


def _proxy_of(url: str) -> str | None:
    """Return the proxy that the environment names for a URL."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
