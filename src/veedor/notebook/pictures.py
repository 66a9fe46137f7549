"""The drawings of the front door, made of the report's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from veedor.notebook.language import spoken
from veedor.notebook.results import Picture
from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import BAND, BLUE, INK, margins, settings
from veedor.report.drawn_maps import Drawing, figure
from veedor.report.scales import Scale
from veedor.report.words import chart_findings as said
from veedor.report.words.maps import panel_about
from veedor.spacetime import Cells, Outlines


def map_of(
    cells: Cells, zones: Outlines | None, panels: Sequence[tuple[str, Any, Scale]]
) -> Picture:
    """Draw maps of cells side by side: a name, a value a cell and its classes each."""
    key = f"cells-{cells.digest[:12]}"
    drawing = Drawing(cells.lonlat_polygons(), zones, key)
    words = spoken()
    drawn = []
    for name, values, scale in panels:
        low, high = float(np.min(values)), float(np.max(values))
        about = panel_about(words, name, len(cells), low, high)
        drawn.append(drawing.panel(name, about, values, scale, named_by=values))
    return Picture(drawing.ground() + figure(drawn))


def bars(names: Sequence[str], values: Any, unit: str) -> Picture:
    """Draw a bar for each name, in order."""
    with settings():
        chart, axes = _chart(2.4, left=0.7)
        axes.bar(range(len(names)), values, color=BLUE, width=0.8)
        step = max(-(-len(names) // 10), 1)
        axes.set_xticks(range(0, len(names), step), names[::step])
        axes.set_ylabel(unit)
        words = spoken()
        held = [(str(name), float(value)) for name, value in zip(names, values, strict=True)]
        marks = [
            Mark(
                axes,
                place,
                value,
                words.say("{name}: {value}", name=name, value=words.number(value)),
            )
            for place, (name, value) in enumerate(held)
        ]
        about = said.extremes(words, held, words.number)
        return Picture(svg(words, chart, "bars", unit, about, marks))


def course(starts: Sequence[str], expected: Any, low: Any, high: Any, recorded: Any) -> Picture:
    """Draw expected totals with their interval, period by period, and what was recorded."""
    with settings():
        chart, axes = _chart(2.6, left=0.7)
        places = np.arange(len(starts))
        axes.fill_between(places, low, high, color=BAND, linewidth=0, label="95% interval")
        axes.plot(places, expected, color=BLUE, label="expected")
        axes.plot(places, recorded, "o", color=INK, markersize=4, label="recorded")
        step = max(-(-len(starts) // 6), 1)
        axes.set_xticks(places[::step], starts[::step])
        axes.set_ylabel("incidents, all cells")
        axes.set_ylim(bottom=0)
        axes.legend(loc="upper left", bbox_to_anchor=(0, 1.22), ncols=3)
        words = spoken()
        about = [
            said.course(words, words.say(name), starts, list(map(float, values)), words.number)
            for name, values in (("expected", expected), ("recorded", recorded))
        ]
        title = words.say("Expected and recorded totals")
        return Picture(svg(words, chart, "course", title, " ".join(about)))


def _chart(high: float, left: float) -> tuple[Figure, Any]:
    chart = Figure(figsize=(7.6, high))
    axes = chart.subplots()
    margins(chart, left=left, top=0.35, bottom=0.5)
    return chart, axes
