"""The public pages in Chromium: as a reader sees them, and a log checked where he sits."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser import chromium, sideways, violations
from tests.web.published import audit, kept_log
from tests.web.served import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: What Chromium says of a script that the policy of a published page refuses.
_REFUSED = "script-src 'sha256-"
#: Of whoever writes a title, a reason or the name of an office.
HOSTILE = "<script>document.title='ran'</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, chromium() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
        yield started


@pytest.fixture
def shown(user, tmp_path, site) -> dict[str, Any]:
    from veedor.web.accounts.models import Office
    from veedor.web.observatory.publishing import publish, withdraw
    from veedor.web.projects.models import Project

    project, who = Project.objects.get(key="propio"), user("analyst")
    made = {
        "log": publish(project, who, kept_log(tmp_path / "log"), "Pronósticos semanales"),
        "audit": publish(
            project, who, audit(tmp_path / "a", **{"a<b>&.csv": "x"}), HOSTILE, by_hand=True
        ),
        "gone": publish(
            project, who, audit(tmp_path / "b", more="x"), "Auditoría retirada", by_hand=True
        ),
    }
    withdraw(made["gone"], who, HOSTILE)
    Office.objects.update(name=HOSTILE)
    return made


@contextmanager
def _window(browser: Browser, language: str, width: int, *, scripts: bool = True) -> Iterator[Page]:
    """A window, and everything its console complains of."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=language, java_script_enabled=scripts
    )
    page = context.new_page()
    page.told = []  # type: ignore[attr-defined]
    page.on("console", lambda one: one.type == "error" and page.told.append(one.text))  # type: ignore[attr-defined]
    page.on("pageerror", lambda one: page.told.append(str(one)))  # type: ignore[attr-defined]
    yield page
    context.close()


def _addresses(shown: dict[str, Any]) -> list[str]:
    keys = [one.key for one in shown.values()]
    return [
        "/published/",
        *(f"/published/{key}/" for key in keys),
        f"/published/{shown['log'].key}/promises/",
        "/promises/",
        "/data/",
        "/looks/",
    ]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_public_page_is_in_order(browser, shown, tmp_path, language, width):
    wrong, refused = [], 0
    kept = os.environ.get("VEEDOR_SCREENSHOTS")
    with serving() as site, _window(browser, language, width) as window:
        for number, address in enumerate(_addresses(shown)):
            window.goto(site + address)
            window.wait_for_load_state("networkidle")
            if kept:
                path = Path(kept) / f"{number}-{language}-{width}.png"
                window.screenshot(path=path, full_page=True)
            if window.evaluate("document.documentElement.lang") != language:
                wrong.append(f"{address}: another language")
            if more := sideways(window):
                wrong.append(f"{address}: {more} px wider than the window")
            if window.title() == "ran":
                wrong.append(f"{address}: a script of a stranger ran")
            # A report's own script, that is none of veedor's, is refused: that is meant.
            wrong += [f"{address}: {one}" for one in window.told if _REFUSED not in one]
            refused += len(window.told)
            window.told.clear()
        for address in _addresses(shown):  # axe is put into the page, which its policy refuses
            window.route("**/*", _without_policy)
            window.goto(site + address)
            wrong += [f"{address}: {one}" for one in violations(window, ("frame-tested",))]
            window.unroute_all(behavior="wait")  # what the page still loads is answered
    assert not wrong
    assert refused


def _without_policy(route: Any) -> None:
    if "/files/" in route.request.url:
        route.fulfill(status=200, body="", content_type="text/html")
        return
    answer = route.fetch()
    headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)


def test_pages_work_without_scripts(browser, shown):
    with serving() as site, _window(browser, "es", 390, scripts=False) as window:
        window.goto(f"{site}/")
        window.get_by_role("navigation").get_by_role("link", name="Compromisos").click()
        window.get_by_role("link", name="Pronósticos semanales").first.click()
        window.get_by_role("heading", name="Pronósticos semanales").wait_for()
        window.wait_for_load_state()
        assert not window.locator("[data-verify]").is_visible()
        window.get_by_role("button", name="inglés").or_(
            window.get_by_role("button", name="English")
        ).click()
        window.locator("html[lang=en]").wait_for()
        assert f"/published/{shown['log'].key}/" in window.url


def _checked(window: Page) -> tuple[str, str]:
    window.wait_for_selector("[data-state=holds], [data-state=fails]")
    part = window.locator("[data-verify]")
    return str(part.get_attribute("data-state")), window.locator("[data-result]").inner_text()


def test_a_good_log_is_checked_where_the_reader_sits(browser, shown):
    with serving() as site, _window(browser, "es", 390) as window:
        window.goto(f"{site}/published/{shown['log'].key}/")
        window.locator("[data-kept]").fill(shown["log"].checkpoint)
        window.locator("[data-check]").click()
        state, told = _checked(window)
        assert not window.told
    from veedor.sealing import fingerprint, load_public_key, read_log

    log = read_log(shown["log"].folder / "files")
    key = (log.folder / "public-key.pem").read_bytes()
    assert state == "holds", told
    assert fingerprint(load_public_key(key, "")) in told
    signatures = sum(len(one.entries) + 1 for one in log.batches) + 1
    assert f": {signatures}" in told
    assert "empieza con las entradas" in told


def _flip(path: Path, at: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _file_changed(log: Path) -> None:
    _flip(next((log / "files").glob("*.parquet")))


def _file_gone(log: Path) -> None:
    next((log / "files").glob("*.geojson")).unlink()


def _batch(log: Path, number: int = 0) -> Path:
    return sorted((log / "batches").iterdir())[number]


def _word_changed(log: Path) -> None:
    path = _batch(log)
    path.write_bytes(path.read_bytes().replace(b'"late":false', b'"late":true', 1))


def _blank_added(log: Path) -> None:
    path = _batch(log)
    path.write_bytes(path.read_bytes().replace(b'":', b'": ', 1))


def _key_of_another(log: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from veedor.sealing.keys import public_pem

    (log / "public-key.pem").write_bytes(public_pem(Ed25519PrivateKey.generate().public_key()))


def _batch_gone(log: Path) -> None:
    _batch(log).unlink()


def _last_batches_gone(log: Path) -> None:
    for path in sorted((log / "batches").iterdir())[-2:]:
        path.unlink()


def _entries_swapped(log: Path) -> None:
    path = next(one for one in sorted((log / "batches").iterdir()) if b"},{" in one.read_bytes())
    batch = json.loads(path.read_bytes())
    batch["entries"].reverse()
    text = json.dumps(batch, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _checkpoint_of_before(log: Path) -> None:
    first = json.loads(_batch(log).read_bytes())["checkpoint"]
    (log / "checkpoint").write_text(first, encoding="utf-8")


TAMPERED = [
    _file_changed, _file_gone, _word_changed, _blank_added, _key_of_another, _batch_gone,
    _last_batches_gone, _entries_swapped, _checkpoint_of_before,
]  # fmt: skip


def test_a_tampered_log_is_found_out(browser, shown, tmp_path):
    from veedor.sealing import read_log

    folder = shown["log"].folder / "files"
    whole = shutil.copytree(folder, tmp_path / "whole")
    assert len(read_log(whole).batches) > 3
    with serving() as site, _window(browser, "en", 1280) as window:
        for tamper in TAMPERED:
            shutil.rmtree(folder)
            shutil.copytree(whole, folder)
            tamper(folder)
            window.goto(f"{site}/published/{shown['log'].key}/")
            window.locator("[data-check]").click()
            state, told = _checked(window)
            assert state == "fails", (tamper.__name__, told)
            assert "undefined" not in told, (tamper.__name__, told)


def test_another_log_does_not_begin_with_what_was_kept(browser, shown):
    from veedor.sealing import Checkpoint, create_key

    log = shown["log"]
    read = Checkpoint.parse(log.checkpoint, "")
    key = create_key(log.folder.parent / "other.key")
    other = Checkpoint.signed(read.origin, 1, b"\x00" * 32, key)
    with serving() as site, _window(browser, "en", 1280) as window:
        window.goto(f"{site}/published/{log.key}/")
        window.locator("[data-kept]").fill(other.text)
        window.locator("[data-check]").click()
        assert _checked(window)[0] == "fails"


def test_a_downloaded_log_is_checked_from_its_folder(browser, shown, tmp_path):
    good = kept_log(tmp_path / "again")
    bad = Path(shutil.copytree(good, tmp_path / "bad"))
    _file_changed(bad)
    with serving() as site, _window(browser, "es", 1280) as window:
        for folder, state in ((good, "holds"), (bad, "fails")):
            window.goto(f"{site}/published/{shown['log'].key}/")
            window.locator("[data-folder]").set_input_files(str(folder))
            assert _checked(window)[0] == state


def test_a_published_page_can_do_nothing(browser, shown):
    with serving() as site, _window(browser, "es", 1280) as window:
        for address in ("", "files/report.html"):
            window.goto(f"{site}/published/{shown['audit'].key}/{address}")
            window.wait_for_load_state("networkidle")
            frame = window.frames[-1]
            assert frame.evaluate("document.title") == "Informe"
            assert frame.evaluate("window.origin") == "null"
