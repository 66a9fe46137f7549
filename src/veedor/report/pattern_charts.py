"""The drawings of the report on patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, ListedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from veedor.report.drawing import GRID, INK, QUIET, settings, short, styles, svg
from veedor.report.scales import DIVERGING, SEQUENTIAL

Record = Mapping[str, Any]

_GROUPS = ("none", "on and off", "persistent", "emerging", "fading")
_GROUP_COLOURS = ("#eef1f4", "#b9c2cb", "#22303c", "#b3381f", "#3b76ad")
_KIND_COLOURS = ("#84aed1", "#eef1f4", "#b3381f")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def concentration(categories: Sequence[Record]) -> Markup:
    """Draw the share of incidents against the share of places that hold them, largest first."""
    look = styles([{"name": one["name"]} for one in categories])
    with settings():
        figure = Figure(figsize=(7.6, 3.3), layout="constrained")
        axes = figure.subplots()
        for one in categories:
            curve = one["concentration"][0]["lorenz"]
            style = look[one["name"]]
            axes.plot(
                100 * np.array(curve["share_of_places"]),
                100 * np.array(curve["share_of_incidents"], dtype=float),
                label=short(one["name"]),
                color=style["color"],
                linestyle=style["linestyle"],
            )
        axes.plot([0, 100], [0, 100], color=QUIET, linewidth=1, label="spread evenly")
        axes.set_xlabel("places, those with the most incidents first (%)")
        axes.set_ylabel("recorded incidents (%)")
        axes.legend(loc="lower right")
        return svg(figure, "concentration", "Share of incidents in the busiest places")


def maps(
    polygons: npt.NDArray[Any], columns: Mapping[str, Any], name: str, key: str, groups: Record
) -> Markup:
    """Draw three maps of a category: density, hot spots, and their classes over time."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings = [shapely.get_coordinates(one.exterior) for one in parts]
    panels = 3 if "hot_class" in columns else 2
    with settings():
        figure = Figure(figsize=(7.6, 3.6), layout="constrained")
        axes = figure.subplots(1, panels, squeeze=False)[0]
        density = np.asarray(columns["density_per_km2"], dtype=float)
        edges = np.unique(np.quantile(density, (0, 0.4, 0.65, 0.82, 0.92, 0.97, 0.99, 1)))
        if len(edges) > 1:
            colours = ListedColormap(SEQUENTIAL[-(len(edges) - 1) :])
            drawn = _fill(axes[0], rings, density[owner], colours, BoundaryNorm(edges, colours.N))
            bar = figure.colorbar(
                drawn, ax=axes[0], orientation="horizontal", shrink=0.9, ticks=edges
            )
            bar.ax.set_xticklabels([f"{edge:,.0f}" for edge in edges], fontsize=7)
        axes[0].set_title("Recorded per km²")
        kind = np.asarray(columns["hot_spot"])[owner] + 1
        _classes(axes[1], rings, kind, _KIND_COLOURS, ("cold spot", "neither", "hot spot"))
        axes[1].set_title("Hot spots")
        if panels == 3:
            group = np.array([_GROUPS.index(groups[one]) for one in columns["hot_class"]])[owner]
            _classes(axes[2], rings, group, _GROUP_COLOURS, _GROUPS)
            axes[2].set_title("Over time")
        return svg(figure, key, f"Maps of {name}")


def _fill(axes: Axes, rings: list[Any], values: Any, colours: Any, norm: Any) -> PolyCollection:
    drawn = PolyCollection(
        rings, array=values, cmap=colours, norm=norm, edgecolors="face", linewidths=0.2,
        rasterized=True,
    )  # fmt: skip
    axes.add_collection(drawn)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_axis_off()
    return drawn


def _classes(
    axes: Axes, rings: list[Any], values: Any, colours: Sequence[str], names: Sequence[str]
) -> None:
    norm = BoundaryNorm(np.arange(len(colours) + 1) - 0.5, len(colours))
    _fill(axes, rings, values, ListedColormap(list(colours)), norm)
    handles = [
        mpl.patches.Patch(facecolor=colour, edgecolor=QUIET, linewidth=0.5, label=name)
        for colour, name in zip(colours, names, strict=True)
    ]
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, fontsize=7,
        handlelength=1,
    )  # fmt: skip


def knox(table: Record, key: str, name: str) -> Markup:
    """Draw the Knox ratios of a category; a dot marks those named at the false discovery rate."""
    ratio = np.array(table["ratio"], dtype=float)
    named = np.array(table["q_value"], dtype=float) <= 0.05
    with settings():
        figure = Figure(figsize=(7.6, 2.6), layout="constrained")
        axes = figure.subplots()
        top = max(1.2, float(np.nanquantile(ratio, 0.9)))
        norm = TwoSlopeNorm(1.0, min(0.8, 2 - top) if top < 2 else 0.0, top)
        axes.imshow(
            np.clip(ratio, norm.vmin, top), cmap=ListedColormap(DIVERGING[::-1]), norm=norm,
            aspect="auto",
        )  # fmt: skip
        for row, values in enumerate(ratio):
            for column, value in enumerate(values):
                words = (
                    "none"
                    if np.isnan(value)
                    else f"{value:.2f}{' •' if named[row, column] else ''}"
                )
                box: dict[str, Any] = {"facecolor": "#ffffffcc", "edgecolor": "none", "pad": 1.5}
                place: dict[str, Any] = {
                    "ha": "center",
                    "va": "center",
                    "fontsize": 9,
                    "color": INK,
                }
                axes.text(column, row, words, bbox=box, **place)
        axes.set_xticks(range(len(table["time_bands"])), table["time_bands"])
        axes.set_yticks(range(len(table["distance_bands"])), table["distance_bands"])
        axes.grid(visible=False)
        return svg(figure, key, f"Pairs observed by pairs expected, {name}")


def clock(found: Record, key: str, name: str) -> Markup:
    """Draw the week of a category: incidents in each hour by the mean hour."""
    relative = np.array(found["relative"], dtype=float).reshape(7, 24)
    with settings():
        figure = Figure(figsize=(7.6, 2.2), layout="constrained")
        axes = figure.subplots()
        drawn = axes.imshow(relative, cmap=ListedColormap(list(SEQUENTIAL)), aspect="auto", vmin=0)
        axes.set_yticks(range(7), _DAYS)
        axes.set_xticks(range(0, 24, 3), [f"{hour}:00" for hour in range(0, 24, 3)])
        axes.grid(visible=False)
        figure.colorbar(drawn, ax=axes, label="by the mean hour")
        return svg(figure, key, f"Week of {name}")


def series(found: Record, shifts: Sequence[Record], key: str, name: str) -> Markup:
    """Draw the daily series of a category, its trend with its band, and its level shifts."""
    first = date.fromisoformat(found["start"])
    when = [first + timedelta(days=k) for k in range(len(found["recorded"]))]
    with settings():
        figure = Figure(figsize=(7.6, 2.3), layout="constrained")
        axes = figure.subplots()
        days: Any = np.array(when, dtype="datetime64[D]")
        axes.plot(days, found["recorded"], ".", color=GRID, markersize=2.5, rasterized=True)
        axes.fill_between(days, found["low"], found["high"], color="#b0cce2", linewidth=0)
        axes.plot(days, found["trend"], color="#0b5394")
        for shift in shifts:
            at: Any = np.datetime64(shift["week"])
            axes.axvline(at, color="#b3381f", linestyle="--", linewidth=1)
        axes.set_ylim(bottom=0)
        axes.set_ylabel("recorded a day")
        return svg(figure, key, f"Series of {name}")
