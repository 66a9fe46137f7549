"""Maps that need no script and are printed: vector panels side by side, each with its legend."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

from veedor.report import scales
from veedor.report.base_layer import BaseLayer
from veedor.report.maps import Array
from veedor.report.scales import Scale
from veedor.spacetime import Outlines
from veedor.spacetime.areas import polygonal

_SIZE = 2000  # units of a panel's longer side; whole numbers keep the paths short
_KM_IN_A_DEGREE = 111.32
_OUTLINED = 1000  # with more cells than this, outlines would hide what they enclose
_NAMED = 5
_BASE = "#7a6a55"
#: Of a dot for one incident: its width as a part of a cell's side, and its bounds in units.
_DOT, _DOTS, _DOT_COLOUR = 0.28, (12.0, 30.0), "#1d2933"
_FOOT = 130  # units below a map: its scale
_TEXT = 64  # units, as in panels.css: 11 px where a side has 358; a letter is half as wide


class Drawing:
    """Draws panels of the same ground, true to shape at its middle.

    Parameters
    ----------
    polygons : ndarray of shapely Polygon or MultiPolygon, shape (C,)
        Cells, in WGS84 longitude and latitude.
    zones : Outlines, optional
        Drawn over the cells.
    key : str
        Begins the ids in the page; one ground has its own.
    base : BaseLayer, optional
        Drawn over the cells, below the zones.
    """

    def __init__(
        self,
        polygons: Array,
        zones: Outlines | None = None,
        key: str = "ground",
        base: BaseLayer | None = None,
    ) -> None:
        self._key = key
        west, south, east, north = shapely.total_bounds(polygons)
        squeeze = math.cos(math.radians((south + north) / 2))
        self._unit = _SIZE / max((east - west) * squeeze, north - south, 1e-9)
        self._width = round((east - west) * squeeze * self._unit)
        self._height = round((north - south) * self._unit)

        def on_paper(shapes: Array) -> Array:
            drawn = shapely.transform(
                shapes,
                lambda xy: np.column_stack(
                    ((xy[:, 0] - west) * squeeze * self._unit, (north - xy[:, 1]) * self._unit)
                ),
            )
            exact: Array = shapely.set_precision(drawn, 1.0)
            return exact

        self._on_paper = on_paper
        self._ground = shapely.box(west, south, east, north)
        self._cells = on_paper(polygons)
        self._zones = zones
        self._zones_drawn = None if zones is None else on_paper(zones.polygons)
        self._base_drawn = None if base is None else on_paper(base.lines)
        self._zone_of_cell = None if zones is None else zones.holding(polygons)

    def ground(self) -> Markup:
        """Define what every panel of a page stands on; once a page, before the first panel.

        Returns
        -------
        Markup
            An SVG without a size that defines the cells, the lines over them and the hatch.
        """
        lines = []
        if len(self._cells) <= _OUTLINED:
            lines.append(_lines(_path(self._cells), "#b4bec9", 2))
        if self._base_drawn is not None:
            lines.append(_lines(_line_path(self._base_drawn), _BASE, 2))
        if self._zones_drawn is not None:
            lines.append(_lines(_path(self._zones_drawn), "#33414e", 3))
        return Markup(
            '<svg width="0" height="0" class="defs" aria-hidden="true" focusable="false"><defs>'
            '<path id="{key}-cells" fill-rule="evenodd" d="{cells}"/>'
            '<g id="{key}-lines">{lines}</g>'
            '<pattern id="{key}-hatch" width="14" height="14" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="4" height="14" fill="#fff"/></pattern>'
            "</defs></svg>"
        ).format(key=self._key, cells=_path(_merged(self._cells)), lines=Markup("").join(lines))

    def panel(
        self,
        name: str,
        about: str,
        values: Array,
        scale: Scale,
        *,
        hatch_from: int | None = None,
        named_by: Array | None = None,
        marks: Array | None = None,
        over: Sequence[tuple[str, Any]] = (),
    ) -> Markup:
        """Draw the cells by their classes, with a legend below.

        Parameters
        ----------
        name : str
            Stands above the panel; empty where the page says so itself.
        about : str
            What is read aloud in its place.
        values : ndarray, shape (C,)
        scale : Scale
        hatch_from : int, optional
            The class from which on cells are hatched too.
        named_by : ndarray, shape (C,), optional
            The zones with the largest sums of it are named.
        marks : int ndarray, shape (C,), optional
            Counts that are drawn as dots in the middle of their cells, of an area by the count.
        over : sequence of (str, shapely Polygon or MultiPolygon)
            Colours and ground drawn over the cells, in longitude and latitude; cut to the map.
        """
        classes = scale.classes(values)
        commonest = int(np.bincount(classes, minlength=len(scale.colours)).argmax())
        layers = []
        if hatch_from is not None and commonest >= hatch_from:
            layers.append(
                Markup('<use href="#{key}-cells" fill="url(#{key}-hatch)"/>').format(key=self._key)
            )
        for place, colour in enumerate(scale.colours):
            cells = self._cells[classes == place]
            if place == commonest or not len(cells):
                continue
            outline = _path(_merged(cells))
            layers.append(Markup('<path fill="{}" d="{}"/>').format(colour, outline))
            if hatch_from is not None and place >= hatch_from:
                hatched = Markup('<path fill="url(#{}-hatch)" d="{}"/>')
                layers.append(hatched.format(self._key, outline))
        for colour, ground in over:
            cut = polygonal(shapely.intersection(ground, self._ground))
            drawn = _path(self._on_paper(np.array([cut], dtype=object)))
            layers.append(Markup('<path fill="{}" d="{}"/>').format(colour, drawn))
        drawing = Markup(
            '<svg class="panel" role="img" viewBox="-10 -10 {width} {height}" aria-label="{about}" '
            'fill-rule="evenodd"><use href="#{key}-cells" fill="{base}"/>{layers}'
            '<use href="#{key}-lines"/>{dots}{names}{bar}</svg>'
        ).format(
            key=self._key,
            width=self._width + 20,
            height=self._height + _FOOT,
            about=about,
            base=scale.colours[commonest],
            layers=Markup("").join(layers),
            dots=Markup("") if marks is None else self._dots(np.asarray(marks)),
            names=Markup("") if named_by is None else self._names(np.asarray(named_by)),
            bar=self._bar(),
        )
        return Markup("<div>{}{}{}</div>").format(
            Markup('<p class="panel-name">{}</p>').format(name) if name else "",
            drawing,
            _legend(scale, hatch_from),
        )

    def _dots(self, counts: Array) -> Markup:
        """Draw a dot for each cell that has a count: lines of no length, with round ends."""
        some = np.flatnonzero(counts > 0)
        if not len(some):
            return Markup("")
        points = shapely.get_coordinates(shapely.point_on_surface(self._cells[some]))
        side = math.sqrt(float(np.median(shapely.area(self._cells))))
        smallest = min(max(_DOT * side, _DOTS[0]), _DOTS[1])
        sizes = np.minimum(smallest * np.sqrt(counts[some]), max(0.8 * side, smallest))
        dots = []
        for colour, wider in (("#fff", 8), (_DOT_COLOUR, 0)):
            for size in np.unique(sizes).tolist():
                at = points[sizes == size].round().astype(int).tolist()
                dots.append(
                    Markup('<path stroke="{}" stroke-width="{:.0f}" d="{}"/>').format(
                        colour, size + wider, "".join(f"M{x} {y}h0" for x, y in at)
                    )
                )
        return Markup('<g class="dots" fill="none" stroke-linecap="round">{}</g>').format(
            Markup("").join(dots)
        )

    def _names(self, by: Array) -> Markup:
        """Name the zones with the largest sums, each in its zone, none over another."""
        if self._zones is None or self._zones_drawn is None or self._zone_of_cell is None:
            return Markup("")
        inside = self._zone_of_cell >= 0
        sums = np.bincount(self._zone_of_cell[inside], by[inside], minlength=len(self._zones.names))
        largest = [zone for zone in np.argsort(-sums, kind="stable")[:_NAMED] if sums[zone] > 0]
        points = shapely.get_coordinates(shapely.point_on_surface(self._zones_drawn[largest]))
        placed: list[tuple[float, float, float]] = []
        for zone, (x, y) in zip(largest, points.tolist(), strict=True):
            half = 0.28 * _TEXT * len(self._zones.names[zone])
            x = min(max(x, half), max(self._width - half, half))
            for step in (0, -1, 1):
                at = y + step * 1.1 * _TEXT
                if all(abs(at - b) >= _TEXT or abs(x - a) >= half + c for a, b, c in placed):
                    placed.append((x, at, half))
                    break
            else:
                placed.append((x, y, -1.0))
        return Markup("").join(
            Markup('<text class="zone-name" x="{:.0f}" y="{:.0f}">{}</text>').format(
                x, y + 0.35 * _TEXT, self._zones.names[zone]
            )
            for zone, (x, y, half) in zip(largest, placed, strict=True)
            if half >= 0
        )

    def _bar(self) -> Markup:
        """Draw a scale bar of about a fifth of the width."""
        km = self._unit / _KM_IN_A_DEGREE
        length = scales.nice(max(self._width / 5 / km, 1e-3))
        size, y = length * km, self._height + 60
        return Markup(
            '<path d="M0 {low}v18h{size:.0f}v-18" fill="none" stroke="currentColor" '
            'stroke-width="6"/>'
            '<text class="scale-name" x="{text_x:.0f}" y="{text_y}" font-size="{text}" '
            'style="--tall:{tall}px" fill="currentColor">{label}</text>'
        ).format(
            low=y,
            size=size,
            text_x=size + 24,
            text_y=y + 22,
            text=_TEXT,
            tall=self._height + _FOOT,
            label=f"{length:g} km" if length >= 1 else f"{1000 * length:g} m",
        )


def figure(panels: Sequence[Markup]) -> Markup:
    """Lay panels out side by side; one alone takes the width."""
    alone = " alone" if len(panels) == 1 else ""
    return Markup('<div class="panels{}">{}</div>').format(alone, Markup("").join(panels))


def _legend(scale: Scale, hatch_from: int | None) -> Markup:
    classes = (
        Markup('<li{}><span class="swatch" style="background-color:{}"></span>{}</li>').format(
            Markup(' class="hatched"') if hatch_from is not None and place >= hatch_from else "",
            colour,
            label,
        )
        for place, (colour, label) in enumerate(zip(scale.colours, scale.labels, strict=True))
    )
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(classes))


def _lines(path: str, colour: str, width: int) -> Markup:
    return Markup('<path fill="none" stroke="{}" stroke-width="{}" d="{}"/>').format(
        colour, width, path
    )


def _merged(shapes: Array) -> Array:
    """One shape of many that share edges; points within a unit of a straight line go."""
    return np.array([shapely.simplify(shapely.union_all(shapes), 1.0)])


def _path(shapes: Array) -> str:
    """Write outlines with relative lines.

    >>> _path(shapely.box([0], [0], [2], [1]))
    'M2 0l0 1 -2 0 0 -1z'
    """
    return "".join(_rings(shapes))


def _rings(shapes: Array) -> Iterator[str]:
    for ring in shapely.get_rings(shapely.get_parts(shapely.get_parts(shapes))):
        points: Any = np.round(shapely.get_coordinates(ring)).astype(int)
        steps = np.diff(points, axis=0)[:-1].tolist()
        yield f"M{points[0, 0]} {points[0, 1]}l{' '.join(f'{x} {y}' for x, y in steps)}z"


def _line_path(lines: Array) -> str:
    """Write lines with relative steps, those of a single point left out.

    >>> _line_path(shapely.linestrings([[[0, 0], [2, 0], [2, 1]]]))
    'M0 0l2 0 0 1'
    """
    drawn = []
    for line in shapely.get_parts(lines):
        points: Any = np.round(shapely.get_coordinates(line)).astype(int)
        if len(points) > 1:
            steps = np.diff(points, axis=0).tolist()
            drawn.append(f"M{points[0, 0]} {points[0, 1]}l{' '.join(f'{x} {y}' for x, y in steps)}")
    return "".join(drawn)
