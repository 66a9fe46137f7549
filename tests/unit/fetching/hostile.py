"""A portal that fails at random, by a seed: written apart from the one of conftest, on sockets."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
import re
import socketserver
import threading
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import numpy as np

SOCRATA, CKAN = "ijzp-q8t2", "48fcb848-220c-4af0-839b-4fd8ac812c0f"
FAULTS = (
    "cut", "drop", "429 3", "429 date", "429 soon", "500", "502", "503", "202", "short", "empty",
    "again", "shifted", "page", "garbage", "longer", "shorter", "gzip", "torn gzip", "moved",
    "moved 302", "deep", "change", "total",
)  # fmt: skip


class HostilePortal:
    """One table, one set of files, and a fault in about `often` of the requests.

    `states` holds every state that the table was in: a fetch must give one of them, whole.
    """

    def __init__(self, seed: int, often: float = 0.3, rows: int = 180) -> None:
        self.rng = np.random.default_rng(seed)
        self.often = often
        self.made = 0
        self.version = 0
        self.changes_left = 3
        self.cap = int(self.rng.integers(7, 40))
        self.rows: list[dict[str, object]] = []
        for _ in range(rows):
            self._new()
        self.states = [copy.deepcopy(self.rows)]
        self.files = {str(year): self._file() for year in (2022, 2023, 2024)}
        self.every_file = {year: [data] for year, data in self.files.items()}
        self.tag = ("strong", "weak", "none")[seed % 3]
        self.last: list[dict[str, object]] = []
        self.lock = threading.Lock()
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while outer.serve(self.rfile, self.wfile):
                    pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=lambda: self.server.serve_forever(poll_interval=0.01), daemon=True
        )
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _file(self) -> bytes:
        return b"id-mapa,fecha\n" + self.rng.bytes(90_000).hex().encode()

    def _new(self) -> None:
        self.made += 1
        self.rows.append(
            {
                ":id": f"row-{self.rng.integers(1 << 40):x}-{self.made}",
                "_id": self.made,
                "id": str(self.made),
                "date": f"2022-0{1 + self.made % 9}-03T10:00:00.000",
                "fecha_hecho": f"2022-0{1 + self.made % 9}-03",
                "primary_type": '=cmd|"/c calc"!A1, <b>\r\nñ 漢' if self.made % 5 else None,
            }
        )

    def change(self, ckan: bool) -> None:
        """Change the table: rows more, fewer, others, or the same with another content."""
        if not self.changes_left:
            return
        self.changes_left -= 1
        kind = self.rng.integers(0, 3 if ckan else 4)
        if kind in (0, 2):
            del self.rows[int(self.rng.integers(0, len(self.rows)))]
        if kind in (1, 2):
            self._new()
        if kind == 3:
            self.rows[int(self.rng.integers(0, len(self.rows)))]["primary_type"] = "BATTERY"
        self.version += 1
        self.states.append(copy.deepcopy(self.rows))

    def serve(self, read, write) -> bool:
        line = read.readline().decode()
        if not line.strip():
            return False
        method, target, _ = line.split(" ", 2)
        headers: dict[str, str] = {}
        while (text := read.readline().decode().strip()) != "":
            name, _, value = text.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = read.read(int(headers.get("content-length", 0)))
        with self.lock:
            self.requests.append((method, target, headers))
            fault = str(self.rng.choice(FAULTS)) if self.rng.random() < self.often else ""
            return self._respond(write, method, target, headers, body, fault)

    def _respond(self, write, method, target, headers, body, fault) -> bool:
        if fault == "drop":
            return False
        if fault.startswith("429"):
            after = {"3": "3", "date": formatdate(usegmt=True), "soon": "soon"}[fault[4:]]
            return _send(write, 429, b"slow down", {"Retry-After": after})
        if fault in ("500", "502", "503", "202"):
            return _send(write, int(fault), b"<html>trouble</html>", {})
        if fault == "page":
            return _send(write, 200, b"<!DOCTYPE html><html>Maintenance</html>", {})
        if fault.startswith("moved"):
            status = 302 if fault == "moved 302" and method == "GET" else 307
            return _send(write, status, b"", {"Location": target})
        parts = urlsplit(target)
        if found := re.fullmatch(r".*/delitos_(\d{4})\.csv", parts.path):
            return self._plain(write, found[1], headers, fault)
        if fault == "garbage":
            return _send(write, 200, b'[{"half":', {})
        if fault == "deep":
            return _send(write, 200, b"[" * 100_000, {})
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if fault == "change":
            self.change("datastore" in target)
        answer = self._table(parts.path, asked, body, fault)
        return _packed(write, json.dumps(answer).encode(), {}, fault)

    def _table(self, path: str, asked: dict[str, str], body: bytes, fault: str) -> object:
        if path.startswith("/api/views/"):
            columns = [{"fieldName": name} for name in ("id", "date", "primary_type")]
            return {"columns": columns, "rowsUpdatedAt": self.version}
        if path.endswith("query.json"):
            query = json.loads(body)
            found = re.fullmatch(r"SELECT (.+?) WHERE .+?( ORDER BY :id)?", query["query"])
            page = query.get("page", {"pageNumber": 1, "pageSize": 1})
            asked = {
                "$select": found[1],
                "$limit": str(page["pageSize"]),
                "$offset": str((page["pageNumber"] - 1) * page["pageSize"]),
            }
        if "resource_id" in asked:
            rows = sorted(self.rows, key=lambda row: row["_id"])
            names = ["_id", "fecha_hecho", "primary_type"]
            total = len(rows) + (fault == "total")
            if asked.get("sort") == "_id desc":
                rows = rows[::-1]
            rows = self._page(rows, asked.get("offset", "0"), asked.get("limit", "100"), fault)
            records = [{name: row[name] for name in names} for row in rows[: self.cap]]
            fields = [{"id": name} for name in names]
            return {
                "success": True,
                "result": {"records": records, "fields": fields, "total": total},
            }
        if asked["$select"] == "count(*)":
            return [{"count": str(len(self.rows) + (fault == "total"))}]
        names = asked["$select"].split(", ")
        rows = sorted(self.rows, key=lambda row: str(row[":id"]))
        rows = self._page(rows, asked.get("$offset", "0"), asked["$limit"], fault)
        return [{name: row[name] for name in names if row[name] is not None} for row in rows]

    def _page(self, rows, offset: str, limit: str, fault: str):
        first, size = int(offset), int(limit)
        if fault == "shifted":
            first = max(first - 1, 0)
        page = rows[first : first + size]
        if fault == "again" and size > 1:
            page = self.last
        elif size > 1:
            self.last = page
        if fault == "short":
            return page[: len(page) // 2]
        return [] if fault == "empty" else page

    def _plain(self, write, year: str, headers: dict[str, str], fault: str) -> bool:
        if year not in self.files:
            return _send(write, 404, b"", {})
        if fault == "change" and self.changes_left:
            self.changes_left -= 1
            self.files[year] = self._file()
            self.every_file[year].append(self.files[year])
        data = self.files[year]
        tag = f'"{hashlib.sha256(data).hexdigest()[:12]}"'
        tagged = {"strong": {"ETag": tag}, "weak": {"ETag": "W/" + tag}, "none": {}}[self.tag]
        tagged["Last-Modified"] = tagged["Date"] = formatdate(1_700_000_000, usegmt=True)
        asked = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        if asked and headers.get("if-range") in (tag, tagged["Last-Modified"]):
            first = int(asked[1])
            if first >= len(data):
                return _send(write, 416, b"", tagged | {"Content-Range": f"bytes */{len(data)}"})
            tagged["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
            fault = fault if fault in ("cut", "longer") else ""
            return _packed(write, data[first:], tagged, fault, status=206)
        # A server that gives a wrong length for a file cannot be caught in it.
        return _packed(write, data, tagged, "" if fault == "shorter" else fault)


def _packed(write, body: bytes, headers: dict[str, str], fault: str, status: int = 200) -> bool:
    headers = dict(headers)
    if fault in ("gzip", "torn gzip"):
        body = gzip.compress(body)
        headers["Content-Encoding"] = "gzip"
        if fault == "torn gzip":
            body = body[: len(body) // 2]
            headers.pop("ETag", None)
    length = len(body) + {"longer": 9, "shorter": -9}.get(fault, 0)
    if fault == "cut":
        body = body[: len(body) // 2]
    return _send(write, status, body, headers, max(length, 0)) and fault not in (
        "cut",
        "longer",
        "shorter",
    )


def _send(write, status: int, body: bytes, headers: dict[str, str], length: int = -1) -> bool:
    told = {"Content-Length": str(len(body) if length < 0 else length)} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    write.write(f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode() + body)
    write.flush()
    return True
