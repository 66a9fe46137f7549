"""Files that people fill in: their spreadsheet opens them, and what it saves is read."""

from __future__ import annotations

import csv
import io

import pytest
from tests.made_up_readings import read_rows, truth, write_table
from tests.planned_readings import COLUMNS, SETTINGS, plan_into

from veedor.audits.reading import (
    PackSettings,
    make_pack,
    make_plan,
    open_frame,
    read_codebook,
    score_reading,
    write_plan,
    write_third,
)

#: What a spreadsheet may take for something else: formulas, its own mark, accents, quotes, lines.
TEXTS = (
    "=1+1", "+A1*B2", "-2", "Peatón; sin seña, de noche", 'dice "año" y ñandú', "dos\nlíneas",
    "plain", "a;b;c", "x,y,z",
)  # fmt: skip
SAVED = {
    "as written": None,
    "commas": ("utf-8", ","),
    "commas with a mark": ("utf-8-sig", ","),
    "semicolons": ("utf-8", ";"),
    "Spanish Excel": ("cp1252", ";"),
    "Unicode text": ("utf-16", "\t"),
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """Packs of one table, by language, and what each row shows."""
    folder = tmp_path_factory.mktemp("packed")
    rows = truth()[0]
    for n, row in enumerate(rows):
        row[5] = TEXTS[n % len(TEXTS)]
    table = write_table(folder / "alerts.csv", rows)
    plan_into(folder / "plan", table)
    for language in ("en", "es"):
        (folder / language).mkdir()
        settings = PackSettings(show=("as_written",), language=language)
        make_pack(folder / "plan", table, settings, None, folder / language)
    return folder


def _parsed(path, mark):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))


def _filled(source, mark, saved, path, answer):
    """Answer a reader's file, as it is opened with a mark, and save it in another form."""
    header, *lines = _parsed(source, mark)
    encoding, between = saved or ("utf-8-sig", mark)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=between, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([*line[:-1], answer(line)] for line in lines)
    return path


@pytest.mark.parametrize(("language", "mark"), [("en", ","), ("es", ";")])
def test_a_readers_file_opens_in_columns_in_a_spreadsheet_of_its_language(packed, language, mark):
    path = packed / language / "for_readers" / "reader_1.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    header, *lines = _parsed(path, mark)
    assert header == ["item", "as_written", "answer"]
    assert {len(line) for line in lines} == {3}
    shown = {line[1] for line in lines}
    assert shown == {"'=1+1", "'+A1*B2", *TEXTS[2:]}
    assert not any(text.startswith(("=", "@", "+")) for text in shown)


def test_languages_differ_in_how_files_are_written_and_in_nothing_else(packed):
    def held(language):
        return read_rows(packed / language / "for_readers" / "reader_2.csv")

    assert held("en") == held("es")
    assert (packed / "en" / "key.json").read_bytes() == (packed / "es" / "key.json").read_bytes()


@pytest.mark.parametrize("saved", SAVED.values(), ids=SAVED)
@pytest.mark.parametrize(("language", "mark"), [("en", ","), ("es", ";")])
def test_what_a_spreadsheet_saves_is_read_back(packed, tmp_path, language, mark, saved):
    pack = packed / language
    one, two = (
        _filled(
            pack / "for_readers" / f"reader_{n}.csv", mark, saved, tmp_path / f"{n}.csv",
            lambda line, n=n: "wrong" if n == 2 and "ñ" in line[1] else "right",
        )
        for n in (1, 2)
    )  # fmt: skip
    score, scored = score_reading(pack, [one, two])
    shown = [line[1] for line in _parsed(pack / "for_readers" / "reader_1.csv", mark)[1:]]
    assert 0 < score.differing < score.read
    third = tmp_path / "third.csv"
    many = write_third(scored, one, third, language)
    header, *lines = _parsed(third, mark)
    assert header == ["item", "as_written", "answer"]
    assert len(lines) == many
    assert {line[1] for line in lines} == {text for text in shown if "ñ" in text}
    decided = _filled(third, mark, saved, tmp_path / "decided.csv", lambda _: "right")
    assert score_reading(pack, [one, two], decided)[0].decided


@pytest.mark.parametrize(("language", "mark"), [("en", ","), ("es", ";")])
def test_a_codebook_to_begin_with_opens_in_columns_too(tmp_path, table, language, mark):
    with open_frame(table, COLUMNS) as frame:
        plan, sample = make_plan(frame, SETTINGS)
    answers = [("sí", "yes", "Lo que se ve, lo confirma; sin más"), ("no", "no", "No"),
               ("no sé", "cannot_tell", "Año")]  # fmt: skip
    write_plan(plan, sample, answers, tmp_path, language)
    header, *lines = _parsed(tmp_path / "codebook.csv", mark)
    assert header == ["answer", "counts_as", "meaning"]
    assert [tuple(line) for line in lines] == answers
    read = read_codebook(tmp_path / "codebook.csv", counts=False)
    assert [(one.answer, one.counts_as, one.meaning) for one in read] == answers
    assert (tmp_path / "sample.csv").read_bytes().startswith(b"key,part,")


def test_one_line_without_an_answer_is_told_as_one_that_is_empty(packed, tmp_path):
    source = packed / "es" / "for_readers" / "reader_1.csv"
    first = _parsed(source, ";")[1][0]
    files = [
        _filled(
            packed / "es" / "for_readers" / f"reader_{n}.csv", ";", None, tmp_path / f"{n}.csv",
            lambda line: "" if line[0] == first else "right",
        )
        for n in (1, 2)
    ]  # fmt: skip
    with pytest.raises(Exception, match="1 row in which that does not hold, with an empty field"):
        score_reading(packed / "es", files)


def test_lines_that_a_spreadsheet_appended_are_none(packed, tmp_path):
    files = []
    for n in (1, 2):
        path = _filled(
            packed / "es" / "for_readers" / f"reader_{n}.csv", ";", None, tmp_path / f"{n}.csv",
            lambda line: "right",
        )  # fmt: skip
        lines = path.read_text("utf-8-sig").rstrip("\n").splitlines()
        empty = ";" * lines[0].count(";")
        path.write_text("\n".join([*lines, *[empty] * 5, " " + empty]) + "\n", encoding="cp1252")
        files.append(path)
    score, _ = score_reading(packed / "es", files)
    assert score.read
