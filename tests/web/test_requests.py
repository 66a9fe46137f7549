"""Requests for information: written, their days noted, counted by the task's own rules."""

from __future__ import annotations

import io
import itertools
import zipfile
from datetime import date, timedelta

import pytest
from tests.web.databases import EACH
from tests.web.working import site_folder, state_purpose

from veedor.errors import StudyError
from veedor.tasks import request_deadlines

REQUESTS = "/projects/propio/requests/"
OWN = {
    "system": "lectoras de patentes",
    "body": "el ministerio",
    "subject": "Cámaras compradas",
    "ask": "El contrato de cada compra.\nLo pagado, por mes.",
    "applicant": "organisation",
}
#: Working days of Argentina in March and April of 2026 hold two holidays and Easter.
RECEIVED = date(2026, 3, 2)
DUE, EXTENDED, CLAIM = date(2026, 3, 25), date(2026, 4, 17), date(2026, 5, 26)


@pytest.fixture
def analyst(client_of):
    """The analyst, who said why."""
    client = client_of("analyst")
    state_purpose(client)
    return client


@pytest.fixture
def on(monkeypatch):
    """Let it be another day on the site."""
    from veedor.web.disclosure import asking, calendar_views, feeds, request_views

    def be(day: date) -> None:
        for module in (asking, calendar_views, feeds, request_views):
            monkeypatch.setattr(module, "today", lambda: day)

    be(date(2026, 3, 2))
    return be


def noted(client, number: int = 1, **days: date | None):
    """Note days, in the order in which they are given; the last answer."""
    answer = None
    for event, day in days.items():
        given = {"event": event, "day": day.isoformat() if day else ""}
        answer = client.post(f"{REQUESTS}{number}/day/", given)
    return answer


def standing(today: date, **days: date):
    from veedor.web.disclosure.standing import standing_of

    return standing_of("information", days, today)


def test_a_letter_that_was_not_sent_has_no_terms():
    assert standing(RECEIVED).event == ""
    assert standing(RECEIVED, sent=RECEIVED).event == "sent"
    assert standing(RECEIVED, sent=RECEIVED).made is None


@pytest.mark.parametrize("days", [0, 1])
def test_it_is_late_on_the_day_after_the_last(days):
    found = standing(DUE + timedelta(days=days), received=RECEIVED)
    assert found.late == bool(days)
    assert found.due is not None
    assert (found.due.term.code, found.due.day) == ("answer", DUE)
    assert found.own is not None
    assert (found.own.term.code, found.own.day) == ("claim", CLAIM)


@pytest.mark.parametrize("days", [0, 1])
def test_one_s_own_last_day_is_open_to_its_end(days):
    found = standing(CLAIM + timedelta(days=days), received=RECEIVED)
    assert (found.own is None) == bool(days)
    assert (found.over is None) != bool(days)


def test_an_extension_counts_only_where_it_was_told_in_time():
    in_time = standing(RECEIVED, received=RECEIVED, extended=DUE)
    too_late = standing(RECEIVED, received=RECEIVED, extended=DUE + timedelta(days=1))
    assert in_time.due is not None
    assert in_time.due.day == EXTENDED
    assert too_late.due is not None
    assert too_late.due.day == DUE
    assert [one.code for one in too_late.made.findings] == ["extension_too_late"]


def test_after_a_refusal_the_body_owes_nothing_and_who_asked_may_go_on():
    found = standing(date(2026, 3, 11), received=RECEIVED, denied=date(2026, 3, 10))
    assert found.due is None
    assert not found.late
    assert {one.term.code for one in found.open} == {"claim", "court"}
    assert found.own is not None
    assert found.own.term.code == "court"  # from the refusal: earlier than the claim's
    late = standing(date(2027, 1, 1), received=RECEIVED, denied=date(2026, 3, 10))
    assert late.own is None
    assert late.over is not None


def test_after_a_claim_the_agency_has_to_decide_and_after_its_order_the_body_to_deliver():
    days = {"received": RECEIVED, "claimed": date(2026, 4, 6)}
    found = standing(date(2026, 4, 7), **days)
    assert found.due is not None
    assert found.due.term.code == "notice"
    assert {one.term.whose for one in found.open} == {"body", "agency"}
    ordered = standing(date(2026, 6, 2), **days, ordered=date(2026, 6, 1))
    assert ordered.due is not None
    assert ordered.due.term.code == "delivery"
    assert {one.term.code for one in ordered.open} == {"delivery"}
    assert standing(date(2026, 7, 1), **days, ordered=date(2026, 6, 1)).late


def test_what_was_answered_is_over():
    found = standing(date(2027, 1, 1), received=RECEIVED, answered=date(2026, 3, 20))
    assert (found.event, found.open, found.late) == ("answered", (), False)


def test_days_are_those_that_the_task_counts(tmp_path):
    from veedor.tasks import Context

    asked = request_deadlines.Request(
        received=RECEIVED, on=("denied=2026-03-10",), out=tmp_path / "out"
    )
    done = request_deadlines.perform(asked, Context())
    found = standing(RECEIVED, received=RECEIVED, denied=date(2026, 3, 10))
    assert done.results == request_deadlines.counted(asked) == found.made


@EACH
def test_letters_ask_for_what_a_record_has_no_answer_to(database, analyst):
    place = "/projects/propio/records/registro/ask/"
    form = analyst.get(place).text
    assert 'value="supplier"' in form
    assert "una carta por faltante" in form
    assert "una organización" in form
    assert 'value="retention"' not in form  # it was answered
    given = {"chosen": ["supplier", "who_may_access"], "by": "gap", "applicant": "person"}
    assert analyst.post(place, given).headers["Location"] == REQUESTS
    from veedor.web.disclosure.models import InformationRequest

    made = list(InformationRequest.objects.filter(number__gt=1))
    assert [one.number for one in made] == [2, 3]
    assert {one.version.number for one in made} == {2}
    letter = analyst.get(f"{REQUESTS}2/letter.docx")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(letter.streaming_content)))
    text = packed.read("word/document.xml").decode()
    assert "Ley 27.275" in text
    assert "lectoras de patentes" in text
    assert letter.headers["Content-Type"] == "application/octet-stream"
    page = b"".join(analyst.get(f"{REQUESTS}3/letter.html").streaming_content).decode()
    assert 'lang="es"' in page
    assert analyst.get(f"{REQUESTS}2/letter.json").status_code == 404


@EACH
def test_something_is_asked_in_one_s_own_words(database, analyst):
    made = analyst.post(f"{REQUESTS}new/", OWN)
    assert made.headers["Location"] == f"{REQUESTS}2/"
    page = analyst.get(f"{REQUESTS}2/letter.html")
    text = b"".join(page.streaming_content).decode()
    assert "El contrato de cada compra." in text
    assert "C.U.I.T." in text  # lines of an organisation


@pytest.mark.parametrize(
    "wrong",
    [
        {"ask": "Los datos de Juan Pérez, DNI 30.123.456"},
        {"ask": "Todo lo que haya sobre María González"},
        {"subject": "Escribir a juan.perez@gmail.com"},
        {"system": ""},
        {"applicant": "robot"},
    ],
)
def test_what_asks_for_a_person_is_refused_and_leaves_nothing(analyst, wrong):
    before = sorted((site_folder() / "work" / "propio").iterdir())
    answer = analyst.post(f"{REQUESTS}new/", OWN | wrong)
    assert answer.status_code == 400
    assert sorted((site_folder() / "work" / "propio").iterdir()) == before
    assert not list((site_folder() / "work").glob("gaps-*"))


def test_letters_of_no_request_are_not_left(analyst, monkeypatch):
    from veedor.web.disclosure import asking

    def fail(*_):
        raise StudyError("A test must fail.", found="here")

    monkeypatch.setattr(asking, "_kept", fail)
    before = sorted((site_folder() / "work" / "propio").iterdir())
    assert analyst.post(f"{REQUESTS}new/", OWN).status_code == 400
    assert sorted((site_folder() / "work" / "propio").iterdir()) == before


def test_hostile_words_are_words(analyst):
    hostile = 'x"\n[[gaps]]\nfield = "retention" =1+1, <script>alert(1)</script>'
    answer = analyst.post(f"{REQUESTS}new/", OWN | {"system": hostile, "subject": hostile})
    assert answer.headers["Location"] == f"{REQUESTS}2/"
    from veedor.web.disclosure.models import InformationRequest

    assert InformationRequest.objects.count() == 2
    for place in (REQUESTS, f"{REQUESTS}2/"):
        page = analyst.get(place).text
        assert "<script>alert" not in page
        assert "alert(1)" in page
    text = b"".join(analyst.get(f"{REQUESTS}2/letter.html").streaming_content).decode()
    assert "<script>alert" not in text


@EACH
def test_days_are_noted_as_they_happen_and_who_noted_them_stays(database, analyst, on):
    noted(analyst, sent=date(2026, 2, 20), received=RECEIVED)
    page = analyst.get(f"{REQUESTS}1/").text
    assert "25/3/2026" in page or "25 de marzo de 2026" in page
    assert "Ley 27.275, art. 11" in page
    assert "junio de 2026" in page  # when the text was read
    assert "analyst@example.org" in page
    on(DUE + timedelta(days=1))
    assert "Vencido: el plazo terminó" in analyst.get(f"{REQUESTS}1/").text
    noted(analyst, answered=date(2026, 3, 26))
    assert "Se respondió por completo" in analyst.get(f"{REQUESTS}1/").text
    noted(analyst, answered=None)
    assert "Vencido: el plazo terminó" in analyst.get(f"{REQUESTS}1/").text
    from veedor.web.disclosure.models import NotedDay

    rows = list(NotedDay.objects.values_list("event", "day", "noted_by__email"))
    assert [row[0] for row in rows] == ["sent", "received", "answered", "answered"]
    assert rows[-1][1] is None
    assert {row[2] for row in rows} == {"analyst@example.org"}


@pytest.mark.parametrize(
    "days",
    [
        {"received": date(2026, 3, 3)},  # not yet
        {"denied": RECEIVED},  # nothing was received
        {"received": RECEIVED, "denied": date(2026, 3, 1)},
        {"received": date(2026, 2, 1), "sent": date(2026, 2, 2)},
        {"received": RECEIVED, "answered": date(2026, 3, 1)},
        {"received": date(2026, 2, 1), "answered": date(2026, 2, 2), "received_again": None},
    ],
)
def test_a_day_that_cannot_be_is_not_noted(analyst, on, days):
    from veedor.web.disclosure.models import NotedDay

    given = [("received" if one == "received_again" else one, day) for one, day in days.items()]
    for event, day in given[:-1]:
        assert noted(analyst, **{event: day}).status_code == 302
    before = NotedDay.objects.count()
    event, day = given[-1]
    answer = noted(analyst, **{event: day})
    assert answer.status_code == 400
    assert "Se encontró" in answer.text
    assert NotedDay.objects.count() == before


@pytest.mark.parametrize(
    "given", [{"event": "x", "day": "2026-01-01"}, {"event": "sent", "day": "x"}]
)
def test_what_is_no_day_or_event_is_not_noted(analyst, given):
    from veedor.web.disclosure.models import NotedDay

    assert analyst.post(f"{REQUESTS}1/day/", given).status_code == 400
    assert not NotedDay.objects.exists()


def made(number: int):
    from veedor.web.disclosure.models import InformationRequest

    first = InformationRequest.objects.get(number=1)
    first.pk, first.number = None, number
    first.save()
    return first


def test_late_ones_come_first_and_answered_ones_last(analyst, on):
    from veedor.web.disclosure.models import InformationRequest
    from veedor.web.disclosure.request_views import standings

    for number in (2, 3, 4, 5):
        made(number)
    on(date(2026, 6, 1))
    noted(analyst, 1, received=RECEIVED, answered=date(2026, 3, 3))
    noted(analyst, 2, received=date(2026, 5, 28))
    noted(analyst, 4, received=date(2026, 4, 20))  # late, and open longer
    noted(analyst, 5, received=date(2026, 4, 6))  # late
    project = InformationRequest.objects.get(number=1).project
    assert [one.number for one, _ in standings(project)] == [5, 4, 2, 3, 1]
    page = analyst.get(REQUESTS).text
    places = [page.index(f"{REQUESTS}{number}/") for number in (5, 4, 2, 3, 1)]
    assert places == sorted(places)
    assert page.count("Vencido: el plazo") == 2


def test_every_order_of_the_same_days_is_the_same(user, on):
    """Days are noted as they become known; what follows from them does not depend on that."""
    from veedor.web.disclosure.asking import days_of, note
    from veedor.web.disclosure.standing import standing_of

    on(date(2026, 7, 1))
    days = {"sent": date(2026, 2, 27), "claimed": date(2026, 4, 6), "denied": date(2026, 3, 10)}
    found = []
    for number, order in enumerate(itertools.permutations(days), start=2):
        one = made(number)
        note(one, user("analyst"), "received", RECEIVED)
        for event in order:
            note(one, user("analyst"), event, days[event])
        found.append(standing_of("information", days_of(one), date(2026, 7, 1)))
    assert all(one == found[0] for one in found)


def test_a_request_of_one_project_is_none_of_another(client_of, user):
    client = client_of("stranger")
    state_purpose(client, "ajeno")
    for place in ("", "letter.docx"):
        assert client.get(f"/projects/ajeno/requests/1/{place}").status_code == 404
        assert client.get(f"{REQUESTS}1/{place}").status_code == 404
    assert client.post("/projects/ajeno/requests/1/day/", {"event": "sent"}).status_code == 404


def test_an_auditor_reads_and_notes_nothing(client_of):
    from veedor.web.disclosure.models import NotedDay

    client = client_of("auditor")
    assert "/purpose" in client.get(REQUESTS).headers["Location"]
    state_purpose(client)
    assert "/day/" not in client.get(f"{REQUESTS}1/").text
    assert noted(client, sent=date(2026, 1, 2)).status_code == 404
    assert client.get(f"{REQUESTS}new/").status_code == 404
    assert not NotedDay.objects.exists()


def test_nothing_is_noted_of_a_day_that_is_not_over(user, on):
    from veedor.web.disclosure.asking import note
    from veedor.web.disclosure.models import InformationRequest

    with pytest.raises(StudyError, match="must be over"):
        note(InformationRequest.objects.get(number=1), user("analyst"), "sent", date(2026, 3, 3))
