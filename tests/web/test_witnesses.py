"""Checkpoints that others keep: given out once, and what they show is not gone past."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.web.databases import EACH

from veedor.errors import SealError
from veedor.sealing import Checkpoint, verify
from veedor.sealing.keys import public_pem
from veedor.web.site.folder import Witnesses

ROOT = Path(__file__).parents[2]


@pytest.fixture
def witnesses(settings_of_the_site):
    return lambda **those: settings_of_the_site(witnesses=Witnesses(**those))


@pytest.fixture
def settings_of_the_site():
    """Change what site.toml says, for a test."""
    from django.conf import settings
    from django.test import override_settings

    changed = []

    def change(**more):
        site = settings.VEEDOR_SITE
        told = msgspec.structs.replace(site.settings, **more)
        other = override_settings(VEEDOR_SITE=msgspec.structs.replace(site, settings=told))
        other.enable()
        changed.append(other)

    yield change
    for one in reversed(changed):
        one.disable()


@pytest.fixture
def clone(tmp_path):
    """A clone, and the repository of others that it pushes to."""
    other = tmp_path / "others.git"
    subprocess.run(["git", "init", "--quiet", "--bare", other], check=True)
    place = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", other, place], check=True, capture_output=True)
    return place, other


def there(other):
    """What the repository of others holds, the newest first."""
    told = subprocess.run(
        ["git", "-C", other, "log", "--all", "--format=%H %s"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [
        (line.split(" ", 1)[1], subprocess.run(
            ["git", "-C", other, "show", f"{line.split()[0]}:checkpoint"],
            capture_output=True, text=True, check=True,
        ).stdout)
        for line in told
    ]  # fmt: skip


@EACH
def test_each_witness_is_given_what_it_lacks_and_the_log_says_so(witnesses, clone, user, tmp_path):
    from django.core import mail

    from veedor.web.looks.exporting import exported
    from veedor.web.looks.given_out import newest
    from veedor.web.looks.models import LogEnd
    from veedor.web.looks.witnessing import give_out

    place, other = clone
    witnesses(mail=("one@example.net", "two@example.net"), git=str(place))
    first = give_out()
    assert first.witnesses == ["mail", "git"]
    assert not first.hindrances
    assert [one.to for one in mail.outbox] == [["one@example.net"], ["two@example.net"]]
    assert mail.outbox[0].attachments[0][1] == first.checkpoint.text == there(other)[0][1]
    assert newest().size == first.checkpoint.size == LogEnd.objects.get().size - 2
    assert give_out().witnesses == []  # but for what says that they have it, nothing is new
    assert len(mail.outbox) == 2
    account = user("nobody")
    account.site_role = "auditor"
    account.save()
    second = give_out()
    assert second.witnesses == ["mail", "git"]
    assert len(there(other)) == 2
    with exported() as packed:
        shutil.unpack_archive(packed, tmp_path / "out", "zip")
    kept = [text for _, text in there(other)]
    checked = verify(tmp_path / "out" / "log", remembered=kept)
    assert checked.holds
    assert checked.looks.witnessed == 4


def test_a_witness_that_is_not_reached_is_told_and_given_it_again(witnesses, clone):
    from veedor.web.looks.witnessing import give_out

    place, other = clone
    witnesses(mail=("one@example.net",), git=str(place))
    gone = other.rename(other.with_name("away.git"))
    first = give_out()
    assert first.witnesses == ["mail"]
    assert [type(one) for one in first.hindrances] == [SealError]
    assert "Git must take" in str(first.hindrances[0])
    gone.rename(other)
    again = give_out()
    assert again.witnesses == ["git"]
    assert len(there(other)) == 1
    witnesses(git=str(place.parent / "nowhere"))
    assert give_out().witnesses == []


def test_a_site_that_was_restored_whole_is_seen_by_what_others_keep(
    witnesses, clone, site, user, tmp_path
):
    from django.db import connection

    from veedor.web.looks.witnessing import give_out

    place, other = clone
    witnesses(git=str(place))
    assert give_out().witnesses == ["git"]
    connection.close()
    older = {path: path.read_bytes() for path in (site / "db.sqlite3", site / "checkpoints/newest")}
    account = user("nobody")
    account.site_role = "auditor"
    account.save()
    assert give_out().witnesses == ["git"]
    connection.close()
    for path, data in older.items():
        path.write_bytes(data)
    for name in ("db.sqlite3-wal", "db.sqlite3-shm"):
        (site / name).unlink(missing_ok=True)
    shutil.rmtree(place)  # the clone is of the older copy, too
    subprocess.run(["git", "clone", "--quiet", other, place], check=True)
    subprocess.run(["git", "-C", place, "reset", "--quiet", "--hard", "HEAD~1"], check=True)
    account.refresh_from_db()
    account.site_role = "auditor"
    account.save()
    again = give_out()
    assert again.witnesses == []
    assert "must hold every entry" in str(again.hindrances[0])
    assert len(there(other)) == 2


def test_a_clone_s_hooks_are_not_run(witnesses, clone, tmp_path):
    from veedor.web.looks.witnessing import give_out

    place, _ = clone
    for name in ("pre-commit", "pre-push", "post-commit"):
        hook = place / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/run\nexit 1\n")
        hook.chmod(0o755)
    witnesses(git=str(place))
    assert give_out().witnesses == ["git"]
    assert not (tmp_path / "run").exists()


@pytest.fixture
def other_site():
    """Another site that gives a checkpoint and a key; both can be changed."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    site = SimpleNamespace(key=key, origin="other.example/looks", size=5, root=b"a" * 32)
    site.elsewhere, site.asked, site.known = "", [], {}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append(self.path)
            if site.elsewhere:
                self.send_response(302)
                self.send_header("Location", site.elsewhere)
                self.end_headers()
                return
            signed = Checkpoint.signed(site.origin, site.size, site.root, site.key)
            known = {
                "/looks/checkpoint": signed.text.encode(),
                "/looks/key": public_pem(key.public_key()),
                **site.known,
            }
            text = known.get(self.path)
            self.send_response(404 if text is None else 200)
            self.end_headers()
            self.wfile.write(text or b"")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}/looks/checkpoint"
    yield site
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"size": 4}, "the log was cut"),
        ({"root": b"b" * 32}, "the log was rewritten"),
        ({"origin": "new.example/looks"}, "the log was replaced"),
        ({"key": Ed25519PrivateKey.from_private_bytes(b"k" * 32)}, "another key"),
        ({"size": 6, "root": b"c" * 32}, None),
    ],
)
def test_another_site_s_log_is_seen_to_be_cut_or_rewritten(other_site, site, change, told):
    from veedor.web.looks.watching import watch

    watch(other_site.address)
    watch(other_site.address)
    first_key = other_site.key
    vars(other_site).update(change)
    if told is None:
        assert watch(other_site.address).size == 6
    else:
        with pytest.raises(SealError, match=told):
            watch(other_site.address)
    # What was seen is kept, all of it.
    kept = [path.suffix for path in (site / "checkpoints" / "sites").rglob("*-*")]
    assert sorted(kept) == [".checkpoint", ".checkpoint" if told is None else ".refused"]
    # And what was refused is not what comes later is held against.
    vars(other_site).update({"size": 7, "origin": "other.example/looks"} | {"key": first_key})
    assert watch(other_site.address).size == 7


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/looks/checkpoint", "file:///etc/looks/checkpoint", "x"]
)
def test_a_site_that_does_not_answer_is_told(address):
    from veedor.web.looks.watching import watch

    with pytest.raises(SealError):
        watch(address)


def test_the_command_gives_out_and_refuses_an_older_database(site, user):
    from django.db import connection

    def run():
        return subprocess.run(
            [sys.executable, "-m", "veedor", "web", "witness", site, "--lang", "es"],
            env={name: one for name, one in os.environ.items() if name != "DATABASE_URL"},
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )

    connection.close()
    older = (site / "db.sqlite3").read_bytes()
    account = user("nobody")
    account.site_role = "auditor"
    account.save()
    connection.close()
    done = run()
    assert done.returncode == 0, done.stderr
    assert (site / "checkpoints" / "newest").read_text() in done.stdout
    for name in ("db.sqlite3-wal", "db.sqlite3-shm"):
        (site / name).unlink(missing_ok=True)
    (site / "db.sqlite3").write_bytes(older)
    done = run()
    assert done.returncode == 2
    assert "punto de control" in done.stderr


@EACH
def test_a_site_whose_guards_were_taken_away_is_not_served():
    from django.db import connection

    from veedor.web.looks.starting import require_sound

    require_sound()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE looks_entry DISABLE TRIGGER looks_entry_no_update"
            if connection.vendor == "postgresql"
            else "DROP TRIGGER looks_entry_no_update"
        )
    with pytest.raises(SealError, match="looks_entry_no_update"):
        require_sound()


def test_a_site_does_not_say_where_else_to_ask(other_site):
    from veedor.web.looks.watching import watch

    watch(other_site.address)
    other_site.elsewhere = other_site.address.replace("looks/checkpoint", "again/looks/checkpoint")
    with pytest.raises(SealError, match="302"):
        watch(other_site.address)
    assert other_site.asked == ["/looks/key", "/looks/checkpoint", "/looks/checkpoint"]
