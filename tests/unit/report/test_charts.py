"""Charts compare, say what they show, and hold in the dark, in grey and by keyboard."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from veedor.report import drawing, html
from veedor.report.chart_svg import MOST_MARKS, Mark, svg
from veedor.report.drawing import FAINT, PAPER, VARIABLES, reach
from veedor.report.examination_charts import gains
from veedor.report.ratio_chart import ratio_chart
from veedor.report.words import words_in
from veedor.report.words.chart_findings import BEYOND
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

EN = words_in("en")
_TEXT, _SHAPE = 4.5, 3.0  # contrasts that WCAG 2.2 asks of text, and of shapes


def held(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value, low, high, 0.95, Method("wilson"), 90, Denominator("incidents"))


def drawn(*marks: tuple[float, float, str], about: str = "Highest: A, 1.", **options):
    with drawing.settings():
        figure = Figure(figsize=(7.6, 2.0))
        axes = figure.subplots()
        axes.plot([0.0, 1.25], [0.0, 1.0], color=drawing.INK, label='#22303c style="#22303c"')
        axes.legend()
        made = [Mark(axes, *mark) for mark in marks]
        return str(svg(options.get("words", EN), figure, "k", "What it is", about, made))


def read(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))


def said(words: str, text: str) -> bool:
    """Whether words stand in a drawing, in however many lines."""
    return words in " ".join(" ".join(read(text).itertext()).split())


def luminance(shade: str) -> float:
    parts = (int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("about", ["", "  "])
def test_a_chart_that_does_not_say_what_it_shows_is_an_error(about):
    with pytest.raises(ValueError, match="does not say what it shows"):
        drawn(about=about)


def test_a_chart_is_an_image_named_by_its_title_and_its_finding():
    text = drawn()
    assert 'role="img" aria-labelledby="k-title k-about"' in text
    assert '<title id="k-title">What it is</title><desc id="k-about">Highest: A, 1.</desc>' in text


def test_a_chart_with_values_is_a_group_of_stops_that_each_say_theirs():
    text = drawn((0.0, 0.0, "A & <b>: 1"), (1.0, 0.8, "B: 2"))
    stops = re.findall(r'<g class="mark" tabindex="0" role="img" aria-label="([^"]*)">', text)
    assert stops == ["A &amp; &lt;b&gt;: 1", "B: 2"]
    assert 'role="group" aria-labelledby' in text  # an image may hold nothing to stop at
    assert '<g aria-hidden="true">' in text


def test_a_mark_lies_on_what_it_is_of():
    text = drawn((1.25, 1.0, "end"))
    lines = [
        [[float(part) for part in point.split()] for point in path.split("L")]
        for path in re.findall(r'<path d="M ([^"]+)" clip-path', text)
    ]
    end = next(
        ends[1]
        for ends in lines
        if len(ends) == 2 and min(ends[1][0] - ends[0][0], ends[0][1] - ends[1][1]) > 0
    )
    circle = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', text)
    assert [float(part) for part in circle.groups()] == pytest.approx(end, abs=0.06)


def test_more_stops_than_anyone_walks_through_are_none():
    at_most = drawn(*[(0.1, 0.1, "A")] * MOST_MARKS)
    assert at_most.count('class="mark"') == MOST_MARKS
    assert 'class="mark"' not in drawn(*[(0.1, 0.1, "A")] * (MOST_MARKS + 1))


def test_values_stay_inside_the_drawing():
    long = "a name of many letters: 0.123 (0.1 to 0.2)"
    for x in (0.0, 1.25):
        text = drawn((x, 0.5, long))
        at = float(re.search(r'<text x="([\d.]+)"', text[text.index('class="mark"') :]).group(1))
        half = 5.6 * len(long) / 2
        assert half - 0.1 <= at <= 7.6 * 72 - half + 0.1


def test_shades_are_of_the_page_and_names_are_left_alone():
    text = drawn()
    assert "var(--chart-ink, #22303c)" in text
    assert '#22303c style="' in "".join(read(text).itertext())


def test_numbers_of_axes_are_written_as_the_language_does():
    assert ">0.25</text>" in drawn()
    spanish = drawn(words=words_in("es"))
    assert ">0,25</text>" in spanish
    assert ">0.25</text>" not in spanish


def test_every_shade_holds_on_its_paper_in_light_and_dark():
    dark = dict(re.findall(r"--chart-(\w+): (#[0-9a-f]{6})", html.asset("panels.css")))
    assert set(dark) == set(VARIABLES.values())
    for shade, name in VARIABLES.items():
        if name in ("paper", "grid", "band"):
            continue  # no text and no mark: what others stand on
        least = _TEXT if name in ("ink", "quiet") else _SHAPE
        assert contrast(shade, PAPER) >= least, name
        assert contrast(dark[name], dark["paper"]) >= least, name
    assert min(contrast(FAINT, PAPER), contrast(FAINT, dark["paper"])) >= _SHAPE


def test_no_shade_is_green_or_red():
    for shade in VARIABLES:
        red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
        assert not (green > red and green > blue), shade
        assert not (red > 150 and green < 70), shade


@pytest.mark.parametrize(
    ("extents", "end"),
    [
        ([], 0.0),
        ([0.0], 0.0),
        ([1.0, 4.0], 4.0),
        ([1.0, 4.01], 1.0),
        ([1, 2, 3, 8.01], 3),
        ([1, 2, 3, 8], 8),
    ],
)
def test_an_axis_reaches_as_far_as_four_times_the_middle(extents, end):
    assert reach(extents) == end


def test_one_far_outlier_is_cut_marked_and_written_and_the_rest_keep_their_scale():
    figures = {(name, "s"): held(value, 0.9 * value, 1.1 * value)
               for name, value in (("a", 0.8), ("b", 1.3), ("far", 40.0))}  # fmt: skip
    names = {"a": "A", "b": "B", "far": "Far"}
    text = str(ratio_chart(EN, figures, names, {"s": "S"}, key="k", title="T", axis="X"))
    told = re.findall(
        r'class="mark"[^>]*aria-label="([^"]*)"[^<]*<title>[^<]*</title><circle cx="([\d.]+)"', text
    )
    at = {name.split(":")[0]: float(x) for name, x in told}
    assert list(at) == ["Far", "B", "A"]  # from the largest to the smallest
    assert at["Far"] > at["B"]
    assert at["B"] - at["A"] > 0.4 * 7.6 * 72  # they have most of the axis to themselves
    assert ">40</text>" in text
    assert said(EN.say(BEYOND), text)
    near = {key: one for key, one in figures.items() if key[0] != "far"}
    text = str(ratio_chart(EN, near, names, {"s": "S"}, key="k", title="T", axis="X"))
    assert not said(EN.say(BEYOND), text)


def test_gains_stand_in_a_panel_a_category_on_one_scale_the_largest_first():
    def examined(category: str, **gain: float):
        rows = []
        for who, value in gain.items():
            estimate = held(value, value - 0.1, value + 0.1)
            rows.append(SimpleNamespace(forecaster=who, gain=SimpleNamespace(estimate=estimate)))
        return SimpleNamespace(category=category, comparisons=rows)

    look = drawing.styles([{"name": "Own"}, {"name": "Other"}])
    text = str(
        gains(
            EN,
            [examined("robbery", Own=-0.2, Other=0.3), examined("theft", Own=0.1, Other=-0.1)],
            look,
        )
    )
    stops = re.findall(r'class="mark"[^>]*aria-label="(\w+): ([^ ]+) ', text)
    assert stops == [("Other", "0.3"), ("Own", "−0.2"), ("Own", "0.1"), ("Other", "−0.1")]
    assert "Highest: robbery, Other, 0.3. Lowest: robbery, Own, −0.2." in text
    assert "Of 4 intervals, above 0: 1; below 0: 1; across 0: 2." in text
