"""Stretches of a series that look as if they had not been reported: low, with sharp edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from scipy import special

from veedor.areas.edition import Values
from veedor.areas.running_sums import WINDOWS, RunningSums, Windows, running_sums
from veedor.arrays import Bools, Floats, Ints
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.levels import chance_of, lower_tail

#: Series with fewer in all cannot show a gap: no chance of theirs is small enough.
_LEAST_IN_ALL = 8
#: A stretch is named only where it holds at most this share of what each side leads to expect.
LEVEL = 0.5

Kind = Literal["zeros", "gap", "drop", "rise"]


@dataclass(frozen=True)
class Stretch:
    """Spans `first` to `end` (exclusive) of an area that look as if they had not been reported.

    Parameters
    ----------
    kind : str
        ``zeros`` or ``gap`` with an edge on both sides; ``drop`` from an edge on, with no return;
        ``rise``: low until an edge.
    area, first, end : int
    recorded : int
        What was reported for it.
    before, after : float or None
        Mean a span beside it; None where there is nothing beside.
    p_value : float
        Of its series, adjusted for every stretch that was tried.
    """

    kind: Kind
    area: int
    first: int
    end: int
    recorded: int
    before: float | None
    after: float | None
    p_value: float


class Scanned(NamedTuple):
    """What was found in the series of an offence, and how many series were tried."""

    stretches: tuple[Stretch, ...]
    series: int


class _Edges(NamedTuple):
    """Where levels change, by area: the span from which, the window and its chance."""

    area: Ints
    at: Ints
    window: Ints
    p_value: Floats


def scan(values: Values | Ints, there: Bools, unit: str, *, alike: bool = True) -> Scanned:
    r"""Look for stretches of each area's series that look as if they had not been reported.

    A stretch has an edge where it begins and one where it ends. At an edge the counts of w spans
    on its low side are compared with those of up to a season on the other (`lower_tail`), for w of
    1, 2, 3, 6 and 12 months (1, 2, 3 years), and where w is less than a season with the same part
    of the seasons before and after too: the stretch's chance is the largest of these, so that it
    must be low against each. It must also hold at most half of what each leads to expect. An edge
    without another is a level that drops, or rises, and stays.

    The dispersion is the series' own, of differences between one span and the next, or the same
    span a season later, whichever is smaller: a change of level hardly moves the first, a season
    not the second. It is at least what is usual for the offence, the median over areas of that of
    differences between stretches of that length: levels that drift are no gaps.

    Parameters
    ----------
    values : array of int, shape (spans, areas)
    there : array of bool, same shape
        Whether a number was reported; what was not is no part of any stretch.
    unit : str
        Of the spans: ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"``.
    alike : bool
        Whether the series are areas of one offence, so that what is usual among them holds for
        each; False for totals of several offences.

    Returns
    -------
    Scanned
        Stretches with p-values times the number of edges that were tried in their series (at most
        1), and how many series held anything to try. Which of them stand is for `named`.

    Notes
    -----
    O(spans x areas x windows), and exact tails only where they may be small.
    """
    windows = WINDOWS[unit]
    when = np.flatnonzero(there.any(axis=1))
    counts: Values | Ints = np.where(there, np.maximum(values, 0), 0)[when]
    series = int(there.any(axis=0).sum())
    looked_at = np.flatnonzero(counts.sum(axis=0, dtype=np.int64) >= _LEAST_IN_ALL)
    if not len(looked_at):
        return Scanned((), series)
    of = running_sums(when, counts[:, looked_at], there[np.ix_(when, looked_at)], windows, alike)
    tried = np.zeros(len(looked_at), dtype=np.int64)
    drops: list[_Edges] = []
    rises: list[_Edges] = []
    for window in windows.inside:
        for rising, edges in ((False, drops), (True, rises)):
            found, n = _edges(of, window, rising=rising)
            tried += n
            edges.append(found)
    drop, rise = _together(drops, tried), _together(rises, tried)
    stretches = tuple(
        replace(
            stretch,
            area=int(looked_at[area]),
            first=int(when[stretch.first]),
            end=int(when[stretch.end - 1]) + 1,
        )
        for area in np.union1d(drop.area, rise.area)
        for stretch in _stretches(of, int(area), _of(drop, area), _of(rise, area))
    )
    return Scanned(stretches, series)


def named(found: Sequence[Scanned]) -> list[tuple[Stretch, ...]]:
    """Keep, of all offences together, stretches among which at most 5% are expected to be false.

    A series is named by its strongest stretch (Benjamini & Hochberg over all series of all
    offences); its other ones stand where they pass the same bar.

    Parameters
    ----------
    found : sequence of Scanned
        By offence.
    """
    series = sum(one.series for one in found)
    strongest = [
        min(stretch.p_value for stretch in one.stretches if stretch.area == area)
        for one in found
        for area in {stretch.area for stretch in one.stretches}
    ]
    every = np.ones(max(series, len(strongest)))
    every[: len(strongest)] = strongest
    passing = every[false_discovery_q(every) <= FALSE_DISCOVERY_RATE]
    bar = float(passing.max()) if len(passing) else -1.0
    return [tuple(one for one in part.stretches if one.p_value <= bar) for part in found]


def _edges(of: RunningSums, window: int, *, rising: bool) -> tuple[_Edges, Ints]:
    """Edges with a low side of `window` spans, of those whose chance may be small enough."""
    last, beside = len(of.summed) - 1, of.windows.beside
    at = np.arange(window, last) if rising else np.arange(1, last - window + 1)
    every = slice(None)
    if rising:
        (x, w), (y, v) = of.between(at - window, at, every), of.between(at, at + beside, every)
    else:
        (x, w), (y, v) = of.between(at, at + window, every), of.between(at - beside, at, every)
    # A whole season is compared with a whole one, or its peak would stand for all of it.
    whole = window >= of.windows.season > 0
    asked = (w > 0) & (v >= (of.windows.season if whole else min(of.windows.least, window)))
    tried: Ints = np.broadcast_to(asked, x.shape).sum(axis=0)
    # No stretch is less likely than one without any count, of counts that vary least.
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.log(np.maximum(tried, 1) / FALSE_DISCOVERY_RATE) / np.log1p(w / v)
    asked = asked & (x + y >= least) & (x * v <= LEVEL * (y * w))
    rows, area = np.nonzero(asked)
    edges = _Edges(area, at[rows], np.full(len(rows), window), np.ones(len(rows)))
    x, y = x[rows, area], y[rows, area]
    w, v = (np.broadcast_to(one, asked.shape)[rows, area] for one in (w, v))
    dispersion = of.dispersion(edges.window, area)
    matters = FALSE_DISCOVERY_RATE / np.maximum(tried[area], 1)
    # One term of a sum is a lower bound of it, and far cheaper.
    small = chance_of(x, y, w, v, dispersion) <= matters
    edges = _picked(edges, small)
    chance = lower_tail(x[small], y[small], w[small], v[small], dispersion[small])
    small = chance <= matters[small]
    edges, chance = _picked(edges, small), chance[small]
    seasons = _against_seasons(of, edges, window, rising=rising)
    return edges._replace(p_value=np.maximum(chance, seasons)), tried


def _picked(edges: _Edges, which: Bools) -> _Edges:
    return _Edges(edges.area[which], edges.at[which], edges.window[which], edges.p_value[which])


def _against_seasons(of: RunningSums, edges: _Edges, window: int, *, rising: bool) -> Floats:
    """Chance against the same part of the season before and after; 0 where there is none."""
    season = of.windows.season
    chance = np.zeros(len(edges.at))
    if window >= season:
        return chance
    first = edges.at - window if rising else edges.at
    x, w = of.between(first, first + window, edges.area)
    y, v = np.zeros_like(x), np.zeros_like(w)
    for away in (-season, season):
        begins, ends = (
            np.searchsorted(of.when, of.when[one] + away + more)
            for one, more in ((first, 0), (first + window - 1, 1))
        )
        count, spans = of.between(begins, ends, edges.area)
        y, v = y + count, v + spans
    some = v > 0
    dispersion = of.dispersion(edges.window, edges.area)
    chance[some] = lower_tail(x[some], y[some], w[some], v[some], dispersion[some])
    chance[some & (x * v > LEVEL * y * w)] = 1.0
    return chance


def _together(parts: Sequence[_Edges], tried: Ints) -> _Edges:
    """Edges of all windows whose adjusted chance matters."""
    whole = _Edges(
        np.concatenate([part.area for part in parts]),
        np.concatenate([part.at for part in parts]),
        np.concatenate([part.window for part in parts]),
        np.concatenate([part.p_value for part in parts]),
    )
    adjusted = np.minimum(whole.p_value * tried[whole.area], 1.0)
    return _picked(whole._replace(p_value=adjusted), adjusted <= FALSE_DISCOVERY_RATE)


def _of(edges: _Edges, area: int) -> _Edges:
    return _picked(edges, edges.area == area)


def _stretches(of: RunningSums, area: int, drops: _Edges, rises: _Edges) -> Iterator[Stretch]:
    """Yield stretches of a series, none over another: gaps first, and those that tell most."""
    taken = np.zeros(len(of.summed) - 1, dtype=np.bool_)
    for made in (_gaps(of, area, drops, rises), _steps(of, area, drops, rises)):
        for _, stretch in sorted(made, key=lambda one: (-one[0], one[1].first, one[1].end)):
            if not taken[stretch.first : stretch.end].any():
                taken[stretch.first : stretch.end] = True
                yield stretch


def _gaps(
    of: RunningSums, area: int, drops: _Edges, rises: _Edges
) -> Iterator[tuple[float, Stretch]]:
    """Yield every stretch between an edge down and one up, with how much it tells."""
    begins, fall = _by_length(drops, of.windows)
    ends, rise = _by_length(rises, of.windows)
    down, up = (one.ravel() for one in np.meshgrid(np.arange(len(begins)), np.arange(len(ends))))
    down, up = (one[begins[down] < ends[up]] for one in (down, up))
    length = np.searchsorted(of.windows.inside, ends[up] - begins[down], side="right") - 1
    possible = length >= 0
    down, up, length = down[possible], up[possible], length[possible]
    chance = np.maximum(fall[down, length], rise[up, length])
    yield from _whole(of, area, begins[down], ends[up], chance, "gap")


def _steps(
    of: RunningSums, area: int, drops: _Edges, rises: _Edges
) -> Iterator[tuple[float, Stretch]]:
    """Yield every stretch from an edge down to the end, and from the beginning to an edge up."""
    last = len(of.summed) - 1
    sides: tuple[tuple[_Edges, Kind], ...] = ((drops, "drop"), (rises, "rise"))
    for edges, kind in sides:
        first = edges.at if kind == "drop" else np.zeros_like(edges.at)
        end = np.full_like(edges.at, last) if kind == "drop" else edges.at
        # A level that stays is low over the longest window that there is room for.
        longest = np.searchsorted(of.windows.inside, end - first, side="right") - 1
        stays = edges.window == np.array(of.windows.inside)[longest]
        yield from _whole(of, area, first[stays], end[stays], edges.p_value[stays], kind)


def _by_length(edges: _Edges, windows: Windows) -> tuple[Ints, Floats]:
    """Spans with an edge, and the smallest chance by the longest window, shape (spans, windows)."""
    at, place = np.unique(edges.at, return_inverse=True)
    chance = np.full((len(at), len(windows.inside)), np.inf)
    column = np.searchsorted(windows.inside, edges.window)
    np.minimum.at(chance, (place, column), edges.p_value)
    return at, np.minimum.accumulate(chance, axis=1)


def _whole(
    of: RunningSums, area: int, first: Ints, end: Ints, chance: Floats, kind: Kind
) -> Iterator[tuple[float, Stretch]]:
    """Yield stretches the whole of which is low against each side, with how much each tells."""
    where, beside = np.full(len(first), area), of.windows.beside
    x, w = of.between(first, end, where)
    sides = [of.between(first - beside, first, where), of.between(end, end + beside, where)]
    low = np.isfinite(chance) & (w > 0)
    for y, v in sides:
        low &= (x * v <= LEVEL * y * w) | (v == 0)
    y, v = sides[0][0] + sides[1][0], sides[0][1] + sides[1][1]
    for n in np.flatnonzero(low):
        count, share = int(x[n] + y[n]), float(w[n] / (w[n] + v[n]))
        seen = float(x[n]) / count
        apart = special.rel_entr(seen, share) + special.rel_entr(1.0 - seen, 1.0 - share)
        before, after = (float(side[0][n] / side[1][n]) if side[1][n] else None for side in sides)
        told: Kind = "zeros" if kind == "gap" and not x[n] else kind
        yield (
            count * float(apart),
            Stretch(
                told, area, int(first[n]), int(end[n]), int(x[n]), before, after, float(chance[n])
            ),
        )
