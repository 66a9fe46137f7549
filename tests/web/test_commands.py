"""Commands of the web app: a site is made whole, and its first administrator gets a link."""

from __future__ import annotations

import re
import stat
import subprocess
import sys

import pytest
from django.test import Client

from veedor.errors import StudyError
from veedor.tasks import Context
from veedor.web.commands import init
from veedor.web.site.folder import making, read_site


def test_a_site_is_made_and_says_its_link(tmp_path):
    folder = tmp_path / "sitio"
    done = init.perform(init.Request(site=folder, title="Sitio"), Context(language="es"))
    assert read_site(folder).settings.site.title == "Sitio"
    told = " ".join(done.document.headline[0].sentences)
    assert re.search(r"http://127\.0\.0\.1:8000/accounts/invitation/[\w-]{40,}/", told)
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "db.sqlite3").stat().st_size > 100_000
    with pytest.raises(StudyError, match="new folder"):
        init.perform(init.Request(site=folder), Context())


def test_a_site_that_fails_leaves_nothing(tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        making(tmp_path / "sites" / "sitio", "[site]\ntitle = 'x'\n"),
    ):
        raise ZeroDivisionError
    assert not list((tmp_path / "sites").iterdir())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[site]\ntitle = ''\n", "length"),
        ("[site]\ntitle = 'x'\naddress = 'ftp://x'\n", "ftp"),
        ("[site]\ntitle = 'x'\naddress = 'https://x/y'\n", "https://x/y"),
        ("[site]\ntitle = 'x'\nlanguage = 'xx'\n", "xx"),
        ("[site]\ntitle = 'x'\ntime_zone = 'Mars/Base'\n", "Mars"),
        ("[site]\ntitle = 'x'\nproxies = -1\n", "-1|>= 0"),
        ("[site]\ntitle = 'x'\n[mail]\nencryption = 'rot13'\n", "rot13"),
        ("[site]\ntitle = 'x'\ncolour = 'red'\n", "colour"),
        ("title = ", "."),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path, text, found):
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    (tmp_path / "secret_key").write_text("x", encoding="utf-8")
    with pytest.raises(StudyError, match=found):
        read_site(tmp_path)


def test_a_folder_that_is_no_site_says_what_makes_one(tmp_path):
    with pytest.raises(StudyError, match="veedor web init"):
        read_site(tmp_path)


def test_the_link_of_the_machine_makes_an_administrator_of_an_address_of_their_own():
    from veedor.web.accounts.inviting import from_the_machine
    from veedor.web.accounts.models import User

    link = from_the_machine("Concejo", "administrator")
    client = Client()
    client.get(link.removeprefix("http://testserver"))
    given = {"password": "una clave nueva y larga", "again": "una clave nueva y larga"}
    taken = client.post("/accounts/invitation/", {**given, "email": "analyst@example.org"})
    assert taken.status_code == 200
    client.post("/accounts/invitation/", {**given, "email": "First@example.org"})
    made = User.objects.get(email="first@example.org")
    assert (made.site_role, made.office.name) == ("administrator", "Concejo")


def test_neither_import_nor_help_needs_django():
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from veedor.cli import main\n"
        "main(['web', 'init', '--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--address" in done.stdout


def test_without_the_extra_it_is_said_what_to_install(tmp_path, monkeypatch):
    from veedor.web.site import opening

    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    with pytest.raises(StudyError, match=r"veedor\[web\]"):
        init.perform(init.Request(site=tmp_path / "x"), Context())


def test_a_demo_has_an_account_of_each_role_that_signs_in():
    from tests.web.signing_in import code, signed_in

    from veedor.web.accounts.models import User
    from veedor.web.projects.models import Project
    from veedor.web.projects.permissions import roles_of
    from veedor.web.site.demo import fill

    made = fill("Demo", "Oficina")
    assert [one.role for one in made.accounts] == ["analyst", "reader", "auditor", "administrator"]
    for one in made.accounts:
        client = Client()
        client.post("/accounts/login/", {"login": one.address, "password": one.password})
        client.post("/accounts/login/code/", {"code": code(one.secret)})
        assert signed_in(client)
        user, project = User.objects.get(email=one.address), Project.objects.get(key=made.project)
        assert one.role in {role.value for role in roles_of(user, project)}
