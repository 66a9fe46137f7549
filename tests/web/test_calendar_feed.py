"""Deadlines by month, and the link by which a calendar fetches them: what it tells, and to whom."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import date

import icalendar
import pytest
from tests.web.databases import EACH
from tests.web.made_site import PASSWORD
from tests.web.test_requests import made, noted
from tests.web.working import state_purpose

DEADLINES = "/projects/propio/deadlines/"
RECEIVED = date(2026, 3, 2)


@pytest.fixture
def on(monkeypatch):
    """Let it be the day after the first term ended, or another."""
    from veedor.web.disclosure import asking, calendar_views, feeds, request_views

    def be(day: date) -> None:
        for module in (asking, calendar_views, feeds, request_views):
            monkeypatch.setattr(module, "today", lambda: day)

    be(date(2026, 3, 26))
    return be


@pytest.fixture
def analyst(client_of):
    """The analyst, who said why."""
    client = client_of("analyst")
    state_purpose(client)
    return client


def link(client) -> str:
    """Make a link; its path."""
    answer = client.post(f"{DEADLINES}link/")
    assert answer.status_code == 200
    return re.search(r"http://testserver(/calendar/[\w-]{43}\.ics)", answer.text)[1]


def fetched(client_of, place: str) -> icalendar.Calendar:
    """What a calendar's program, of no account, takes from a link."""
    answer = client_of("visitor").get(place)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    for line in answer.content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
    return icalendar.Calendar.from_ical(answer.content)


def days(calendar: icalendar.Calendar) -> dict[str, date]:
    return {str(one["UID"]): one.decoded("DTSTART") for one in calendar.walk("VEVENT")}


def test_deadlines_stand_by_month_what_is_late_first(analyst, on):
    made(2)
    noted(analyst, 1, received=RECEIVED)
    noted(analyst, 2, received=date(2026, 3, 26))
    page = analyst.get(DEADLINES).text
    heads = re.findall(r"<h2>([^<]+)</h2>", page)
    assert heads[:4] == ["Vencido", "marzo de 2026", "abril de 2026", "mayo de 2026"]
    assert page.index("Vencido</h2>") < page.index("25") < page.index("marzo de 2026</h2>")
    assert page.count("25 de marzo de 2026") == 1
    assert "9 de marzo de 2026" not in page  # that term is over, and nobody's to be late with
    assert "<script" not in page
    assert "Ley 27.275, art. 11" in page
    assert "asesoramiento" in page


@EACH
def test_a_calendar_is_told_what_the_pages_say(database, analyst, client_of, on):
    noted(analyst, received=RECEIVED)
    calendar = fetched(client_of, link(analyst))
    assert str(calendar["VERSION"]) == "2.0"
    found = days(calendar)
    assert found["propio-1-answer@testserver"] == date(2026, 3, 25)
    assert found["propio-1-claim@testserver"] == date(2026, 5, 26)
    assert len(found) == len(list(calendar.walk("VEVENT")))
    for one in calendar.walk("VEVENT"):
        assert str(one["SUMMARY"]).startswith("Solicitud 1: ")
        assert str(one["URL"]) == "http://testserver/projects/propio/requests/1/"
        assert one.decoded("DTEND").toordinal() == one.decoded("DTSTART").toordinal() + 1
        assert one["DTSTAMP"].dt.tzinfo is not None
        assert "Ley 27.275" in str(one["DESCRIPTION"])
    reminded = [str(one["UID"]) for one in calendar.walk("VEVENT") if one.walk("VALARM")]
    assert sorted(reminded) == ["propio-1-claim@testserver", "propio-1-court@testserver"]


def test_days_move_and_names_of_entries_stay(analyst, client_of, on):
    noted(analyst, received=RECEIVED)
    place = link(analyst)
    before = days(fetched(client_of, place))
    again = client_of("visitor").get(place).content
    assert client_of("visitor").get(place).content == again
    noted(analyst, extended=date(2026, 3, 20))
    after = days(fetched(client_of, place))
    assert after["propio-1-answer@testserver"] > before["propio-1-answer@testserver"]
    assert set(after) == set(before)
    noted(analyst, answered=date(2026, 3, 24))
    assert not days(fetched(client_of, place))


def test_an_entry_says_when_it_was_changed(analyst, client_of, on):
    from datetime import UTC, datetime

    from veedor.web.disclosure.models import CalendarFeed, NotedDay

    noted(analyst, received=RECEIVED)
    place = link(analyst)
    CalendarFeed.objects.update(made_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    NotedDay.objects.update(noted_at=datetime(2026, 3, 9, 12, tzinfo=UTC))
    stamps = {one["DTSTAMP"].dt.date() for one in fetched(client_of, place).walk("VEVENT")}
    assert stamps == {date(2026, 3, 9)}


HOSTILE = "x\r\nEND:VEVENT\r\n=1+1;, <b>Ministerio</b> \\n é" + "ñ" * 60


def test_it_tells_nobody_whom_what_is_asked_of(analyst, client_of, on):
    from veedor.web.disclosure.models import InformationRequest
    from veedor.web.projects.models import Project

    InformationRequest.objects.update(subject=HOSTILE, system=HOSTILE, body=HOSTILE)
    Project.objects.filter(key="propio").update(title=HOSTILE)
    noted(analyst, received=RECEIVED)
    place = link(analyst)
    fetched(client_of, place)
    text = client_of("visitor").get(place).content.decode()
    for told in ("Ministerio", "=1+1", "ñññ", "<b>", "@example.org", "retention"):
        assert told not in text


def test_a_title_of_a_site_is_a_text(analyst, client_of, on):
    import msgspec
    from django.conf import settings
    from django.test import override_settings

    site = settings.VEEDOR_SITE
    about = msgspec.structs.replace(site.settings.site, title=HOSTILE)
    other = msgspec.structs.replace(
        site, settings=msgspec.structs.replace(site.settings, site=about)
    )
    noted(analyst, received=RECEIVED)
    place = link(analyst)
    with override_settings(VEEDOR_SITE=other):
        calendar = fetched(client_of, place)
    assert len(list(calendar.walk("VEVENT"))) > 2
    assert "END:VEVENT" in str(calendar["X-WR-CALNAME"])


@EACH
def test_the_secret_is_not_kept_and_the_link_is_shown_once(database, analyst, client_of, on):
    from veedor.web.disclosure.models import CalendarFeed

    place = link(analyst)
    secret = place.removeprefix("/calendar/").removesuffix(".ics")
    kept = json.dumps(list(CalendarFeed.objects.values()), default=str)
    assert secret not in kept
    assert secret not in analyst.get(DEADLINES).text
    assert CalendarFeed.objects.get().used_on is None
    fetched(client_of, place)
    assert CalendarFeed.objects.get().used_on == date(2026, 3, 26)
    for wrong in ("x", secret[:-1], secret + "a", secret.swapcase(), "x" * 5_000):
        assert client_of("visitor").get(f"/calendar/{wrong}.ics").status_code == 404


def test_another_link_takes_the_place_of_the_one_before(analyst, client_of):
    first, second = link(analyst), link(analyst)
    assert first != second
    assert client_of("visitor").get(first).status_code == 404
    assert client_of("visitor").get(second).status_code == 200
    assert analyst.post(f"{DEADLINES}link/withdraw/").status_code == 302
    assert client_of("visitor").get(second).status_code == 404
    from veedor.web.accounts.models import Event

    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "calendar_made", "calendar_withdrawn", "calendar_made", "calendar_withdrawn",
    ]  # fmt: skip


def test_a_link_is_of_one_account_and_one_project(analyst, client_of):
    own = link(analyst)
    other = client_of("auditor")
    state_purpose(other)
    theirs = link(other)
    other.post(f"{DEADLINES}link/withdraw/")
    assert client_of("visitor").get(theirs).status_code == 404
    assert client_of("visitor").get(own).status_code == 200


def _removed(user):
    from veedor.web.projects.models import Membership

    membership = Membership.objects.get(user=user, project__key="propio")
    membership.delete()
    yield
    Membership.objects.create(user=user, project=membership.project, role="analyst")


def _made_reader(user):
    from veedor.web.projects.models import Membership

    membership = Membership.objects.get(user=user, project__key="propio")
    membership.role = "reader"
    membership.save()
    yield
    membership.role = "analyst"
    membership.save()


def _closed(user):
    user.is_active = False
    user.save()
    yield
    user.is_active = True
    user.save()


def _given_a_role_of_the_site(user):
    user.site_role = "administrator"
    user.save()
    yield
    user.site_role = ""
    user.save()


def _other_password(user):
    user.set_password("otra clave larga de prueba")
    user.save()
    yield


def _other_factor(user):
    from veedor.web.accounts.models import new_stamp

    user.stamp = new_stamp()
    user.save()
    yield


@EACH
@pytest.mark.parametrize(
    "change",
    [_removed, _made_reader, _closed, _given_a_role_of_the_site, _other_password, _other_factor],
)
def test_a_link_ends_with_what_its_account_may_see_and_for_good(
    database, analyst, client_of, user, change
):
    place = link(analyst)
    assert client_of("visitor").get(place).status_code == 200
    changing = change(user("analyst"))
    next(changing)
    assert client_of("visitor").get(place).status_code == 404
    next(changing, None)  # what was taken away is given back
    assert client_of("visitor").get(place).status_code == 404


def test_what_may_be_seen_is_asked_at_every_fetch(analyst, client_of):
    """Whatever was changed in the database past the site's own ways."""
    from veedor.web.projects.models import Membership

    place = link(analyst)
    Membership.objects.filter(user__email="analyst@example.org").update(role="reader")
    assert client_of("visitor").get(place).status_code == 404
    Membership.objects.filter(user__email="analyst@example.org").update(role="analyst")
    assert client_of("visitor").get(place).status_code == 200


def test_a_membership_that_ends_is_written_with_who_ended_it(analyst, client_of, user):
    from veedor.web.accounts.models import Event

    link(analyst)
    client_of("administrator").post(f"/projects/propio/members/{user('analyst').pk}/remove/")
    ended = Event.objects.filter(kind="calendar_withdrawn").get()
    assert ended.actor == user("administrator")
    assert ended.account == user("analyst")


def test_a_link_is_made_under_a_purpose_and_is_an_export(client_of):
    from veedor.web.disclosure.models import CalendarFeed
    from veedor.web.looks.models import Entry

    client = client_of("auditor")
    assert "/purpose" in client.post(f"{DEADLINES}link/").headers["Location"]
    assert not CalendarFeed.objects.exists()
    state_purpose(client)
    link(client)
    assert list(Entry.objects.filter(kind="look").values_list("what", flat=True)) == ["export"]
    for name in ("reader", "administrator", "stranger"):
        assert client_of(name).post(f"{DEADLINES}link/").status_code == 404
    assert CalendarFeed.objects.count() == 1


def test_the_secret_is_in_no_log(analyst, client_of):
    from veedor.web.site.logs import Json

    place = link(analyst)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Json())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        client_of("visitor").get(place)
        client_of("visitor").get(place + "x")
        client_of("visitor").post(place)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert written.getvalue()
    assert place[10:-4] not in written.getvalue()
    assert PASSWORD not in written.getvalue()
