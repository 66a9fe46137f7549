"""Publishing and withdrawing: whole or not at all, and never in silence."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from tests.web.databases import EACH
from tests.web.published import Growing, audit, kept_log

from veedor.errors import PersonalDataRefusal, SealError, StudyError

pytestmark = EACH


@pytest.fixture
def put(user):
    """Publish a folder as the analyst of "propio"."""

    def make(folder, title="Auditoría de prueba", who="analyst", project="propio"):
        from veedor.web.observatory.publishing import publish
        from veedor.web.projects.models import Project

        place = Project.objects.get(key=project)
        return publish(place, user(who), folder, title, by_hand=True)

    return make


def _public(site):
    return sorted(one.name for one in (site / "public").iterdir())


def test_a_folder_is_published_whole_under_its_digest(put, site, tmp_path, client_of):
    made = put(audit(tmp_path / "a"))
    listing = client_of("visitor").get(f"/published/{made.key}/files.sha256")
    text = b"".join(listing.streaming_content)
    assert hashlib.sha256(text).hexdigest() == made.digest
    for line in text.decode().splitlines():
        name = line[66:]
        answer = client_of("visitor").get(f"/published/{made.key}/files/{name}")
        data = b"".join(answer.streaming_content)
        assert data == (tmp_path / "a" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == line[:64]
    packed = b"".join(
        client_of("visitor").get(f"/published/{made.key}/whole.zip").streaming_content
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as whole:
        assert len(whole.namelist()) == made.files == 4
    assert _public(site) == [made.digest]


def test_its_page_names_the_office_and_nobody(put, tmp_path, client_of):
    made = put(audit(tmp_path / "a"))
    for client in (client_of("visitor"), client_of("analyst")):
        text = client.get(f"/published/{made.key}/").text
        assert "Defensoría de prueba" in text
        assert made.digest in text
        assert "@example.org" not in text


@pytest.mark.parametrize("who", ["reader", "stranger", "nobody", "auditor", "administrator"])
def test_only_an_analyst_of_the_project_publishes_and_withdraws(put, tmp_path, user, who):
    from veedor.web.observatory.publishing import withdraw

    with pytest.raises(PermissionDenied):
        put(audit(tmp_path / "a"), who=who)
    made = put(audit(tmp_path / "b"))
    with pytest.raises(PermissionDenied):
        withdraw(made, user(who), "porque sí")


def _changed(folder):
    (folder / "estimates.csv").write_text("statistic,value\nrate,0.9\n")


def _added(folder):
    (folder / "extra.txt").write_text("x")


def _lacking(folder):
    (folder / "report.html").unlink()


def _linked(folder):
    (folder / "report.html").unlink()
    (folder / "report.html").symlink_to("/etc/passwd")


def _folder_linked(folder):
    (folder / "more").symlink_to("/etc")


def _piped(folder):
    os.mkfifo(folder / "pipe")


def _unseen(folder):
    (folder / "a\u202eb.csv").write_text("x")


def _nobodys(folder):
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    "spoil", [_changed, _added, _lacking, _linked, _folder_linked, _piped, _unseen, _nobodys]
)
def test_what_is_not_as_veedor_wrote_it_is_refused_and_leaves_nothing(put, site, tmp_path, spoil):
    folder = audit(tmp_path / "a")
    spoil(folder)
    with pytest.raises(StudyError):
        put(folder)
    assert _public(site) == []


def test_an_audit_with_small_cells_is_refused(put, tmp_path):
    with pytest.raises(StudyError, match="suppressed"):
        put(audit(tmp_path / "a", publish=False))


def test_a_title_names_nobody(put, tmp_path):
    with pytest.raises(PersonalDataRefusal):
        put(audit(tmp_path / "a"), title="Auditoría, escribir a juan.perez@example.com")


def test_the_same_is_published_once(put, tmp_path):
    folder = audit(tmp_path / "a")
    put(folder)
    with pytest.raises(StudyError, match="once"):
        put(folder)


def test_what_is_withdrawn_says_so_and_is_gone(put, site, user, tmp_path, client_of):
    from veedor.web.observatory.publishing import withdraw

    folder = audit(tmp_path / "a")
    made = put(folder)
    withdraw(made, user("analyst"), "Faltaba un mes de datos")
    for client in (client_of("visitor"), client_of("analyst")):
        page = client.get(f"/published/{made.key}/")
        assert page.status_code == 200
        assert "Faltaba un mes de datos" in page.text
        gone = client.get(f"/published/{made.key}/files/report.html")
        assert gone.status_code == 410
        assert "Faltaba un mes de datos" in gone.text
        assert "Informe de prueba" not in gone.text
    assert made.title in client_of("visitor").get("/published/").text
    assert put(folder).key != made.key  # it may be published again, and both stay named


def test_files_of_a_withdrawal_are_gone_after_it(user, tmp_path, site, put):
    from veedor.web.observatory.publishing import withdraw

    made = put(audit(tmp_path / "a"))
    withdraw(made, user("analyst"), "Faltaba un mes")
    put(audit(tmp_path / "b", extra="x"))
    assert made.digest not in _public(site)


@pytest.mark.parametrize("where", ["_zip", "HashedFile", "keep_promises"])
def test_a_failure_at_any_step_leaves_nothing(put, site, tmp_path, monkeypatch, where):
    from veedor.web.observatory import publishing
    from veedor.web.observatory.models import Publication

    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr(publishing, where, broken)
    with pytest.raises((OSError, AttributeError)):
        put(kept_log(tmp_path))
    assert _public(site) == []
    assert not Publication.objects.exists()


def test_what_a_killed_process_left_is_cleared(put, site, tmp_path):
    left = site / "public" / ("a" * 64)
    left.mkdir()
    made = put(audit(tmp_path / "a"))
    assert _public(site) == [made.digest]


def test_an_analyst_withdraws_on_the_projects_page(put, tmp_path, client_of):
    made = put(audit(tmp_path / "a"))
    client = client_of("analyst")
    client.post("/projects/propio/published/", {"publication": made.key, "why": "Un error"})
    made.refresh_from_db()
    assert made.withdrawn_why == "Un error"
    for nothing in ("", "a\0b", "x" * 300):
        given = {"publication": nothing, "why": "x"}
        assert client.post("/projects/propio/published/", given).status_code == 302
    other = client_of("stranger")
    answer = other.post("/projects/ajeno/published/", {"publication": made.key, "why": "x"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_why == "Un error"


def test_a_log_must_hold_and_hold_nothing_else(put, site, tmp_path):
    log = kept_log(tmp_path / "a")
    (log / "log.key").write_text("private")
    with pytest.raises(StudyError):
        put(log)
    log = kept_log(tmp_path / "b")
    victim = next((log / "files").glob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x00")
    with pytest.raises(SealError, match="verify"):
        put(log)
    assert _public(site) == []


def test_a_log_may_only_grow(put, tmp_path, monkeypatch, client_of):
    growing = Growing(tmp_path / "g", monkeypatch)
    growing.promise(0)
    growing.promise(1)
    before = put(growing.copy(tmp_path / "two"), "Promesas")
    growing.promise(2)
    after = put(growing.copy(tmp_path / "three"), "Promesas")
    assert before.series == after.series
    assert f"/published/{after.key}/" in client_of("visitor").get(f"/published/{before.key}/").text
    scoreboard = client_of("visitor").get("/api/scoreboard.json").json()
    assert [one["publication"] for one in scoreboard["items"]] == [after.key]


def test_a_log_that_forgets_what_it_promised_is_refused(put, tmp_path, monkeypatch):
    growing = Growing(tmp_path / "g", monkeypatch)
    growing.promise(0)
    first = growing.copy(tmp_path / "one")
    growing.promise(1)
    put(growing.copy(tmp_path / "two"), "Promesas")
    import shutil

    shutil.rmtree(growing.log)
    shutil.copytree(first, growing.log)
    growing.promise(1, "Better", 0.5)
    with pytest.raises(SealError, match="verify"):
        put(growing.copy(tmp_path / "other"), "Promesas")


def test_due_promises_become_overdue_by_the_clock(put, tmp_path, monkeypatch, client_of):
    growing = Growing(tmp_path / "g", monkeypatch)
    growing.promise(0)
    put(growing.copy(tmp_path / "one"), "Promesas")

    def counts():
        from django.core.cache import cache

        cache.clear()
        (log,) = client_of("visitor").get("/api/scoreboard.json").json()["items"]
        (promise,) = client_of("visitor").get("/api/promises.json").json()["items"]
        return log["rows"][0]["not_due"], log["rows"][0]["never_scored"], promise["state"]

    import numpy as np

    from veedor.web.observatory.models import PublishedPromise

    due = np.datetime64(PublishedPromise.objects.get().due[:-1], "us")
    growing.at = due - np.timedelta64(1, "us")
    assert counts() == (1, 0, "not_due")
    growing.at = due
    assert counts() == (0, 1, "never_scored")


def test_a_withdrawn_log_stays_counted(put, user, tmp_path, client_of):
    from veedor.web.observatory.publishing import withdraw

    made = put(kept_log(tmp_path), "Promesas")
    before = client_of("visitor").get("/api/scoreboard.json").json()
    withdraw(made, user("analyst"), "No salió bien")
    after = client_of("visitor").get("/api/scoreboard.json").json()
    assert after["items"][0]["withdrawn"]
    assert after["items"][0]["rows"] == before["items"][0]["rows"]
    assert "Promesas" in client_of("visitor").get("/promises/").text


@pytest.mark.parametrize(
    "name",
    [
        "files/../../../db.sqlite3",
        "../../site.toml",
        "files/..%2f..%2f..%2fsecret_key",
        "files//etc/passwd",
        "files/",
        "files/report.html%00",
        "checked/",
        "files\\..\\site.toml",
    ],
)
def test_only_what_is_listed_is_sent(put, tmp_path, client_of, name):
    made = put(audit(tmp_path / "a"))
    assert client_of("visitor").get(f"/published/{made.key}/{name}").status_code == 404


def test_what_a_file_is_comes_of_its_name_and_what_it_may_do_of_us(put, tmp_path, client_of):
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    odd = {"a.svg": svg, "b.js": "alert(1)", "c.txt": "<script>alert(1)</script>"}
    made = put(audit(tmp_path / "a", **odd))
    for name in ("files/report.html", "files/a.svg", "files/b.js", "files/c.txt", "whole.zip"):
        answer = client_of("visitor").get(f"/published/{made.key}/{name}")
        answer.close()
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox")
        assert "default-src 'none'" in policy
        assert "allow-same-origin" not in policy
        assert "script-src 'unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        kind = answer.headers["Content-Type"]
        assert "svg" not in kind
        assert "javascript" not in kind
        saved = "attachment" in answer.headers.get("Content-Disposition", "")
        assert saved == name.endswith((".svg", ".js", ".zip"))


def test_what_veedor_calls_its_own_scripts_are_those_of_its_reports():
    from veedor.report.html import asset
    from veedor.web.observatory.files import policy

    assert policy().count("'sha256-") == 2
    assert "leaflet" in asset("leaflet.js").lower()


def test_a_visitor_sees_nothing_unpublished(client_of, put, tmp_path):
    made = put(audit(tmp_path / "a"))
    public = ("/", "/published/", "/promises/", "/data/", "/api/publications.json", "/feed/es.xml")
    for address in (*public, f"/published/{made.key}/", f"/api/publications/{made.key}.json"):
        text = client_of("visitor").get(address).text
        for hidden in (
            "Proyecto propio",
            "Proyecto ajeno",
            "propio",
            "@example.org",
            str(tmp_path),
        ):
            assert hidden not in text, (address, hidden)
    assert len(made.key) == 10
    assert made.key not in (str(made.pk), made.digest[:10])
    assert client_of("visitor").get(f"/published/{made.pk}/").status_code == 404
    assert client_of("visitor").get(f"/published/{made.digest}/").status_code == 404


def test_a_command_publishes_for_whoever_runs_the_site(tmp_path, capsys):
    from django.core.management import CommandError, call_command

    folder = str(audit(tmp_path / "a"))
    call_command("publish_folder", "propio", "analyst@example.org", folder, "Auditoría")
    assert len(capsys.readouterr().out.strip()) == 10
    with pytest.raises(CommandError, match="once"):
        call_command("publish_folder", "propio", "analyst@example.org", folder, "Auditoría")


def test_a_file_that_a_browser_has_already_stays_under_its_own_policy(put, tmp_path, client_of):
    """What a 304 says takes the place of what was said before: of a report, it could not be
    framed any more."""
    address = f"/published/{put(audit(tmp_path / 'a')).key}/files/report.html"
    first = client_of("visitor").get(address)
    assert b"Informe" in b"".join(first.streaming_content)
    again = client_of("visitor").get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    for name in ("Content-Security-Policy", "X-Frame-Options", "ETag"):
        assert again.headers[name] == first.headers[name]
