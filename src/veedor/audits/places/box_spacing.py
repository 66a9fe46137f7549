"""How far apart boxes stand, from their centres alone: to hold against the side that was given."""

from __future__ import annotations

import numpy as np
from pyproj import Transformer
from scipy import spatial

from veedor.arrays import Bools, Floats
from veedor.audits.audit import AuditWarning
from veedor.audits.places.predictions import Predictions
from veedor.statistics.codes import Argument

#: A side that differs by more from the spacing is not theirs; centres are often rounded to 10 m.
MOST_OFF = 0.1
_FEET = 0.3048
_NEIGHBOURS, _MOST, _FEWEST = 64, 3000, 30
#: Of the neighbours at the spacing, at least so many lie straight; a turned grid has none or few.
_LEAST_STRAIGHT = 0.45
_ROUNDED_M = 6.0


def box_spacing(x_m: Floats, y_m: Floats) -> float | None:
    """Spacing of the grid, or of the grids over one another, that boxes stand on.

    Among neighbours at a distance, those straight north, south, east or west are counted, over
    what there would be if every direction were as common; where that is far above 1 is the spacing.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Centres, metres.

    Returns
    -------
    float or None
        Metres; None where boxes stand on no grid that runs north, or are too few.

    Examples
    --------
    >>> x, y = (150.0 * v.ravel() for v in np.meshgrid(np.arange(9.0), np.arange(9.0)))
    >>> round(box_spacing(x, y))
    150
    """
    places = np.unique(np.round(np.column_stack([x_m, y_m]), 1), axis=0)
    if len(places) < _FEWEST:
        return None
    asked = places[np.linspace(0, len(places) - 1, min(len(places), _MOST)).astype(np.int64)]
    distance, at = spatial.KDTree(places).query(asked, k=min(_NEIGHBOURS, len(places)))
    across = np.abs(places[at] - asked[:, None])[:, 1:].reshape(-1, 2)
    apart = distance[:, 1:].ravel()
    tried = np.geomspace(max(float(np.percentile(apart, 1)), 10.0), float(apart.max()), 80)
    sharp, share = np.zeros((2, len(tried)))
    for number, one in enumerate(tried):
        width = max(0.04 * one, _ROUNDED_M)
        ring = int(np.sum(np.abs(apart - one) < width))
        straight = int(np.sum(_straight(across, one, width)))
        if straight >= _FEWEST:
            # Ground of the windows and of a quarter of the ring.
            sharp[number] = (straight / (4.0 * width**2)) / (ring / (np.pi * one * width))
            share[number] = straight / ring
    best = float(sharp.max(initial=0.0))
    if best <= 0.0 or share[np.argmax(sharp)] < _LEAST_STRAIGHT:
        return None
    found = float(tried[np.argmax(sharp)])
    while (nearer := _part_of(found, tried, sharp, 0.6 * best)) is not None:
        found = nearer
    near = _straight(across, found, max(0.08 * found, _ROUNDED_M))
    return float(np.median(across[near].max(axis=1)))


def _part_of(found: float, tried: Floats, sharp: Floats, least: float) -> float | None:
    """A third or half of a spacing at which boxes stand in a row as straight; None without any.

    The second, third and fourth place of a row are as straight as the next one.
    """
    for part in (3.0, 2.0):
        here = np.where(np.abs(tried * part / found - 1.0) < 0.08, sharp, 0.0)
        if here.max() >= least:
            return float(tried[np.argmax(here)])
    return None


def _straight(across: Floats, distance: float, width: float) -> Bools:
    """Whether neighbours lie at a distance along one axis and at none along the other."""
    longer, shorter = across.max(axis=1), across.min(axis=1)
    found: Bools = (np.abs(longer - distance) < width) & (shorter < width)
    return found


def box_size(predictions: Predictions, crs: str) -> list[AuditWarning]:
    """Warn where the side that was given is not how far apart the boxes stand.

    Parameters
    ----------
    predictions : Predictions
    crs : str
        Of metres.
    """
    side = predictions.box_m
    if side is None:
        return []
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x_m, y_m = move.transform(predictions.lon, predictions.lat)
    spacing = box_spacing(np.asarray(x_m), np.asarray(y_m))
    if spacing is None or abs(side / spacing - 1.0) <= MOST_OFF:
        return []
    if abs(side * _FEET / spacing - 1.0) <= MOST_OFF:
        code = "box_size_in_feet"
    else:
        code = "boxes_overlap" if side > spacing else "boxes_leave_gaps"
    said: dict[str, Argument] = {
        "box_m": side,
        "spacing_m": spacing,
        "option": f"{side * _FEET:.1f}",
    }
    return [AuditWarning(code, said, assignment="box")]
