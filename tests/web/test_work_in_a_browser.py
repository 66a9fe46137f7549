"""From a file to a report, as a person does it: in Spanish, on a telephone and at a desk."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from tests.browser import chromium, sideways, violations
from tests.web.working import worker_process

if TYPE_CHECKING:
    from playwright.sync_api import Page

DEMO = files("veedor.demo")
#: Set to a folder, in it a picture of each page is left, to be looked at.
PICTURES = "VEEDOR_PICTURES"
WIDTHS = (390, 1280)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *told: object) -> None:
        """Say nothing."""


class _Threaded(WSGIServer):
    def process_request(self, request, client_address) -> None:
        threading.Thread(target=self._one, args=(request, client_address), daemon=True).start()

    def _one(self, request, client_address) -> None:
        from django.db import connections

        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)
            connections.close_all()


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The test's site, served with a worker; its address."""
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings

    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "testserver"]):
        application = get_wsgi_application()
        server = make_server("127.0.0.1", 0, application, _Threaded, _Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        worker = worker_process(site)
        yield f"http://127.0.0.1:{server.server_port}"
        worker.terminate()
        worker.wait()
        server.shutdown()
        server.server_close()


def looked_at(window: Page, name: str, wrong: list[str]) -> None:
    """Hold a page against what every page must be, at both widths."""
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        wrong += [f"{name}, {width} px: {one}" for one in violations(window)]
        if more := sideways(window):
            wrong.append(f"{name}, {width} px: {more} px wider than the window")
        if folder := os.environ.get(PICTURES):
            window.screenshot(path=f"{folder}/{name}-{width}.png", full_page=name != "informe")
    window.set_viewport_size({"width": 390, "height": 844})


def test_a_file_becomes_a_report(served, client_of, tmp_path):
    rows = (DEMO / "incidents.csv").read_text().splitlines()
    incidents = tmp_path / "hechos de prueba.csv"
    incidents.write_text("\n".join(rows[:700]) + "\n")
    personal = tmp_path / "personas.csv"
    personal.write_text("dni,n\n30123456,1\n")
    client = client_of("analyst")
    session = client.cookies["veedor_session"].value
    wrong: list[str] = []
    with chromium() as browser:
        context = browser.new_context(locale="es-AR", viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "veedor_session", "value": session, "url": served}])
        window = context.new_page()
        window.set_default_timeout(60_000)
        window.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        window.on("pageerror", lambda error: wrong.append(str(error)))
        window.goto(f"{served}/projects/propio/")
        looked_at(window, "proyecto", wrong)
        window.click("text=Archivos subidos")
        for place in (incidents, DEMO / "zones.geojson", personal):
            window.set_input_files("#id_file", str(place))
            window.click("text=Subir >> visible=true")
            window.wait_for_selector("#uploads, #settled")
        window.wait_for_selector("#settled")
        assert "Rechazado y borrado" in window.inner_text("main")
        assert "hechos de prueba.csv" in window.inner_text("main")
        assert "30123456" not in window.content()
        looked_at(window, "archivos", wrong)
        window.goto(f"{served}/projects/propio/new-study/")
        looked_at(window, "estudio-nuevo", wrong)
        window.fill("#id_title", "Hechos de prueba")
        window.select_option("#id_incidents", label="hechos de prueba.csv (699 filas)")
        window.select_option("#id_zones", label="zones.geojson (74 filas)")
        window.click("button:has-text('Proponer un estudio')")
        window.wait_for_selector("text=Ver lo que se supuso")
        looked_at(window, "estudio-propuesto", wrong)
        window.click("text=Ver lo que se supuso")
        window.select_option("#id_kind", "own_work")
        window.fill("#id_words", "Trabajo propio de prueba en este proyecto")
        window.click("main button")
        window.wait_for_selector("text=Para confirmar")
        looked_at(window, "supuestos", wrong)
        window.get_by_label("Cuántos períodos se pronostican").fill("2")
        window.get_by_label("Lado de una celda").fill("2000")
        window.click("button:has-text('Confirmar')")
        window.click("button:has-text('Ejecutar el estudio')")
        window.wait_for_selector("#progress")
        looked_at(window, "en-curso", wrong)
        window.wait_for_selector("text=Ver el resultado", timeout=400_000)
        looked_at(window, "estudio", wrong)
        window.click("text=Ver el resultado")
        frame = window.frame_locator("iframe.report")
        frame.locator("h1").first.wait_for()
        assert "Hechos de prueba" in frame.locator("body").inner_text()
        looked_at(window, "informe", wrong)
        window.goto(f"{served}/projects/propio/audits/behaviour/")
        looked_at(window, "auditoria", wrong)
        window.goto(f"{served}/projects/propio/jobs/")
        looked_at(window, "trabajos", wrong)
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
