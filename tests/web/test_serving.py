"""The server: what its processes have of the one that starts them."""

from __future__ import annotations


def test_a_process_that_the_server_starts_has_no_connection_of_its(monkeypatch):
    """Of SQLite it would believe to hold locks that it does not hold, and lose what was written."""
    from django.db import connection

    from veedor.web.site import serving

    connection.ensure_connection()
    found = []
    monkeypatch.setattr(serving._Server, "run", lambda _: found.append(connection.connection))
    serving.serve("127.0.0.1:0", 1)
    assert found == [None]
