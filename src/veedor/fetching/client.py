"""`Client`: one request after another, never faster than asked, tried again where that helps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import numpy as np
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

import veedor
from veedor.errors import FetchError, phrase
from veedor.fetching.transport import Transport
from veedor.fetching.unpacking import BrokenAnswerError, unpacked

Read = TypeVar("Read")

#: 202 is what Socrata says while it still makes an answer.
_PASSING = frozenset((202, 408, 425, 429, 500, 502, 503, 504))
_LONGEST_ASKED_S = 3_600.0
_MOST_REDIRECTS = 5
_PIECE = 1 << 16
#: Of one page of a table, unpacked: some hundred times what 10,000 rows take.
_MOST_BYTES = 1 << 29


@dataclass(frozen=True)
class Politeness:
    """How a portal is asked.

    Parameters
    ----------
    pause_s : float
        Least time between two requests.
    tries : int
        How often one request is tried.
    first_wait_s, longest_wait_s : float
        The wait before try k + 1 is drawn from the upper half of ``first_wait_s * 2**k``, at most
        ``longest_wait_s``; a portal that says when to come back (Retry-After) is believed, up to an
        hour.
    timeout_s : float
        Without a byte for so long, and without the whole head of an answer, a connection is given
        up.
    slowest_bytes_per_s : float
        An answer that comes more slowly than this, over `timeout_s`, is given up.
    longest_s : float
        So is one that takes longer; what there is of a file is gone on from.
    """

    pause_s: float = 1.0
    tries: int = 8
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    timeout_s: float = 120.0
    slowest_bytes_per_s: float = 500.0
    longest_s: float = 3_600.0


class Client:
    """Asks a portal, and asks again after a cut connection, 429 or a fault of the server.

    Parameters
    ----------
    politeness : Politeness
    rng : Generator
        Draws the waits.
    token : str, optional
        Application token of the portal, sent as ``X-App-Token``, and to no other host.
    sleep, clock : callable
        Replaced in tests.
    """

    def __init__(
        self,
        politeness: Politeness,
        rng: np.random.Generator,
        token: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.politeness = politeness
        self.token = token
        self.requests = 0
        self.tried_again = 0
        self._rng = rng
        self._sleep = sleep
        self._clock = clock
        self._last: float | None = None
        self._transport = Transport(politeness.timeout_s)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def json(
        self,
        url: str,
        read: Callable[[Any], Read],
        fields: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Read:
        """Return what `read` makes of a URL's JSON; POST where there is a `body`, GET otherwise.

        An answer of which it raises `BrokenAnswerError` is asked for again.

        Raises
        ------
        FetchError
            If the portal refuses, or fails at every try.
        """
        asked = url if fields is None else f"{url}?{urlencode(fields)}"

        def ask() -> Read:
            with self.ask(asked, body=body) as answer:
                if answer.status != 200:
                    raise self.refusal(url, answer)
                data = b"".join(self.received(answer, url, _MOST_BYTES))
            try:
                answered = json.loads(data)
            except (ValueError, RecursionError) as error:
                raise BrokenAnswerError(phrase("an answer that is not JSON")) from error
            return read(answered)

        return self.again(ask, url)

    def again(self, ask: Callable[[], Read], url: str) -> Read:
        """Call `ask` until it gives an answer.

        Raises
        ------
        FetchError
            If it fails at every try.
        """
        for attempt in range(self.politeness.tries):
            try:
                return ask()
            except (HTTPError, BrokenAnswerError, ConnectionError, TimeoutError) as error:
                if attempt + 1 == self.politeness.tries:
                    raise FetchError(
                        "A portal must answer.",
                        found=phrase(
                            "{said}, {attempt} times", said=_said(error), attempt=attempt + 1
                        ),
                        where=_shown(url),
                        remedy="run the same command later: it goes on where it stopped",
                    ) from error
                self.tried_again += 1
                self._sleep(self._wait(attempt, error))
        raise AssertionError("a request is tried at least once")

    @contextmanager
    def ask(
        self, url: str, *, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[BaseHTTPResponse]:
        """Ask once, after the pause; the body is read by the caller.

        Redirects are followed, a few, and never from https to http; the token stays with the host
        that was asked.
        """
        method = "GET" if body is None else "POST"
        sent = {
            "User-Agent": f"veedor/{veedor.__version__}",
            "Accept-Encoding": "gzip",
            **(headers or {}),
        }
        at = url
        for _ in range(_MOST_REDIRECTS + 1):
            self._pause()
            self.requests += 1
            token = self.token is not None and _host(at) == _host(url)
            own = {"X-App-Token": str(self.token)} if token else {}
            answer = self._transport.send(method, at, sent | own, body)
            place = answer.get_redirect_location()
            if not place:
                break
            answer.close()
            to = urljoin(at, place)
            if urlsplit(to).scheme not in ("https", urlsplit(at).scheme):
                raise self._redirected(url, phrase("a redirect to an address that is not https"))
            if answer.status not in (307, 308):
                method, body = "GET", None
            at = to
        else:
            raise self._redirected(url, phrase("more than {most} redirects", most=_MOST_REDIRECTS))
        try:
            if answer.status in _PASSING:
                raise _PassingError(answer.status, answer.headers.get("Retry-After"))
            yield answer
        finally:
            # What is not read by now is not wanted, and may have no end.
            if answer.length_remaining != 0:
                answer.close()
            answer.release_conn()

    def received(
        self,
        answer: BaseHTTPResponse,
        url: str,
        most: int,
        remedy: str = "ask for fewer rows at a time with --page",
    ) -> Iterator[bytes]:
        """Give the body of an answer in pieces, unpacked.

        Raises
        ------
        FetchError
            If it holds more than `most` bytes, unpacked.
        BrokenAnswerError
            If it comes in drops, or breaks off.
        """
        so_far = 0
        encoding = answer.headers.get("Content-Encoding", "").strip().lower()
        for piece in unpacked(self._arriving(answer), encoding):
            so_far += len(piece)
            if so_far > most:
                raise FetchError(
                    phrase("An answer must hold at most {most} MiB.", most=most >> 20),
                    found=phrase("more"),
                    where=_shown(url),
                    remedy=remedy,
                )
            yield piece

    def _arriving(self, answer: BaseHTTPResponse) -> Iterator[bytes]:
        """Give a body as it comes over the wire, if it does not come in drops."""
        first = began = self._clock()
        in_time = 0
        while piece := self._transport.piece(answer, _PIECE):
            in_time += len(piece)
            if self._clock() - first > self.politeness.longest_s:
                raise BrokenAnswerError(phrase("an answer that does not end"))
            took = self._clock() - began
            if took > self.politeness.timeout_s:
                if in_time < took * self.politeness.slowest_bytes_per_s:
                    raise BrokenAnswerError(phrase("an answer that comes in drops"))
                began, in_time = self._clock(), 0
            yield piece

    def refusal(self, url: str, answer: BaseHTTPResponse) -> FetchError:
        """Return the error for an answer that will not change."""
        token = answer.status in (401, 403)
        return FetchError(
            "A portal must give what it publishes.",
            found=phrase("HTTP status {status}", status=answer.status),
            where=_shown(url),
            remedy=phrase("give an application token of the portal with --token")
            if token
            else phrase("see whether the portal has moved it; --server names another address"),
        )

    def _redirected(self, url: str, found: str) -> FetchError:
        return FetchError(
            "A portal must answer where it is asked, or say where to ask.",
            found=found,
            where=_shown(url),
            remedy="see whether the portal has moved it; --server names another address",
        )

    def _pause(self) -> None:
        now = self._clock()
        if self._last is not None and now < self._last + self.politeness.pause_s:
            self._sleep(self._last + self.politeness.pause_s - now)
        self._last = self._clock()

    def _wait(self, attempt: int, error: Exception) -> float:
        if isinstance(error, _PassingError) and error.wait_s is not None:
            return error.wait_s
        most = min(self.politeness.first_wait_s * 2**attempt, self.politeness.longest_wait_s)
        return float(most * self._rng.uniform(0.5, 1.0))


class _PassingError(BrokenAnswerError):
    """A status that passes: too many requests, or a fault of the server."""

    def __init__(self, status: int, retry_after: str | None) -> None:
        super().__init__(f"HTTP status {status}")
        self.wait_s = _seconds(retry_after)


def _seconds(retry_after: str | None) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date; None where it holds none.

    Examples
    --------
    >>> _seconds("3"), _seconds(None), _seconds("soon")
    (3.0, None, None)
    """
    if retry_after is None:
        return None
    try:
        wait = float(retry_after)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(wait, 0.0), _LONGEST_ASKED_S) if wait == wait else None


def _said(error: Exception) -> str:
    if isinstance(error, BrokenAnswerError):
        return str(error)
    return f"a connection that fails or is cut ({type(error).__name__})"


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _shown(url: str) -> str:
    return url.split("?", 1)[0]
