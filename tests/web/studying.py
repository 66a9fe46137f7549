"""From files to a study that was run, in a browser, in Spanish, as an analyst does it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.looked_at import Look

DEMO = files("veedor.demo")
#: A name is shown as it was given, however it is spelt.
NAME = "hechos de prueba.csv"
ROWS = 699
#: A run takes this long where other things run beside it.
PATIENCE_MS = 400_000


def incidents(folder: Path) -> Path:
    """Write a record of few incidents."""
    rows = (DEMO / "incidents.csv").read_text().splitlines()
    place = folder / NAME
    place.write_text("\n".join(rows[: ROWS + 1]) + "\n")
    return place


def upload(page: Page, places: Sequence[Path]) -> None:
    """Upload files, from the page of a project, and wait until each was looked at."""
    page.click("text=Archivos subidos")
    for place in places:
        page.set_input_files("#id_file", str(place))
        page.click("text=Subir >> visible=true")
        page.wait_for_selector("#uploads, #settled")
    page.wait_for_selector("#settled")
    page.wait_for_load_state()


def state_why(page: Page) -> None:
    """Say why something is looked at, and go on to it."""
    page.select_option("#id_kind", "own_work")
    page.fill("#id_words", "Trabajo propio de prueba en este proyecto")
    page.click("main button")


def study(page: Page, look: Look) -> None:
    """Have a study proposed from what was uploaded, confirm and run it; end at its page."""
    page.fill("#id_title", "Hechos de prueba")
    page.select_option("#id_incidents", label=f"{NAME} ({ROWS} filas)")
    page.select_option("#id_zones", label="zones.geojson (74 filas)")
    page.click("button:has-text('Proponer un estudio')")
    page.wait_for_selector("text=Ver lo que se supuso")
    look(page, "estudio-propuesto")
    page.click("text=Ver lo que se supuso")
    state_why(page)
    page.wait_for_selector("text=Para confirmar")
    look(page, "supuestos")
    page.get_by_label("Cuántos períodos se pronostican").fill("2")
    page.get_by_label("Lado de una celda").fill("2000")
    page.click("button:has-text('Confirmar')")
    page.click("button:has-text('Ejecutar el estudio')")
    page.wait_for_selector("#progress")
    look(page, "en-curso")
    page.wait_for_selector("text=Ver el resultado", timeout=PATIENCE_MS)
