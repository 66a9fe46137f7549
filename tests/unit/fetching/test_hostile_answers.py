"""Answers without end, bombs, drops, redirects and proxies; processes that are killed."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from veedor.errors import FetchError
from veedor.fetching import Client, Politeness, Wanted, fetch
from veedor.fetching.files import download
from veedor.files.locks import alone
from veedor.incidents.layouts import find_layout

from .hostile import HostilePortal
from .test_hostile_portals import Silent, rows_are_whole

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
Serve = Callable[[Callable[[dict[str, str], object], None]], str]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers each request by a function of its headers and its socket."""
    servers = []

    def start(answer: Callable[[dict[str, str], object], None]) -> str:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                headers = {"": self.rfile.readline().decode()}
                while (text := self.rfile.readline().decode().strip()) != "":
                    name, _, value = text.partition(":")
                    headers[name.lower()] = value.strip()
                with contextlib.suppress(OSError):  # the client has had enough
                    answer(headers, self.wfile)

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def quiet_portal() -> Iterator[HostilePortal]:
    portal = HostilePortal(0, often=0.0)
    yield portal
    portal.close()


def client(token: str | None = None, **politeness: float) -> Client:
    polite = Politeness(**({"pause_s": 0.0, "tries": 2, "timeout_s": 5.0} | politeness))
    return Client(polite, np.random.default_rng(1), token, sleep=lambda _: None)


def ask(url: str, **politeness: float) -> object:
    asking = client(**politeness)
    try:
        return asking.json(url, lambda found: found)
    finally:
        asking.close()


HEAD = b"HTTP/1.1 200 x\r\nConnection: close\r\n"


def test_a_body_without_end_is_an_error(serve, monkeypatch):
    monkeypatch.setattr("veedor.fetching.client._MOST_BYTES", 1 << 20)

    def endless(_, write):
        write.write(HEAD + b"\r\n[")
        while True:
            write.write(b" " * 65_536)

    with pytest.raises(FetchError, match="at most 1 MiB"):
        ask(serve(endless))


def test_a_refusal_without_end_is_not_read(serve):
    def endless(_, write):
        write.write(b"HTTP/1.1 404 x\r\nConnection: close\r\n\r\n")
        while True:
            write.write(b" " * 65_536)

    with pytest.raises(FetchError, match="HTTP status 404"):
        ask(serve(endless))


def test_a_bomb_is_an_error_before_it_fills_memory(serve, monkeypatch):
    monkeypatch.setattr("veedor.fetching.client._MOST_BYTES", 1 << 20)
    bomb = gzip.compress(b"[" + b" " * (1 << 26))

    def packed(_, write):
        length = f"Content-Length: {len(bomb)}\r\n".encode()
        write.write(HEAD + b"Content-Encoding: gzip\r\n" + length + b"\r\n" + bomb)

    with pytest.raises(FetchError, match="at most 1 MiB"):
        ask(serve(packed))


def test_an_answer_in_drops_is_given_up(serve):
    def drops(_, write):
        write.write(HEAD + b"\r\n[")
        while True:
            write.write(b" ")
            write.flush()
            time.sleep(0.01)

    began = time.monotonic()
    with pytest.raises(FetchError, match="in drops, 2 times"):
        ask(serve(drops), timeout_s=0.3)
    assert time.monotonic() - began < 10


def test_a_list_of_lists_without_end_is_broken_and_not_a_crash(serve):
    def deep(_, write):
        write.write(HEAD + b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000)

    with pytest.raises(FetchError, match="not JSON, 2 times"):
        ask(serve(deep))


def test_the_token_does_not_follow_a_redirect_to_another_host(serve):
    seen = []

    def other(headers, write):
        seen.append(headers)
        write.write(HEAD + b"Content-Length: 2\r\n\r\n{}")

    there = serve(other)

    def here(headers, write):
        seen.append(headers)
        write.write(f"HTTP/1.1 307 x\r\nLocation: {there}/x\r\nContent-Length: 0\r\n\r\n".encode())

    asking = client(token="secret")
    assert asking.json(serve(here) + "/y", lambda found: found) == {}
    asking.close()
    assert [headers.get("x-app-token") for headers in seen] == ["secret", None]


def test_redirects_in_a_circle_are_an_error(serve):
    def circle(_, write):
        write.write(b"HTTP/1.1 302 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    with pytest.raises(FetchError, match="more than 5 redirects"):
        ask(serve(circle))


def wanted(out: Path, server: str, layout: str = "chicago") -> Wanted:
    return Wanted(find_layout(layout), date(2022, 1, 1), out, server=server, page_rows=20)


def test_a_proxy_of_the_environment_is_used(quiet_portal, monkeypatch, tmp_path):
    monkeypatch.setenv("HTTP_PROXY", quiet_portal.url.replace("://", "://me:p%40ss@"))
    fetch(wanted(tmp_path / "out.csv", "http://data.example.invalid"), client(), Silent(), NOW)
    rows_are_whole(tmp_path / "out.csv", quiet_portal)
    assert all(
        target.startswith("http://data.example.invalid/") for _, target, _ in quiet_portal.requests
    )
    # me:p@ss, as RFC 7617 writes it.
    assert {headers["proxy-authorization"] for *_, headers in quiet_portal.requests} == {
        "Basic bWU6cEBzcw=="
    }


def test_no_proxy_is_heeded(quiet_portal, monkeypatch, tmp_path):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fetch(wanted(tmp_path / "out.csv", quiet_portal.url), client(), Silent(), NOW)
    rows_are_whole(tmp_path / "out.csv", quiet_portal)


def test_a_proxy_of_another_kind_is_an_error(quiet_portal, monkeypatch, tmp_path):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(FetchError, match="socks5 in the environment"):
        fetch(wanted(tmp_path / "out.csv", quiet_portal.url), client(), Silent(), NOW)


def test_two_fetches_into_one_file_are_an_error(quiet_portal, tmp_path):
    out = tmp_path / "out.csv"
    with alone(out, FetchError("Held.")), pytest.raises(FetchError, match="Only one fetch"):
        fetch(wanted(out, quiet_portal.url), client(), Silent(), NOW)
    fetch(wanted(out, quiet_portal.url), client(), Silent(), NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.csv.fetched.json"]


def archive(folder: Path, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(folder / "made.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return (folder / "made.zip").read_bytes()


@pytest.fixture
def get_archive(serve, tmp_path):
    def get(data: bytes) -> Path:
        def answer(_, write):
            write.write(HEAD + f"Content-Length: {len(data)}\r\n\r\n".encode() + data)

        out = tmp_path / "sub" / "out.zip"
        asked = wanted(out, serve(answer), "data-police-uk")
        return fetch(asked, client(), Silent(), NOW).path

    return get


def test_a_member_of_an_archive_cannot_leave_its_folder(get_archive, tmp_path):
    data = archive(tmp_path, "../../../2023-02-x-street.csv", b"Month\n2023-02\n")
    with zipfile.ZipFile(get_archive(data)) as packed:
        assert packed.namelist() == ["2023-02-x-street.csv"]


def test_an_archive_out_of_proportion_is_an_error(get_archive, tmp_path):
    data = archive(tmp_path, "2023-02-x-street.csv", bytes(80 << 20))
    with pytest.raises(FetchError, match="out of proportion"):
        get_archive(data)
    assert not list((tmp_path / "sub").glob("*.zip"))


def test_a_web_page_in_place_of_a_file_is_no_file(serve, tmp_path):
    page = b"\r\n<!doctype HTML><title>Not found</title>"

    def answer(_, write):
        write.write(HEAD + f"Content-Length: {len(page)}\r\n\r\n".encode() + page)

    asked = wanted(tmp_path / "out.zip", serve(answer), "buenos-aires")
    with pytest.raises(FetchError, match="a web page in place of the file"):
        fetch(asked, client(), Silent(), NOW)


def command(portal: HostilePortal, out: Path, *more: str) -> list[str]:
    words = f"-m veedor fetch chicago --since 2022-01-01 --out {out} --server {portal.url}"
    return [sys.executable, *words.split(), "--page", "20", *more]


@pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_is_stopped_is_gone_on_with(quiet_portal, tmp_path, signal_number):
    out = tmp_path / "out.csv"
    state = tmp_path / ".out.csv.0.part.json"
    running = subprocess.Popen(
        command(quiet_portal, out, "--pause", "0.3"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not state.is_file() and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal_number)
    assert running.wait(30) == (130 if signal_number == signal.SIGINT else -signal.SIGKILL)
    assert not out.exists()
    done = json.loads(state.read_text())["rows"]
    before = len(quiet_portal.requests)
    subprocess.run(command(quiet_portal, out, "--pause", "0"), check=True, capture_output=True)
    rows_are_whole(out, quiet_portal)
    pages = [target for _, target, _ in quiet_portal.requests[before:] if "offset" in target]
    assert len(pages) == (180 - done) / 20
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.csv.fetched.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")
def test_a_full_disk_is_told_as_such_and_not_tried_again(quiet_portal, tmp_path):
    import resource

    out = tmp_path / "out.csv"
    failed = subprocess.run(
        command(quiet_portal, out, "--pause", "0"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000)),
    )
    assert failed.returncode == 2
    assert "too large" in failed.stderr
    assert not out.exists()
    before = len(quiet_portal.requests)
    assert before < 15
    subprocess.run(command(quiet_portal, out, "--pause", "0"), check=True, capture_output=True)
    rows_are_whole(out, quiet_portal)


def _drips(head: bytes, body: bytes = b"") -> Callable[[dict[str, str], object], None]:
    """Answer all but slowly: each byte in time, all of them never."""

    def answer(_: dict[str, str], wire: object) -> None:
        wire.write(head)
        for _ in range(2_000):
            wire.write(body or b"x")
            wire.flush()
            time.sleep(0.01)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        _drips(b"HTTP/1.1 200 OK\r\nX-Long: "),
        _drips(b"HTTP/1.1 "),
        _drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        _drips(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
        _drips(b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ids=["header", "status", "length of a chunk", "body", "body without a length"],
)
def test_what_comes_byte_by_byte_for_ever_is_given_up(serve, tmp_path, answer):
    url = serve(answer)
    slow = client(timeout_s=0.3, slowest_bytes_per_s=5_000.0)
    began = time.monotonic()
    with pytest.raises(FetchError, match="2 times"):
        slow.json(url + "/x", lambda found: found)
    with pytest.raises(FetchError, match="2 times"):
        download(slow, url + "/x.csv", tmp_path / "part", lambda *_: None)
    assert time.monotonic() - began < 10.0
    slow.close()


def test_an_answer_has_an_end(serve, tmp_path):
    """A body that is fast enough, byte for byte, and goes on and on."""
    url = serve(_drips(b"HTTP/1.1 200 OK\r\n\r\n", b"y" * 1_000))
    endless = client(timeout_s=5.0, longest_s=0.3)
    with pytest.raises(FetchError, match="does not end"):
        download(endless, url + "/x.csv", tmp_path / "part", lambda *_: None)
    endless.close()


def test_a_file_without_an_end_is_bounded(serve, tmp_path, monkeypatch):
    monkeypatch.setattr("veedor.fetching.files._MOST_UNKNOWN", 10_000)
    url = serve(_drips(b"HTTP/1.1 200 OK\r\n\r\n", b"y" * 5_000))
    with pytest.raises(FetchError, match="at most") as caught:
        download(client(), url + "/x.csv", tmp_path / "part", lambda *_: None)
    assert "--page" not in str(caught.value)


def test_a_file_that_says_it_is_larger_than_any_is_refused_at_once(serve, tmp_path):
    url = serve(_drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"))
    began = time.monotonic()
    with pytest.raises(FetchError, match="fit on the disk"):
        download(client(), url + "/x.csv", tmp_path / "part", lambda *_: None)
    assert time.monotonic() - began < 4.0
    assert not (tmp_path / "part").exists()


@pytest.mark.parametrize(
    ("name", "body", "found"),
    [
        ("x.csv", b"<!DOCTYPE html><title>Moved</title>", "a web page"),
        ("x.csv", b"\xef\xbb\xbf\n <Error><Code>AccessDenied</Code></Error>", "a web page"),
        ("x.csv", b'{"error": {"message": "not found"}}', "a message in JSON"),
        ("x.csv", b"", "nothing"),
        ("x.csv", b" \r\n\r\n", "nothing"),
        ("x.csv", b"%PDF-1.7", "binary data"),
        ("x.csv", b"a,b\n1,\0\n", "binary data"),
        ("x.zip", b"id,fecha\n1,2\n", "something else than a zip"),
    ],
)
def test_a_file_is_what_it_should_be(serve, tmp_path, name, body, found):
    def answer(_: dict[str, str], wire: object) -> None:
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with pytest.raises(FetchError, match=f"{found} in place of the file"):
        download(client(), f"{serve(answer)}/{name}", tmp_path / "part", lambda *_: None)
    assert not (tmp_path / "part").exists()
