"""Which forecasters there are: ours, and those that installed packages bring."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

import veedor
from veedor.errors import StudyError
from veedor.forecasters.additive import Additive
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.kernel import Kernel
from veedor.forecasters.near_repeat import NearRepeat
from veedor.forecasters.past_mean import PastMean
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.recency import Recency
from veedor.forecasters.selfexciting import SelfExciting
from veedor.forecasters.smooth_field import SmoothField
from veedor.forecasters.stack import Stack

#: Forecasters that ship with veedor, by the name that study.toml uses.
FORECASTERS: dict[str, type[Forecaster]] = {
    "PriorCounts": PriorCounts,
    "Stack": Stack,
    "PooledCounts": PooledCounts,
    "Additive": Additive,
    "PoissonTrees": PoissonTrees,
    "SelfExciting": SelfExciting,
    "SmoothField": SmoothField,
    "NearRepeat": NearRepeat,
    "Recency": Recency,
    "Kernel": Kernel,
    "PastMean": PastMean,
}

#: The forecaster that every other one, ours or a vendor's, is compared with.
REFERENCE = "PriorCounts"

#: Forecasters of a study that names none.
DEFAULT_FORECASTERS: tuple[str, ...] = tuple(FORECASTERS)

#: Entry points of this group, of any installed package, are forecasters too.
ENTRY_POINTS = "veedor.forecasters"


@dataclass(frozen=True)
class KnownForecaster:
    """A forecaster that a study may name.

    Parameters
    ----------
    name : str
        As study.toml uses it.
    package, version : str
        The distribution that it comes from.
    points : tuple of EntryPoint
        Where its class is; none for one of ours, several where a name is taken twice.
    """

    name: str
    package: str
    version: str
    points: tuple[EntryPoint, ...] = ()

    def load(self) -> type[Forecaster]:
        """Return its class.

        Raises
        ------
        StudyError
            If its package cannot be imported, brings no `Forecaster`, or takes a name that is
            taken.
        """
        ours = FORECASTERS.get(self.name)
        if len(self.points) + (ours is not None) > 1:
            packages = ", ".join(sorted({_package(point)[0] for point in self.points}))
            raise StudyError(
                "The name of a forecaster must be its own.",
                found=f"{self.name!r} of the installed {packages}"
                + (", which is the name of one that ships with veedor" if ours else ""),
                remedy="uninstall the package, or ask its maker for another name",
            )
        if ours is not None:
            return ours
        (point,) = self.points
        where = f"package {self.package} {self.version}, entry point {point.name} = {point.value}"
        try:
            found = point.load()
        except Exception as error:
            raise StudyError(
                "The forecaster of an installed package must be one that can be imported.",
                found=_in_words(error),
                where=where,
                remedy="mend or reinstall the package, or take the forecaster out of study.toml",
            ) from error
        if not (isinstance(found, type) and issubclass(found, Forecaster)):
            raise StudyError(
                "The forecaster of an installed package must be a subclass of Forecaster.",
                found=repr(found),
                where=where,
                remedy="see docs/writing-a-forecaster.md",
            )
        return found


@cache
def known_forecasters() -> dict[str, KnownForecaster]:
    """Return every forecaster that a study may name: ours first, then those of other packages.

    Other packages are found by their entry points and not imported. What is wrong with one is
    said when it is loaded.
    """
    brought: dict[str, list[EntryPoint]] = defaultdict(list)
    for point in entry_points(group=ENTRY_POINTS):
        brought[point.name].append(point)
    known = {
        name: KnownForecaster(name, "veedor", veedor.__version__, tuple(brought.pop(name, ())))
        for name in FORECASTERS
    }
    for name, points in sorted(brought.items()):
        known[name] = KnownForecaster(name, *_package(points[0]), tuple(points))
    return known


def find_forecaster(name: str) -> KnownForecaster:
    """Return what is known of a forecaster, by name.

    Raises
    ------
    StudyError
        If there is none of that name.
    """
    known = known_forecasters()
    if name not in known:
        raise StudyError(
            "A forecaster must be one that ships with veedor or with an installed package.",
            found=repr(name),
            remedy="use one of " + ", ".join(known),
        )
    return known[name]


def make_forecaster(name: str) -> Forecaster:
    """Return a new forecaster by name, with its default parameters.

    Raises
    ------
    StudyError
        If there is none of that name, or it cannot be made.
    """
    kind = find_forecaster(name).load()
    try:
        return kind()
    except Exception as error:
        raise StudyError(
            "A forecaster that a study names must be one that can be made without arguments.",
            found=_in_words(error),
            where=f"{kind.__module__}.{kind.__qualname__}",
            remedy="give every parameter a default",
        ) from error


def _package(point: EntryPoint) -> tuple[str, str]:
    """Name and version of the distribution that brings an entry point."""
    if point.dist is None:
        return "unknown", "unknown"
    return point.dist.name, point.dist.version


def _in_words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
