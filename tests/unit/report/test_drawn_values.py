"""What charts draw is what was found: in the units of their axes, point by point."""

import numpy as np
import pytest

from veedor.report import verification_charts


@pytest.fixture
def drawn(monkeypatch):
    """Keep the figure in place of its picture."""
    monkeypatch.setattr(verification_charts, "svg", lambda figure, *_: figure)


def test_the_area_swept_is_drawn_in_percent_of_both(drawn):
    at = np.linspace(0.0, 1.0, 5)
    curves = {"Own": at**0.5, "chance": at, "oracle": np.minimum(1.0, 4.0 * at)}
    category = {
        "places": {
            "area_swept": [
                {"ranking": name, "area": at.tolist(), "capture_rate": curve.tolist()}
                for name, curve in curves.items()
            ]
        }
    }
    look = {"Own": {"color": "#123456", "linestyle": "-"}}
    (axes,) = verification_charts.swept(category, look, "key").axes
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(at)]
    assert len(lines) == len(curves)
    for line, curve in zip(lines, curves.values(), strict=True):
        assert np.array(line.get_xdata()) == pytest.approx(100.0 * at)
        assert np.array(line.get_ydata()) == pytest.approx(100.0 * curve)
