"""Another key of a site's access log: who knows the log goes on, and the former signs no more."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.web.databases import EACH
from tests.web.looks import look, size
from tests.web.test_witnesses import other_site  # noqa: F401 - a fixture

from veedor.errors import SealError
from veedor.sealing import KeyRenewed, load_key, load_public_key, verify
from veedor.sealing.batches import Entry
from veedor.sealing.keys import raw


@EACH
def test_looks_go_on_under_another_key_and_a_stranger_sees_it(
    site, stated, user, copied, client_of
):
    from veedor.web.looks.given_out import keep
    from veedor.web.looks.models import LogEnd
    from veedor.web.looks.renewing import renew
    from veedor.web.site.keys import log_key, pseudonyms

    auditor, account = stated(), user("auditor")
    known = client_of("visitor").get("/looks/key").content
    before = LogEnd.objects.get().head.checkpoint(log_key())
    keep(before)
    name, old = pseudonyms().account("1"), load_key(site / "log.key")
    for _ in range(2):
        renew()
        assert look(account)  # under the purpose of before: accounts have the keys that they had
        assert pseudonyms().account("1") == name
    assert raw(log_key().public_key()) != raw(old.public_key())
    assert client_of("visitor").get("/looks/key").content == known
    assert auditor.get("/looks/log/").text.count("otra clave del registro") == 2
    checked = verify(
        copied() / "log",
        public_key=load_public_key(known, "key"),
        remembered=[before.text],
    )
    assert checked.holds, checked.problems
    assert [one.code for one in checked.notices] == ["log_key_renewed"] * 2
    for private in ("log.key", "log.first"):
        assert stat.S_IMODE((site / private).stat().st_mode) == 0o600
    assert not (site / "log.key.new").exists()
    assert old.private_bytes_raw().hex() not in (site / "log.first").read_text("ascii")


@EACH
def test_the_former_key_in_its_place_shows_nothing(site, stated, user):
    from veedor.web.looks.appending import NotWrittenError
    from veedor.web.looks.renewing import renew

    auditor = stated()
    shutil.copy(site / "log.key", site / "kept")
    renew()
    n = size()
    (site / "kept").replace(site / "log.key")
    answer = auditor.get("/looks/log/")
    assert answer.status_code == 503
    assert "veedor web renew" in answer.text
    with pytest.raises(NotWrittenError):
        look(user("auditor"))
    assert size() == n


@EACH
@pytest.mark.parametrize("step", ["create_key", "append", "replace_log_key"])
def test_what_was_broken_off_is_done_whole_by_asking_again(stated, user, copied, monkeypatch, step):
    from veedor.web.looks import renewing

    stated()
    real = getattr(renewing, step)

    def broken(*given):
        if step == "append":
            real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(renewing, step, broken)
        with pytest.raises(KeyboardInterrupt):
            renewing.renew()
    if step != "replace_log_key":  # after it the log has named a key that is not there yet
        assert look(user("auditor"))
    renewing.renew()
    assert look(user("auditor"))
    checked = verify(copied() / "log")
    assert checked.holds, checked.problems
    assert len(renewing.renewals()) == 1


@EACH
def test_a_witness_goes_on_with_the_key_that_the_one_before_named(
    other_site,  # noqa: F811 - the fixture
    client_of,
    stated,
    site,
):
    from veedor.web.looks.models import LogEnd
    from veedor.web.looks.renewing import renew
    from veedor.web.looks.watching import watch
    from veedor.web.site.keys import log_key

    stated()
    visitor, end = client_of("visitor"), LogEnd.objects.get()

    def says():
        end.refresh_from_db()
        vars(other_site).update(
            key=log_key(), origin=end.origin, size=end.size, root=bytes.fromhex(end.root)
        )
        other_site.known = {"/looks/keys": visitor.get("/looks/keys").content}

    says()
    other_site.known["/looks/key"] = visitor.get("/looks/key").content
    watch(other_site.address)
    renew()
    renew()
    says()
    assert watch(other_site.address).size == end.size
    assert watch(other_site.address).size == end.size
    told = list((site / "checkpoints" / "sites").rglob("*.followed"))
    assert len(told) == 2
    # A key that nobody named, and one that was replaced, are refused.
    thief = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    named = KeyRenewed(
        written_at=end.written_at,
        code=Entry.read(other_site.known["/looks/keys"].splitlines()[0], "").manifest.code,
        public_key=raw(thief.public_key()).hex(),
    )
    other_site.known = {"/looks/keys": Entry.signed(named, thief).leaf}
    other_site.key = thief
    with pytest.raises(SealError, match="another key"):
        watch(other_site.address)


@EACH
def test_entries_that_name_keys_are_for_anyone_and_tell_of_nobody(client_of, stated):
    from veedor.web.looks.renewing import renew

    stated()
    assert client_of("visitor").get("/looks/keys").content == b""
    fingerprint = renew()
    lines = client_of("stranger").get("/looks/keys").content.splitlines()
    told = [json.loads(line)["manifest"] for line in lines]
    known = {"kind", "number", "previous", "written_at", "code", "public_key"}
    assert [set(one) for one in told] == [known]
    assert len(fingerprint) == 64
    assert fingerprint != told[0]["public_key"]


def test_the_command_gives_the_log_another_key(site):
    asked = [sys.executable, "-m", "veedor", "--lang", "es", "web", "renew", str(site)]
    before = (site / "log.key").read_bytes(), (site / "secret_key").read_bytes()
    done = subprocess.run([*asked, "--log-key"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "veedor web witness" in done.stdout
    assert (site / "log.key").read_bytes() != before[0]
    assert (site / "secret_key").read_bytes() == before[1]
