"""The table of docs/web/security.md is whole, and each test that it names is there."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from tests.architecture.named_tests import NAMED, absent

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "veedor" / "web"
PAGE = ROOT / "docs" / "web" / "security.md"
#: Section of OWASP ASVS 5.0.0 -> how many of its requirements are of level 1 or 2: the first ones.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11,
    "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
STATES = ("met", "not met", "not applicable")
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_LINK = re.compile(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)")
ROWS = _ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_requirement_has_its_line_in_order():
    wanted = [f"{section}.{n}" for section, most in SECTIONS.items() for n in range(1, most + 1)]
    assert len(wanted) == 253
    assert [number for number, *_ in ROWS] == wanted


@pytest.mark.parametrize(("number", "asked", "state", "held"), ROWS, ids=[row[0] for row in ROWS])
def test_a_line_is_held_by_what_is_there_or_says_why_not(number, asked, state, held):
    assert asked.strip()
    assert state in STATES
    named, links = NAMED.findall(held), _LINK.findall(held)
    assert not absent(held), number
    for link in links:
        assert (PAGE.parent / link).is_file(), f"{number}: no {link}"
    if state == "met":
        assert named or links, f"{number}: name the test, or the page, that holds it"
    else:
        assert len(held.split()) >= 2, f"{number}: say why"


def test_the_sums_are_those_of_the_lines():
    said = re.findall(r"^\| (met|not met|not applicable)[^|]* \| (\d+) \|$", PAGE.read_text(), re.M)
    counted = {state: sum(row[2] == state for row in ROWS) for state in STATES}
    assert {state: int(n) for state, n in said} == counted


def _sources(*endings: str) -> list[tuple[str, str]]:
    found = [path for ending in endings for path in sorted(WEB.rglob(f"*{ending}"))]
    assert len(found) > 1
    return [(path.relative_to(WEB).as_posix(), path.read_text(encoding="utf-8")) for path in found]


def _hold(word: str, *endings: str) -> set[str]:
    return {name for name, text in _sources(*endings) if re.search(word, text)}


def test_sql_is_written_where_it_is_known():
    allowed = {"looks/guards.py", "looks/appending.py", "backups/tables.py", "pages/health.py"}
    assert _hold(r"\.execute\(|\.raw\(|\.extra\(|RawSQL", ".py") == allowed


def test_nothing_that_is_given_becomes_code_a_command_or_a_template():
    assert not _hold(r"\b(eval|exec)\(|shell=True|os\.system|os\.popen|from_string\(", ".py")
    assert not _hold(r"\b(pickle|marshal|yaml|shelve)\b", ".py")


def test_secrets_are_drawn_from_the_system_alone():
    assert not _hold(r"\bimport random\b|from random import|numpy", ".py")


def test_scripts_of_pages_write_text_and_keep_nothing():
    forbidden = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function"
    assert not _hold(forbidden, ".js")
    assert not _hold(
        r"localStorage|sessionStorage|indexedDB|postMessage|\.cookie\b", ".js", ".html"
    )
    # With these htmx keeps whole pages in the browser, and with those it runs what stands in them.
    assert not _hold(r"hx-(boost|push-url|replace-url|history)", ".html")
    assert not _hold(r"hx-(on|vals|headers)|\bjs:", ".html")


def test_rows_are_found_as_they_are_written():
    text = "| 1.1.1 | a | met | `web/test_x.py::test_y` |\n| state | n |\n"
    assert _ROW.findall(text) == [("1.1.1", "a", "met", "`web/test_x.py::test_y`")]
    assert NAMED.findall(text) == [("web/test_x.py", "test_y")]
    assert absent(text) == ["web/test_x.py::test_y"]
    assert all(
        [int(part) for part in one.split(".")] < [int(part) for part in other.split(".")]
        for one, other in pairwise(SECTIONS)
    )
