"""What of each route is in view, as figures."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.audits.places.by_place import COUNTED
from veedor.audits.places.devices.routes import Routes, RouteViews
from veedor.statistics.codes import Denominator

#: Part of the data that a statement of a route is about begins so.
ROUTE = "on_route: "


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
    """

    name: str
    length_m: float
    in_view_m: tuple[float, float]
    twice_m: tuple[float, float]
    devices: tuple[float, float]


def routes_seen(routes: Routes, ways: Sequence[RouteViews]) -> tuple[RouteSeen, ...]:
    """Gather each route's figures under what is least and what is most in view."""
    least, most = ways[0], ways[-1]

    def ends(name: str, at: int) -> tuple[float, float]:
        found: list[Floats] = [getattr(one, name) for one in (least, most)]
        return float(found[0][at]), float(found[1][at])

    return tuple(
        RouteSeen(
            name, float(most.length_m[at]), ends("once_m", at), ends("twice_m", at),
            ends("devices", at),
        )
        for at, name in enumerate(routes.name)
    )  # fmt: skip


def route_statements(routes: Routes, ways: Sequence[tuple[str, RouteViews]]) -> list[Statement]:
    """State of each route, and of each assignment, what is in view."""
    made = []
    for assignment, way in ways:
        for at, name in enumerate(routes.name):
            subject = Subject(WHOLE, assignment, f"{ROUTE}{name}")
            length = float(way.length_m[at])
            of = Denominator("metres_of_route", {"route": name})
            for statistic, metres in (
                ("route_in_view", way.once_m[at]),
                ("route_in_view_twice", way.twice_m[at]),
            ):
                share = float(metres) / length if length else np.nan
                made.append(Statement(
                    subject, statistic, estimate(share, None, COUNTED, length, of),
                    float(metres), length,
                ))  # fmt: skip
            seeing = float(way.devices[at])
            made.append(Statement(
                subject, "route_devices",
                estimate(seeing, None, COUNTED, length, of),
            ))  # fmt: skip
    return made
