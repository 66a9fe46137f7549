"""A pack is uploaded, its readers said and replaced, a result published: in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.browser import WCAG, chromium, sideways, unreadable, violations
from tests.web.served import serving, window
from tests.web.test_packs_uploaded import zipped
from tests.web.working import work

UPLOADS = "/projects/propio/uploads/"
JOB = "/projects/propio/jobs/trabajo/"


@pytest.fixture
def address(site) -> Iterator[str]:
    with serving() as served:
        yield served


@pytest.fixture
def session(client_of):
    """The session of an account; asked before a browser runs."""

    def of(name: str) -> str:
        client = client_of(name)
        client.get("/", headers={"host": "127.0.0.1"})
        return str(client.session.session_key)

    return of


def aside(do):
    """Do something of the database while a browser runs, which has a loop in this thread."""
    from django.db import connection

    def alone():
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result()


def looked_at(page, wrong):
    """Hold a page against what every page must be, on a telephone and at a desk."""
    for width, scheme in ((390, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        where = f"{page.url} {width} px {scheme}"
        wrong += [f"{where}: {one}" for one in violations(page, tags=WCAG)]
        wrong += [f"{where}: {one}" for one in unreadable(page)]
        if more := sideways(page):
            wrong.append(f"{where}: {more} px wider than the window")


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_pack_is_uploaded_and_given_to_readers(address, session, two, made, tmp_path, language):
    from veedor.web.reading.models import Pack

    (tmp_path / "pack.zip").write_bytes(zipped(made[0]))
    key, wrong = session("analyst"), []
    with chromium() as browser, window(browser, address, language=language, session=key) as page:
        page.goto(UPLOADS)
        page.locator("summary").focus()
        page.keyboard.press("Enter")
        looked_at(page, wrong)
        page.fill("#id_title", "Alertas de marzo")
        page.set_input_files("#id_pack", str(tmp_path / "pack.zip"))
        page.locator("form[action$='new-pack/'] button").click()
        page.wait_for_selector("#uploads")
        aside(work)
        page.wait_for_selector("#settled >> text=Alertas de marzo")
        looked_at(page, wrong)
        pack = aside(lambda: Pack.objects.exclude(key="paquete").get())
        for reader, name in ((1, "reader@example.org"), (2, "nobody@example.org")):
            form = page.locator(f"form[action$='/packs/{pack.key}/{reader}/assign/']")
            form.locator("select").select_option(label=name)
            form.locator("button").click()
            page.wait_for_selector(f"text={name}: 0")
            assert page.url == address + UPLOADS
        looked_at(page, wrong)
        page.goto(f"/projects/propio/packs/{pack.key}/")
        page.locator("summary").first.click()
        looked_at(page, wrong)
    assert not wrong, "\n".join(wrong)
    assert [one.user.email for one in pack.judging.order_by("reader")] == [
        "reader@example.org",
        "nobody@example.org",
    ]


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_reader_is_replaced_by_keyboard(address, session, two, language):
    from veedor.web.reading.models import Pack

    key, wrong = session("analyst"), []
    with chromium() as browser, window(browser, address, language=language, session=key) as page:
        page.goto("/projects/propio/packs/paquete/")
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("n")  # the one choice
        page.keyboard.press("Tab")
        page.keyboard.type("se enfermó")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=se enfermó")
        looked_at(page, wrong)
    assert not wrong, "\n".join(wrong)
    assert Pack.objects.get(key="paquete").judging.get().user == two


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_result_is_published_once_it_was_looked_at(address, session, language):
    from tests.web.published import audit
    from tests.web.working import site_folder

    from veedor.web.observatory.models import Publication

    folder = site_folder() / "work" / "propio" / "trabajo"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    plain = '<!doctype html><html lang="es"><title>Informe</title><h1>Informe</h1></html>'
    audit(folder, **{"report.html": plain})
    key, wrong = session("analyst"), []
    with chromium() as browser, window(browser, address, language=language, session=key) as page:
        page.goto(f"{JOB}publish/")
        looked_at(page, wrong)
        page.locator("main ol a").first.click()
        page.select_option("#id_kind", "own_work")
        page.fill("#id_words", "Trabajo propio de prueba en este proyecto")
        page.locator("main button").click()
        page.wait_for_url(f"**{JOB}publish/")
        page.locator("main ol a").click()
        page.frame_locator("iframe.report").locator("h1").wait_for()
        looked_at(page, wrong)
        page.locator(f"a[href='{JOB}publish/']").click()
        page.wait_for_url(f"**{JOB}publish/")
        page.fill("#id_title", "Auditoría de marzo")
        looked_at(page, wrong)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/published/*/")
    assert not wrong, "\n".join(wrong)
    assert Publication.objects.get().look is not None


def test_an_error_of_a_job_is_for_everyone(address, session):
    from tests.web.test_errors_of_jobs import failed_job

    failed_job()
    key, wrong = session("analyst"), []
    with chromium() as browser, window(browser, address, session=key) as page:
        page.goto("/projects/propio/jobs/fallido/")
        looked_at(page, wrong)
    assert not wrong, "\n".join(wrong)
