"""What of each route is in view, as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec
import numpy as np

from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.audits.places.by_place import COUNTED
from veedor.audits.places.devices.figures import KIND
from veedor.audits.places.devices.routes import Routes, RouteViews
from veedor.statistics.codes import Denominator

#: Part of the data that a statement of a route is about begins so.
ROUTE = "on_route: "
_Both: TypeAlias = tuple[float, float]


class RouteOfKind(msgspec.Struct, frozen=True):
    """What of a route devices of a kind have in view, at least and at most.

    Parameters
    ----------
    kind : str
    in_view_m, twice_m, devices : (float, float)
        As of `RouteSeen`.
    """

    kind: str
    in_view_m: tuple[float, float]
    twice_m: tuple[float, float]
    devices: tuple[float, float]


class RouteSeen(msgspec.Struct, frozen=True):
    """A route and what of it is in view, at least and at most.

    Parameters
    ----------
    name : str
    length_m : float
    in_view_m, twice_m : (float, float)
        In view of one device or more; of two or more.
    devices : (float, float)
        That have some of it in view.
    kinds : tuple of RouteOfKind
        Of each kind by itself, where there are several: what they see is joined, so that kinds do
        not add up to all.
    """

    name: str
    length_m: float
    in_view_m: tuple[float, float]
    twice_m: tuple[float, float]
    devices: tuple[float, float]
    kinds: tuple[RouteOfKind, ...] = ()


def routes_seen(
    routes: Routes, ways: Sequence[RouteViews], by_kind: Mapping[str, Sequence[RouteViews]]
) -> tuple[RouteSeen, ...]:
    """Gather each route's figures under what is least and what is most in view.

    Parameters
    ----------
    routes : Routes
    ways : sequence of RouteViews
        Under what is least and what is most, or one where nothing is open.
    by_kind : dict of str to sequence of RouteViews
        The same of each kind of device.
    """
    return tuple(
        RouteSeen(
            name, float(ways[-1].length_m[at]), *_ends(ways, at),
            tuple(RouteOfKind(kind, *_ends(each, at)) for kind, each in by_kind.items()),
        )
        for at, name in enumerate(routes.name)
    )  # fmt: skip


def _ends(ways: Sequence[RouteViews], at: int) -> tuple[_Both, _Both, _Both]:
    """Metres in view once and twice, and devices, each at least and at most."""
    least, most = ways[0], ways[-1]
    return (
        (float(least.once_m[at]), float(most.once_m[at])),
        (float(least.twice_m[at]), float(most.twice_m[at])),
        (float(least.devices[at]), float(most.devices[at])),
    )


def route_statements(
    routes: Routes, assignment: str, way: RouteViews, by_kind: Mapping[str, RouteViews]
) -> list[Statement]:
    """State of each route what is in view, of all devices and of each kind.

    Parameters
    ----------
    routes : Routes
    assignment : str
    way : RouteViews
    by_kind : dict of str to RouteViews
    """
    made: list[Statement] = []
    for at, name in enumerate(routes.name):
        made += _of_route(Subject(WHOLE, assignment, f"{ROUTE}{name}"), name, way, at)
        for kind, each in by_kind.items():
            subject = Subject(WHOLE, assignment, f"{KIND}{kind}; {ROUTE}{name}")
            made += _of_route(subject, name, each, at)
    return made


def _of_route(subject: Subject, name: str, way: RouteViews, at: int) -> Iterator[Statement]:
    length = float(way.length_m[at])
    of = Denominator("metres_of_route", {"route": name})
    for statistic, metres in (
        ("route_in_view", way.once_m[at]),
        ("route_in_view_twice", way.twice_m[at]),
    ):
        share = float(metres) / length if length else np.nan
        made = estimate(share, None, COUNTED, length, of)
        yield Statement(subject, statistic, made, float(metres), length)
    seeing = estimate(float(way.devices[at]), None, COUNTED, length, of)
    yield Statement(subject, "route_devices", seeing)
