"""Connections to SQLite are kept from one request to the next, as long as their file is there."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from veedor.web.site.sqlite.base import DatabaseWrapper


def make(path, said):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE said (what)")
        other.execute("INSERT INTO said VALUES (?)", [said])
        other.commit()


def next_request(kept):
    """Do what Django does to each connection before a request."""
    kept.close_if_unusable_or_obsolete()


def read(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT what FROM said")
        return cursor.fetchone()[0]


@pytest.fixture
def path(tmp_path):
    one = tmp_path / "one.sqlite3"
    make(one, "before")
    return one


@pytest.fixture
def kept(path):
    """A connection that is kept, with the settings of a site."""
    one = DatabaseWrapper(connection.settings_dict | {"NAME": str(path)}, alias="apart")
    next_request(one)
    assert read(one) == "before"
    yield one
    one.close()


def test_a_connection_is_kept_from_one_request_to_the_next(kept):
    opened = kept.connection
    next_request(kept)
    assert read(kept) == "before"
    assert kept.connection is opened


def test_a_database_that_was_replaced_is_read_and_not_the_old_one(kept, path, tmp_path):
    make(tmp_path / "two.sqlite3", "after")
    (tmp_path / "two.sqlite3").replace(path)
    next_request(kept)
    assert read(kept) == "after"


def test_nothing_is_written_where_nobody_finds_it_after_a_database_was_moved_away(kept, path):
    path.rename(path.with_name("moved.sqlite3"))
    next_request(kept)
    with pytest.raises(Exception, match="no such table"):
        read(kept)
    path.unlink()
    path.with_name("moved.sqlite3").rename(path)
    next_request(kept)
    assert read(kept) == "before"
