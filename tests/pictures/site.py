"""Pages of the web app that are pictured: of a demo site with something to see in each."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from tests.browser import chromium
from tests.pictures.drawing import HIGH, MADE, WIDE, keep
from tests.pictures.reports import call, study, town
from tests.web.served import serving, window
from tests.web.working import work

from veedor.sealing import clock

if TYPE_CHECKING:
    from django.test import Client

    from veedor.web.projects.models import Project

_DEMO = files("veedor.demo")
#: Of the study that is published, the pack that is judged, and the log, by language.
_TITLES = {
    "en": ("Recorded shootings, Chicago 2022", "Bags without an owner", "Forecasts by week"),
    "es": (
        "Hechos registrados con disparos, Chicago 2022", "Bolsos sin dueño",
        "Pronósticos por semana",
    ),
}  # fmt: skip
_PROPOSED = {"en": "Shootings by week", "es": "Disparos por semana"}
_SEEN = {
    "en": ("A bag by the door, a person beside it", "A bag by the door, nobody near it",
           "A shadow on the floor", "A coat over a bench"),
    "es": ("Un bolso junto a la puerta, una persona al lado",
           "Un bolso junto a la puerta, sin nadie cerca", "Una sombra en el piso",
           "Un abrigo sobre un banco"),
}  # fmt: skip
_ANSWERS = {
    "en": ("right,yes,A bag with nobody near it.\nwrong,no,No such bag.\n"
           "not to be told,cannot_tell,What is shown does not say.\n"),
    "es": ("bien,yes,Un bolso sin nadie cerca.\nmal,no,No hay tal bolso.\n"
           "no se sabe,cannot_tell,Lo que se muestra no lo dice.\n"),
}  # fmt: skip
_SHOWN = {"en": "what was seen", "es": "lo que se vio"}
_OFFICE = {"en": "Office of the town", "es": "Oficina del pueblo"}
_WEEKS = 8


class Site:
    """A demo site, open, and who is signed in to it.

    Parameters
    ----------
    folder : Path
        Where what is shown is made.
    language : str
    """

    def __init__(self, folder: Path, language: str) -> None:
        from veedor.report.words import words_in
        from veedor.web.site.folder import About, making
        from veedor.web.site.opening import migrate, open_site
        from veedor.web.site.words import settings_file

        self.folder, self.language = folder, language
        place = folder / "site"
        shutil.rmtree(place, ignore_errors=True)
        about = About(title="veedor", address="http://127.0.0.1", language=language)
        with making(place, settings_file(words_in(language), about)):
            pass
        open_site(place)
        migrate()
        from veedor.web.commands.words import demo_titles
        from veedor.web.projects.models import Project
        from veedor.web.site.demo import fill

        self.project: Project = Project.objects.get(
            key=fill(*demo_titles(words_in(language))).project
        )

    def user(self, role: str) -> Any:
        """The account of a role."""
        from veedor.web.accounts.models import User

        return User.objects.get(email=f"{role}@demo.example")

    def client(self, role: str) -> Client:
        """A browser of the account of a role, without a window."""
        from django.test import Client

        client = Client(headers={"accept-language": self.language, "host": "127.0.0.1"})
        client.force_login(
            self.user(role), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    def publish(self, folder: Path, title: str) -> str:
        """Publish a folder; return its address."""
        from veedor.web.observatory.publishing import publish

        made = publish(self.project, self.user("analyst"), folder, title, by_hand=True)
        return f"/published/{made.key}/"


def _published(site: Site) -> tuple[str, str]:
    title = _TITLES[site.language][0]
    return site.publish(study(site.folder, site.language) / "results", title), ""


def _promises(site: Site) -> tuple[str, str]:
    """The forecasts of a made-up town's last weeks, sealed as if half a day before each."""
    made, log = town(site.folder), site.folder / "log"
    if not (made / "results").exists():
        call(site.language, "run", made)
    shutil.rmtree(log, ignore_errors=True)
    forecasts = made / "results" / "forecasts"
    weeks = sorted(path.name for path in (forecasts / "robbery" / "Kernel").iterdir())
    for week in weeks[-_WEEKS:]:
        begins = np.datetime64(f"{week[:13]}:{week[13:15]}", "us")
        with patch.object(clock, "now", lambda begins=begins: begins - np.timedelta64(12, "h")):
            call(site.language, "log", "seal", *sorted(forecasts.rglob(week)), "--log", log, "--by",
                 _OFFICE[site.language])  # fmt: skip
    with patch.object(clock, "now", lambda: np.datetime64("2024-07-20T12:00", "us")):
        report = site.folder / "log.html"
        call(site.language, "log", "score", log, "--outcomes", made, "--report", report)
        site.publish(log, _TITLES[site.language][2])
    return "/promises/", ""


def _proposal(site: Site) -> tuple[str, str]:
    """A study that is proposed of uploads, to be confirmed."""
    from veedor.web.projects.models import Upload
    from veedor.web.work.models import Study

    analyst, place = site.client("analyst"), f"/projects/{site.project.key}"
    for name in ("incidents.csv", "zones.geojson"):
        with (_DEMO / name).open("rb") as file:  # type: ignore[attr-defined]
            analyst.post(f"{place}/uploads/new/", {"file": file})
        work()
    given = {one.name.partition(".")[0]: one.key for one in Upload.objects.all()}
    analyst.post(f"{place}/new-study/", {"title": _PROPOSED[site.language], **given})
    work()
    why = {"kind": "own_work", "words": _PROPOSED[site.language]}
    analyst.post(f"{place}/purpose", why)
    session = analyst.cookies["veedor_session"].value
    return f"{place}/studies/{Study.objects.get().key}/settings/", session


def _reading(site: Site) -> tuple[str, str]:
    """A pack of alerts, made up, that a reader judges."""
    from veedor.web.reading.putting_in import put_in

    there = site.folder / "reading"
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir()
    table, seen = there / "alerts.csv", _SEEN[site.language]
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = [[f"a{n}", str(n % 2 == 0).lower(), seen[n * 7 % len(seen)]] for n in range(240)]
        csv.writer(file).writerows([("alert", "flagged", _SHOWN[site.language]), *rows])
    book, plan, pack = there / "book.csv", there / "plan", there / "pack"
    book.write_text(f"answer,counts_as,meaning\n{_ANSWERS[site.language]}", encoding="utf-8")
    drawn = ["--key", "alert", "--alert", "flagged", "--n", 40, "--others", 10, "--seed", 4]
    call(site.language, "reading", "plan", table, *drawn, "--out", plan)
    shown = ["--table", table, "--show", _SHOWN[site.language], "--codebook", book]
    call(site.language, "reading", "pack", plan, *shown, "--out", pack)
    made = put_in(site.project, pack, _TITLES[site.language][1], {1: site.user("reader")})
    session = site.client("reader").cookies["veedor_session"].value
    return f"/projects/{site.project.key}/judging/{made.key}/", session


#: By the name of their pictures: what gives the address, and the session of whoever may look.
PAGES: dict[str, Callable[[Site], tuple[str, str]]] = {
    "web-published": _published,
    "web-promises": _promises,
    "web-proposal": _proposal,
    "web-reading": _reading,
}


def draw(language: str, wanted: set[str]) -> None:
    """Draw the pages that are wanted, of a new site."""
    site = Site(MADE / language, language)
    shown = {name: PAGES[name](site) for name in PAGES if name in wanted}
    with serving() as address, chromium() as browser:
        for name, (place, session) in shown.items():
            with window(browser, address, language=language, session=session, width=WIDE) as page:
                page.set_viewport_size({"width": WIDE, "height": HIGH})
                page.goto(place)
                page.wait_for_load_state("networkidle")
                keep(page.screenshot(), name, language)


if __name__ == "__main__":
    draw(sys.argv[1], set(sys.argv[2:]))
