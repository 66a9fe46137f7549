"""Those who use the site of `web_kills`: each writes down what it was told is done."""

from __future__ import annotations

import copy
import hashlib
import hmac
import http.client
import json
import os
import shutil
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

PASSWORD = "una clave larga de prueba"
SECRET = b"0123456789abcdefghij"
ANSWERS = (["right", "It was there."], ["wrong", "It was not."])
WORLD = "zone,true_rate,reporting\n1,6,.4\n2,5,.4\n3,4,.2\n"
#: A request that is not answered for so long was not.
PATIENCE_S = 45.0


def fill(folder: Path, lines: int, readers: int, signing: int) -> dict[str, Any]:
    """Make accounts, a project, a pack, a result and a publication; return what clients need."""
    import base64

    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth.hashers import make_password
    from django.db import connection
    from django.test import Client

    from veedor.web.accounts.models import Office, User
    from veedor.web.projects.models import Membership, Project, Upload
    from veedor.web.reading.models import Assignment, Line, Pack
    from veedor.web.work.models import Job

    office, hashed = Office.objects.create(name="Oficina"), make_password(PASSWORD)
    project = Project.objects.create(title="Proyecto", key="proyecto")

    def account(name: str, role: str) -> User:
        user = User.objects.create_user(f"{name}@example.org", None, office)
        user.password = hashed
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        TOTP.activate(user, base64.b32encode(SECRET).decode())
        Membership.objects.create(user=user, project=project, role=role)
        return user

    def session(user: User) -> str:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client.cookies["veedor_session"].value

    analysts = [account(f"analyst{n}", "analyst") for n in range(3)]
    judges = [account(f"reader{n}", "reader") for n in range(readers)]
    for n in range(signing):
        account(f"signing{n}", "reader")
    pack = Pack.objects.create(
        key="paquete", project=project, title="Bolsos", sha256="0" * 64, counts=False,
        shown=["what"], answers=[list(one) for one in ANSWERS], readers=readers,
    )  # fmt: skip
    for n, user in enumerate(judges, start=1):
        Line.objects.bulk_create(
            Line(pack=pack, reader=n, place=place, item=f"R{n}-{place}", texts=[f"a bag {place}"])
            for place in range(1, lines + 1)
        )
        Assignment.objects.create(pack=pack, reader=n, user=user)
    world = folder / "uploads" / project.key / "mundo.csv"
    world.parent.mkdir(parents=True)
    world.write_text(WORLD, encoding="utf-8")
    Upload.objects.create(
        key="mundo", project=project, name="mundo.csv", size=len(WORLD), state="kept", kind="csv",
        ending=".csv", rows=3, sha256=hashlib.sha256(WORLD.encode()).hexdigest(),
    )  # fmt: skip
    result = audit_folder(folder / "work" / project.key / "hecho", "hecho")
    Job.objects.create(
        key="hecho", project=project, task="audit_behaviour", request={}, language="es",
        folder="work/proyecto/hecho", state="done",
        outcome={"told": [], "holds": True, "hindrances": []},
    )  # fmt: skip
    made = {
        "looked": hashlib.sha256((result / "estimates.csv").read_bytes()).hexdigest(),
        "analysts": [session(one) for one in analysts],
        "readers": [session(one) for one in judges],
        "signing": [f"signing{n}@example.org" for n in range(signing)],
    }
    connection.close()
    return made


def audit_folder(folder: Path, text: str) -> Path:
    """A folder of results, as a command writes it."""
    from veedor.files.folders import Manifest, write_manifest

    folder.mkdir(parents=True)
    page = f"<!doctype html><html lang='es'><title>I</title><p>{text}</p></html>"
    (folder / "report.html").write_text(page, encoding="utf-8")
    (folder / "estimates.csv").write_text(f"statistic,value\n{text},0.5\n", encoding="utf-8")
    (folder / "results.json").write_text('{"settings": {"publish": true}}\n', encoding="utf-8")
    write_manifest(folder, Manifest(veedor="0.1.0"))
    return folder


@dataclass
class Acknowledged:
    """What was answered to be done, so that it may not be gone.

    Parameters
    ----------
    sessions, uploads, jobs, publications, withdrawn : list of str
        Keys; of uploads the SHA-256 of what was given.
    looks, purposes : int
    answers : dict of (int, int) to str
        Reader and place -> the answer.
    pages : int
        That were read whole.
    unanswered : Counter
        What was asked and not answered, or answered that it could not be done.
    """

    sessions: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    publications: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    looks: int = 0
    purposes: int = 0
    answers: dict[tuple[int, int], str] = field(default_factory=dict)
    pages: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)

    def copy(self) -> Acknowledged:
        """Return what is in it now."""
        while True:
            try:
                return copy.deepcopy(self)
            except RuntimeError:  # somebody was told something meanwhile
                continue

    def counted(self) -> dict[str, int]:
        """Count each kind."""
        return {
            "pages": self.pages, "sign-ins": len(self.sessions), "looks": self.looks,
            "purposes": self.purposes, "uploads": len(self.uploads), "jobs": len(self.jobs),
            "answers": len(self.answers), "publications": len(self.publications),
            "withdrawn": len(self.withdrawn),
        }  # fmt: skip


class Browser:
    """Asks over connections of its own, with its cookies.

    Parameters
    ----------
    port : int
    session : str
        Of who is signed in; empty for a visitor.
    """

    def __init__(self, port: int, session: str = "") -> None:
        self.port = port
        self.cookies = {"veedor_session": session} if session else {}

    def get(self, address: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Read an address."""
        return self._ask("GET", address, None, {})

    def post(self, address: str, body: bytes, kind: str) -> tuple[int, Any, bytes]:
        """Send a form."""
        if "csrftoken" not in self.cookies:
            self.get("/accounts/login/")
            self.cookies.setdefault("csrftoken", "a" * 32)
        sent = {"Content-Type": kind, "X-CSRFToken": self.cookies["csrftoken"]}
        return self._ask("POST", address, body, sent)

    def send(self, address: str, **fields: str) -> tuple[int, Any, bytes]:
        """Send a form of fields."""
        from urllib.parse import urlencode

        return self.post(address, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def _ask(
        self, method: str, address: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            sent = {"Accept-Language": "es", "Connection": "close", **headers}
            if self.cookies:
                sent["Cookie"] = "; ".join(f"{name}={one}" for name, one in self.cookies.items())
            connection.request(method, address, body, sent)
            answer = connection.getresponse()
            read = answer.read()
            for line in answer.headers.get_all("Set-Cookie") or ():
                for name, one in SimpleCookie(line).items():
                    self.cookies[name] = one.value
            if "/accounts/login/?" in (answer.headers["Location"] or ""):
                raise AssertionError("a session is gone")
            return answer.status, answer.headers, read
        finally:
            connection.close()


class _Client(threading.Thread):
    """Does its own over and over until it is told to stop."""

    pause_s: ClassVar[float] = 0.05

    def __init__(
        self, port: int, made: dict[str, Any], told: Acknowledged, stop: threading.Event,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.port, self.made, self.told, self.stop, self.rng = port, made, told, stop, rng
        self.failed = ""

    def run(self) -> None:
        """Do it; a fault of the client's own is told at the end."""
        try:
            while not self.stop.is_set():
                try:
                    self.once()
                except (OSError, http.client.HTTPException):
                    self.unanswered("connection")
                    self.stop.wait(0.1)
                self.stop.wait(self.pause_s * self.rng.uniform(0.5, 1.5))
        except Exception as error:
            self.failed = f"{type(self).__name__}: {type(error).__name__}: {error}"
            raise

    def unanswered(self, why: str) -> None:
        """Count what was not done."""
        self.told.unanswered[f"{type(self).__name__} {why}"] += 1

    def once(self) -> None:
        """Do it once."""
        raise NotImplementedError


class Visitor(_Client):
    """Reads public pages, and holds published files against what is said of them."""

    pause_s = 0.4
    _PAGES = ("/", "/published/", "/promises/", "/looks/", "/feed/es.xml")

    def once(self) -> None:
        """Read a page, or a file of a publication."""
        if self.rng.random() < 0.5:
            self._read(str(self.rng.choice(self._PAGES)))
            return
        status, _, body = Browser(self.port).get("/api/publications.json")
        if status != 200:
            self.unanswered(str(status))
            return
        found = [one for one in json.loads(body)["items"] if not one["withdrawn"]]
        if not found:
            return
        key = found[int(self.rng.integers(len(found)))]["key"]
        status, _, body = Browser(self.port).get(f"/api/publications/{key}.json")
        if status != 200:
            self.unanswered(str(status))
            return
        files = json.loads(body)["files"]
        if not files:  # withdrawn meanwhile
            return
        one = files[int(self.rng.integers(len(files)))]
        read = self._read(one["address"])
        if read is not None and hashlib.sha256(read).hexdigest() != one["sha256"]:
            raise AssertionError(f"other bytes than are said of {one['name']}")

    def _read(self, address: str) -> bytes | None:
        status, _, body = Browser(self.port).get(address)
        if status != 200:
            self.unanswered(str(status))
            return None
        self.told.pages += 1
        return body


class SignIn(_Client):
    """Signs in with a password and a code, as one account after another."""

    pause_s = 4.0
    n = 0

    def once(self) -> None:
        """Sign in."""
        name = self.made["signing"][self.n % len(self.made["signing"])]
        self.n += 1
        browser = Browser(self.port)
        status, headers, _ = browser.send("/accounts/login/", login=name, password=PASSWORD)
        if status != 302 or "code" not in headers["Location"]:
            self.unanswered(str(status))
            return
        status, headers, _ = browser.send("/accounts/login/code/", code=code())
        if status != 302:
            self.unanswered(f"code {status}")
            return
        self.told.sessions.append(browser.cookies["veedor_session"])


def code() -> str:
    """What an authenticator app shows now."""
    digest = hmac.new(SECRET, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Looker(_Client):
    """Looks at a file of a result under a purpose, which it states again now and then."""

    pause_s = 0.4

    def once(self) -> None:
        """Look."""
        browser = Browser(self.port, self.made["analysts"][0])
        if not self.told.purposes or self.rng.random() < 0.1:
            status, _, _ = browser.send(
                "/projects/proyecto/purpose",
                kind="own_work", words="Trabajo propio de prueba en este proyecto",
            )  # fmt: skip
            if status != 302:
                self.unanswered(f"purpose {status}")
                return
            self.told.purposes += 1
        status, _, body = browser.get("/projects/proyecto/jobs/hecho/files/estimates.csv")
        if status != 200:
            self.unanswered(str(status))
            return
        if hashlib.sha256(body).hexdigest() != self.made["looked"]:
            raise AssertionError("other bytes than were looked at")
        self.told.looks += 1


class Uploader(_Client):
    """Gives a table, each time another."""

    pause_s = 6.0

    def once(self) -> None:
        """Upload."""
        rows = "".join(f"{self.rng.integers(10**9)},{n}\n" for n in range(2_000))
        data = f"a,b\n{rows}".encode()
        mark = "veedor-part"
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="datos.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\n"
        ).encode() + data + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
        browser = Browser(self.port, self.made["analysts"][1])
        kind = f"multipart/form-data; boundary={mark}"
        status, _, _ = browser.post("/projects/proyecto/uploads/new/", body, kind)
        if status != 302:
            self.unanswered(str(status))
            return
        self.told.uploads.append(hashlib.sha256(data).hexdigest())


class Asker(_Client):
    """Asks for an audit."""

    pause_s = 12.0

    def once(self) -> None:
        """Ask."""
        browser = Browser(self.port, self.made["analysts"][2])
        status, headers, _ = browser.send(
            "/projects/proyecto/audits/feedback/", world="mundo", rounds="10", runs="2",
            system="counts", allocate="proportional", detection="0.05",
        )  # fmt: skip
        if status != 302:
            self.unanswered(str(status))
            return
        self.told.jobs.append(headers["Location"].rstrip("/").rpartition("/")[2])


class Judge(_Client):
    """Answers one line after another.

    Parameters
    ----------
    reader : int
        From 0.
    """

    pause_s = 0.4

    def __init__(
        self, port: int, made: dict[str, Any], told: Acknowledged, stop: threading.Event,
        reader: int, rng: np.random.Generator,
    ) -> None:  # fmt: skip
        super().__init__(port, made, told, stop, rng)
        self.reader = reader

    def once(self) -> None:
        """Answer."""
        browser = Browser(self.port, self.made["readers"][self.reader])
        status, headers, _ = browser.get("/projects/proyecto/judging/paquete/")
        if status != 302:
            self.unanswered(str(status))
            return
        address = headers["Location"]
        place = int(address.rstrip("/").rpartition("/")[2])
        given = int(self.rng.integers(len(ANSWERS)))
        status, headers, _ = browser.send(address, answer=str(given + 1))
        if status != 302 or not headers["Location"].endswith(f"/{place + 1}/"):
            self.unanswered(str(status))
            return
        self.told.answers[self.reader + 1, place] = ANSWERS[given][0]


class Publisher(_Client):
    """Publishes one audit after another by the machine's command, and withdraws some.

    Parameters
    ----------
    folder : Path
        Of the site.
    """

    pause_s = 5.0

    def __init__(
        self, port: int, made: dict[str, Any], told: Acknowledged, stop: threading.Event,
        folder: Path, rng: np.random.Generator,
    ) -> None:  # fmt: skip
        super().__init__(port, made, told, stop, rng)
        self.folder, self.n = folder, 0
        self._process: subprocess.Popen[bytes] | None = None

    def pids(self) -> list[int]:
        """Its process, while it publishes."""
        process = self._process
        return [process.pid] if process is not None and process.poll() is None else []

    def once(self) -> None:
        """Publish, or withdraw."""
        self.n += 1
        place = audit_folder(self.folder.parent / "audits" / str(self.n), f"auditoria {self.n}")
        environment = {
            **os.environ,
            "VEEDOR_SITE": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "veedor.web.site.settings",
        }
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "django", "publish_folder", "proyecto",
                "analyst0@example.org", str(place), f"Auditoria {self.n}",
            ],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        told, _ = self._process.communicate()
        if self._process.returncode:
            self.unanswered(str(self._process.returncode))
        else:
            self.told.publications.append(told.decode().strip())
            if self.rng.random() < 0.4:
                self._withdraw(self.told.publications[-1])
        with suppress(OSError):
            shutil.rmtree(place)

    def _withdraw(self, key: str) -> None:
        browser = Browser(self.port, self.made["analysts"][0])
        browser.send(
            "/projects/proyecto/published/", publication=key, why="Un dato estaba equivocado"
        )
        if browser.get(f"/published/{key}/files/report.html")[0] == 410:
            self.told.withdrawn.append(key)
