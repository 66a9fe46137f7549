"""Which forecasters there are, ours and those of installed packages, and how one is set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_type_hints

import msgspec

import veedor
from veedor.complaints import complaint
from veedor.errors import StudyError, phrase
from veedor.forecasters.contract import Forecaster
from veedor.suggestions import one_of

#: Entry points of this group, of any installed package, are forecasters too.
ENTRY_POINTS = "veedor.forecasters"

#: Forecasters that ship with veedor, by the name that study.toml uses, and where each is.
FORECASTERS: dict[str, EntryPoint] = {
    name: EntryPoint(name, f"veedor.forecasters.{module}:{name}", ENTRY_POINTS)
    for name, module in (
        ("PriorCounts", "prior_counts"),
        ("Stack", "stack"),
        ("PooledCounts", "pooled_counts"),
        ("Additive", "additive"),
        ("PoissonTrees", "poisson_trees"),
        ("SelfExciting", "selfexciting"),
        ("SmoothField", "smooth_field"),
        ("NearRepeat", "near_repeat"),
        ("Recency", "recency"),
        ("Kernel", "kernel"),
        ("PastMean", "past_mean"),
        ("SeasonalNaive", "own_past"),
        ("RecentMean", "own_past"),
        ("ShrunkenMean", "own_past"),
        ("EndemicEpidemic", "endemic_epidemic"),
    )
}

#: The forecaster that every other one, ours or a vendor's, is compared with.
REFERENCE = "PriorCounts"

#: Those that run only where a study names them: made for areas, or reached by others in less time.
ON_REQUEST = (
    "SelfExciting",
    "SmoothField",
    "NearRepeat",
    "Recency",
    "Kernel",
    "SeasonalNaive",
    "RecentMean",
    "ShrunkenMean",
    "EndemicEpidemic",
)

#: Forecasters of a study of incidents that names none.
DEFAULT_FORECASTERS: tuple[str, ...] = tuple(name for name in FORECASTERS if name not in ON_REQUEST)

#: Forecasters of a study of counts by area that names none: those that need no single incident.
DEFAULT_FORECASTERS_OF_COUNTS: tuple[str, ...] = (
    "PriorCounts",
    "Stack",
    "SmoothField",
    "Recency",
    "Kernel",
    "PastMean",
    "SeasonalNaive",
    "RecentMean",
    "ShrunkenMean",
)


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
        Where its class is; several where a name is taken twice.
    """

    name: str
    package: str
    version: str
    points: tuple[EntryPoint, ...]

    def load(self) -> type[Forecaster]:
        """Return its class.

        Raises
        ------
        StudyError
            If its package cannot be imported, brings no `Forecaster`, or takes a name that is
            taken.
        """
        point, *others = self.points
        if others:
            ours = self.name in FORECASTERS
            packages = {_package(one)[0] for one in (others if ours else self.points)}
            raise StudyError(
                "The name of a forecaster must be its own.",
                found=phrase(
                    "{name} of the installed {packages}{ours}",
                    name=repr(self.name),
                    packages=", ".join(sorted(packages)),
                    ours=phrase(", which is the name of one that ships with veedor")
                    if ours
                    else "",
                ),
                remedy="uninstall the package, or ask its maker for another name",
            )
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
        name: KnownForecaster(name, "veedor", veedor.__version__, (ours, *brought.pop(name, ())))
        for name, ours in FORECASTERS.items()
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
            remedy=one_of(name, known),
        )
    return known[name]


@dataclass(frozen=True)
class Entry:
    """A forecaster of a study: the name it goes by, what it is, and what of it is set.

    Parameters
    ----------
    name : str
    kind : str
        The name that it is registered under.
    parameters : mapping of str to any
        By name; the others have their defaults.
    """

    name: str
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, settings: Mapping[str, Any] | None = None) -> Entry:
        """Read the settings of a name: its ``kind``, which may be the name itself, and the rest.

        Raises
        ------
        StudyError
            If a registered name is to be another kind.
        """
        parameters = dict(settings or {})
        kind = parameters.pop("kind", name)
        if kind != name and name in known_forecasters():
            raise StudyError(
                "A forecaster of another kind must have a name of its own.",
                found=phrase(
                    "kind {kind} under the name {name}, which is a forecaster's",
                    kind=repr(kind),
                    name=repr(name),
                ),
                where=phrase("[forecasters.parameters.{name}]", name=name),
                remedy="give it another name, and use that",
            )
        return cls(name, str(kind), parameters)

    def make(self) -> Forecaster:
        """Return a new one.

        Raises
        ------
        StudyError
            If there is none of that kind, it cannot be made, or a parameter is not one of its own
            or cannot be used.
        """
        kind = find_forecaster(self.kind).load()
        where = f"[forecasters.parameters.{self.name}]"
        try:
            known = kind().get_params()
        except Exception as error:
            raise StudyError(
                "A forecaster that a study names must be one that can be made without arguments.",
                found=_in_words(error),
                where=f"{kind.__module__}.{kind.__qualname__}",
                remedy="give every parameter a default",
            ) from error
        for name in self.parameters:
            if name not in known:
                raise StudyError(
                    phrase("A parameter of {kind} must be one of its own.", kind=self.kind),
                    found=name,
                    where=where,
                    remedy=one_of(name, known)
                    if known
                    else phrase("use none: it has no parameters"),
                )
        made = kind(**_of_their_types(kind, self.parameters, self.kind, where))
        try:
            made.check_parameters()
        except StudyError as error:
            raise StudyError(
                error.must, found=error.found, where=error.where or where, remedy=error.remedy
            ) from error
        return made


def make_forecaster(kind: str, **parameters: Any) -> Forecaster:
    """Return a new forecaster of a registered kind; errors as of `Entry.make`."""
    return Entry(kind, kind, parameters).make()


def _of_their_types(
    made: type[Forecaster], parameters: Mapping[str, Any], kind: str, where: str
) -> dict[str, Any]:
    """Parameters as the types that `__init__` declares; as they are where it declares none."""
    try:
        types = get_type_hints(made.__init__)
    except NameError:  # names that a package imports for type checkers only
        types = {}
    found = dict(parameters)
    for name in found.keys() & types.keys():
        try:
            found[name] = msgspec.convert(found[name], types[name])
        except msgspec.ValidationError as error:
            raise StudyError(
                phrase("Parameter {name} of {kind} must be of its type.", name=name, kind=kind),
                found=complaint(error),
                where=where,
            ) from error
    return found


def _package(point: EntryPoint) -> tuple[str, str]:
    """Name and version of the distribution that brings an entry point."""
    if point.dist is None:
        return "unknown", "unknown"
    return point.dist.name, point.dist.version


def _in_words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
