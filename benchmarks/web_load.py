"""Public pages of the web app under many visitors, beside a bare page of Django, in one run.

    python -m benchmarks.web_load --visitors 200 --seconds 10

Makes a site with a log of a thousand promises and a hundred publications (in SQLite, or in the
empty database of DATABASE_URL), serves it as `veedor web run` does, and reads its public pages over
loopback: by visitors who look at a page for some seconds before the next, then by as many who never
pause, and then by the first again while programs try passwords, fifty a second: from one address,
and from another one each time. The bare page is one view that returns as many bytes, of the same
server and settings, without a database, a session or a template. What reads shares the machine with
what serves.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROCESSES = 2
BYTES = 9_000
PAUSES = (2.0, 6.0)
ATTEMPTS = 50  # a second
PROMISES, PUBLISHED = 1_000, 100


def bare(port: int) -> None:
    """Serve one page of a bare Django until ended."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bare", ROOT_URLCONF=__name__, LOGGING_CONFIG=None
    )
    body = "x" * BYTES
    globals()["urlpatterns"] = [path("", lambda _: HttpResponse(body))]
    from veedor.web.site import serving, wsgi

    wsgi.application = get_wsgi_application()
    serving.serve(f"127.0.0.1:{port}", PROCESSES)


def fill(folder: Path) -> list[str]:
    """Make a site with things to read; return the addresses of its public pages."""
    from veedor.report.words import words_in
    from veedor.web.site.folder import About, making
    from veedor.web.site.opening import migrate, open_site
    from veedor.web.site.words import settings_file

    said = settings_file(words_in("es"), About(title="Load"))
    # All visitors come from one address: they are counted, and none is refused.
    said = re.sub(r"^(pages|api|files) = \d+$", r"\1 = 1000000", said, flags=re.MULTILINE)
    said = re.sub(r"^proxies = 0$", "proxies = 1", said, flags=re.MULTILINE)
    with making(folder, said):
        pass
    open_site(folder)
    migrate()
    from django.db import connection

    from veedor.web.accounts.models import Office
    from veedor.web.observatory.models import Publication, PublishedPromise
    from veedor.web.projects.models import Project

    office, project = Office.objects.create(name="An office"), Project.objects.create(title="Load")
    made = [
        Publication.objects.create(
            project=project, office=office, kind="study" if n else "promises", title=f"Thing {n}",
            digest=f"{n:064d}", bytes=1, files=1, series="a" if not n else "",
        )
        for n in range(PUBLISHED)
    ]  # fmt: skip
    day = "2026-01-05T03:00:00.000000Z"
    PublishedPromise.objects.bulk_create(
        PublishedPromise(
            publication=made[0], entry=n, category="theft", forecaster="Stack",
            reference="PriorCounts", promised_by="An office", promised_at=day, begins=day,
            ends=day, due=day, late=False, scored=bool(n % 2), gain=0.1 if n % 2 else None,
        )
        for n in range(PROMISES)
    )  # fmt: skip
    connection.close()
    log = made[0].key
    return [
        "/", "/published/", "/published/pages/2/", f"/published/{log}/",
        f"/published/{log}/promises/",
        "/promises/", "/data/", "/api/promises.json", "/api/scoreboard.json", "/feed/es.xml",
        *(f"/published/{one.key}/" for one in made[1:20]),
    ]  # fmt: skip


@contextmanager
def served(command: Sequence[str], port: int) -> Iterator[None]:
    """Run a server until the block ends."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=nothing, stderr=nothing)
    try:
        for _ in range(300):
            try:
                asyncio.run(_once(port, "/"))
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _once(port: int, address: str) -> int:
    """Read a page over a connection of its own; return its status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = (
        f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: es\r\nConnection: close\r\n"
    )
    writer.write(f"{asked}\r\n".encode())
    answer = await reader.read(-1)
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def _visits(
    port: int, pages: Sequence[str], visitors: int, seconds: float, pausing: bool
) -> tuple[list[float], int]:
    """Let visitors read; return seconds of each page, and how many failed."""
    taken: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def visit(rng: random.Random) -> None:
        nonlocal failed
        if pausing:
            await asyncio.sleep(rng.uniform(0.0, PAUSES[1]) * min(seconds / PAUSES[1], 1.0))
        while time.perf_counter() < end:
            began = time.perf_counter()
            try:
                failed += await _once(port, rng.choice(pages)) != 200
            except (OSError, IndexError, ValueError):
                failed += 1
            taken.append(time.perf_counter() - began)
            if pausing:
                await asyncio.sleep(rng.uniform(*PAUSES))

    await asyncio.gather(*(visit(random.Random(n)) for n in range(visitors)))
    return taken, failed


async def _attempt(port: int, n: int, address: str) -> int:
    """Try a password; return the status of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    token = "a" * 32
    form = f"login=nobody{n}%40example.org&password=not-the-password"
    asked = (
        "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"X-Forwarded-For: {address}\r\nCookie: csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    )
    writer.write(f"{asked}\r\n{form}".encode())
    answer = await reader.read(-1)
    writer.close()
    if b"not-the-password" in answer:
        raise ValueError
    return int(answer.split(b" ", 2)[1])


async def _tried(port: int, seconds: float, many: bool) -> tuple[Counter[str], list[float]]:
    """Try passwords, as many a second whether they are answered or not."""
    taken: list[float] = []
    answered: Counter[str] = Counter()

    async def one(n: int) -> None:
        await asyncio.sleep(n / ATTEMPTS)
        began = time.perf_counter()
        address = f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" if many else "10.9.9.9"
        try:
            answered[str(await _attempt(port, n, address))] += 1
        except (OSError, IndexError, ValueError):
            answered["none"] += 1
        taken.append(time.perf_counter() - began)

    await asyncio.gather(*(one(n) for n in range(int(seconds * ATTEMPTS))))
    return answered, taken


def under_attempts(port: int, pages: Sequence[str], visitors: int, seconds: float) -> None:
    """Print what visitors wait while passwords are tried, and what becomes of the attempts."""

    async def both(many: bool) -> Any:
        reading = _visits(port, pages, visitors, seconds, True)
        return await asyncio.gather(reading, _tried(port, seconds, many))

    for many in (False, True):
        (taken, failed), (answered, tried) = asyncio.run(both(many))
        cuts, waits = (statistics.quantiles(one, n=100) for one in (taken, tried))
        whence = "as many addresses" if many else "one address"
        told = ", ".join(f"{n} answered {status}" for status, n in sorted(answered.items()))
        print(
            f"{ATTEMPTS} sign-ins a second from {whence}: {told}, p50 {1e3 * waits[49]:.0f} ms, "
            f"p95 {1e3 * waits[94]:.0f} ms; visitors p50 {1e3 * cuts[49]:.0f} ms, "
            f"p95 {1e3 * cuts[94]:.0f} ms, {failed} failed"
        )


def measured(label: str, port: int, pages: Sequence[str], visitors: int, seconds: float) -> None:
    """Print what visitors waited."""
    asyncio.run(_visits(port, pages, 4, 1.5, False))  # every process has made what it keeps
    for pausing in (True, False):
        taken, failed = asyncio.run(_visits(port, pages, visitors, seconds, pausing))
        cuts = statistics.quantiles(taken, n=100)
        way = "reading" if pausing else "no pause"
        print(
            f"{label:12} {way:9} {len(taken) / seconds:7.0f} pages/s, "
            f"p50 {1e3 * cuts[49]:6.0f} ms, p95 {1e3 * cuts[94]:6.0f} ms, "
            f"p99 {1e3 * cuts[98]:6.0f} ms, {failed} failed"
        )


def main() -> None:
    """Measure both, by turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--bare", type=int, default=0, help="serve the bare page at this port")
    given = parser.parse_args()
    if given.bare:
        bare(given.bare)
        return
    print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="veedor-load-") as place:
        folder = Path(place) / "site"
        pages = fill(folder)
        bind = f"127.0.0.1:{given.port + 1}"
        ours = [sys.executable, "-m", "veedor", "web", "run", str(folder), "--bind", bind]
        own = [sys.executable, "-m", "benchmarks.web_load", "--bare", str(given.port)]
        with served(own, given.port):
            measured("bare Django", given.port, ["/"], given.visitors, given.seconds)
        with served(ours, given.port + 1):
            measured("veedor", given.port + 1, pages, given.visitors, given.seconds)
            under_attempts(given.port + 1, pages, given.visitors, given.seconds)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
