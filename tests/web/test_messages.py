"""Where a message ends is not in doubt: what could be read two ways is refused, and closes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from contextlib import closing

import pytest
from tests.web.working import until

_NEXT = b"GET /health/ HTTP/1.1\r\nHost: testserver\r\n\r\n"
_HEAD = b"POST /language/ HTTP/1.1\r\nHost: testserver\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"
#: What an attacker would have one server end where another does not; `_NEXT` follows each.
DOUBTFUL = {
    "a length and chunks": _HEAD + b"Content-Length: 5\r\n" + _CHUNKED + b"\r\n0\r\n\r\n",
    "chunks and a length": _HEAD + _CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": _HEAD + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
    "two lengths in one": _HEAD + b"Content-Length: 0, 44\r\n\r\n",
    "a signed length": _HEAD + b"Content-Length: +0\r\n\r\n",
    "a length by sixteens": _HEAD + b"Content-Length: 0x0\r\n\r\n",
    "a negative length": _HEAD + b"Content-Length: -1\r\n\r\n",
    "chunks of another name": _HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks twice": _HEAD + _CHUNKED + _CHUNKED + b"\r\n0\r\n\r\n",
    "chunks by a tab": _HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "chunks of an old version": (_HEAD + _CHUNKED + b"\r\n0\r\n\r\n").replace(b"1.1", b"1.0"),
    "a space before the colon": _HEAD + b"Content-Length : 0\r\n\r\n",
    "a folded line": _HEAD + b"X-Folded: a\r\n Content-Length: 44\r\n\r\n",
    "a bare line feed in a header": _HEAD + b"X-Other: a\nContent-Length: 44\r\n\r\n",
    "a bare carriage return": _HEAD + b"X-Other: a\rContent-Length: 44\r\n\r\n",
    "nothing but line feeds": (_HEAD + b"Content-Length: 0\r\n\r\n").replace(b"\r\n", b"\n"),
    "a chunk that ends by a line feed": _HEAD + _CHUNKED + b"\r\n1\nx\r\n0\r\n\r\n",
    "a chunk without its end": _HEAD + _CHUNKED + b"\r\n1\r\nxyz0\r\n\r\n",
    "a chunk of signed length": _HEAD + _CHUNKED + b"\r\n+1\r\nx\r\n0\r\n\r\n",
    "two names of a host": _HEAD.replace(b"\r\nH", b"\r\nHost: evil.example\r\nH") + b"\r\n",
    "a NUL": _HEAD + b"X-Other: a\0b\r\n\r\n",
    "no version": b"GET /language/\r\n\r\n",
}
_STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ", re.MULTILINE)


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def server(site):
    """Serve the test's site as it is served to the world; give the port."""
    port = _free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "veedor", "web", "run", str(site),
            "--bind", f"127.0.0.1:{port}", "--processes", "1", "--workers", "0",
        ],
        env={name: one for name, one in os.environ.items() if name != "DATABASE_URL"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def answers() -> bool:
        assert process.poll() is None
        try:
            return bool(_answered(port, _NEXT))
        except OSError:
            return False

    until(answers)
    yield port
    process.terminate()
    process.wait(30)


def _answered(port: int, message: bytes) -> bytes:
    """Send a message, and nothing after it; return all that is answered before it is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
        one.sendall(message)
        one.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := one.recv(65_536):
                answer += part
        except ConnectionResetError:
            pass
    return answer


def test_a_message_in_doubt_is_refused_and_nothing_after_it_is_read(server):
    assert b'"database": true' in _answered(server, _NEXT)
    sound = _HEAD + b"Content-Length: 13\r\n\r\nlanguage=en&x"
    assert _STATUS.findall(_answered(server, sound))[:1] == [b"302"]
    read = {name: _answered(server, message + _NEXT) for name, message in DOUBTFUL.items()}
    taken = {name: answer for name, answer in read.items() if b'"database"' in answer}
    assert not taken, "what followed was taken for a message of its own"
    statuses = {name: _STATUS.findall(answer) for name, answer in read.items()}
    ends = {name: found[-1:] for name, found in statuses.items()}
    assert not {name: found for name, found in ends.items() if found not in REFUSED}


#: How it ends: refused, or closed without a word. What is in doubt may come after an answer.
REFUSED = ([], [b"400"], [b"501"])
