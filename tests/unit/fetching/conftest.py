"""A portal on this machine that behaves as Socrata, CKAN and plain file servers do, and fails."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from veedor.fetching import Client, Politeness

TOKEN = "made-up-token"


class Portal:
    """Tables by dataset, files by path, and a list of faults, one for each request to come."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, object]]] = {}
        self.columns: dict[str, list[str]] = {}
        self.files: dict[str, bytes] = {}
        self.versions: dict[str, int] = {}
        self.faults: list[str | Callable[[Portal], None] | None] = []
        self.cap = 0
        self.default_rows = 1_000
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.last_page: object = None
        self.url = ""
        self.etags = True

    def changed(self, dataset: str) -> None:
        """Tell that rows of a dataset changed."""
        self.versions[dataset] = self.versions.get(dataset, 0) + 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal: Portal

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self._answer(json.loads(self.rfile.read(length)))

    def _answer(self, body: dict | None) -> None:
        portal = self.portal
        portal.asked.append((self.command, self.path, dict(self.headers)))
        fault = portal.faults.pop(0) if portal.faults else None
        if callable(fault):
            fault(portal)
            fault = None
        if fault == "drop":
            self.close_connection = True
            self.connection.close()
            return
        if fault in ("429", "500"):
            headers = {"Retry-After": "7"} if fault == "429" else {}
            self._send(int(fault), b"busy", headers)
            return
        if fault == "garbage":
            self._send(200, b'[{"half":', {})
            return
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path
        if path in portal.files:
            self._file(portal.files[path], fault)
        elif found := re.fullmatch(r"/resource/(.+)\.json", path):
            self._json(self._soda(found[1], asked), fault)
        elif found := re.fullmatch(r"/api/v3/views/(.+)/query\.json", path):
            if self.headers.get("X-App-Token") != TOKEN:
                self._send(403, b"", {})
                return
            self._json(self._soda(found[1], _from_query(body)), fault)
        elif found := re.fullmatch(r"/api/views/(.+)\.json", path):
            columns = [{"fieldName": name} for name in portal.columns[found[1]]]
            about = {"columns": columns, "rowsUpdatedAt": portal.versions.get(found[1], 0)}
            self._json(about, fault)
        elif path == "/api/3/action/datastore_search":
            self._json(self._ckan(asked), fault)
        else:
            self._send(404, b"", {})

    def _soda(self, dataset: str, asked: dict[str, str]) -> list[dict[str, object]]:
        rows = self.portal.tables[dataset]
        for field, sign, value in re.findall(r"(\w+) (>=|<) '([^']+)'", asked.get("$where", "")):
            rows = [
                row for row in rows if (row[field] >= value if sign == ">=" else row[field] < value)
            ]
        names = [name.strip() for name in asked["$select"].split(",")]
        if names == ["count(*)"]:
            return [{"count": str(len(rows))}]
        if asked.get("$order") == ":id":
            rows = sorted(rows, key=lambda row: str(row[":id"]))
        else:
            rows = rows[::-1]
        first = int(asked.get("$offset", 0))
        size = int(asked.get("$limit", self.portal.default_rows))
        return [
            {name: row[name] for name in names if row.get(name) is not None}
            for row in rows[first : first + size]
        ]

    def _ckan(self, asked: dict[str, str]) -> dict[str, object]:
        rows = self.portal.tables[asked["resource_id"]]
        total = len(rows)
        if asked.get("sort") == "_id desc":
            rows = rows[::-1]
        first, size = int(asked.get("offset", 0)), int(asked.get("limit", 100))
        size = min(size, self.portal.cap or size)
        names = asked.get("fields", ",".join(rows[0])).split(",") if rows else []
        records = [{name: row[name] for name in names} for row in rows[first : first + size]]
        fields = [{"id": name} for name in names]
        return {"success": True, "result": {"records": records, "fields": fields, "total": total}}

    def _json(self, answer: object, fault: str | None) -> None:
        rows = (
            answer["result"]["records"]
            if isinstance(answer, dict) and "result" in answer
            else (answer)
        )
        if fault == "short" and isinstance(rows, list):
            del rows[max(1, len(rows) // 2) :]
        if fault == "twice" and self.portal.last_page is not None:
            answer = self.portal.last_page
        elif isinstance(rows, list) and len(rows) > 1:
            self.portal.last_page = answer
        self._send(200, json.dumps(answer).encode(), {}, cut=fault == "cut")

    def _file(self, data: bytes, fault: str | None) -> None:
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        headers = {"ETag": etag} if self.portal.etags else {}
        if self.portal.etags and self.headers.get("If-None-Match") == etag:
            self._send(304, b"", headers)
            return
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and self.headers.get("If-Range") == etag:
            first = int(asked[1])
            if first >= len(data):
                self._send(416, b"", headers | {"Content-Range": f"bytes */{len(data)}"})
                return
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
            self._send(206, data[first:], headers, cut=fault == "cut")
            return
        self._send(200, data, headers, cut=fault == "cut")

    def _send(self, status: int, body: bytes, headers: dict[str, str], cut: bool = False) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if cut:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
        else:
            self.wfile.write(body)


def _from_query(body: dict | None) -> dict[str, str]:
    """A SODA 3 body as SODA 2.1 fields."""
    found = re.fullmatch(r"SELECT (.+?) WHERE (.+?)(?: ORDER BY (.+))?", body["query"])
    asked = {"$select": found[1], "$where": found[2]}
    if found[3]:
        asked["$order"] = found[3]
    if "page" in body:
        size = body["page"]["pageSize"]
        asked |= {"$limit": str(size), "$offset": str((body["page"]["pageNumber"] - 1) * size)}
    return asked


@pytest.fixture
def portal() -> Iterator[Portal]:
    served = Portal()
    handler = type("Handler", (_Handler,), {"portal": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def make_client(waits: list[float]) -> Iterator[Callable[..., Client]]:
    """Clients that write down how long they would have slept."""
    made: list[Client] = []

    def make(token: str | None = None, **politeness: float) -> Client:
        polite = Politeness(**({"pause_s": 0.0, "tries": 6} | politeness))
        client = Client(polite, np.random.default_rng(4), token, sleep=waits.append)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()
