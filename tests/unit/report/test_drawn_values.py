"""What charts draw is what was found: in the units of their axes, point by point."""

from types import SimpleNamespace

import numpy as np
import pytest

from veedor.report import examination_charts
from veedor.report.examination_charts import Charts
from veedor.report.ratio_chart import ratio_chart
from veedor.report.words import words_in
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate


@pytest.fixture
def drawn(monkeypatch):
    """Keep the figure in place of its picture."""
    monkeypatch.setattr(examination_charts, "svg", lambda words, figure, *_: figure)


def test_the_area_swept_is_drawn_in_percent_of_both(drawn):
    at = np.linspace(0.0, 1.0, 5)
    curves = {"Own": at**0.5, "chance": at, "oracle": np.minimum(1.0, 4.0 * at)}
    rows = tuple(
        SimpleNamespace(ranking=name, area=at, capture_rate=curve) for name, curve in curves.items()
    )
    examined = SimpleNamespace(places=SimpleNamespace(area_swept=rows))
    look = {"Own": {"color": "#123456", "linestyle": "-"}}
    (axes,) = Charts(words_in("en"), examined, look, "key").swept().axes
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(at)]
    assert len(lines) == len(curves)
    for line, curve in zip(lines, curves.values(), strict=True):
        assert np.array(line.get_xdata()) == pytest.approx(100.0 * at)
        assert np.array(line.get_ydata()) == pytest.approx(100.0 * curve)


@pytest.mark.parametrize(
    "held",
    [(1.0, 1.0, 1.0), (1.0, None, None), (1.0, 1.0, 1.0 + 1e-15), (1e42, 0.0, 1e260)],
    ids=["alike", "alone", "nearly", "far"],
)
def test_ratios_that_are_all_alike_or_far_apart_are_drawn(held):
    one = Estimate(*held, 0.95, Method("wilson"), 3, Denominator("incidents_in_cells"))
    drawn = ratio_chart(
        words_in("en"), {("a", "b"): one}, {"a": "A"}, {"b": "B"}, key="k", title="T", axis="X"
    )
    assert "<svg" in drawn
