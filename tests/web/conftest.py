"""A site for each test: a copy of the database, which is made once a process."""

from __future__ import annotations

import io
import logging
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.made_up_readings import truth, write_table
from tests.planned_readings import plan_into
from tests.web.looks import WORDS
from tests.web.made_site import filled, opened
from tests.web.working import worker_process

from veedor.audits.reading import PackSettings, PlanSettings, make_pack

if TYPE_CHECKING:
    from django.test import Client

    from veedor.web.accounts.models import User


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Serve the test's site from PostgreSQL where it is asked for; give its URL then."""
    from tests.web.databases import on_postgresql

    if getattr(request, "param", "sqlite") == "sqlite":
        yield None
        return
    filled()  # before another database stands in the place of the site's own
    with on_postgresql() as url:
        yield url


@pytest.fixture(autouse=True)
def site(tmp_path: Path, database: str | None) -> Iterator[Path]:
    """A site's folder with a database of its own, that Django serves while the test runs."""
    from django.core import mail
    from django.core.cache import cache
    from django.db import connection
    from django.test import override_settings
    from django.utils import translation

    from veedor.web.site.folder import read_site

    made = filled()
    folder = tmp_path / "site"
    shutil.copytree(opened().folder, folder)
    if database is None:
        connection.close()
        connection.settings_dict["NAME"] = str(folder / made.name)
    cache.clear()
    mail.outbox = []
    of_tests = {
        "VEEDOR_SITE": read_site(folder),
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }
    with override_settings(**of_tests):
        yield folder
    if database is None:
        connection.close()
        connection.settings_dict["NAME"] = str(made)
    translation.deactivate()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, at any level, as it would be written."""
    from veedor.web.site.logs import Json

    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Json())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def user() -> Callable[[str], User]:
    """Find an account by the name of its role: analyst, reader, stranger, nobody, auditor..."""

    def find(name: str) -> User:
        from veedor.web.accounts.models import User

        return User.objects.get(email=f"{name}@example.org")

    return find


@pytest.fixture
def client_of(user: Callable[[str], Any]) -> Callable[[str], Client]:
    """A browser that is signed in as an account, by its name; "visitor" is not signed in."""

    def make(name: str) -> Client:
        from django.test import Client

        client = Client(headers={"accept-language": "es"})
        if name != "visitor":
            client.force_login(
                user(name), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    return make


@pytest.fixture
def worker_of(site: Path, database: str | None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start workers in processes of their own; none is left."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(worker_process(site, database))
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            one.kill()
        one.wait()


@pytest.fixture
def stated(client_of: Callable[[str], Client]) -> Callable[..., Client]:
    """State why an account looks at the log, and give its browser."""

    def state(name: str = "auditor", **more: str) -> Client:
        client = client_of(name)
        said = {"kind": "audit", "case_number": "", "words": WORDS, "next": "/looks/log/"} | more
        answer = client.post("/looks/log/purpose", said)
        assert (answer.status_code, answer.headers.get("Location")) == (302, said["next"])
        return client

    return state


@pytest.fixture
def copied(client_of: Callable[[str], Client], tmp_path: Path) -> Callable[..., Path]:
    """Export the log as a stranger gets it, without asking who may."""

    def copy(name: str = "log") -> Path:
        from veedor.web.looks.exporting import exported

        with exported() as packed:
            archive = zipfile.ZipFile(io.BytesIO(packed.read_bytes()))
        archive.extractall(tmp_path / name)
        return tmp_path / name

    return copy


@pytest.fixture
def two(user: Callable[[str], User]) -> User:
    """A second reader of the project, to whom no pack was given."""
    from veedor.web.projects.models import Membership, Project

    nobody = user("nobody")
    Membership.objects.create(user=nobody, project=Project.objects.get(key="propio"), role="reader")
    return nobody


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, dict[str, bool]]:
    """A real pack, and what is true in it."""
    rows, true = truth(200)
    table = write_table(tmp_path / "alerts.csv", rows)
    plan_into(tmp_path / "plan", table, settings=PlanSettings(n=12, others=12, seed=4))
    pack = tmp_path / "pack"
    pack.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, pack)
    return pack, true
