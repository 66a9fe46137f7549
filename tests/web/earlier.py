"""Keeps a site of today for the tests of tomorrow: ``python -m tests.web.earlier FOLDER``.

Everything in it is made up: the accounts of `made_site`, looks, a publication, answers to a pack.
The database is text, so that a difference can be read.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

from tests.web.made_site import filled, opened
from tests.web.published import audit

#: The site that was kept first, before any migration was added to those of each app.
FIRST = Path(__file__).with_name("earlier_site")
#: What its log held, and its address of a publication.
ENTRIES, PUBLICATION = 14, "publicada"


def restored(folder: Path) -> Path:
    """Make the kept site anew in a new folder."""
    shutil.copytree(FIRST, folder)
    for name in ("uploads", "work", "mail", "checkpoints"):
        (folder / name).mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.executescript((folder / "db.sql").read_text(encoding="utf-8"))
    (folder / "db.sql").unlink()
    return folder


def keep(folder: Path) -> None:
    """Write the site of the tests, with something of everything, into a folder."""
    opened()
    from django.db import connection
    from django.test import Client

    from veedor.web.accounts.models import User
    from veedor.web.looks.looking import looked
    from veedor.web.looks.models import LogEnd
    from veedor.web.looks.witnessing import give_out
    from veedor.web.observatory.models import Publication
    from veedor.web.observatory.publishing import publish
    from veedor.web.projects.models import Project
    from veedor.web.reading.judging import keep as answer
    from veedor.web.reading.models import Assignment

    filled()
    site = opened().folder
    analyst = User.objects.get(email="analyst@example.org")
    client = Client()
    client.force_login(analyst, "allauth.account.auth_backends.AuthenticationBackend")
    why = {"kind": "own_work", "words": "Trabajo propio de prueba en este proyecto"}
    assert client.post("/projects/propio/purpose", why).status_code == 302
    own = Project.objects.get(key="propio")
    for n in range(3):
        assert looked(SimpleNamespace(user=analyst), "result", f"{n:064x}", own)  # type: ignore[arg-type]
    publish(own, analyst, audit(site.parent / "audit"), "Auditoría de prueba", by_hand=True)
    Publication.objects.update(key=PUBLICATION)
    assert answer(Assignment.objects.get(), 1, "right")
    give_out()
    connection.cursor().execute("DELETE FROM django_session")
    print(LogEnd.objects.get().size)  # noqa: T201 - for ENTRIES
    connection.close()
    folder.mkdir()
    for name in ("site.toml", "secret_key", "log.key"):
        shutil.copyfile(site / name, folder / name)
    shutil.copytree(site / "public", folder / "public")
    with closing(sqlite3.connect(site / "db.sqlite3")) as database:
        (folder / "db.sql").write_text("\n".join(database.iterdump()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
