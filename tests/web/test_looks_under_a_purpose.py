"""Views under a purpose: nothing is shown before it is said why and written down."""

from __future__ import annotations

import io
import sqlite3
import zipfile

import numpy as np
import pytest
from tests.web.databases import EACH
from tests.web.looks import DIGEST, WORDS, look, size

from veedor.sealing import clock, verify


@EACH
def test_nothing_is_shown_before_it_is_said_why_and_written_down(stated, client_of, copied):
    before = size()
    answer = client_of("auditor").get("/looks/log/?office=X")
    assert answer.status_code == 302
    asked = answer.headers["Location"]
    assert asked == "/looks/log/purpose?next=%2Flooks%2Flog%2F%3Foffice%3DX"
    assert size() == before
    page = client_of("auditor").get(asked).content.decode()
    assert 'value="/looks/log/?office=X"' in page
    client = stated(case_number="EX-2026-00012-DEF")
    shown = client.get("/looks/log/")
    assert shown.status_code == 200
    assert WORDS in shown.content.decode()
    assert "EX-2026-00012-DEF" in shown.content.decode()
    folder = copied()
    checked = verify(folder / "log")
    assert checked.holds
    assert [one.purpose for one in checked.looks.looks] == [before]
    # A stranger sees neither the words nor the number, nor who it was.
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for hidden in (WORDS, "EX-2026-00012-DEF", "auditor@example.org"):
        assert hidden.encode() not in everything


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "para ana.perez@example.org, que lo pide"},
        {"words": "sobre la denuncia de la víctima Juana Molina de ayer"},
        {"words": "control"},
        {"words": "........................"},
        {"words": "reviso el registro\u202e de este mes"},
        {"case_number": "20-05536168-2"},
        {"kind": "curiosity"},
        {"kind": ""},
        {"words": "a" * 501},
        {"case_number": "1" * 81},
    ],
)
def test_a_purpose_with_personal_data_or_without_words_is_not_kept(client_of, wrong):
    from veedor.web.looks.models import Purpose

    before = size()
    said = {"kind": "audit", "case_number": "", "words": WORDS, "next": ""} | wrong
    answer = client_of("auditor").post("/looks/log/purpose", said)
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.content.decode()
    assert not Purpose.objects.exists()
    assert size() == before


def test_after_stating_a_purpose_one_stays_on_this_site(client_of):
    said = {"kind": "audit", "words": WORDS, "next": "https://example.net/"}
    answer = client_of("auditor").post("/looks/log/purpose", said)
    assert answer.headers["Location"] == "/"


@EACH
def test_a_purpose_is_for_eight_hours_one_account_and_one_project(stated, user, monkeypatch):
    from veedor.web.looks import looking
    from veedor.web.looks.models import Purpose
    from veedor.web.projects.models import Project

    client, at = stated(), clock.now()
    stated_at = Purpose.objects.get().entry.at
    last = np.datetime64(stated_at.replace(tzinfo=None)) + np.timedelta64(8, "h")
    monkeypatch.setattr(clock, "now", lambda: last)
    assert client.get("/looks/log/").status_code == 200
    own = Project.objects.get(key="propio")
    assert not look(user("auditor"), own)
    assert not look(user("analyst"))
    before = size()
    monkeypatch.setattr(clock, "now", lambda: last + np.timedelta64(1, "us"))
    assert client.get("/looks/log/").status_code == 302
    # In force when it was asked, and over when it was this one's turn to write.
    monkeypatch.setattr(looking, "in_force", lambda *_: Purpose.objects.get())
    assert not look(user("auditor"))
    assert size() == before
    assert last > at


def test_where_the_database_is_held_by_another_nothing_is_shown(stated, site):
    from django.db import connection

    client = stated()
    before = size()
    connection.close()
    held = connection.settings_dict["OPTIONS"]
    other = sqlite3.connect(site / "db.sqlite3", isolation_level=None)
    try:
        connection.settings_dict["OPTIONS"] = held | {"timeout": 0.2}
        other.execute("BEGIN IMMEDIATE")
        answer = client.get("/looks/log/")
        other.execute("ROLLBACK")
    finally:
        connection.settings_dict["OPTIONS"] = held
        connection.close()
        other.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert WORDS not in answer.content.decode()
    assert size() == before


@EACH
def test_where_the_disk_is_full_nothing_is_shown_and_nothing_said(stated, client_of, monkeypatch):
    from django.db import OperationalError

    from veedor.web.looks.models import LogEnd, Purpose

    client = stated()
    before = size()

    def full(*_, **__):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(LogEnd, "move_to", full)
    assert client.get("/looks/log/").status_code == 503
    said = {"kind": "audit", "words": WORDS, "next": ""}
    assert client.post("/looks/log/purpose", said).status_code == 503
    assert size() == before
    assert Purpose.objects.count() == 1


def test_the_log_is_filtered(stated):
    client = stated()
    for _ in range(2):
        client.get("/looks/log/")

    def shown(query):
        return client.get(f"/looks/log/?{query}").content.decode().count('<th scope="row">')

    assert shown("entry=purpose") == 1
    assert shown("entry=look") >= 3
    assert shown("why=court") == 0
    assert shown("what=access_log&why=audit") >= 3
    assert shown("since=2001-01-01&until=2001-01-02") == 0
    assert shown("office=Nowhere") == 0
    assert shown("before=3") == 3
    assert shown("account=zz") > 3  # no key: not filtered by it, and the form says so


def test_an_export_is_a_look_and_its_digest_that_of_the_file(stated, tmp_path):
    import hashlib

    from veedor.web.looks.models import Entry

    client = stated()
    answer = client.get("/looks/log/export")
    packed = b"".join(answer.streaming_content)
    last = Entry.objects.last()
    assert last.what == "export"
    assert hashlib.sha256(packed).hexdigest() in last.leaf
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / "out")
    again = tmp_path / "again.csv"
    checked = verify(tmp_path / "out" / "log")
    from veedor.sealing import write_looks

    write_looks(checked, again)
    assert again.read_bytes() == (tmp_path / "out" / "looks.csv").read_bytes()


@pytest.fixture
def asked(stated, user):
    """Ask a view that stands under a purpose, as an account that has one."""
    from django.test import RequestFactory

    from veedor.web.looks.looking import under_purpose

    stated()

    def ask(view):
        request = RequestFactory().get("/any/")
        request.user = user("auditor")
        return under_purpose("result")(view)(request)

    return ask


@pytest.mark.parametrize("status", [301, 304, 404, 500])
def test_an_answer_that_shows_nothing_is_no_look(asked, status):
    from django.http import HttpResponse

    before = size()
    assert asked(lambda _: HttpResponse(status=status)).status_code == status
    assert size() == before


def test_a_form_that_is_shown_again_is_a_look(asked):
    from django.http import HttpResponse

    before = size()
    assert asked(lambda _: HttpResponse("what was guessed", status=400)).status_code == 400
    assert size() == before + 1


def test_what_is_streamed_must_be_said(asked):
    from django.http import StreamingHttpResponse

    from veedor.web.looks.looking import shown

    before = size()
    with pytest.raises(AssertionError, match="what is streamed"):
        asked(lambda _: StreamingHttpResponse([b"secret"]))
    assert size() == before
    asked(lambda _: shown(StreamingHttpResponse([b"secret"]), DIGEST))
    assert size() == before + 1


def test_a_look_is_committed_and_not_part_of_what_may_be_undone(stated, user):
    from django.db import transaction

    stated()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        look(user("auditor"))
