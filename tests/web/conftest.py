"""A site for each test: a copy of the database, which is made once a process."""

from __future__ import annotations

import io
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.made_site import filled, opened
from tests.web.working import worker_process

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
