"""One site, one story, five people: from an invitation to a log that a stranger checks."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import chromium
from tests.web.judging import begin, ready
from tests.web.looked_at import looking
from tests.web.made_site import PASSWORD
from tests.web.published import kept_log
from tests.web.served import serving_and_working, window
from tests.web.signing_in import code
from tests.web.studying import DEMO, incidents, study, upload
from tests.web.working import WORLD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NEWCOMER = "ana@diario.example.org"
CHOSEN = "cuatro mapas sobre la mesa verde"
TITLE = "Hechos de prueba, como se publicaron"
LOG = "Pronósticos semanales"


class Story:
    """The site as it is served, a browser, and what was found wrong on the way.

    Parameters
    ----------
    browser : Browser
    address : str
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.wrong: list[str] = []
        self.look = looking(self.wrong, ("es", "en"))
        self.look_once = looking(self.wrong)

    @contextmanager
    def person(self, name: str = "", width: int = 1280) -> Iterator[Page]:
        """A window of somebody who signs in, or of a visitor."""
        with window(self.browser, self.address, width=width) as page:
            page.set_default_timeout(60_000)
            page.goto("/")
            if name:
                page.click("a[href='/accounts/login/']")
                page.fill("#id_login", f"{name}@example.org")
                page.fill("#id_password", PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_url("**/accounts/login/code/")
                page.fill("#id_code", code())
                page.keyboard.press("Enter")
                page.wait_for_selector("form[action='/accounts/logout/']")
            yield page


def _invites(story: Story, administrator: Page) -> str:
    story.look(administrator, "1-administrador-inicio")
    administrator.click("a[href='/accounts/']")
    administrator.click("a[href='/accounts/invite/']")
    story.look(administrator, "1-invitar")
    administrator.fill("#id_email", NEWCOMER)
    administrator.fill("#id_office", "Redacción de prueba")
    administrator.uncheck("[name=by_mail]")
    administrator.click("main button")
    link = administrator.locator("code.key").inner_text()
    story.look_once(administrator, "1-invitacion")
    assert link.startswith(story.address)
    return link


def _takes_it_up(story: Story, analyst: Page, link: str) -> None:
    analyst.goto(link)
    story.look(analyst, "2-cuenta-nueva")
    analyst.fill("#id_password", CHOSEN)
    analyst.fill("#id_again", CHOSEN)
    analyst.keyboard.press("Enter")
    analyst.wait_for_selector("img.code")
    story.look_once(analyst, "2-segundo-factor")
    analyst.fill("#id_code", code(analyst.locator("code.key").inner_text()))
    analyst.keyboard.press("Enter")
    analyst.wait_for_selector(".codes")
    story.look_once(analyst, "2-codigos")
    analyst.click("main a[href='/']")
    story.look(analyst, "2-sin-proyecto")


def _adds(story: Story, administrator: Page) -> None:
    administrator.goto("/projects/")
    story.look(administrator, "3-proyectos")
    administrator.click("a[href='/projects/propio/members/']")
    administrator.fill("#id_email", NEWCOMER)
    administrator.click("main button:text-is('Agregar')")
    administrator.wait_for_selector(f"th:has-text('{NEWCOMER}')")
    story.look(administrator, "3-miembros")


def _publish_log(folder: Path) -> None:
    """Publish a log, which was made elsewhere, as the command of the machine does."""
    from veedor.web.accounts.models import User
    from veedor.web.observatory.publishing import publish
    from veedor.web.projects.models import Project

    analyst = User.objects.get(email="analyst@example.org")
    publish(Project.objects.get(key="propio"), analyst, folder, LOG, by_hand=True)


def _works_and_publishes(story: Story, analyst: Page, folder: Path) -> None:
    analyst.goto("/")
    story.look(analyst, "4-analista-inicio")
    analyst.click("a[href='/projects/propio/']")
    story.look(analyst, "4-proyecto")
    world = folder / "zonas.csv"
    world.write_text(WORLD)
    upload(analyst, [incidents(folder), DEMO / "zones.geojson", world])
    analyst.goto("/projects/propio/new-study/")
    study(analyst, lambda *_: None)
    analyst.click("text=Ver el resultado")
    story.look(analyst, "4-resultado")
    analyst.click("main a[href$='/publish/']")
    story.look(analyst, "4-publicar")
    analyst.fill("#id_title", TITLE)
    analyst.click("main form.narrow button")
    analyst.wait_for_url("**/published/*/")
    analyst.goto("/projects/propio/published/")
    story.look(analyst, "4-publicado")
    analyst.goto("/projects/propio/audits/")
    story.look(analyst, "4-auditorias")
    analyst.click("a[href='/projects/propio/audits/feedback/']")
    story.look(analyst, "4-auditoria")
    analyst.select_option("#id_world", label="zonas.csv (3 filas)")
    analyst.uncheck("#id_threshold")
    analyst.fill("#id_rounds", "10")
    analyst.fill("#id_runs", "2")
    analyst.click("main button")
    analyst.wait_for_selector("text=Ver el resultado")
    story.look(analyst, "4-trabajo")
    analyst.click("text=Ver el resultado")
    analyst.frame_locator("iframe.report").locator("h1").first.wait_for()
    story.look(analyst, "4-auditoria-hecha")


def _judges(story: Story, reader: Page) -> None:
    story.look(reader, "5-lector-inicio")
    reader.click("a[href='/projects/propio/judging/']")
    story.look(reader, "5-paquetes")
    begin(reader)
    for place in (1, 2, 3):
        ready(reader, place)
        if place == 1:
            story.look(reader, "5-elemento")
            ready(reader, place)
        reader.keyboard.press("2")
        reader.keyboard.press("Enter")
    reader.wait_for_url("**/paquete/end/")
    reader.keyboard.press("Enter")
    reader.wait_for_selector("text=Las respuestas están bloqueadas")
    story.look(reader, "5-terminado")


def _reads_who_looked(story: Story, auditor: Page, folder: Path) -> None:
    story.look(auditor, "6-auditor-inicio")
    auditor.click("a[href='/looks/log/']")
    story.look(auditor, "6-motivo")
    auditor.select_option("#id_kind", "audit")
    auditor.fill("#id_case_number", "EX-2026-00012")
    auditor.fill("#id_words", "Control mensual de quienes miraron")
    auditor.click("main form.narrow button")
    auditor.wait_for_selector("td:has-text('Redacción de prueba')")
    story.look(auditor, "6-registro")
    with auditor.expect_download() as awaited:
        auditor.click("a[href='/looks/log/export']")
    packed = folder / "looks.zip"
    awaited.value.save_as(packed)
    with zipfile.ZipFile(packed) as log:
        log.extractall(folder / "looks")
    verify = [sys.executable, "-m", "veedor", "log", "verify", str(folder / "looks" / "log")]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    auditor.goto("/projects/propio/")
    story.look(auditor, "6-proyecto")
    assert not auditor.locator("main form").count()
    auditor.goto("/accounts/")
    story.look(auditor, "6-cuentas")


def _sees(story: Story, visitor: Page) -> None:
    story.look(visitor, "7-inicio")
    visitor.click("nav a[href='/published/']")
    story.look(visitor, "7-publicado")
    visitor.click(f"text={TITLE}")
    visitor.frame_locator("iframe.report").locator("h1").first.wait_for()
    assert NEWCOMER not in visitor.content()
    story.look(visitor, "7-estudio")
    visitor.click("nav a[href='/promises/']")
    story.look(visitor, "7-compromisos")
    visitor.click(f"text={LOG}")
    visitor.click("[data-check]")
    visitor.wait_for_selector("[data-state=holds]")
    story.look_once(visitor, "7-bitacora")
    visitor.goto("/looks/")
    story.look(visitor, "7-quienes-miran")
    for language in ("es", "en"):
        answer = visitor.request.get(f"/feed/{language}.xml")
        assert answer.ok
        assert {one for one in (TITLE, LOG) if one in answer.text()} == {TITLE, LOG}


def test_five_people_and_a_stranger(site, tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
    _publish_log(kept_log(tmp_path / "log"))
    with serving_and_working(site) as address, chromium() as browser:
        story = Story(browser, address)
        with story.person("administrator") as administrator, story.person() as analyst:
            _takes_it_up(story, analyst, _invites(story, administrator))
            _adds(story, administrator)
            _works_and_publishes(story, analyst, tmp_path)
        with story.person("reader", 390) as reader:
            _judges(story, reader)
        with story.person("auditor") as auditor:
            _reads_who_looked(story, auditor, tmp_path)
        with story.person(width=390) as visitor:
            _sees(story, visitor)
    assert not story.wrong, "\n".join(dict.fromkeys(story.wrong))
