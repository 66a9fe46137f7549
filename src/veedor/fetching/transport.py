"""`Transport`: one request over the wire, through a proxy where the environment names one."""

from __future__ import annotations

import urllib.request
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import ProxySchemeUnknown
from urllib3.response import BaseHTTPResponse

from veedor.errors import FetchError


class Transport:
    """Connections to portals, kept open between requests.

    ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` of the environment hold, as they
    do for other programs. Nothing is followed and nothing is tried again here.

    Parameters
    ----------
    timeout_s : float
        Without a byte for so long, a connection is given up.
    """

    def __init__(self, timeout_s: float) -> None:
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

    def _pool(self, proxy: str | None) -> urllib3.PoolManager:
        if proxy not in self._pools:
            self._pools[proxy] = (
                urllib3.PoolManager(**self._options) if proxy is None else self._through(proxy)
            )
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
                found=f"{parts.scheme or 'another'} in the environment",
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
