"""docs/how-veedor-knows.md: a line for each page about a statistic, and each line is borne out."""

import re
from pathlib import Path

import pytest
from tests.architecture.named_tests import NAMED, TESTS, absent, needs_data

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "how-veedor-knows.md"
SPANISH = DOCS / "es" / "como-sabe-veedor.md"
HEAD = [
    "statistic",
    "source",
    "oracle",
    "published value",
    "simulated",
    "holds, and does not",
    "page",
]
ORACLE, PUBLISHED, SIMULATED, LAST = 2, 3, 4, 6
#: Pages that are about no statistic of their own, and why.
OTHERS = {
    "statistics/index.md": "a list",
    "statistics/test-sizes.md": "what lines quote",
    "audits/index.md": "a list",
    "audits/warnings.md": "thresholds, each from both sides in unit/audits/test_edges.py",
    "audits/markup-2021.md": "a publication done again, which lines name",
    "audits/alerts.md": "a list",
    "audits/alerts-tables.md": "what is read",
    "audits/alerts-checklist.md": "checks of a table, and questions",
}
TEXT = PAGE.read_text(encoding="utf-8")
_LINK = re.compile(r"\]\(([\w./-]+\.md)(#[\w-]+)?\)")
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


LINES = [cells(line) for line in TEXT.splitlines() if line.startswith("| ")]
#: Of the tables by question; the table of columns and that of what is open stand before them.
ROWS = [row for row in LINES if len(row) == len(HEAD) and row != HEAD]
OPEN = TEXT.partition("## What stands open")[2].partition("\n## ")[0]


def figures(text: str) -> set[str]:
    """Numbers as they are written, without those of code, links and names of tests."""
    plain = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]*`", " ", text))
    return set(_FIGURE.findall(plain))


def bearing(text: str) -> set[str]:
    """Figures of the pages that a text links to and of the files whose tests it names."""
    found = set()
    for file in {file for file, _ in NAMED.findall(text)}:
        found |= set(_FIGURE.findall((TESTS / file).read_text(encoding="utf-8")))
    for page in {page for page, _ in _LINK.findall(text)}:
        found |= set(_FIGURE.findall((DOCS / page).read_text(encoding="utf-8")))
    return found


def test_every_page_about_a_statistic_has_its_line():
    rooms = ("statistics", "audits", "patterns", "forecasters")
    pages = {
        path.relative_to(DOCS).as_posix() for room in rooms for path in (DOCS / room).glob("*.md")
    }
    linked = {page for row in ROWS for page, _ in _LINK.findall(row[LAST])}
    assert linked >= pages - set(OTHERS)
    assert set(OTHERS) <= pages


def test_every_table_has_the_same_columns_and_no_line_is_lost():
    tables = TEXT.count("\n| " + " | ".join(HEAD) + " |\n")
    assert tables >= 10
    after = TEXT[TEXT.index(" | ".join(HEAD)) :]
    assert len(ROWS) == sum(line.startswith("| ") for line in after.splitlines()) - tables + 1
    names = [row[0] for row in ROWS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_line_fills_all_columns_and_names_what_is_there(row):
    line = " | ".join(row)
    assert all(row)
    assert not absent(line)
    for page, anchor in _LINK.findall(line):
        text = (DOCS / page).read_text(encoding="utf-8")
        assert not anchor or _has(text, anchor[1:]), f"{page}{anchor}"
    for place in (ORACLE, PUBLISHED, SIMULATED):
        cell = row[place]
        if not NAMED.search(cell) and not _LINK.search(cell):
            assert re.match(r"(none: \w+|see )", cell), cell
    assert _LINK.search(row[LAST])


def _has(text: str, anchor: str) -> bool:
    """Whether a page has such a heading, or a mark before one."""
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
    return anchor in slugs or f"\n({anchor})=\n" in text


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_figures_stand_where_a_line_says(row):
    """Digit by digit on a page that it links to, or in a file of a test that it names."""
    asked = figures(" | ".join(row[ORACLE:LAST]))
    assert asked <= bearing(" | ".join(row)), asked - bearing(" | ".join(row))


@pytest.mark.parametrize("point", re.findall(r"^- (.*?)(?=\n- |\n*\Z)", OPEN, re.DOTALL | re.M))
def test_figures_of_what_is_open_stand_on_its_pages(point):
    assert figures(point) <= bearing(point), figures(point) - bearing(point)


def test_what_needs_data_that_may_not_be_shipped_is_marked():
    marked = {(file, name): mark for file, name, mark in re.findall(rf"{NAMED.pattern}(†?)", TEXT)}
    for (file, name), mark in marked.items():
        assert bool(mark) == needs_data(file, name), f"{file}::{name}"


def test_what_is_missing_is_counted_at_the_top():
    without = {
        "an oracle": sum(row[ORACLE].startswith("none: ") for row in ROWS),
        "a published value": sum(row[PUBLISHED].startswith("none: ") for row in ROWS),
        "a simulation": sum(row[SIMULATED].startswith("none: ") for row in ROWS),
    }
    said = {row[0]: int(row[1]) for row in LINES if row[0] in without}
    assert said == without
    assert ["lines without", f"of {len(ROWS)}"] in LINES
    spanish = SPANISH.read_text(encoding="utf-8")
    for number in (*without.values(), len(ROWS)):
        assert re.search(rf"\b{number}\b", spanish)
