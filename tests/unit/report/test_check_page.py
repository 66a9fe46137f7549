"""The page of `check`: its verdict, its counts, and that it holds nothing of single rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.asking import ask

from veedor.errors import StudyError
from veedor.files.json_file import json_bytes
from veedor.incidents import Category, Columns, Source, assess, read
from veedor.incidents.quality_report import QualityReport, Share
from veedor.incidents.reconciling import reconcile
from veedor.incidents.shareable import shareable
from veedor.incidents.usability import judge
from veedor.report.check_page import check_page
from veedor.report.words import words_in
from veedor.report.words.quality_charts import steps
from veedor.tasks import check

HEAD = "id,when,lat,lon,what,barrio,notas"
#: What stands in single rows of the record below, and must stand nowhere on its page.
HOSTILE = (
    "pasillo azul del fondo",
    "zona rara del sur",
    "Calle Falsa 123",
    "victima secreta",
    "ID-93417",
    "<script>alert(1)</script>",
    "de noche en Calle 9",
)


def record(folder: Path) -> Path:
    """Rows of every fate, with what somebody typed into the wrong column."""
    rows = [
        f"{n},2024-{1 + n % 12:02d}-{1 + n % 28:02d}T10:30,-34.6{n % 40:02d},-58.4{n % 30:02d},"
        "robo,Flores,victima secreta"
        for n in range(600)
    ]
    rows += [f"{700 + n},2024-05-0{1 + n % 9}T11:00,,,robo,Flores,x" for n in range(12)]
    rows += ["720,2024-05-03T11:00,,,robo,zona rara del sur,x"]
    rows += [f"{730 + n},2024-05-03T11:00,-34.61,-58.41,hurto,Flores,x" for n in range(20)]
    rows += ["760,2024-05-03T11:00,-34.61,-58.41,pasillo azul del fondo,Flores,x"]
    rows += ["761,2024-05-03T11:00,-34.61,-58.41,<script>alert(1)</script>,Flores,x"]
    rows += [
        "762,de noche en Calle 9,-34.61,-58.41,robo,Flores,x",
        "ID-93417,,-34.61,-58.41,robo,Flores,x",
    ]
    rows += ["764,2024-05-03T11:00,-31.61,-58.41,robo,Calle Falsa 123,x"]
    path = folder / "in.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def report(folder: Path) -> QualityReport:
    columns = Columns(
        id="id", time="when", latitude="lat", longitude="lon", category="what", zone="barrio"
    )
    source = Source(
        (str(record(folder)),),
        columns,
        (Category("robo", "reported"), Category("hurto", "reported")),
        "America/Argentina/Buenos_Aires",
        "EPSG:32721",
    )
    return assess(read(source))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> QualityReport:
    return report(tmp_path_factory.mktemp("record"))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_every_row_is_somewhere_and_the_bars_add_up(found: QualityReport) -> None:
    counts = reconcile(found)
    assert counts.adds_up
    assert (counts.rows, counts.aside, counts.unlocated, counts.used) == (638, 4, 13, 621)
    drawn = steps(words_in("en"), found, counts, area=False)
    left = drawn[0].count
    for step in drawn[1:-1]:
        left -= step.count
        assert step.begins == left
    assert left == drawn[-1].count == counts.used


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": lambda r: replace(r.rows, read=r.rows.read + 1)},
        {"rows": lambda r: replace(r.rows, set_aside=r.rows.set_aside[:-1])},
        {"places": lambda r: replace(r.places, unlocated=[])},
        {"categories": lambda r: r.categories[:-1]},
    ],
)
def test_counts_that_do_not_add_up_are_to_be_mended_first(found, wrong) -> None:
    broken = replace(found, **{name: make(found) for name, make in wrong.items()})
    assert not reconcile(broken).adds_up
    judged = judge(broken)
    assert judged.verdict == "mend"
    assert judged.mend[0].code == "record_does_not_add_up"


def test_nothing_of_a_single_row_is_on_the_page(tmp_path: Path) -> None:
    path = record(tmp_path)
    done = ask(check, study=path, out=tmp_path / "out")
    page = text_of(done.folder / "check.html")
    for secret in HOSTILE:
        assert secret not in page
        assert secret.replace("<", "&lt;").replace(">", "&gt;") not in page
    assert not re.search(r"row \d+\b", page)
    assert "notas" in page  # the name of a column that was dropped, none of its values
    assert not re.search(r"src=|href=\"http|<script", page)


def test_what_a_report_shows_without_the_data_keeps_every_count(found: QualityReport) -> None:
    shown = shareable(found, {"hurto"})
    assert reconcile(shown) == reconcile(found)
    text = json_bytes(shown).decode()
    assert not any(secret in text for secret in HOSTILE)
    assert [(one.value, one.count) for one in shown.places.unlocated_zones] == [("Flores", 12)]
    assert len(found.places.unlocated_zones) == 2


def test_a_rare_category_is_shown_only_where_a_study_names_it(found: QualityReport) -> None:
    rare = replace(
        found,
        categories=[
            replace(one, count=9) if one.name == "hurto" else one for one in found.categories
        ],
    )
    assert "hurto" not in {one.name for one in shareable(rare, ()).categories}
    assert "hurto" not in shareable(rare, ()).months.by_category
    assert "hurto" in {one.name for one in shareable(rare, {"hurto"}).categories}


def test_the_verdict_is_told_with_its_limits(found: QualityReport) -> None:
    judged = judge(found)
    assert (judged.verdict, len(judged.limits)) == ("limits", 6)
    page = check_page(words_in("en"), "made up", found, judged)
    assert page.cover is not None
    assert page.cover.finding == "This record can be used, with 6 limits"
    listed = [row[0] for row in page.cover.lists[0].rows]
    assert listed == [*page.plain.points[:4], "and 2 more, below"]
    assert len(page.plain.points) == 6
    assert [one.told for one in page.cover.proof.counts] == [
        "634 of 638", "621 of 634", "634 of 634",
    ]  # fmt: skip


def share(found: QualityReport, **counts: tuple[int, int]) -> QualityReport:
    located = Share.of(*counts["located"])
    return replace(
        found,
        places=replace(found.places, located=located),
    )


@pytest.mark.parametrize(
    ("without", "code"),
    [
        (9, None),
        (10, "record_unlocated"),
        (500, "record_unlocated"),
        (501, "record_mostly_unlocated"),
    ],
)
def test_incidents_without_a_place_limit_from_one_in_a_hundred_on(found, without, code) -> None:
    judged = judge(share(found, located=(1000 - without, 1000)))
    codes = {one.code for one in (*judged.mend, *judged.limits)}
    told = codes & {"record_unlocated", "record_mostly_unlocated"}
    assert told == (set() if code is None else {code})


@pytest.mark.parametrize(
    ("unread", "code"),
    [(6, None), (7, "record_unread"), (158, "record_unread"), (159, "record_mostly_unread")],
)
def test_rows_that_cannot_be_read_are_to_be_mended_above_one_in_five(found, unread, code) -> None:
    """Of 634 incidents: 6 of 640 are below one in a hundred, 159 of 793 above one in five."""
    aside = [replace(one, count=unread) for one in found.rows.set_aside if one.reason == "no time"]
    judged = judge(replace(found, rows=replace(found.rows, set_aside=aside)))
    codes = {one.code for one in (*judged.mend, *judged.limits)}
    told = codes & {"record_unread", "record_mostly_unread"}
    assert told == (set() if code is None else {code})


def test_a_study_without_faults_can_be_used_and_says_so(small_study, capsys) -> None:
    done = ask(check, study=small_study)
    assert "This record can be used" in text_of(done.folder / "check.html")
    told = [sentence for section in done.document.headline for sentence in section.sentences]
    assert told[0].startswith("This record can be used")
    assert any("check.html" in sentence for sentence in told)
    assert done.document.details[0].tables


def test_a_file_whose_places_are_in_metres_is_refused_with_the_way_out(tmp_path) -> None:
    path = tmp_path / "feet.csv"
    rows = [f"2024-01-{1 + n % 28:02d},{2_690_000 + n},{240_000 + n},robbery" for n in range(60)]
    path.write_text("\n".join(["date,x,y,type", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match="must be recognised") as refused:
        ask(check, study=path, out=tmp_path / "out")
    assert "veedor init" in str(refused.value)
    assert not (tmp_path / "out").exists()
