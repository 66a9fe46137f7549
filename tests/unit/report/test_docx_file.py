"""A document for a word processor: what is put in is there, and the same bytes every time."""

from __future__ import annotations

import time
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from veedor.report.docx_file import (
    Bullets,
    Heading,
    Lines,
    Numbered,
    Paragraph,
    write_docx,
)
from veedor.report.tables import table

BLOCKS = [
    Heading("Ref.: pedido", 2),
    Paragraph("Sr. responsable <b>&amp;</b>", bold=True),
    Paragraph("Texto\x00 con \u202e signos"),
    Numbered(["Uno", "Dos"]),
    Numbered(["Otro uno"]),
    Bullets(["a"]),
    Lines(["Nombre y apellido"]),
    table("Artículos", ["Artículo", "Dice"], [["11", "quince"], ["13", "silencio"]]),
]


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "letter.docx"
    write_docx("Pedido", BLOCKS, path, "es")
    return path


def test_a_word_processor_reads_what_was_put_in(written) -> None:
    read = docx.Document(str(written))
    assert [one.text for one in read.paragraphs if one.text] == [
        "Ref.: pedido",
        "Sr. responsable <b>&amp;</b>",
        "Texto� con � signos",
        "1.\tUno",
        "2.\tDos",
        "1.\tOtro uno",
        "•\ta",
        "Nombre y apellido: \t",
        "Artículos",
    ]
    (held,) = read.tables
    assert [[cell.text for cell in row.cells] for row in held.rows] == [
        ["Artículo", "Dice"],
        ["11", "quince"],
        ["13", "silencio"],
    ]
    assert held.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert read.paragraphs[0].style.name == "Heading 2"
    assert [
        round(read.sections[0].page_width.cm, 1),
        round(read.sections[0].page_height.cm, 1),
    ] == [
        21.0,
        29.7,
    ]


def test_it_says_its_language_and_nobody_wrote_it(written) -> None:
    read = docx.Document(str(written))
    about = read.core_properties
    assert (about.title, about.author, about.comments, about.language) == ("Pedido", "", "", "es")
    assert about.last_modified_by == ""
    spoken = {one.get(qn("w:val")) for one in read.styles.element.iter(qn("w:lang"))}
    assert spoken == {"es-AR"}


def test_the_same_content_gives_the_same_bytes(written, tmp_path) -> None:
    time.sleep(2.1)  # an archive keeps times to two seconds
    again = tmp_path / "again.docx"
    write_docx("Pedido", BLOCKS, again, "es")
    assert again.read_bytes() == written.read_bytes()
    with zipfile.ZipFile(written) as archive:
        assert {one.date_time[0] for one in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert "created" not in core
    assert "python-docx" not in core


def test_a_language_without_a_catalogue_is_written_as_it_is(tmp_path) -> None:
    write_docx("x", [Paragraph("y")], tmp_path / "x.docx", "pt")
    read = docx.Document(str(tmp_path / "x.docx"))
    spoken = {one.get(qn("w:val")) for one in read.styles.element.iter(qn("w:lang"))}
    assert spoken == {"pt"}


def test_a_row_that_lacks_a_cell_is_an_error(tmp_path) -> None:
    with pytest.raises(ValueError, match="zip"):
        write_docx("x", [table("t", ["a", "b"], [["1"]])], tmp_path / "x.docx", "en")
    assert not (tmp_path / "x.docx").exists()


def test_pages_are_numbered_by_fields_that_are_counted_when_they_are_shown(written) -> None:
    (section,) = docx.Document(str(written)).sections
    (footer,) = section.footer.paragraphs
    names = [one.text for one in footer._p.iter(qn("w:instrText"))]
    assert names == ["PAGE", "NUMPAGES"]
    marks = [one.get(qn("w:fldCharType")) for one in footer._p.iter(qn("w:fldChar"))]
    assert marks == ["begin", "end"] * 2


def _widths(tmp_path, head, *rows):
    path = tmp_path / "t.docx"
    write_docx("t", [table("t", head, rows)], path, "es")
    (held,) = docx.Document(str(path)).tables
    assert all(
        [cell.width for cell in row.cells] == [column.width for column in held.columns]
        for row in held.rows
    )
    return [column.width.cm for column in held.columns], held


def test_columns_are_as_wide_as_their_words_and_texts_ask_for(tmp_path) -> None:
    law = "Los datos deben ser exactos y actualizarse en el caso de que ello fuere necesario. " * 3
    widths, held = _widths(tmp_path, ["Artículo", "El texto dice", "Estado"], ["4(4)", law, ""])
    assert sum(widths) == pytest.approx(16.0, abs=0.01)
    assert widths[1] > 10.0
    assert min(widths) > 0.19 * len("Artículo") - 0.4
    # A row is not torn between two pages, and its head is not left behind.
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in held.rows)
    assert held.rows[0].cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_a_table_of_words_too_long_for_the_page_stays_on_it(tmp_path) -> None:
    widths, _ = _widths(tmp_path, ["a", "b"], ["x" * 200, "y" * 100])
    assert sum(widths) == pytest.approx(16.0, abs=0.01)
    assert widths[0] > widths[1] > 4.0
    assert sum(_widths(tmp_path, ["", ""])[0]) == pytest.approx(16.0, abs=0.01)
