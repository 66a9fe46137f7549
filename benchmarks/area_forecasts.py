"""Forecasts of counts by area, as known when: Rio de Janeiro, ten editions, 24 months.

    python -m benchmarks.area_forecasts --jobs 2

Twelve offences of 92 municipalities. Each of the last 24 months is forecast from what the editions
at hand said by its first day: at 8 origins, before the first of them was out, that one cut by its
months as late as it was itself (a pseudo as-of); at 16 the latest edition that was out, whose last
month is one to six months behind, since there is not one for every month. An edition is taken as
published on the 25th of the month after its last. Scores are of municipalities, regions and the
state, against what was published first and last, and gains are over the mean of the last twelve
months, with intervals by blocks of months.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from benchmarks.chicago import SHARED
from veedor.areas import AreaCounts
from veedor.areas.reading import Publication, read_areas
from veedor.backtest import make_executor
from veedor.backtest.making import Absence, make_each
from veedor.forecasters import DEFAULT_FORECASTERS_OF_COUNTS, Entry, Task
from veedor.forecasts import CountDistribution, Forecast, area_layers
from veedor.incidents import Category
from veedor.record import AreaRecord, CountedOutcomes
from veedor.spacetime import Cells, Length, Periods, read_polygons
from veedor.statistics.estimates import Estimate
from veedor.verification import (
    LEVEL_SCORES,
    AtLevel,
    Trial,
    score_level,
    score_levels,
)
from veedor.verification.levels import Vintage

FOLDER = SHARED / "areas" / "rj"
OFFENCES = (
    "hom_doloso_feminicidio",
    "latrocinio",
    "tentat_hom_feminicidio",
    "lesao_corp_dolosa",
    "estupro",
    "roubo_transeunte",
    "roubo_celular",
    "roubo_veiculo",
    "roubo_carga",
    "furto_veiculos",
    "furto_transeunte",
    "estelionato",
)
#: The one that the others are compared with: the mean of the last twelve months.
FLOOR = "RecentMean"
FORECASTERS = (
    FLOOR,
    *(name for name in DEFAULT_FORECASTERS_OF_COUNTS if name != FLOOR),
    "EndemicEpidemic",
)
MONTH, CRS = Length(1, "month"), "EPSG:31983"
MONTHS = 24
_GOAL_SECONDS, _GOAL_MIB = 120, 2048


class _Asked(NamedTuple):
    """What every task needs."""

    record: AreaRecord
    cells: Cells
    periods: Periods
    forecasters: tuple[str, ...]


class _Made(NamedTuple):
    offence: str
    origin: int
    forecasts: list[Forecast]
    absent: list[str]
    seconds: dict[str, float]


def main() -> None:
    """Replay, score and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--forecasters", nargs="+", default=list(FORECASTERS))
    parser.add_argument("--offences", nargs="+", default=list(OFFENCES))
    given = parser.parse_args()
    if not FOLDER.is_dir():
        print("skipped: the development data are not there (areas/rj)")
        return
    began = time.perf_counter()
    areas = read_editions()
    record, cells, periods = laid_out(areas, given.offences)
    read = time.perf_counter()
    _say_origins(record, periods)
    asked = _Asked(record, cells, periods, tuple(dict.fromkeys((FLOOR, *given.forecasters))))
    made = _replayed(asked, given.offences, given.jobs)
    forecast = time.perf_counter()
    trials = {
        offence: _trial(record, cells, periods, offence, made[offence])
        for offence in given.offences
    }
    _print_pooled(areas, record, periods, trials)
    _print_gains(record, periods, trials)
    done = time.perf_counter()
    while multiprocessing.active_children():  # what workers used is known when they have ended
        time.sleep(0.1)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, of_workers = (one.ru_maxrss / 1024 for one in used)
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    print(
        f"read {read - began:.0f} s, forecast {forecast - read:.0f} s,"
        f" score {done - forecast:.0f} s: {done - began:.0f} s (goal {_GOAL_SECONDS}),"
        f" {cpu:.0f} s of processors; peak {own:.0f} MiB, and {of_workers:.0f} MiB of the largest"
        f" of {given.jobs} workers (goal {_GOAL_MIB} in all)"
    )


def read_editions() -> AreaCounts:
    """Read all editions, each as of the 25th of the month after its last."""
    editions = []
    for path in sorted(FOLDER.glob("BaseMunicipioMensal_*.csv.gz")):
        last = np.datetime64(path.name.split("_")[1][:7], "M")
        published: date = (last + 1).astype("datetime64[D]").item()
        editions.append(Publication(path, published.replace(day=25)))
    return read_areas(editions, "isp-rj").record


def laid_out(
    areas: AreaCounts, offences: Sequence[str], months: int = MONTHS
) -> tuple[AreaRecord, Cells, Periods]:
    """Record of some offences, its municipalities, and the last months."""
    record = AreaRecord.of(areas, [Category(offence, "reported") for offence in offences])
    polygons, properties = read_polygons(FOLDER / "municipios.geojson", CRS)
    ids = [str(one["id"]) for one in properties]
    cells = Cells.from_polygons(polygons, ids, CRS, source="municipios.geojson")
    through = record.covered.through
    return record, cells, Periods.stepping(through, MONTH, -months, 0, record.zone)


def _say_origins(record: AreaRecord, periods: Periods) -> None:
    cuts = [record.until(origin) for origin in periods.start]
    behind: dict[int, int] = {}
    for cut, origin in zip(cuts, periods.start, strict=True):
        months = round((origin - cut.covered.through) / np.timedelta64(1, "D") / 30.4)
        behind[months] = behind.get(months, 0) + 1
    told = ", ".join(f"{n} of {months}" for months, n in sorted(behind.items()))
    pseudo = sum(not cut.replayed for cut in cuts)
    print(f"{len(cuts)} origins, {pseudo} of them pseudo as-of; months behind: {told}")


def _replayed(asked: _Asked, offences: Sequence[str], jobs: int) -> dict[str, list[_Made]]:
    """Forecast every month of every offence from what was known on its first day."""
    tasks = [(offence, origin) for offence in offences for origin in range(len(asked.periods))]
    found: dict[str, list[_Made]] = {offence: [] for offence in offences}
    seconds: dict[str, float] = {}
    absent: dict[str, int] = {}
    for answer in make_executor(jobs).run(_forecast, asked, tasks):
        made = _Made(*answer)
        found[made.offence].append(made)
        for name, spent in made.seconds.items():
            seconds[name] = seconds.get(name, 0.0) + spent
        for name in made.absent:
            absent[name] = absent.get(name, 0) + 1
    each = (f"{name} {spent / len(tasks):.2f}" for name, spent in seconds.items())
    print(f"processor seconds of each of {len(tasks)} tasks: {', '.join(each)}")
    if absent:
        print("too little data: " + ", ".join(f"{n} {times}" for n, times in absent.items()))
    return {offence: sorted(rows, key=lambda one: one.origin) for offence, rows in found.items()}


def _forecast(asked: _Asked, task: tuple[str, int]) -> tuple[Any, ...]:
    """Forecast one month; a plain tuple, since a worker cannot pickle a class of this script."""
    offence, origin = task
    month = asked.periods.part(origin, origin + 1)
    known = Task(asked.record.until(month.edges[0]), offence, asked.cells, MONTH)
    entries = [Entry.of(name) for name in asked.forecasters]
    made, absent, seconds = [], [], {}
    began = time.process_time()
    for one in make_each(entries, known, month):
        seconds[one.forecaster] = time.process_time() - began
        if isinstance(one, Absence):
            absent.append(one.forecaster)
        else:
            made.append(replace(one, cells=asked.cells))
        began = time.process_time()
    return tuple(_Made(offence, origin, made, absent, seconds))


def _trial(
    record: AreaRecord, cells: Cells, periods: Periods, offence: str, made: Sequence[_Made]
) -> Trial:
    """Forecasters that forecast every month, beside what was published last."""
    forecasts: dict[str, list[Forecast]] = {}
    for one in made:
        for forecast in one.forecasts:
            forecasts.setdefault(forecast.forecaster, []).append(replace(forecast, cells=cells))
    whole = {name: all_of for name, all_of in forecasts.items() if len(all_of) == len(periods)}
    counts = record.counts(offence, periods, cells)
    return Trial.of(whole, [counts], reference=FLOOR, time_zone=record.zone)


def _published(
    record: AreaRecord, offence: str, periods: Periods, cells: Cells
) -> dict[Vintage, CountedOutcomes]:
    return {
        "first": record.first_published().outcomes(offence, periods, cells),
        "latest": record.outcomes(offence, periods, cells),
    }


def _print_pooled(
    areas: AreaCounts, record: AreaRecord, periods: Periods, trials: Mapping[str, Trial]
) -> None:
    """All offences side by side: a month is drawn with all of them."""
    cells = next(iter(trials.values())).cells
    codes = [str(code) for code in cells.cell_id]
    vintages: tuple[Vintage, ...] = ("first", "latest")
    outcomes = {offence: _published(record, offence, periods, cells) for offence in trials}
    names = [name for name in FORECASTERS if all(name in one.forecasts for one in trials.values())]
    for number in range(len(area_layers(areas, codes, "")) + 1):
        parts = []
        for offence, trial in trials.items():
            layers = (None, *area_layers(areas, codes, offence))
            parts.append(AtLevel.of(trial, layers[number]))
        level = AtLevel(
            None, {name: _beside([one.forecasts[name] for one in parts]) for name in names}
        )
        for vintage in vintages:
            rows = [outcomes[offence][vintage] for offence in trials]
            summed = [
                one if part.layer is None else _of_layer(one, part)
                for one, part in zip(rows, parts, strict=True)
            ]
            both = CountedOutcomes(
                np.concatenate([one.values for one in summed], axis=1),
                np.concatenate([one.reported for one in summed], axis=1),
            )
            found = score_level(level, both, vintage)
            print(
                f"\n{parts[0].name}, {len(trials)} offences, published {vintage}:"
                f" {found.scored:,} counts, {found.not_reported:,} not reported"
            )
            for one in found.forecasters:
                scores = "  ".join(f"{one.scores[score].value:9.4f}" for score in LEVEL_SCORES)
                gain = "" if one.gain is None else _told(one.gain)
                print(f"  {one.forecaster:16} {scores}  {gain}")


def _print_gains(record: AreaRecord, periods: Periods, trials: Mapping[str, Trial]) -> None:
    """Gain of every forecaster, offence by offence, at the municipalities, published last."""
    print("\ngain over the mean of the last twelve months, nats a count, municipalities")
    for offence, trial in trials.items():
        published: dict[Vintage, CountedOutcomes] = {
            "latest": record.outcomes(offence, periods, trial.cells)
        }
        (found,) = score_levels(trial, [], published)
        print(f"  {offence}: log score {found.of(FLOOR).scores['log_score'].value:.4f}")
        for one in found.forecasters[1:]:
            print(f"    {one.forecaster:16} {_told(one.gain)}")


def _told(gain: Estimate | None) -> str:
    if gain is None or gain.value is None or gain.low is None or gain.high is None:
        return "undefined"
    shown = "*" if gain.low > 0.0 or gain.high < 0.0 else " "
    return f"{gain.value:+.4f} ({gain.low:+.4f} to {gain.high:+.4f}){shown}"


def _beside(parts: Sequence[CountDistribution]) -> CountDistribution:
    return CountDistribution(
        np.concatenate([one.mean for one in parts], axis=1),
        np.concatenate([one.dispersion for one in parts], axis=1),
    )


def _of_layer(published: CountedOutcomes, level: AtLevel) -> CountedOutcomes:
    if level.layer is None:
        return published
    gaps = level.layer.sums((~published.reported).astype(np.int64))
    return CountedOutcomes(level.layer.sums(published.values), gaps == 0)


if __name__ == "__main__":
    main()
