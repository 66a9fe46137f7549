"""Where the incidents of a category are: concentration, hot spots and near repeats of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import structs

from veedor.arrays import Floats, Ints
from veedor.patterns.concentration import MOST_RUNS, Concentration, concentration
from veedor.patterns.hot_spots import (
    QUADRANTS,
    HotSpots,
    empirical_bayes_rates,
    hot_spots,
    kernel_density,
)
from veedor.patterns.near_repeats import NearRepeats, near_repeats
from veedor.patterns.record import Recorded
from veedor.patterns.settings import PatternSettings
from veedor.statistics import lorenz, smallest_q

#: Name -> a value a cell.
Columns = dict[str, npt.NDArray[Any]]

#: Of the mean denominator of the cells that have one: with less, a cell has no rate. The edge of a
#: zone that reaches into a park would make one incident there the largest rate of all.
_FEWEST_SHARE = 0.01


class Lorenz(msgspec.Struct, frozen=True, eq=False):
    """Share of the incidents against share of the places that hold them, largest first."""

    share_of_places: Floats
    share_of_incidents: Floats


class SpanConcentration(Concentration, frozen=True, eq=False, kw_only=True):
    """`Concentration` of a part of the record.

    Parameters
    ----------
    span : str
        ``"all"``, or a calendar year.
    days : int
    lorenz : Lorenz or None
        Of the whole record.
    """

    span: str
    days: int
    lorenz: Lorenz | None = None

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask whether it is more than chance."""
        return (("concentration", self.test.p_value),)


def concentrations(
    record: Recorded, category: str, rng: np.random.Generator, seed: int
) -> tuple[SpanConcentration, ...]:
    """Concentration of the whole record and of each calendar year."""
    year = np.array([day.year for day in record.dates])
    spans = [("all", 0, len(year))]
    for one in np.unique(year):
        mine = np.flatnonzero(year == one)
        spans.append((str(one), int(mine[0]), int(mine[-1]) + 1))
    whole = np.sort(record.in_cells(category))[::-1]
    at = np.unique(np.linspace(0, len(whole), 101).astype(int))
    curve = Lorenz(at / len(whole), 1.0 - lorenz(whole)[::-1][at])
    found = []
    for name, first, last in spans:
        counts = record.by_cell(category, record.runs(first, last, MOST_RUNS))
        one = concentration(counts, rng, more=9 if name == "all" else 0, seed=seed)
        found.append(
            SpanConcentration(
                **structs.asdict(one), span=name, days=last - first,
                lorenz=curve if name == "all" else None,
            )
        )  # fmt: skip
    return tuple(found)


class HotSpotCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many places are hot and cold spots, of how many.

    Parameters
    ----------
    places, tested, hot, cold : int
    recorded, recorded_in_hot : int
        Incidents in the places, and in the hot ones.
    permutations : int
    false_discovery_rate : float
    p_value : float or None
        Of there being no hot or cold spot at all.
    """

    places: int
    tested: int
    hot: int
    cold: int
    recorded_in_hot: int
    recorded: int
    permutations: int
    false_discovery_rate: float
    p_value: float | None


class RateHotSpots(HotSpotCounts, frozen=True, kw_only=True):
    """The same of rates: of what, and cells with too few of it, or none, which have no rate."""

    property: str
    of: str
    cells_without: int


class PlaceHotSpots(HotSpotCounts, frozen=True, kw_only=True):
    """The same of counts: the density's bandwidth, and the hot spots of rates, if asked for."""

    bandwidth_m: float
    rates: RateHotSpots | None = None

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask for any hot or cold spot: of counts, and of rates if wanted."""
        counts = ("hot_spots", self.p_value)
        return (
            (counts,) if self.rates is None else (counts, ("hot_spots_by_rate", self.rates.p_value))
        )


def hot_spots_of(
    record: Recorded, category: str, rng: np.random.Generator, settings: PatternSettings
) -> tuple[PlaceHotSpots, Columns]:
    """Hot spots of the record, and of rates."""
    counts, cells = record.in_cells(category), record.cells
    bandwidth = settings.bandwidth_m
    if bandwidth is None:
        bandwidth = 2.0 * float(np.sqrt(np.median(cells.area_km2) * 1e6))
    found = hot_spots(counts, cells.neighbours, rng)
    columns: Columns = {
        "recorded": counts,
        "density_per_km2": kernel_density(counts, cells, bandwidth),
        "getis_ord_z": found.z,
        "local_moran": found.moran,
        "p_value": found.p_value,
        "q_value": found.q_value,
        "hot_spot": found.kind,
        "quadrant": np.array([*QUADRANTS, ""])[found.quadrant],
    }
    against, of_rates = settings.denominator, None
    if against is not None:
        few = against.values < _FEWEST_SHARE * against.values[against.values > 0].mean()
        rates = empirical_bayes_rates(counts, np.where(few, 0.0, against.values))
        by_rate = hot_spots(rates, cells.neighbours, rng)
        columns |= {
            "denominator": against.values,
            "standardised_rate": rates,
            "rate_q_value": by_rate.q_value,
            "rate_hot_spot": by_rate.kind,
        }
        of_rates = RateHotSpots(
            property=against.property, of=against.of, cells_without=int(np.sum(few)),
            **_counted(by_rate, counts),
        )  # fmt: skip
    return PlaceHotSpots(bandwidth_m=bandwidth, rates=of_rates, **_counted(found, counts)), columns


def _counted(found: HotSpots, counts: Ints) -> Mapping[str, Any]:
    hot = found.kind > 0
    return {
        "places": len(counts),
        "tested": int(np.isfinite(found.p_value).sum()),
        "hot": int(hot.sum()),
        "cold": int((found.kind < 0).sum()),
        "recorded_in_hot": int(counts[hot].sum()),
        "recorded": int(counts.sum()),
        "permutations": found.permutations,
        "false_discovery_rate": found.rate,
        "p_value": smallest_q(found.q_value),
    }


def near_repeats_of(
    record: Recorded, category: str, rng: np.random.Generator, settings: PatternSettings
) -> NearRepeats | None:
    """Knox table of the incidents with a place and a day; None where there are fewer than two."""
    rows, incidents = record.rows(category), record.incidents
    dated = record.dated(rows)
    used = rows[dated & incidents.located[rows]]
    if len(used) < 2:
        return None
    found = near_repeats(
        incidents.x_m[used],
        incidents.y_m[used],
        record.day[used],
        rng,
        distances_m=settings.near_repeat_m,
        days=settings.near_repeat_days,
        permutations=settings.permutations,
        seasonal_permutations=max(39, settings.permutations // 5),
    )
    return structs.replace(
        found,
        without_a_place=int(np.sum(~incidents.located[rows])),
        over_a_day=int(np.sum(~dated)),
    )
