"""The JSON API and the feed: what they answer is what they describe, and nothing unpublished."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from tests.web.databases import EACH
from tests.web.made_site import opened
from tests.web.published import audit, kept_log

opened()

from django.core.wsgi import get_wsgi_application  # noqa: E402

from veedor.web.observatory import answers  # noqa: E402
from veedor.web.observatory.openapi import described  # noqa: E402

pytestmark = EACH
SCHEMA = schemathesis.openapi.from_dict(described())
APPLICATION = get_wsgi_application()


@pytest.fixture(autouse=True)
def _published(user, tmp_path, site):
    from veedor.web.observatory.publishing import publish, withdraw
    from veedor.web.projects.models import Project

    project = Project.objects.get(key="propio")
    publish(project, user("analyst"), kept_log(tmp_path / "log"), "Promesas de prueba")
    gone = publish(
        project, user("analyst"), audit(tmp_path / "a"), "Auditoría de prueba", by_hand=True
    )
    withdraw(gone, user("analyst"), "Un error")


@SCHEMA.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_as_described(case):
    case.call_and_validate(
        base_url="http://testserver", app=APPLICATION, headers={"Host": "testserver"}
    )


@pytest.mark.parametrize(
    ("address", "of"),
    [
        ("publications.json", answers.Publications),
        ("promises.json", answers.Promises),
        ("scoreboard.json", answers.Scoreboard),
    ],
)
def test_answers_are_read_by_their_types(client_of, address, of):
    answer = client_of("visitor").get(f"/api/{address}")
    assert msgspec.json.decode(answer.content, type=of).items


def test_a_list_is_walked_by_its_links(client_of):
    client, address, seen = client_of("visitor"), "/api/promises.json?size=1", []
    while address:
        page = client.get(address).json()
        seen += [one["entry"] for one in page["items"]]
        address = page["next"]
    assert len(seen) == page["total"] > 1
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/publications.json?page=0", 400),
        ("/api/publications.json?page=x", 400),
        ("/api/publications.json?size=201", 400),
        ("/api/publications.json?page=1&page=2", 400),
        ("/api/publications.json?order=best", 400),
        ("/api/publications.json?page=99", 404),
        ("/api/publications/nothing.json", 404),
        ("/api/nothing", 404),
    ],
)
def test_what_is_wrong_is_a_problem(client_of, address, status):
    answer = client_of("visitor").get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert msgspec.json.decode(answer.content, type=answers.Problem).status == status


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_is_read_only(client_of, method):
    answer = getattr(client_of("visitor"), method)("/api/publications.json")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/", "/published/", "/promises/", "/api/promises.json"])
def test_who_has_it_is_told_so_until_it_changes(client_of, user, tmp_path, address):
    from veedor.web.observatory.publishing import publish
    from veedor.web.projects.models import Project

    if address == "/":
        address = "/data/"
    client = client_of("visitor")
    first = client.get(address)
    assert "max-age" in first.headers["Cache-Control"]
    etag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=etag).status_code == 304
    if address == "/published/":
        project = Project.objects.get(key="propio")
        other = audit(tmp_path / "b", more="x")
        publish(project, user("analyst"), other, "Otra", by_hand=True)
        assert client.get(address, headers=etag).status_code == 200


def test_who_is_signed_in_gets_a_page_that_nobody_keeps(client_of):
    client_of("visitor").get("/published/")
    answer = client_of("analyst").get("/published/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ETag" not in answer.headers
    assert "Entrar" in client_of("visitor").get("/published/").text


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_feed_tells_what_was_published_and_withdrawn(client_of, language):
    answer = client_of("visitor").get(f"/feed/{language}.xml")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(answer.content)
    titles = [one.findtext(f"{atom}title") for one in feed.findall(f"{atom}entry")]
    assert titles == ["Auditoría de prueba", "Promesas de prueba"]
    assert "Un error" in answer.text
    assert "@example.org" not in answer.text
    ids = [one.findtext(f"{atom}id") for one in feed.findall(f"{atom}entry")]
    assert len(set(ids)) == 2


def test_there_is_no_feed_of_another_language(client_of):
    assert client_of("visitor").get("/feed/xx.xml").status_code == 404
