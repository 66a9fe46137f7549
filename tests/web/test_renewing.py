"""Another secret key of a site: second factors are kept, sessions and links are not."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

import pytest
from tests.web.made_site import SECRET

from veedor.tasks import Context
from veedor.web.commands import renew
from veedor.web.site.folder import new_secret, read_site, write_secrets

#: Signs an account in, in a process of its own, as settings are read once a process.
ENTERS = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from veedor.web.site.opening import open_site
open_site(Path(sys.argv[1]))
from django.test import Client
from django.contrib.sessions.models import Session
from tests.web.made_site import PASSWORD
from tests.web.signing_in import code, password, signed_in
from allauth.mfa.models import Authenticator
from veedor.web.accounts.models import UsedCode
UsedCode.objects.all().delete()
client = Client()
if sys.argv[3]:
    client.cookies["veedor_session"] = sys.argv[3]
before = signed_in(client)
client = Client()
password(client, "analyst")
client.post("/accounts/login/code/", {"code": code()})
codes = Authenticator.objects.get(user__email="analyst@example.org", type="recovery_codes")
print(json.dumps({"before": before, "entered": signed_in(client),
    "session": client.session.session_key, "codes": codes.wrap().get_unused_codes(),
    "closed": sorted(str(one.data) for one in Authenticator.objects.all())}))
"""


def enters(site, session: str = ""):
    """Sign in with password and code; say what came of it."""
    from pathlib import Path

    done = subprocess.run(
        [sys.executable, "-c", ENTERS, str(site), str(Path(__file__).parents[2]), session],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_second_factors_are_kept_and_the_old_key_opens_nothing(site):
    before, secret = enters(site), read_site(site).secret
    done = renew.perform(renew.Request(site=site), Context(language="es"))
    read = read_site(site)
    assert (read.former, read.secret != secret, len(read.secret)) == ((), True, 64)
    assert stat.S_IMODE((site / "secret_key").stat().st_mode) == 0o600
    after = enters(site, before["session"])
    assert after["entered"]
    assert not after["before"]  # who was signed in is not
    assert after["codes"] == before["codes"]
    assert not set(after["closed"]) & set(before["closed"])
    assert SECRET not in str(after["closed"])
    assert "segundos factores" in " ".join(done.document.headline[0].sentences)
    write_secrets(site, secret)
    with pytest.raises(AssertionError, match="InvalidToken"):
        enters(site)


def test_what_was_broken_off_opens_all_and_is_done_by_asking_again(site, monkeypatch):
    from veedor.web.site import opening

    before, secret = enters(site), read_site(site).secret

    def broken(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(opening, "in_another_process", broken)
        with pytest.raises(KeyboardInterrupt):
            renew.perform(renew.Request(site=site), Context())
    assert read_site(site).former == (secret,)
    assert enters(site)["codes"] == before["codes"]
    renew.perform(renew.Request(site=site), Context())
    assert read_site(site).former == ()
    after = enters(site)
    assert (after["entered"], after["codes"]) == (True, before["codes"])


def test_a_secret_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    from veedor.web.site import folder

    place = tmp_path / "place"
    place.mkdir()
    write_secrets(place, "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write_secrets(place, new_secret())
    assert [one.name for one in place.iterdir()] == ["secret_key"]
    assert (place / "secret_key").read_text("ascii") == "old\n"
