"""What a job found wrong, and where, may be cells of rows that nobody published."""

from __future__ import annotations

import pytest
from tests.web.databases import EACH
from tests.web.working import state_purpose

pytestmark = EACH
JOB, STUDY = "/projects/propio/jobs/fallido/", "/projects/propio/studies/estudio/"
CELLS = ("Belgrano 1234", "filas 17 y 23")


def failed_job():
    """A job that stopped by an error that tells cells."""
    from django.utils import timezone

    from veedor.errors import DataError
    from veedor.web.projects.models import Project
    from veedor.web.work.models import Job, Study
    from veedor.web.work.packed import packed_error

    error = DataError(
        "Ids must be unique.", found=CELLS[0], where=CELLS[1], remedy="take one of them out"
    )
    Job.objects.create(
        key="fallido",
        project=Project.objects.get(key="propio"),
        study=Study.objects.get(key="estudio"),
        task="check",
        request={},
        language="es",
        state="failed",
        ended_at=timezone.now(),
        error=packed_error(error),
    )


@pytest.fixture(autouse=True)
def _failed(site):
    failed_job()


def size():
    from veedor.web.looks.models import LogEnd

    return LogEnd.objects.get().size


@pytest.mark.parametrize("name", ["analyst", "auditor"])
@pytest.mark.parametrize("address", [JOB, STUDY])
def test_it_is_told_under_a_purpose_once_it_is_written_down(client_of, name, address):
    from veedor.web.looks.models import Entry

    client, before = client_of(name), size()
    page = client.get(address).text
    assert "Ids must be unique" in page
    assert "take one of them out" in page
    for cell in CELLS:
        assert cell not in page
    assert f"/projects/propio/purpose?next={address.replace('/', '%2F')}" in page
    assert size() == before
    state_purpose(client)
    page = client.get(address).text
    for cell in CELLS:
        assert cell in page
    assert "/purpose?next=" not in page
    last = Entry.objects.last()
    assert (last.kind, last.what) == ("look", "summary")


@pytest.mark.parametrize("address", ["/projects/propio/jobs/", f"{JOB}progress/"])
def test_other_pages_of_jobs_do_not_tell_it(client_of, address):
    client = client_of("analyst")
    state_purpose(client)
    page = client.get(address).text
    for cell in CELLS:
        assert cell not in page


def test_a_job_without_an_error_is_no_look(client_of):
    client = client_of("analyst")
    state_purpose(client)
    before = size()
    assert client.get("/projects/propio/jobs/trabajo/").status_code == 200
    assert size() == before


def test_where_the_log_cannot_be_written_nothing_is_told(client_of, monkeypatch):
    from django.db import OperationalError

    from veedor.web.looks.models import LogEnd

    client = client_of("analyst")
    state_purpose(client)

    def full(*_, **__):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(LogEnd, "move_to", full)
    for address in (JOB, STUDY):
        answer = client.get(address)
        assert answer.status_code == 503
        for cell in CELLS:
            assert cell not in answer.text
