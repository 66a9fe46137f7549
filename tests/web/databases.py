"""A database of PostgreSQL for a test, in the place of the site's own."""

from __future__ import annotations

import atexit
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from tests.web.made_site import fill

from veedor.web.site.opening import migrate

#: Names a server on which databases may be made; without it these tests are skipped.
SERVER = "VEEDOR_TEST_DATABASE_URL"
#: A test that is given `database` in this way runs on both.
EACH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
#: For what hangs on files and hardly on a database.
EACH_IN_A_RELEASE = pytest.mark.parametrize(
    "database",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.release(reason="hangs on files")),
    ],
    indirect=True,
)


def address(name: str) -> str:
    """Return the URL of a database of the server."""
    return f"{os.environ[SERVER].rsplit('/', 1)[0]}/{name}"


@contextmanager
def on_postgresql() -> Iterator[str]:
    """Give a database of its own, filled as the site's is; its URL is what is yielded."""
    if SERVER not in os.environ:
        pytest.skip(f"{SERVER} names no server")
    with made(f"TEMPLATE {_template()}") as url, in_place_of_the_own(url):
        yield url


@contextmanager
def made(how: str = "") -> Iterator[str]:
    """Make a database, an empty one where it is not said how; it is gone at the end."""
    name = f"veedor_{secrets.token_hex(6)}"
    _run(f"CREATE DATABASE {name} {how}")
    try:
        yield address(name)
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _template() -> str:
    name = f"veedor_template_{secrets.token_hex(6)}"
    _run(f"CREATE DATABASE {name}")
    atexit.register(_run, f"DROP DATABASE {name} WITH (FORCE)")
    with in_place_of_the_own(address(name)):
        migrate()
        fill()
    return name


@contextmanager
def in_place_of_the_own(url: str) -> Iterator[None]:
    """Let the site of the test be of another database, as its settings would have it."""
    from django.db import connections

    from veedor.web.site.settings import server_of

    connections["default"].close()
    own = connections.settings["default"]
    given = {"default": server_of(url)}
    connections.settings["default"] = connections.configure_settings(given)["default"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = own
        del connections["default"]


def _run(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ[SERVER], autocommit=True) as server:
        server.execute(statement)
