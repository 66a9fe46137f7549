"""What the page says, and that it is whole, closed and usable."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from veedor.incidents.quality_report import DroppedColumns, Months
from veedor.report.cover import Cell
from veedor.report.page import page
from veedor.report.words import words_in
from veedor.report.words.intervals import ends, out_of
from veedor.report.write import write_report
from veedor.statistics.estimates import Estimate

WORDS = words_in("en")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reader(HTMLParser):
    """Elements in order, with their attributes and text; fails where tags do not nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.stack, self.ids, self.wrong = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", "in": [e["tag"] for e in self.stack]} | {
            "attributes": dict(attributes)
        }
        if len(dict(attributes)) != len(attributes):
            self.wrong.append(f"{tag} has an attribute twice")
        self.elements.append(element)
        if "id" in element["attributes"]:
            self.ids.append(element["attributes"]["id"])
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1]["tag"] != tag:
            self.wrong.append(f"</{tag}> at line {self.getpos()[0]}")
            return
        self.stack.pop()

    def handle_data(self, data):
        for element in self.stack:
            element["text"] += data

    def all(self, tag):
        return [element for element in self.elements if element["tag"] == tag]


@pytest.fixture(scope="module")
def parts(made):
    results, maps = made.results()
    return results, made.quality(), made.manifest(), maps


@pytest.fixture(scope="module")
def text(parts, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(*parts, path)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text):
    return Reader(text)


def own(text):
    """The page without the shipped library, its style sheet and its licence."""
    text = re.sub(r"<script>/\* @preserve\n \* Leaflet.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return re.sub(r"<pre[^>]*>Copyright.*?</pre>", "", text, flags=re.DOTALL)


def estimates(value):
    if isinstance(value, Estimate):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from estimates(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from estimates(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from estimates(item)


def test_tags_nest_and_ids_are_unique(read):
    assert read.wrong == []
    assert read.stack == []
    assert [name for name, count in Counter(read.ids).items() if count > 1] == []


def test_every_reference_inside_the_page_has_its_target(read):
    ids = set(read.ids)
    for element in read.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for target in (element["attributes"].get(name) or "").split():
                assert target in ids
        for name in ("href", "xlink:href"):
            link = element["attributes"].get(name, "#")
            assert link == "data:," or link[1:] in ids or link == "#"
        for value in element["attributes"].values():
            for target in re.findall(r"url\(#([^)]+)\)", value or ""):
                assert target in ids


def test_headings_go_down_one_level_at_a_time(read):
    levels = [int(e["tag"][1]) for e in read.elements if re.fullmatch("h[1-6]", e["tag"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_landmarks_language_title_and_skip_link(read):
    assert read.all("html")[0]["attributes"]["lang"] == "en"
    for landmark in ("header", "main", "footer", "title"):
        assert len([e for e in read.all(landmark) if "svg" not in e["in"]]) == 1
    first = read.all("a")[0]
    assert first["attributes"] == {"class": "skip", "href": "#plain"}


def test_tables_have_captions_and_scoped_headers(read):
    tables = read.all("table")
    assert len(tables) > 20
    assert len(read.all("caption")) == len(tables)
    assert all(e["attributes"].get("scope") in ("col", "row") for e in read.all("th"))
    empty = [e for e in read.all("caption") if not e["text"].strip()]
    assert len(empty) == 1, "only the table that the script fills"


def test_charts_and_controls_have_names(read):
    for picture in read.all("svg"):
        attributes = picture["attributes"]
        hidden = attributes.get("aria-hidden") == "true"
        assert hidden or attributes.get("aria-labelledby") or attributes.get("aria-label")
        assert hidden or attributes["role"] in ("img", "group")
    labelled = {e["attributes"].get("for") for e in read.all("label")}
    for control in read.all("select") + read.all("input"):
        assert control["attributes"].get("id") in labelled or "label" in control["in"]
    assert read.all("img") == []


def test_nothing_is_loaded_from_outside(text, read):
    policy = read.all("meta")[1]["attributes"]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"].startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy["content"].replace("http-equiv", "")
    for element in read.elements:
        assert "src" not in element["attributes"]
        for value in element["attributes"].values():
            assert not re.search(r"https?://(?!www\.w3\.org/)", value or "")
    assert "sourceMappingURL" not in text
    assert "@import" not in text
    mentioned = set(re.findall(r"https?://[^\s\"'<]*", own(text)))
    papers = {one for one in mentioned if one.startswith("https://doi.org/")}
    assert mentioned - papers == {"http://www.w3.org/1999/xlink"}


def test_scripts_are_the_ones_the_policy_allows(text):
    allowed = re.findall(r"'sha256-([^']+)'", text.replace("&#39;", "'"))
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    assert len(scripts) == 2
    found = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert found == allowed


def test_every_estimate_stands_with_its_interval_and_denominator(parts, read):
    rows = {e["text"] for e in read.all("tr")}
    found = list(estimates(parts[0]))
    assert len(found) > 500
    for one in found:
        text = ends(WORDS, one.low, one.high)
        share = ends(WORDS, one.low, one.high, share=True)
        assert any(
            out_of(WORDS, one) in row
            and (
                (WORDS.number(one.value) in row and text in row)
                or (WORDS.number(one.value, 4) in row and text in row)
                or (WORDS.percent(one.value) in row and share in row)
            )
            for row in rows
        ), one


def section(document, anchor):
    return next(one for one in document.sections if one.anchor == anchor)


def tables(part):
    return [*part.tables, *part.behind, *(one for each in part.parts for one in tables(each))]


def categories(document):
    """What is said of each category, in whole sentences."""
    return document.plain.parts[1].parts


def of_first(results, **changes):
    """The same results with other gains in the first comparison of the first category."""
    first, *others = results.categories
    row, *rows = first.examination.comparisons
    gain = replace(row.gain, **changes)
    one = replace(first.examination, comparisons=(replace(row, gain=gain), *rows))
    return replace(results, categories=(replace(first, examination=one), *others))


def test_undefined_stays_undefined(made, parts):
    results = of_first(parts[0], estimate=made.estimate(None, None, 0))
    content = page(results, *parts[1:], (), WORDS)
    row = tables(content.plain)[0].rows[0]
    assert row[2:5] == ["undefined", "undefined", "undefined"]
    assert "nothing follows" in categories(content)[0].points[0]
    assert content.cover.matrix.rows[0].cells[0] == Cell("undefined", "none")
    empty = section(content, "origins").parts[1].behind[0].rows[6:9]
    assert [row[-1] for row in empty] == ["undefined"] * 3


def test_a_forecast_that_is_the_references_own_is_no_comparison(made):
    results, maps = made.results(categories=("robbery",), side=5)
    told = page(of_first(results, verdict="same"), made.quality(), made.manifest(), maps, (), WORDS)
    assert told.plain.parts[1].sentences[0] == (
        "Of 1 comparison with PriorCounts: better in 0, not shown to be better in 1. "
        "1 forecast is the reference's own."
    )


def test_the_first_page_warns_and_counts_what_it_compared(parts, read):
    box = next(e for e in read.all("div") if e["attributes"].get("class") == "caution")["text"]
    assert "Nothing here is about any person." in box
    assert "24 without a usable place" in box
    plain = next(e for e in read.all("details") if e["attributes"]["id"] == "sentences")["text"]
    assert "Of 4 comparisons with PriorCounts: better in 2, not shown to be better in 2." in plain
    assert "PriorCounts, the reference," in plain
    assert "chance 5%" in plain
    assert "clipped to the study area" in plain
    whole = " ".join(e["text"] for e in read.all("section"))
    assert "clipped to the study area; pieces below 0.01 km² join a neighbour." in whole
    assert "Each end of the interval of a gain is the wider of weeks' and chance's" in whole
    assert "Each forecast of each category is tested by itself, at 5%" in box


def test_words_we_do_not_use(text):
    words = own(text).lower()
    for word in ("crime", "criminal", "danger", "hotspot", "hot spot", "suspicious"):
        assert word not in words


def test_hostile_names_are_text_everywhere(made, tmp_path):
    evil, sly = made.SCRIPT, made.QUOTE
    formula = "$x^{$ & %\x00\u202e"
    results, maps = made.results(categories=(evil, sly), others=(formula, "</title></svg>"))
    results = replace(
        of_first(results, estimate=made.estimate(0.1, 0.2, 9)),
        study=replace(results.study, title=evil),
        cells=replace(results.cells, area_source=evil),
    )
    path = tmp_path / "report.html"
    read = replace(
        made.quality(),
        dropped_columns=[DroppedColumns(evil, [sly])],
        months=Months([evil], [3], [3], [True], {sly: [3]}),
    )
    manifest = replace(made.manifest(), command=evil, packages={evil: evil}, study_toml=evil)
    write_report(results, read, manifest, maps, path)
    text = path.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "\x00" not in text
    read = Reader(text)
    assert read.wrong == []
    assert len(read.all("script")) == 3
    assert len([e for e in read.all("title") if "svg" not in e["in"]]) == 1
    for element in read.elements:
        assert not any(name.startswith("on") for name in element["attributes"])
    data = next(e for e in read.all("script") if e["attributes"].get("id") == "map-data")
    assert json.loads(data["text"])["categories"][0]["name"] == evil


def test_the_same_input_gives_the_same_bytes(parts, text, tmp_path):
    write_report(*parts, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_a_failure_leaves_the_old_file(parts, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")

    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(*parts, path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_nothing_of_the_quality_report_or_manifest_is_left_out(parts, read):
    told = " ".join(e["text"] for e in read.elements if e["tag"] in ("td", "th", "caption", "pre"))
    for value in (
        "10,234",
        "a.csv:3, a.csv:17, a.csv:40",
        "withheld",
        "4,507,000",
        "11.5",
        "ab" * 32,
        "cd" * 32,
    ):
        assert value in told
    assert "no coordinates" in told
    assert "2.1.0" in told


def test_one_forecaster_and_nothing_recorded(made, tmp_path):
    results, maps = made.results(categories=("robbery",), others=(), side=3, count=1)
    silent = type(maps)(
        maps.polygons,
        maps.gazetteer,
        maps.area_km2,
        {"robbery": np.zeros((1, 9), int)},
        {"robbery": {who: np.zeros((1, 9)) for who in maps.means["robbery"]}},
    )
    write_report(results, made.quality(), made.manifest(), silent, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Nothing was compared with PriorCounts" in text
    assert Reader(text).wrong == []


def test_long_and_private_looking_names_are_drawn(made):
    long = "theft of " + "parts and accessories and " * 8
    results, maps = made.results(categories=(long, long + "2"), others=("_own", "n" * 200), side=5)
    content = page(results, made.quality(), made.manifest(), maps, (), WORDS)
    ((drawn, _),) = section(content, "scores").parts[0].figures
    assert " _own" in drawn
    assert "n" * 29 + "…" in drawn
    assert long in content.plain.parts[0].sentences[0]


def test_several_periods_after_each_cut_off(made):
    results, maps = made.results(count=12, per_origin=4)
    content = page(results, made.quality(), made.manifest(), maps, (), WORDS)
    told = content.plain.parts[0].sentences[1]
    assert "Forecasts were made at 3 cut-offs for 12 periods" in told
