"""From a file to a report, as a person does it: in Spanish, on a telephone and at a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser import chromium
from tests.web.looked_at import looking
from tests.web.served import serving_and_working
from tests.web.studying import DEMO, NAME, incidents, study, upload


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The test's site, served with a worker; its address."""
    with serving_and_working(site) as address:
        yield address


def test_a_file_becomes_a_report(served, client_of, tmp_path):
    personal = tmp_path / "personas.csv"
    personal.write_text("dni,n\n30123456,1\n")
    client = client_of("analyst")
    session = client.cookies["veedor_session"].value
    wrong: list[str] = []
    look = looking(wrong)
    with chromium() as browser:
        context = browser.new_context(locale="es-AR", viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "veedor_session", "value": session, "url": served}])
        window = context.new_page()
        window.set_default_timeout(60_000)
        window.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        window.on("pageerror", lambda error: wrong.append(str(error)))
        window.goto(f"{served}/projects/propio/")
        look(window, "proyecto")
        upload(window, [incidents(tmp_path), DEMO / "zones.geojson", personal])
        assert "Rechazado y borrado" in window.inner_text("main")
        assert NAME in window.inner_text("main")
        assert "30123456" not in window.content()
        look(window, "archivos")
        window.goto(f"{served}/projects/propio/new-study/")
        look(window, "estudio-nuevo")
        study(window, look)
        look(window, "estudio")
        window.click("text=Ver el resultado")
        frame = window.frame_locator("iframe.report")
        frame.locator("h1").first.wait_for()
        assert "Hechos de prueba" in frame.locator("body").inner_text()
        look(window, "informe")
        window.goto(f"{served}/projects/propio/audits/behaviour/")
        look(window, "auditoria")
        window.goto(f"{served}/projects/propio/jobs/")
        look(window, "trabajos")
        context.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_a_page_of_a_job_goes_on_without_scripts(served, client_of):
    client = client_of("analyst")
    from veedor.web.projects.models import Project
    from veedor.web.work.models import Job

    job = Job.objects.create(
        project=Project.objects.get(key="propio"),
        task="audit_behaviour",
        request={"table": "uploads/propio/none.csv"},
        language="es",
    )
    session = client.cookies["veedor_session"].value
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False, locale="es-AR")
        context.add_cookies([{"name": "veedor_session", "value": session, "url": served}])
        window = context.new_page()
        window.goto(f"{served}/projects/propio/jobs/{job.key}/")
        window.wait_for_selector("button:has-text('Intentar otra vez')", timeout=60_000)
        context.close()
