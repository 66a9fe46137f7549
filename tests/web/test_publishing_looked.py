"""What is published was looked at by who publishes it, under a purpose: the access log shows it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.web.databases import EACH
from tests.web.published import audit, kept_log
from tests.web.working import site_folder, state_purpose

from veedor.errors import StudyError
from veedor.files.folders import Manifest, write_manifest
from veedor.sealing import clock

pytestmark = EACH
JOB = "/projects/propio/jobs/trabajo/"


@pytest.fixture
def result():
    """A result of the project that may be published, in the place of the one of all tests."""
    folder = site_folder() / "work" / "propio" / "trabajo"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    return audit(folder)


def publish(user, folder, name="analyst", **more):
    from veedor.web.observatory.publishing import publish
    from veedor.web.projects.models import Project

    return publish(Project.objects.get(key="propio"), user(name), folder, "Auditoría", **more)


def ask(client, title="Auditoría de marzo"):
    return client.post(f"{JOB}publish/", {"title": title})


def there():
    from veedor.web.observatory.models import Publication

    return list(Publication.objects.all())


def test_it_is_published_after_a_reason_and_a_look(client_of, result):
    from veedor.web.looks.models import Entry

    client = client_of("analyst")
    page = client.get(f"{JOB}publish/").text
    assert "No hay un motivo en vigor" in page
    assert "no se miró" in page
    assert 'name="title"' not in page
    assert ask(client).status_code == 400
    state_purpose(client)
    page = client.get(f"{JOB}publish/").text
    assert "en vigor hasta" in page
    assert 'name="title"' not in page
    told = ask(client)
    assert told.status_code == 400
    assert "debe haber mirado" in told.text
    assert there() == []
    client.get(f"{JOB}files/report.html")
    page = client.get(f"{JOB}publish/").text
    assert 'name="title"' in page
    made = ask(client)
    (one,) = there()
    assert made.headers["Location"] == f"/published/{one.key}/"
    look = Entry.objects.get(number=one.look)
    assert (look.kind, look.what) == ("look", "result")
    report = (result / "report.html").read_bytes()
    import hashlib

    assert json.loads(look.leaf)["manifest"]["sha256"] == hashlib.sha256(report).hexdigest()
    assert "entrada" in client.get("/projects/propio/published/").text
    assert client_of("visitor").get(f"/published/{one.key}/").status_code == 200


def test_the_page_of_a_result_leads_there(client_of, result):
    client = client_of("analyst")
    state_purpose(client)
    assert f"{JOB}publish/" in client.get(f"{JOB}report/").text
    auditor = client_of("auditor")
    state_purpose(auditor)
    assert f"{JOB}publish/" not in auditor.get(f"{JOB}report/").text
    assert auditor.get(f"{JOB}publish/").status_code == 404


def test_a_reason_that_is_over_is_none(client_of, user, result, monkeypatch):
    client = client_of("analyst")
    state_purpose(client)
    client.get(f"{JOB}files/report.html")
    later = clock.now() + np.timedelta64(8, "h") + np.timedelta64(1, "s")
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(StudyError, match="said why"):
        publish(user, result)
    state_purpose(client)  # a new one, and nothing was looked at under it
    with pytest.raises(StudyError, match="looked at"):
        publish(user, result)
    client.get(f"{JOB}files/report.html")
    assert publish(user, result).look is not None


def test_what_changed_since_was_not_looked_at(client_of, user, result):
    client = client_of("analyst")
    state_purpose(client)
    client.get(f"{JOB}files/report.html")
    (result / "report.html").write_text("<!doctype html><p>otro", encoding="utf-8")
    (result / "manifest.json").unlink()
    write_manifest(result, Manifest(veedor="0.1.0"))
    with pytest.raises(StudyError, match="looked at"):
        publish(user, result)
    assert there() == []


def test_the_look_of_another_or_in_another_project_is_none(client_of, user, result):
    from veedor.web.projects.models import Membership, Project

    other = user("nobody")
    Membership.objects.create(user=other, project=Project.objects.get(key="propio"), role="analyst")
    client = client_of("nobody")
    state_purpose(client)
    client.get(f"{JOB}files/report.html")
    mine = client_of("analyst")
    state_purpose(mine)
    for _ in range(3):  # looks, but at other things
        mine.get(f"{JOB}files/estimates.csv").close()
        mine.get(f"{JOB}report/")
    with pytest.raises(StudyError, match="looked at"):
        publish(user, result)
    assert publish(user, result, "nobody").look is not None


def test_a_log_is_made_elsewhere_and_a_command_says_that_nobody_looked(user, result, tmp_path):
    assert publish(user, kept_log(tmp_path)).look is None
    assert publish(user, result, by_hand=True).look is None
