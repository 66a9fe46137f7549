"""All patterns of area counts, and what the whole of them names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from veedor.errors import DataError, phrase
from veedor.patterns.areas.ground import AreaGround
from veedor.patterns.areas.rates import OffenceRates, offence_rates
from veedor.patterns.areas.series import AreaSeries, Fitted, series_of
from veedor.patterns.areas.settings import AreaPatternSettings
from veedor.patterns.findings import Question
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q

#: Times as many simulations for a series whose p-value could not be smaller with the first.
_CLOSER = 10
_TINY = 1e-12


class OffencePatterns(msgspec.Struct, frozen=True, eq=False):
    """Every pattern of one offence.

    Parameters
    ----------
    code, name : str
        Of a category its name, twice.
    codes : tuple of str
        Of the offences that it is the sum of.
    unit, known_by : str
        What one count counts; whether victims and witnesses report it, or the police discover it.
    first, last : str or None
        Labels of the spans described: the longest stretch in which it means the same. None where
        nothing is reported.
    breaks : tuple of str
        Days on which it means something else than in the stretch: no trend crosses one.
    rates : OffenceRates or None
        None without populations.
    association_q : float or None
        Of rates that have nothing to do with those of neighbours; over all tests of the page.
    series : tuple of AreaSeries
        All areas together first, then each place.
    """

    code: str
    name: str
    codes: tuple[str, ...]
    unit: str
    known_by: str
    first: str | None
    last: str | None
    breaks: tuple[str, ...]
    rates: OffenceRates | None
    series: tuple[AreaSeries, ...]
    association_q: float | None = None

    def p_values(self) -> Iterator[Question]:
        """Kind of each question that was asked, and its p-value."""
        yield "rates_of_neighbours", self.association_p
        for one in self.series:
            yield "trend_of_an_area", one.trend_p
            yield "level_shift_of_an_area", one.shift_p

    @property
    def association_p(self) -> float | None:
        """P-value of Moran's I."""
        if self.rates is None or self.rates.association is None:
            return None
        return self.rates.association.p_value


class DescribedAreas(msgspec.Struct, frozen=True):
    """The areas of a record.

    Parameters
    ----------
    places, residual, sums : int
        Places; areas that gather what has no place; areas that are sums of others.
    codes, names : tuple of str
        Of places, in the order of the record.
    outlined : int
        Places with an outline.
    """

    places: int
    residual: int
    sums: int
    codes: tuple[str, ...]
    names: tuple[str, ...]
    outlined: int


class AreaPatterns(msgspec.Struct, frozen=True, eq=False):
    """What a record of area counts shows.

    Parameters
    ----------
    edition : str
        Day on which what is described was published.
    source : str
    span : str
        ``"month"``, ``"quarter"``, ``"year"``, ``"week"`` or ``"day"``.
    areas : DescribedAreas
    population : (str, str) or None
        Who says how many people there are, and of which publication.
    provisional : bool
        Whether provisional cells were used.
    offences : tuple of OffencePatterns
    tests, named : int
        Questions with an answer, and how many of them are named.
    false_discovery_rate : float
        Share of those named that is accepted to be false, on average.
    """

    edition: str
    source: str
    span: str
    areas: DescribedAreas
    population: tuple[str, str] | None
    provisional: bool
    offences: tuple[OffencePatterns, ...]
    tests: int
    named: int
    false_discovery_rate: float = FALSE_DISCOVERY_RATE


def find_area_patterns(
    ground: AreaGround,
    offences: Sequence[str],
    settings: AreaPatternSettings,
    advance: Callable[[int], object] = int,
) -> AreaPatterns:
    """Find every pattern of every offence, and name what holds over all of them.

    All p-values - of trends, of level shifts, of Moran's I - are one family of one false discovery
    rate, whatever the offence.

    Parameters
    ----------
    ground : AreaGround
    offences : sequence of str
        Codes, or names of the ground's categories.
    settings : AreaPatternSettings
    advance : callable, optional
        Called with the number of offences done.

    Raises
    ------
    DataError
        If an offence is not one of the record, or none is named.

    Notes
    -----
    O(offences x places x spans x simulations).
    """
    if not offences:
        raise DataError("Patterns must be of at least one offence.", found=phrase("none"))
    for name in offences:
        for code in ground.codes_of(name):
            ground.record.offence_of(code)
    found, tested = [], []
    for number, code in enumerate(offences):
        one, series = _of_offence(ground, code, settings, [settings.seed, number])
        found.append(one)
        tested.append(series)
        advance(number + 1)
    _look_closer(found, tested, settings)
    record, said = ground.record, ground.populations
    offences_named, tests, named = _named(found)
    return AreaPatterns(
        edition=str(record.latest.published),
        source=record.latest.source,
        span=record.spans.unit,
        areas=DescribedAreas(
            places=len(ground.places),
            residual=sum(area.residual for area in record.areas),
            sums=len(record.areas) - len(record.leaves),
            codes=ground.codes,
            names=tuple(record.areas[place].name for place in ground.places),
            outlined=int(ground.outlined.sum()),
        ),
        population=None if said is None else (said.source, said.vintage),
        provisional=ground.provisional,
        offences=offences_named,
        tests=tests,
        named=named,
    )


def _of_offence(
    ground: AreaGround, code: str, settings: AreaPatternSettings, seed: list[int]
) -> tuple[OffencePatterns, tuple[Fitted, ...]]:
    of_rates, of_series = np.random.default_rng(seed).spawn(2)
    stretch = ground.stretch(code)
    labels = ground.record.spans.labels[stretch.first : stretch.last]
    codes = ground.codes_of(code)
    summed = [ground.record.offences[ground.record.offence_of(one)] for one in codes]
    discovered = any(one.known_by == "discovered" for one in summed)
    tested = series_of(ground, code, stretch, of_series)
    made = OffencePatterns(
        code=code,
        name=summed[0].name if codes == (code,) else code,
        codes=codes,
        unit=str(summed[0].unit),
        known_by="discovered" if discovered else "reported",
        first=labels[0] if labels else None,
        last=labels[-1] if labels else None,
        breaks=stretch.breaks,
        rates=offence_rates(ground, code, stretch, settings, of_rates),
        series=tuple(one.described(settings.simulations) for one in tested),
    )
    return made, tested


def _look_closer(
    found: list[OffencePatterns],
    tested: Sequence[tuple[Fitted, ...]],
    settings: AreaPatternSettings,
) -> None:
    """Simulate ten times as many where no fewer are beyond, and that is not small enough to name.

    Where many series shift, the smallest p-value of the first simulations names them all.
    """
    least = 1.0 / (settings.simulations + 1) + _TINY
    before, _, _ = _named(found)
    for number, (one, tests) in enumerate(zip(before, tested, strict=True)):
        series = list(found[number].series)
        for place, each in enumerate(one.series):
            p, q = each.shift_p, each.shift_q
            if p is not None and q is not None and p <= least and q > FALSE_DISCOVERY_RATE:
                series[place] = tests[place].described(_CLOSER * settings.simulations)
        found[number] = msgspec.structs.replace(found[number], series=tuple(series))


def _named(found: Sequence[OffencePatterns]) -> tuple[tuple[OffencePatterns, ...], int, int]:
    """Give every test its q-value, and keep the shifts that are named."""
    asked = [p for one in found for _, p in one.p_values()]
    q_values = false_discovery_q([np.nan if p is None else p for p in asked])
    waiting = iter([float(q) if np.isfinite(q) else None for q in q_values])
    made = []
    for one in found:
        association_q = next(waiting)
        series = []
        for each in one.series:
            trend_q, shift_q = next(waiting), next(waiting)
            kept = shift_q is not None and shift_q <= FALSE_DISCOVERY_RATE
            series.append(
                msgspec.structs.replace(
                    each, trend_q=trend_q, shift_q=shift_q, shifts=each.shifts if kept else ()
                )
            )
        made.append(msgspec.structs.replace(one, association_q=association_q, series=tuple(series)))
    known = np.isfinite(q_values)
    return tuple(made), int(known.sum()), int(np.sum(q_values[known] <= FALSE_DISCOVERY_RATE))
