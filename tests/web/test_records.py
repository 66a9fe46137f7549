"""Records of systems: begun, taken in, compared, exported and published by those who may."""

from __future__ import annotations

import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.databases import EACH
from tests.web.made_site import record_text
from tests.web.published import audit
from tests.web.working import site_folder, state_purpose, work

RECORDS = "/projects/propio/records/"
RECORD = f"{RECORDS}registro/"


@pytest.fixture
def analyst(client_of):
    """The analyst, who said why."""
    client = client_of("analyst")
    state_purpose(client)
    return client


def file(text: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("x.toml", text.encode(), "text/plain")}


def files_left() -> list[str]:
    """What is in the way in, or half-read."""
    site = site_folder()
    incoming = site / "uploads" / "incoming"
    left = [*incoming.glob("*"), *incoming.glob(".*")] if incoming.is_dir() else []
    return [str(one) for one in (*left, *(site / "work").glob("record-*"))]


def kept() -> int:
    from veedor.web.disclosure.models import Version

    return Version.objects.count()


@EACH
def test_a_record_is_begun_by_the_form_of_its_task(database, analyst):
    shown = analyst.get(f"{RECORDS}new/").text
    assert "--system" in shown
    assert "Cómo se llama el sistema" in shown
    made = analyst.post(f"{RECORDS}new/", {"system": "drones", "body": "la policía"})
    assert made.status_code == 302
    page = analyst.get(made.headers["Location"])
    assert page.status_code == 200
    assert "drones" in page.text
    assert "sin respuesta" in page.text.lower()
    from veedor.web.disclosure.models import Record

    record = Record.objects.get(system="drones")
    assert record.newest.path.is_file()
    assert record.made_by.email == record.newest.made_by.email == "analyst@example.org"


def test_a_record_that_cannot_be_leaves_nothing(analyst):
    from veedor.web.disclosure.models import Record

    before = sorted((site_folder() / "work" / "propio").iterdir())
    answer = analyst.post(f"{RECORDS}new/", {"system": "x", "body": "ana.perez@gmail.com"})
    assert answer.status_code == 400
    assert Record.objects.count() == 1
    assert sorted((site_folder() / "work" / "propio").iterdir()) == before


@EACH
def test_a_record_is_taken_in_and_its_next_version(database, analyst):
    made = analyst.post(f"{RECORDS}take-in/", file(record_text(retention="un año")))
    assert made.status_code == 302
    place = made.headers["Location"]
    assert "un año" in analyst.get(place).text
    later = record_text("2", "2026-03-31", retention="dos años", supplier="una empresa")
    assert analyst.post(f"{place}take-in/", file(later)).status_code == 302
    assert "dos años" in analyst.get(place).text
    assert "un año" in analyst.get(f"{place}versions/1/").text
    changes = analyst.get(f"{place}changes/").text
    assert "un año" in changes
    assert "dos años" in changes
    assert "una empresa" in changes
    saved = analyst.get(f"{place}versions/2/record.toml")
    assert saved.content.decode() == later
    assert "attachment" in saved.headers["Content-Disposition"]
    assert not files_left()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "not toml [",
        record_text(description="su autor es juan.perez@gmail.com"),
        record_text().replace("el ministerio", "DNI 30.123.456"),
        record_text("2", "2025-01-01"),  # not newer than the one that is there
        record_text("2", "2026-05-01").replace("lectoras de patentes", "x").replace("el min", "y"),
        "\x00" * 100,
        "a." * 200_000 + "b = 1",
        "x = " + "1" * 10_000,
    ],
    ids=["empty", "other", "no toml", "mail", "dni", "older", "another", "nul", "nested", "number"],
)
def test_what_is_no_newer_version_is_refused_whole(analyst, text):
    before, began = kept(), time.perf_counter()
    for place in (f"{RECORD}take-in/",):
        answer = analyst.post(place, file(text))
        assert answer.status_code == 400
        assert "30.123.456" not in answer.text
        assert "juan.perez" not in answer.text
    assert time.perf_counter() - began < 20
    assert kept() == before
    assert not files_left()
    assert not (site_folder() / "work/propio/registro/3.toml").exists()


def test_more_than_a_record_can_be_is_not_read(analyst):
    answer = analyst.post(f"{RECORDS}take-in/", file("#" * (3 << 20)))
    assert answer.status_code == 400
    assert "1 MiB" in answer.text
    assert not files_left()


@pytest.mark.parametrize(
    "results",
    [
        "../trabajo/results.json",  # an audit of the project, without such a file
        "../../ajeno/trabajo/results.json",
        "../../../site.toml",
        "/etc/passwd",
        "results.json",
    ],
)
def test_a_record_names_no_file_but_audits_of_its_project(analyst, results):
    from veedor.web.projects.models import Project
    from veedor.web.work.models import Job

    other = site_folder() / "work" / "ajeno" / "trabajo"
    audit(other)
    Job.objects.create(
        key="otro",
        project=Project.objects.get(key="ajeno"),
        task="audit_behaviour",
        request={},
        folder="work/ajeno/trabajo",
        language="es",
        state="done",
    )
    before = kept()
    text = f'{record_text()}[[audits]]\nresults = "{results}"\ndate = 2026-01-01\n'
    answer = analyst.post(f"{RECORDS}take-in/", file(text))
    assert answer.status_code == 400
    assert kept() == before


def test_a_hostile_text_is_text(analyst):
    hostile = "x\\n=1+1,<script>alert(1)</script>\\nEND:VCALENDAR"
    text = record_text(description=hostile).replace("lectoras de patentes", hostile)
    made = analyst.post(f"{RECORDS}take-in/", file(text))
    assert made.status_code == 302
    for place in (RECORDS, made.headers["Location"]):
        page = analyst.get(place).text
        assert "<script>alert" not in page
        assert "alert(1)" in page


def test_what_is_not_public_is_opened_under_a_purpose_and_written_down(client_of):
    from veedor.web.looks.models import Entry

    client = client_of("auditor")
    shown = (RECORD, f"{RECORD}versions/1/", f"{RECORD}versions/1/record.toml", f"{RECORD}changes/")
    for place in shown:
        assert "/purpose" in client.get(place).headers["Location"]
    assert not Entry.objects.filter(kind="look").exists()
    state_purpose(client)
    for place in shown:
        assert client.get(place).status_code == 200
    kinds = list(Entry.objects.filter(kind="look").values_list("what", flat=True))
    assert kinds == ["result", "result", "export", "result"]


def test_an_auditor_reads_and_changes_nothing(client_of):
    client = client_of("auditor")
    state_purpose(client)
    page = client.get(RECORD).text
    for action in ("take-in/", "export/", "ask/", "publish/"):
        assert action not in page
        assert client.post(f"{RECORD}{action}").status_code in (404, 405)
    before = kept()
    assert client.post(f"{RECORDS}take-in/", file(record_text())).status_code == 404
    assert client.post(f"{RECORD}take-in/", file(record_text("3", "2026-05-01"))).status_code == 404
    assert kept() == before
    assert not files_left()


def test_a_record_is_of_its_project_alone(client_of):
    client = client_of("stranger")
    state_purpose(client, "ajeno")
    for place in ("", "versions/1/", "changes/", "versions/1/record.toml", "export/", "ask/"):
        assert client.get(f"/projects/ajeno/records/registro/{place}").status_code == 404


@EACH
def test_what_was_exported_is_published_and_withdrawn(database, analyst, client_of):
    asked = analyst.post(f"{RECORD}export/", {"to": ["ley-25326"]})
    assert asked.status_code == 302
    work()
    from veedor.web.disclosure.models import Export

    export = Export.objects.exclude(job__key="trabajo").get()
    assert export.job.state == "done", export.job.error
    assert export.version.number == 2
    assert "noventa días" in analyst.get(asked.headers["Location"] + "files/record.html").text
    place = f"{RECORD}publish/{export.job.key}/"
    assert place in analyst.get(RECORD).text
    assert client_of("auditor").get(place).status_code == 404
    wrong = analyst.post(place, {"title": "escribir a juan.perez@example.com"})
    assert wrong.status_code == 400
    done = analyst.post(place, {"title": "Lectoras de patentes"})
    visitor = client_of("visitor")
    public = visitor.get(done.headers["Location"])
    assert public.status_code == 200
    assert "Registro de un sistema" in public.text
    assert "@example.org" not in public.text
    export.refresh_from_db()
    listed = visitor.get("/api/publications.json").json()
    assert json.dumps(listed).count(export.publication.key)
    assert place not in analyst.get(RECORD).text
    analyst.post(
        "/projects/propio/published/",
        {"publication": export.publication.key, "why": "Faltaba una respuesta"},
    )
    assert place in analyst.get(RECORD).text
    assert "Faltaba una respuesta" in visitor.get(done.headers["Location"]).text


def test_a_record_that_shows_an_audit_with_small_cells_stays_at_home(analyst):
    from veedor.web.disclosure.models import Export, Record
    from veedor.web.projects.models import Project
    from veedor.web.work.models import Job

    project = Project.objects.get(key="propio")
    audit(site_folder() / "work" / "propio" / "abierta", publish=False)
    for key, task in (("abierta", "audit_alerts"), ("expor", "record_export")):
        job = Job.objects.create(
            key=key,
            project=project,
            task=task,
            request={},
            folder=f"work/propio/{key}",
            language="es",
            state="done",
        )
    named = '[[audits]]\nresults = "../abierta/results.json"\ndate = 2026-01-01\n'
    text = record_text("3", "2026-05-01") + named
    assert analyst.post(f"{RECORD}take-in/", file(text)).status_code == 302
    Export.objects.create(version=Record.objects.get(key="registro").newest, job=job)
    answer = analyst.post(f"{RECORD}publish/expor/", {"title": "x"})
    assert answer.status_code == 400
    assert "casillas pequeñas" in answer.text


def test_a_forged_form_leaves_nothing(client_of):
    from django.test import Client

    client = client_of("analyst")
    state_purpose(client)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    before = kept()
    for place in (RECORDS, RECORD):
        answer = strict.post(f"{place}take-in/", file(record_text("3", "2026-05-01")))
        assert answer.status_code == 403
    assert kept() == before
    assert not files_left()
