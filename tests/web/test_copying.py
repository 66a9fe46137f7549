"""A copy for any web server: whole, with links that lead somewhere, and no trace of a session."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from tests.web.databases import EACH
from tests.web.published import audit, kept_log

from veedor.errors import StudyError

pytestmark = EACH


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.forms = 0

    def handle_starttag(self, tag, attrs):
        self.forms += tag == "form"
        for name, value in attrs:
            if name in ("href", "src", "data-verify") and value is not None:
                self.links.append(value)
            if name == "id":
                self.ids.add(value)


def _read(page: Path) -> _Links:
    links = _Links()
    links.feed(page.read_text(encoding="utf-8"))
    return links


def broken_links(folder: Path) -> list[str]:
    """Links of a copy that lead nowhere, or out of it."""
    wrong = []
    for page in sorted(folder.glob("**/index.html")):
        read = _read(page)
        for link in read.links:
            parts = urlsplit(link)
            to = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if parts.scheme or parts.netloc or link.startswith("/"):
                wrong.append(f"{page}: {link} leads out")
            elif not to.is_relative_to(folder.resolve()) or not to.is_file():
                wrong.append(f"{page}: {link} leads nowhere")
            elif parts.fragment and parts.fragment not in _read(to).ids:
                wrong.append(f"{page}: {link} names no part")
    return wrong


@pytest.fixture
def filled(user, tmp_path, site):
    """A site with a log, an audit with odd names of files, and something that was withdrawn."""
    from veedor.web.observatory.publishing import publish, withdraw
    from veedor.web.projects.models import Project

    project, who = Project.objects.get(key="propio"), user("analyst")
    odd = {"año 1/mapa #1 100%?&.csv": "x\n"}
    made = {
        "log": publish(project, who, kept_log(tmp_path / "log"), "Promesas"),
        "audit": publish(project, who, audit(tmp_path / "a", **odd), "Auditoría", by_hand=True),
        "gone": publish(project, who, audit(tmp_path / "b", more="x"), "Retirada", by_hand=True),
    }
    withdraw(made["gone"], who, "Un error")
    return made


def test_every_link_of_a_copy_leads_to_a_file_in_it(filled, tmp_path):
    from veedor.web.observatory.copying import write_copy

    copy = tmp_path / "copy"
    write_copy(copy)
    assert broken_links(copy) == []
    pages = list(copy.glob("**/index.html"))
    assert len(pages) > 10
    assert not [page for page in pages if _read(page).forms]
    for language in ("es", "en"):
        page = copy / language / "published" / filled["gone"].key / "index.html"
        assert "Un error" in page.read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page.read_text(encoding="utf-8")
    assert not (copy / "published" / filled["gone"].key).exists()
    odd = copy / "published" / filled["audit"].key / "files" / "año 1" / "mapa #1 100%?&.csv"
    assert odd.read_text() == "x\n"


def test_a_link_that_is_broken_is_found(filled, tmp_path):
    from veedor.web.observatory.copying import write_copy

    copy = tmp_path / "copy"
    write_copy(copy)
    (copy / "static" / "veedor" / "site.css").unlink()
    assert broken_links(copy)


def test_the_same_site_is_the_same_copy(filled, tmp_path):
    from django.core.cache import cache

    from veedor.web.observatory.copying import write_copy

    def read(folder):
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    write_copy(tmp_path / "one")
    cache.clear()
    write_copy(tmp_path / "two")
    one, two = read(tmp_path / "one"), read(tmp_path / "two")
    differ = {name for name in one if one[name] != two[name]}
    assert one.keys() == two.keys()
    assert differ <= {"manifest.json", "api/scoreboard.json"}  # they say when they were made


def test_an_old_copy_stays_until_the_new_one_is_whole(filled, tmp_path, monkeypatch):
    from veedor.web.observatory import copying

    copy = tmp_path / "copy"
    copying.write_copy(copy)
    before = sorted(path.name for path in copy.rglob("*"))

    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr(copying.shutil, "copyfile", broken)
    with pytest.raises(OSError, match="space"):
        copying.write_copy(copy)
    assert sorted(path.name for path in copy.rglob("*")) == before
    assert [path for path in tmp_path.iterdir() if "copy" in path.name] == [copy]


def test_what_is_anyone_elses_is_not_replaced(filled, tmp_path):
    from veedor.web.observatory.copying import write_copy

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(StudyError):
        write_copy(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "x"


def test_a_copy_can_be_asked_for_by_no_header(filled, client_of):
    client = client_of("visitor")
    for name in ("veedor.copy", "veedor-copy", "veedor_copy", "HTTP_VEEDOR_COPY"):
        answer = client.get("/published/", headers={name: "1"})
        assert "/accounts/login/" in answer.text
