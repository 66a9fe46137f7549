"""A cover: escaped, never said by colour alone, and everything else a click away."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from markupsafe import Markup

from veedor.report import Document, Section, write_document
from veedor.report.cover import (
    SHAPES,
    Axis,
    Bar,
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    axis_of,
)
from veedor.report.tables import table

HOSTILE = "<script>alert(1)</script>\x00"
VOID = {"meta", "link"}
AXIS = Axis(-0.2, 0.2, 0.0, ((0.0, HOSTILE),))


class Page(HTMLParser):
    """Elements with what they stand in, their attributes and their text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements = [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        within = [one["tag"] for one in self.open]
        element = {"tag": tag, "in": within, "text": "", **dict(attributes)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, of=""):
        return [
            one
            for one in self.elements
            if one["tag"] == tag and of in [*(one.get("class") or "").split(), ""]
        ]


def cell(tone="better", word=HOSTILE, told=HOSTILE):
    return Cell(word, tone, Bar(0.05, 0.1, 0.15), told)


def matrix(columns=(HOSTILE,), rows=2):
    made = tuple(Row(HOSTILE, HOSTILE, tuple(cell() for _ in columns)) for _ in range(rows))
    return Matrix(HOSTILE, HOSTILE, columns, made, AXIS, HOSTILE, HOSTILE)


def cover(**changes):
    given = {
        "finding": HOSTILE,
        "tone": "better",
        "because": HOSTILE,
        "proof": Proof(HOSTILE, (Count(HOSTILE, HOSTILE, 0.25),)),
        "matrix": matrix(),
        "picture": Picture(HOSTILE, Markup('<svg class="chart"></svg>'), HOSTILE, (HOSTILE,)),
        "tables": (table(HOSTILE, [HOSTILE], [[HOSTILE]]),),
        "cautions": (HOSTILE,) * 4,
    }
    return Cover(**(given | changes))


def written(tmp_path, **changes):
    given = {
        "title": HOSTILE,
        "subtitle": HOSTILE,
        "made": HOSTILE,
        "plain": Section("All sentences", [HOSTILE], [HOSTILE]),
        "cautions": [(HOSTILE, HOSTILE)],
        "sections": [
            Section("First", ["in first"], folded=True, anchor="first"),
            Section(
                "Second",
                parts=[Section("Part", ["in part"], parts=[Section("Leaf", ["in leaf"])])],
                verbatim=HOSTILE,
                folded=True,
            ),
        ],
        "cover": cover(),
    }
    path = tmp_path / "page.html"
    write_document(Document(**(given | changes)), path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [(HOSTILE,), (HOSTILE,) * 3])
def test_everything_on_a_cover_but_its_drawing_is_escaped(columns, tmp_path):
    text = written(tmp_path, cover=cover(matrix=matrix(columns)))
    page = Page(text)
    assert page.all("script") == []
    assert len(page.all("svg")) == 1
    assert "\x00" not in text
    assert text.count("&lt;script&gt;") >= 25
    assert len(page.all("details")) == 3


def test_every_section_stays_reachable_behind_a_heading(tmp_path):
    page = Page(written(tmp_path))
    behind = {one["id"]: one["text"] for one in page.all("details", "fold")}
    assert list(behind) == ["sentences", "first", "s2"]
    assert "in first" in behind["first"]
    assert "in part" in behind["s2"]
    assert "in leaf" in behind["s2"]
    assert "alert(1)" in behind["sentences"]
    for summary in page.all("summary"):
        assert summary["text"].strip()
    assert [one["text"] for one in page.all("h3") if "summary" in one["in"]] == [
        "All sentences",
        "First",
        "Second",
    ]
    levels = [
        int(one["tag"][1]) for one in page.elements if one["tag"] in ("h1", "h2", "h3", "h4", "h5")
    ]
    assert levels[:2] == [1, 2]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_section_folds_only_where_it_says_so(tmp_path):
    page = Page(written(tmp_path, sections=[Section("One"), Section("Two", folded=True)]))
    assert [one["id"] for one in page.all("details")] == ["sentences", "s2"]
    assert [one["href"] for one in page.all("a")] == ["#plain"]


def test_a_page_begins_with_a_cover(tmp_path):
    with pytest.raises(ValueError, match="begins with a cover"):
        written(tmp_path, cover=None)
    assert not list(tmp_path.iterdir())


def test_a_verdict_is_a_word_and_a_shape_and_never_a_colour_alone(tmp_path):
    row = tuple(cell(tone, f"word of {tone}", f"number of {tone}") for tone in SHAPES)
    several = Matrix("", "", tuple(SHAPES), (Row("row", "", row),), AXIS, "")
    page = Page(written(tmp_path, cover=cover(matrix=several)))
    cells = page.all("td", "drawn")
    for tone, shown in zip(SHAPES, cells, strict=True):
        assert SHAPES[tone] in shown["text"]
        assert f"word of {tone}" in shown["text"]
        assert f"number of {tone}" in shown["text"]
    pairs = [("better", "worse"), ("more", "less"), ("about", "open"), ("open", "none")]
    assert all(SHAPES[one] != SHAPES[other] for one, other in pairs)


def test_a_bar_stands_on_the_axis_and_what_lies_beyond_is_marked(tmp_path):
    bars = (Bar(-0.1, 0.0, 0.1), Bar(-9.0, 0.1, 0.2), Bar(0.3, 0.5, 9.0))
    rows = tuple(Row(str(place), "", (Cell("", "open", bar),)) for place, bar in enumerate(bars))
    page = Page(written(tmp_path, cover=cover(matrix=Matrix("", "", ("",), rows, AXIS, ""))))
    assert [one["style"] for one in page.all("span", "range")] == [
        "left:25.0%;right:25.0%",
        "left:0.0%;right:0.0%",
        "left:100.0%;right:0.0%",
    ]
    assert [one["class"] for one in page.all("span", "beyond")] == ["beyond below", "beyond above"]
    assert [one["style"] for one in page.all("span", "point")] == ["left:50.0%", "left:75.0%"]
    assert page.all("table", "one")[0]["style"] == "--reference:50.0%"


def test_ratios_stand_as_far_from_1_halved_as_doubled():
    axis = axis_of([Bar(0.5, 1.0, 2.0)], 1.0, str, logarithmic=True)
    assert axis.place(0.5) + axis.place(2.0) == pytest.approx(100.0, abs=0.02)
    assert axis.place(1.0) == pytest.approx(50.0, abs=0.02)
    far = axis_of([Bar(0.5, 1.0, 1e9)], 1.0, str, logarithmic=True, most=8.0)
    assert far.high < 10.0


def test_an_axis_of_nothing_still_has_its_line():
    assert axis_of([], 0.0, str).place(0.0) == 50.0
    assert axis_of([], 1.0, str, logarithmic=True).place(1.0) == 50.0


def test_a_cover_holds_what_a_reader_in_a_hurry_can_hold():
    count = Count("ours", "1 of 2", 0.5)
    with pytest.raises(ValueError, match="one to 3 counts, not 4"):
        Proof("", (count,) * 4)
    with pytest.raises(ValueError, match="4 cautions, not 3"):
        Cover("finding", cautions=("a", "b", "c"))
    with pytest.raises(ValueError, match="row: 1 cells, 2 columns"):
        Matrix("", "", ("a", "b"), (Row("row", "", (cell(),)),), AXIS, "")


def test_a_cover_without_its_parts_leaves_no_empty_frames(tmp_path):
    page = Page(written(tmp_path, cover=Cover("Nothing was compared.")))
    assert page.all("table") == []
    assert page.all("h2")[0]["text"] == "Nothing was compared."
    assert all(one["text"].strip() for one in page.all("div"))
