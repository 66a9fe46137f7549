"""Backups: a site in one file, taken while it is written to, and the same site again from it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from tests.web.databases import EACH, in_place_of_the_own
from tests.web.databases import made as made_database
from tests.web.published import audit
from tests.web.signing_in import code, password, signed_in
from tests.web.working import until

from veedor.errors import SealError, StudyError, VeedorError
from veedor.sealing import verify
from veedor.tasks import Context
from veedor.web.commands import restore

ROOT = Path(__file__).parents[2]


def backup(file):
    """Take a backup of the test's site."""
    from veedor.web.backups.taking import write_backup

    return write_backup(file, lambda n: None)


@pytest.fixture
def whole(site, user, tmp_path):
    """A site with something of everything: an upload, a result, a publication, a checkpoint."""
    from veedor.web.looks.witnessing import give_out
    from veedor.web.observatory.publishing import publish
    from veedor.web.projects.models import Project, Upload

    upload = Upload.objects.get(key="subida")
    upload.kept_path().parent.mkdir(parents=True, exist_ok=True)
    upload.kept_path().write_bytes(b"a,b\n1,2\n")
    upload.sha256 = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    upload.save()
    own, folder = Project.objects.get(key="propio"), audit(tmp_path / "audit")
    publish(own, user("analyst"), folder, "Auditoría", by_hand=True)
    give_out()
    (site / "public" / ".building-x").mkdir()
    (site / "mail" / "letter").write_text("a link")
    return site


@contextmanager
def looking(site, url):
    """Let another process look, look after look, until what is done meanwhile is done."""
    environment = {**os.environ, "VEEDOR_SITE": str(site), "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    if url is not None:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", "tests.web.appending_alone", "auditor"]
    writer = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.PIPE)
    try:
        yield
    finally:
        writer.communicate(timeout=120)  # its input ends
        assert writer.returncode == 0


@contextmanager
def serving(folder, url):
    """Let this process serve another site than the test's own."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import override_settings

    from veedor.web.site.folder import read_site

    own = connection.settings_dict["NAME"]
    cache.clear()
    made = read_site(folder)
    with override_settings(VEEDOR_SITE=made, SECRET_KEY=made.secret):
        if url is not None:
            with in_place_of_the_own(url):
                yield
            return
        connection.close()
        connection.settings_dict["NAME"] = str(folder / "db.sqlite3")
        yield
        connection.close()
        connection.settings_dict["NAME"] = own


def public_pages(client):
    """Every public page and file of the site, as a visitor gets them."""
    from veedor.web.observatory.models import Publication, PublishedFile

    addresses = ["/", "/published/", "/promises/", "/data/", "/feed/es.xml", "/looks/checkpoint"]
    addresses += [f"/published/{one.key}/" for one in Publication.objects.all()]
    addresses += [
        f"/published/{one.publication.key}/{one.name}" for one in PublishedFile.objects.all()
    ]
    return {one: (found := client.get(one), b"".join(found)) for one in addresses}


def verified(folder):
    """Verify the log of the site that is served; return how many entries it has."""
    from veedor.web.looks.exporting import write_log
    from veedor.web.looks.models import LogEnd

    write_log(LogEnd.objects.get(), folder)
    assert verify(folder).holds
    return LogEnd.objects.get().size


@EACH
@pytest.mark.parametrize("renewed", [False, True], ids=["first-key", "another-key"])
def test_a_backup_under_writes_is_the_same_site_again(
    whole, database, client_of, tmp_path, monkeypatch, renewed
):
    from veedor.web.looks.models import LogEnd
    from veedor.web.looks.renewing import renew

    if renewed:
        renew()

    why = {"kind": "audit", "words": "reviso el registro de este mes", "next": "/looks/log/"}
    client_of("auditor").post("/looks/log/purpose", why)
    visitor, before = client_of("visitor"), LogEnd.objects.get().size
    signed = client_of("auditor")
    with looking(whole, database):
        until(lambda: LogEnd.objects.get().size > before + 5)
        pages = public_pages(visitor)
        taken = backup(tmp_path / "site.backup")
        growing = LogEnd.objects.get().size
        until(lambda: LogEnd.objects.get().size > growing)
    assert before + 5 < taken.entries <= growing
    assert not taken.lacking
    assert stat.S_IMODE((tmp_path / "site.backup").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir() if ".veedor" in path.name} == set()

    folder = tmp_path / "again"
    with closing_database(database) as url:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        if url is not None:
            monkeypatch.setenv("DATABASE_URL", url)
        done = restore.perform(
            restore.Request(file=tmp_path / "site.backup", site=folder), Context()
        )
        told = done.document.headline[0].verbatim
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "log.key").stat().st_mode) == 0o600
        assert not (folder / "mail" / "letter").exists()
        assert not (folder / "public" / ".building-x").exists()
        with serving(folder, url):
            assert verified(tmp_path / "log") == taken.entries
            assert told.split("\n")[1] == str(taken.entries)
            again = public_pages(client_of("visitor"))
            assert {one: body for one, (_, body) in again.items()} == {
                one: body for one, (_, body) in pages.items()
            }
            assert {answer.status_code for answer, _ in again.values()} == {200}
            assert signed.get("/looks/log/").status_code == 302  # everybody signs in anew
            client = client_of("visitor")
            password(client, "analyst")
            client.post("/accounts/login/code/", {"code": code()})
            assert signed_in(client)
            assert client.get("/projects/propio/uploads/").status_code == 200
            answer = client.post("/projects/propio/purpose", why | {"kind": "own_work", "next": ""})
            assert answer.status_code == 302
            file = client.get("/projects/propio/jobs/trabajo/files/estimates.csv")
            assert b"".join(file) == b"a,b\n1,2\n"
            assert verified(tmp_path / "later") == taken.entries + 2
            from veedor.web.projects.models import Project

            # Counters go on from where they were.
            last = Project.objects.order_by("-pk")[0].pk
            assert Project.objects.create(title="Otro").pk > last


@contextmanager
def closing_database(database):
    """An empty database of the kind of the test's own."""
    if database is None:
        yield None
        return
    with made_database() as url:
        yield url


def rewritten(path, into, change):
    """Write a backup anew, its members as `change` has them: bytes, or (info, bytes)."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info, data = data if isinstance(data, tuple) else (zipfile.ZipInfo(name), data)
            archive.writestr(info, data)
    return into


def listed_anew(members, **changed):
    """List members as they are, whatever they are, so that only their kind is wrong."""
    told = msgspec.json.decode(members["manifest.json"]) | changed
    told["files"] = [
        {
            "name": name,
            "sha256": hashlib.sha256(data[1] if isinstance(data, tuple) else data).hexdigest(),
            "bytes": len(data[1] if isinstance(data, tuple) else data),
        }
        for name, data in members.items()
        if name != "manifest.json"
    ]
    members["manifest.json"] = msgspec.json.encode(told)


def adding(name, listed=True, **about):
    """Add a member, and list it."""

    def change(members):
        info = zipfile.ZipInfo(name)
        for key, value in about.items():
            setattr(info, key, value)
        members[name] = (info, b"x" * 4_000)
        if listed:
            listed_anew(members)

    return change


def other_bytes(members):
    members["secret_key"] = members["secret_key"][::-1]


def newer(members):
    database = msgspec.json.decode(members["manifest.json"])["database"]
    database["migrations"].append("looks.9999_later")
    listed_anew(members, database=database)


def another_list(**changed):
    return lambda members: listed_anew(members, **changed)


HOSTILE = {
    "a name above": adding("work/../../x"),
    "a name of the system": adding("/etc/veedor"),
    "a name with a drive": adding("C:/x"),
    "a name of another system": adding("work\\..\\x"),
    "another name": adding("run.sh"),
    "a hidden folder's name": adding("mail/x"),
    "a link": adding("work/x", external_attr=(stat.S_IFLNK | 0o777) << 16),
    "a device": adding("work/x", external_attr=(stat.S_IFCHR | 0o666) << 16),
    "what unfolds": adding("work/x", compress_type=zipfile.ZIP_DEFLATED),
    "a file above a file": adding("site.toml/x"),
    "what is not listed": adding("work/x", listed=False),
    "other bytes": other_bytes,
    "no list": lambda members: members.pop("manifest.json"),
    "a list of nothing": lambda members: members.update({"manifest.json": b"{}"}),
    "what is listed and lacks": lambda members: members.pop("log.key"),
    "another format": another_list(format="veedor-backup-9"),
    "a newer site": newer,
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A backup that is there once for all that spoil it."""
    return tmp_path_factory.mktemp("kept") / "site.backup"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_backup_is_refused_and_nothing_is_left(name, whole, kept, tmp_path):
    if not kept.exists():
        backup(kept)
    file = rewritten(kept, tmp_path / "hostile.backup", HOSTILE[name])
    place = tmp_path / "places" / "again"
    place.parent.mkdir()
    with pytest.raises(StudyError) as caught:
        restore.perform(restore.Request(file=file, site=place), Context())
    assert name != "a newer site" or "looks.9999_later" in str(caught.value)
    assert list(place.parent.iterdir()) == []


def test_a_broken_backup_is_refused(whole, tmp_path):
    file = tmp_path / "site.backup"
    backup(file)
    data = file.read_bytes()
    end = data.rindex(b"PK\x01\x02")  # what is said of the last member: that it is huge
    huge = data[: end + 20] + b"\xf0\xff\xff\xff" * 2 + data[end + 28 :]
    flipped = bytearray(data)
    flipped[data.index(b"SQLite format 3") + 5_000] ^= 1
    for wrong in (b"", b"PK", data[:-30], data[: len(data) // 2], huge, bytes(flipped)):
        (tmp_path / "wrong").write_bytes(wrong)
        with pytest.raises(StudyError):
            restore.perform(
                restore.Request(file=tmp_path / "wrong", site=tmp_path / "x"), Context()
            )
        assert not (tmp_path / "x").exists()


def test_nothing_is_restored_over_a_site(whole, tmp_path):
    backup(tmp_path / "site.backup")
    before = (whole / "site.toml").read_bytes()
    with pytest.raises(StudyError, match="new folder"):
        restore.perform(restore.Request(file=tmp_path / "site.backup", site=whole), Context())
    assert (whole / "site.toml").read_bytes() == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_is_restored_into_another_database(whole, database, tmp_path, monkeypatch):
    backup(tmp_path / "site.backup")
    asked = restore.Request(file=tmp_path / "site.backup", site=tmp_path / "again")
    monkeypatch.setenv("DATABASE_URL", database)
    with pytest.raises(StudyError, match="empty database"):
        restore.perform(asked, Context())
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(StudyError, match="kind of database"):
        restore.perform(asked, Context())
    with made_database() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        file = rewritten(tmp_path / "site.backup", tmp_path / "spoilt", a_row_less)
        with pytest.raises(VeedorError):
            restore.perform(restore.Request(file=file, site=tmp_path / "again"), Context())
        with in_place_of_the_own(url):
            from django.db import connection

            assert connection.introspection.table_names() == []
    assert not (tmp_path / "again").exists()


def a_row_less(members):
    rows = members["tables/looks_entry"].splitlines(keepends=True)
    members["tables/looks_entry"] = b"".join(rows[:-1])
    listed_anew(members)


def test_a_log_that_does_not_hold_is_not_restored(whole, tmp_path):
    with closing(sqlite3.connect(whole / "db.sqlite3")) as raw:
        (guard,) = raw.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'looks_entry_no_update'"
        ).fetchone()
        raw.execute("DROP TRIGGER looks_entry_no_update")
        raw.execute("UPDATE looks_entry SET leaf = replace(leaf, 'office', 'Office')")
        raw.execute(guard)
        raw.commit()
    backup(tmp_path / "site.backup")
    asked = restore.Request(file=tmp_path / "site.backup", site=tmp_path / "again")
    with pytest.raises(SealError, match="must hold"):
        restore.perform(asked, Context())
    assert not (tmp_path / "again").exists()


def test_what_the_database_names_and_is_not_there_is_told(whole, tmp_path):
    shutil.rmtree(whole / "uploads" / "propio")
    taken = backup(tmp_path / "site.backup")
    assert [one.where for one in taken.lacking] == ["uploads/propio/subida.csv"]
    assert (tmp_path / "site.backup").is_file()


def test_a_file_that_goes_while_it_is_copied_makes_it_begin_anew(
    whole, user, tmp_path, monkeypatch
):
    """What was withdrawn between the copy of the database and that of its files is not told of."""
    from veedor.web.backups import taking
    from veedor.web.observatory.models import Publication
    from veedor.web.observatory.publishing import withdraw

    copied, asked = taking.copy_out, []

    def copy_out(*given):
        asked.append(1)
        made = copied(*given)
        if len(asked) == 1:
            withdraw(Publication.objects.get(), user("analyst"), "un dato equivocado")
        return made

    monkeypatch.setattr(taking, "copy_out", copy_out)
    taken = backup(tmp_path / "site.backup")
    assert not taken.lacking
    assert len(asked) == 2
    assert not any(one.name.startswith("public/") for one in taken.listed.files)


def test_a_backup_that_fails_leaves_the_one_before(whole, tmp_path, monkeypatch):
    from veedor.web.backups import taking

    backup(tmp_path / "site.backup")
    before = (tmp_path / "site.backup").read_bytes()
    with pytest.raises(StudyError, match="outside"):
        backup(whole / "work" / "site.backup")

    def copy_out(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "copy_out", copy_out)
    with pytest.raises(OSError, match="No space"):
        backup(tmp_path / "site.backup")
    assert (tmp_path / "site.backup").read_bytes() == before
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_erased_things_are_not_in_a_backup(whole, tmp_path):
    """Pages of the database's file that were freed still hold what was deleted; a copy does not."""
    from veedor.web.projects.models import Project

    marks = [f"borrado{n:05d}" for n in range(3_000)]
    Project.objects.bulk_create(Project(title=one) for one in marks)
    Project.objects.filter(title__in=marks).delete()
    backup(tmp_path / "site.backup")
    assert b"borrado" not in (tmp_path / "site.backup").read_bytes()


def test_two_backups_at_once_are_both_whole(whole, tmp_path):
    from django.db import connection

    def take():
        backup(tmp_path / "site.backup")
        connection.close()

    both = [threading.Thread(target=take) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    done = restore.perform(
        restore.Request(file=tmp_path / "site.backup", site=tmp_path / "again"), Context()
    )
    assert done.folder == tmp_path / "again"
