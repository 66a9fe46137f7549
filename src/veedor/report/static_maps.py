"""The map that needs no script and is printed: the last period, as vector panels side by side."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

from veedor.report import scales
from veedor.report.maps import Array, Maps

_WIDTH = 2000  # units of a panel's drawing; whole numbers keep the paths short
_KM_IN_A_DEGREE = 111.32
_OUTLINED = 1000  # with more cells than this, outlines would hide what they enclose


class Drawing:
    """Panels of one map, true to shape at its middle.

    Parameters
    ----------
    maps : Maps
    """

    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self._west, south, east, self._north = shapely.total_bounds(maps.polygons)
        self._squeeze = math.cos(math.radians((south + self._north) / 2))
        across, along = (east - self._west) * self._squeeze, self._north - south
        self._unit = _WIDTH / max(across, along, 1e-9)
        self._width, self._height = round(across * self._unit), round(along * self._unit)

    def ground(self) -> Markup:
        """Draw all cells once, for every panel to stand on.

        Returns
        -------
        Markup
            An SVG without a size that defines ``ground-cells`` and the hatch ``more-hatch``.
        """
        return Markup(
            '<svg width="0" height="0" class="defs" aria-hidden="true" focusable="false"><defs>'
            '<path id="ground-cells" fill-rule="evenodd" d="{}"/>'
            '<pattern id="more-hatch" width="14" height="14" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="4" height="14" fill="#fff"/></pattern>'
            "</defs></svg>"
        ).format("".join(self._paths))

    def panels(self, packed: dict[str, Any], shown: list[str], period: str) -> list[dict[str, Any]]:
        """Draw one category's last period: expected, recorded, and the difference.

        Parameters
        ----------
        packed : dict
            The category as packed for the page: its name and scales.
        shown : list of str
            Forecasters whose expected counts are drawn; the difference is the first one's.
        period : str
            The last period, in words.

        Returns
        -------
        list of dict
            ``name`` and ``svg``; the legends stand below them in the page.
        """
        name = packed["name"]
        observed, means = self.maps.observed[name][-1], self.maps.means[name]
        wanted = [(f"Expected by {who}", means[who][-1], "mean") for who in shown]
        wanted.append(("Recorded", observed, "observed"))
        if shown:
            gap = observed - means[shown[0]][-1]
            wanted.append((f"Recorded less expected by {shown[0]}", gap, "difference"))
        return [
            {
                "name": title,
                "svg": self._panel(f"{title}: {name}, {period}", values, packed["scales"][scale]),
            }
            for title, values, scale in wanted
        ]

    def _panel(self, title: str, values: Array, scale: dict[str, Any]) -> Markup:
        """One panel: cells of the commonest class in one piece, the others on top of it."""
        breaks, colours = scale["breaks"], scale["colours"]
        classes = np.searchsorted(np.asarray(breaks), values, side="right")
        commonest = int(np.bincount(classes, minlength=len(colours)).argmax())
        layers = []
        for place, colour in enumerate(colours):
            cells = np.flatnonzero(classes == place).tolist()
            if place == commonest or not cells:
                continue
            outline = "".join(self._paths[cell] for cell in cells)
            layers.append(Markup('<path fill="{}" d="{}"/>').format(colour, outline))
            if scale["breaks"][0] < 0 and place > len(breaks) // 2:
                layers.append(Markup('<path fill="url(#more-hatch)" d="{}"/>').format(outline))
        about = (
            f"{title}. A map of {len(values):,} cells, north up, with values from "
            f"{values.min():.3g} to "
            f"{values.max():.3g} in a cell. The table below it lists the cells with the largest "
            "expected counts."
        )
        return Markup(
            '<svg class="panel" role="img" viewBox="-10 -10 {width} {height}" aria-label="{about}" '
            'fill-rule="evenodd"><use href="#ground-cells" fill="{base}" stroke="{edge}" '
            'stroke-width="2"/>'
            "{layers}{bar}</svg>"
        ).format(
            width=self._width + 20,
            height=self._height + 130,
            about=about,
            base=colours[commonest],
            edge="#b4bec9" if len(values) <= _OUTLINED else colours[commonest],
            layers=Markup("").join(layers),
            bar=self._bar(),
        )

    def _bar(self) -> Markup:
        """Draw a scale bar of about a fifth of the width."""
        km = self._unit / _KM_IN_A_DEGREE
        length = scales.nice(max(self._width / 5 / km, 1e-3))
        size, y = length * km, self._height + 60
        return Markup(
            '<path d="M0 {low}v18h{size:.0f}v-18" fill="none" stroke="#333" stroke-width="6"/>'
            '<text x="{text_x:.0f}" y="{text_y}" font-size="52" fill="#333">{label} km</text>'
        ).format(low=y, size=size, text_x=size + 24, text_y=y + 22, label=f"{length:g}")

    @cached_property
    def _paths(self) -> list[str]:
        """One path per cell, with relative lines."""
        parts, cell_of_part = shapely.get_parts(self.maps.polygons, return_index=True)
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        coordinates, ring_of_point = shapely.get_coordinates(rings, return_index=True)
        xs = (
            np.round((coordinates[:, 0] - self._west) * self._squeeze * self._unit)
            .astype(int)
            .tolist()
        )
        ys = np.round((self._north - coordinates[:, 1]) * self._unit).astype(int).tolist()
        starts = np.searchsorted(ring_of_point, np.arange(len(rings) + 1)).tolist()
        paths = [""] * len(self.maps.polygons)
        for ring, cell in enumerate(cell_of_part[part_of_ring].tolist()):
            first, closing = starts[ring], starts[ring + 1] - 1
            steps = (f"{xs[i] - xs[i - 1]} {ys[i] - ys[i - 1]}" for i in range(first + 1, closing))
            paths[cell] += f"M{xs[first]} {ys[first]}l{' '.join(steps)}z"
        return paths


def legend(scale: dict[str, Any]) -> list[dict[str, str]]:
    """Pair each class's colour with its limits in words.

    >>> legend({"colours": ["#fff"], "labels": ["0"]})
    [{'colour': '#fff', 'label': '0'}]
    """
    pairs = zip(scale["colours"], scale["labels"], strict=True)
    return [{"colour": colour, "label": label} for colour, label in pairs]
