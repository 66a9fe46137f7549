"""A page of sections: escaped, closed to the outside, the same bytes again."""

from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from veedor.errors import DataError
from veedor.report import Document, Section, write_document
from veedor.report.cover import Cover
from veedor.report.document import rendered
from veedor.report.dossier import dossier
from veedor.report.tables import table
from veedor.report.words import words_in

HOSTILE = "<script>alert(1)</script>\x00\ud800"
VOID = {"meta", "link"}


class _Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def document():
    return Document(
        title=HOSTILE,
        subtitle=HOSTILE,
        made=HOSTILE,
        plain=Section(HOSTILE, sentences=[HOSTILE], points=[HOSTILE]),
        cautions=[(HOSTILE, HOSTILE)],
        cover=Cover(HOSTILE, because=HOSTILE),
        sections=[
            Section(
                "Second",
                figures=[(Markup('<svg class="chart"></svg>'), HOSTILE)],
                tables=[table(HOSTILE, [HOSTILE], [[HOSTILE]])],
                behind=[table("behind", ["a"], [["1"]])],
                behind_name=HOSTILE,
            )
        ],
    )


def test_everything_but_drawings_is_escaped(document, tmp_path):
    write_document(document, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = _Balanced()
    page.feed(text)
    assert not page.open
    assert "script" not in page.seen
    assert page.seen.count("svg") == 1
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;��") >= 10
    assert "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'; script-src 'none'; " in unescape(text)


def test_the_same_document_gives_the_same_bytes(document, tmp_path):
    for name in ("one.html", "two.html"):
        write_document(document, tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_tables_without_a_name_are_opened_by_a_word_of_the_language():
    behind = [table("Hechos", ["Zona", "Hechos"], [["norte", "3"]])]
    sections = [Section("Por zona", behind=behind)]
    page = Document("Carga", sections=sections, cover=Cover("Hechos"))
    assert "<summary>Tablas</summary>" in rendered(page, "es")
    assert "<summary>Tables</summary>" in rendered(page, "en")


@pytest.mark.parametrize(("language", "said"), [("en", "could be answered"), ("es", "responder")])
def test_a_dossier_in_which_every_audit_was_stopped_is_a_page_that_says_so(language, said):
    stopped = {"exposure": DataError("Zones must have an area.", found="none", where="z.geojson")}
    page = dossier(words_in(language), {}, {"feedback": [["world"]]}, stopped, Path("out"))
    text = rendered(page, language)
    assert said in page.cover.finding
    assert "--world" in text
    assert "z.geojson" in text
