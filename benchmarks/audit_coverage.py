"""How often the intervals of audits of places hold the truth, in cities where neighbours are alike.

Who lives where is fixed in each city and changes slowly over it; so do the predictions, which do
not know it (or do, by a known strength). The truth of a figure is that of the expected
predictions, given who lives where.

    python -m benchmarks.audit_coverage 300
    python -m benchmarks.audit_coverage zone-bootstrap 200
    python -m benchmarks.audit_coverage shares 200
    python -m benchmarks.audit_coverage regression 1000
    python -m benchmarks.audit_coverage margins 1000
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely

from veedor.audits.places import (
    Exposed,
    Ground,
    PeopledZones,
    Residents,
    drawn_columns,
    exposure_statements,
    make_groups,
    margin_statements,
    order_statements,
)
from veedor.audits.places.exposure import EXPOSURES
from veedor.statistics import fit_counts

GROUPS = make_groups(["white", "black"], "population", "white")
SPACING_M = 500.0


@dataclass(frozen=True)
class World:
    """How predictions and who lives where hang together over a city.

    ``range_zones`` is of both fields, ``stretch`` how much longer it is one way, ``each`` the side
    of the square blocks whose zones share an effect, ``tail`` the sigma of the lognormal effect,
    ``tie`` the coefficient of the share.
    """

    side: int = 14
    range_zones: float = 0.0
    stretch: float = 1.0
    each: int = 1
    tail: float = 0.6
    tie: float = 0.0
    ids: bool = False
    varied: bool = True
    mean: float = 12.0


WORLDS = {
    "independent": World(),
    "clusters of 4": World(each=2),
    "clusters of 4, ids given": World(each=2, ids=True),
    "clusters of 16, ids given": World(side=20, each=4, ids=True),
    "range 1.5 zones": World(range_zones=1.5),
    "range 3 zones": World(range_zones=3.0),
    "range 6 zones": World(range_zones=6.0),
    "range 3, heavy tails": World(range_zones=3.0, tail=1.2),
    "range 3, stretched 4 to 1": World(range_zones=3.0, stretch=4.0),
    "range 3, tied": World(range_zones=3.0, tie=1.0),
    "range 3, few predictions": World(range_zones=3.0, mean=1.0),
    "range 3, 64 zones": World(side=8, range_zones=3.0),
    "range 3, 400 zones": World(side=20, range_zones=3.0),
    "clusters of 16, no ids": World(side=20, each=4),
}


class City:
    """One ground, on which cities of a world are drawn."""

    def __init__(self, world):
        self.world, n = world, world.side**2
        x, y = (v.ravel().astype(float) for v in np.meshgrid(*[np.arange(world.side)] * 2))
        self.x, self.y, self.n = x, y, n
        self.block = (y // world.each) * world.side + x // world.each
        self.block = np.unique(self.block, return_inverse=True)[1]
        self.root = None
        if world.range_zones:
            # A stretched field varies along the diagonal and across it.
            along, across = (x + y) / np.sqrt(2.0), (x - y) / np.sqrt(2.0)
            a, b = along / np.sqrt(world.stretch), across * np.sqrt(world.stretch)
            apart = np.hypot(a[:, None] - a, b[:, None] - b)
            root = np.linalg.cholesky(np.exp(-apart / world.range_zones) + 1e-9 * np.eye(n))
            self.root = root
        rng = np.random.default_rng(0)
        self.ground = Ground(x * SPACING_M, y * SPACING_M, rng)
        self.clustered = self.ground.clustered(self.block) if world.ids else None

    def field(self, rng):
        """Standard normal, alike among neighbours."""
        if self.root is not None:
            return self.root @ rng.normal(size=self.n)
        blocks = rng.normal(size=self.block.max() + 1)[self.block]
        return blocks if self.world.each > 1 else rng.normal(size=self.n)

    def draw(self, rng):
        """Who lives where, the predictions, and what was expected of each zone."""
        world = self.world
        black = 1.0 / (1.0 + np.exp(1.2 - self.field(rng)))
        white = (1.0 - black) * 1.0 / (1.0 + np.exp(-1.0 - 0.5 * self.field(rng)))
        people = np.full(self.n, 1500.0)
        area = np.full(self.n, (SPACING_M / 1000.0) ** 2)
        if world.varied:
            people = np.round(1500.0 * np.exp(0.35 * rng.normal(size=self.n)))
            # Zones are smaller where more live and where more are black.
            area = area * np.exp(0.3 * rng.normal(size=self.n) - 0.8 * (black - black.mean()))
        members = np.array([white * people, black * people])
        expected = world.mean * (people / people.mean()) ** 0.5 * np.exp(world.tie * black)
        effect = np.exp(world.tail * self.field(rng) - world.tail**2 / 2.0)
        count = rng.poisson(expected * effect).astype(float)
        residents = Residents(people, area, GROUPS, members, np.array([people, people]))
        return residents, count, expected


def coverage(world, cities, seed=7, everything=False):
    """Shares of intervals that hold the truth, and of answers that are wrong, and what they cost.

    Keys are (group, statistic) for coverage, ("answer", name) for how often more or less was said.
    """
    city, held, said = City(world), defaultdict(list), defaultdict(list)
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        residents, count, expected = city.draw(rng)
        if not count.any():
            continue
        exposed = Exposed("centre", residents, count, city.ground, city.clustered)
        made, verdicts = exposure_statements(exposed)
        if everything:
            made += order_statements(exposed)[0]
        truth = _truths(residents, expected)
        for figure in made:
            name = figure.statistic.removesuffix("_tract")
            key, one = (figure.subject.group, figure.statistic), figure.estimate
            if (figure.subject.group, name) in truth:
                said["none", *key].append(one.low is None)
                if one.low is not None:
                    held[key].append(one.low <= truth[figure.subject.group, name] <= one.high)
            if figure.statistic.startswith("spearman") and world.tie == 0.0:
                said["none", *key].append(one.low is None)
                if one.low is not None:
                    held[key].append(one.low <= 0.0 <= one.high)
        for verdict in verdicts:
            for answer in ("more", "less"):
                said[answer, verdict.group, verdict.statistic].append(verdict.answer == answer)
    return _means(held), _means(said)


def _truths(residents, expected):
    """Ratios of the expected predictions; exposures by the mean of all residents."""
    found = {}
    sums = {}
    for place, group in enumerate(GROUPS):
        members, share = residents.members[place], residents.shares(place)
        terms = {"per_1000": share, "count": members, "per_km2": members / residents.area_km2}
        for name in EXPOSURES:
            sums[group.name, name] = (terms[name] @ expected) / members.sum()
    for name in EXPOSURES:
        found["black", f"ratio_{name}"] = sums["black", name] / sums["white", name]
    return found


def _means(found):
    return {key: (float(np.mean(values)), len(values)) for key, values in found.items()}


def share_coverage(world, cities, seed=11, fields=400):
    """Coverage of shares of the most targeted zones: people drawn once, then many fields."""
    from veedor.audits.places.ranking import part_held

    city, held, none = City(world), defaultdict(list), defaultdict(list)
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        state = rng.bit_generator.state
        residents, count, _ = city.draw(rng)
        real = defaultdict(list)
        for other in range(fields):
            _, again, _ = _redrawn(city, residents, np.random.default_rng([seed, number, other]))
            for name, fraction, top in (
                ("share_top_decile", 0.1, True), ("share_top_quintile", 0.2, True),
                ("share_bottom_quintile", 0.2, False),
            ):  # fmt: skip
                part = part_held(again, fraction, top=top)
                # Expected sums, not the mean of ratios: what the interval is about.
                real[name].append((part @ residents.members[1], part @ residents.everyone[1]))
        del state
        truth = {key: np.sum(v, axis=0)[0] / np.sum(v, axis=0)[1] for key, v in real.items()}
        for figure in order_statements(Exposed("centre", residents, count, city.ground))[0]:
            if figure.subject.group == "black" and figure.statistic in truth:
                one = figure.estimate
                none[figure.statistic].append(one.low is None)
                if one.low is not None:
                    held[figure.statistic].append(one.low <= truth[figure.statistic] <= one.high)
    return _means(held), _means(none)


def _redrawn(city, residents, rng):
    """Other predictions where the same people live."""
    world = city.world
    black = residents.shares(1)
    expected = world.mean * (residents.population / residents.population.mean()) ** 0.5
    expected = expected * np.exp(world.tie * black)
    effect = np.exp(world.tail * city.field(rng) - world.tail**2 / 2.0)
    return residents, rng.poisson(expected * effect).astype(float), expected


def zone_bootstrap(world, cities, seed=7, replicates=400):
    """What drawing zones one by one gave: coverage of a ratio, and how often more was said."""
    city, held, said = City(world), [], []
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        residents, count, expected = city.draw(rng)
        truth = _truths(residents, expected)["black", "ratio_count"]
        white, black = residents.members
        drawn = rng.multinomial(city.n, np.full(city.n, 1.0 / city.n), size=replicates)
        sums = drawn @ np.column_stack([black * count, black, white * count, white])
        moved = np.log(sums[:, 0] / sums[:, 1] * sums[:, 3] / sums[:, 2])
        low, high = np.exp(np.percentile(moved, [2.5, 97.5]))
        held.append(low <= truth <= high)
        said.append(low > truth)
    return float(np.mean(held)), float(np.mean(said))


def regression_coverage(cities, blocks=60, each=6, seed=9):
    """Share of regression intervals that hold a known rate ratio, with effects of blocks."""
    held = defaultdict(list)
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        block = np.repeat(np.arange(blocks), each)
        share = np.clip(
            np.repeat(rng.beta(2, 4, blocks), each) + rng.normal(0, 0.1, len(block)), 0, 1
        )
        effect = np.repeat(rng.normal(0, 0.4, blocks), each) + rng.normal(0, 0.4, len(block))
        count = rng.poisson(np.exp(2.0 + 1.0 * share + effect)).astype(float)
        design = np.column_stack([np.ones(len(block)), share])
        for family in ("poisson", "negative_binomial"):
            low, high = fit_counts(count, design, block, family).interval(1)
            held[family].append(low <= 1.0 <= high)
    return _means(held)


def margin_coverage(cities, zones=100, draws=100, seed=10):
    """Share of census intervals that hold the figure of the true counts."""
    held = defaultdict(list)
    ends = {}
    city = City(World(side=int(np.sqrt(zones))))
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        residents, count, _ = city.draw(rng)
        true = dict(zip(("white", "black"), residents.members, strict=True))
        margins = {name: 1.645 * np.sqrt(8.0 * values + 100.0) for name, values in true.items()}
        seen = {**drawn_columns(true, margins, rng), "population": residents.population}
        seen["black"] = np.minimum(seen["black"], 0.98 * residents.population)
        seen["white"] = np.minimum(seen["white"], residents.population - seen["black"])
        squares = shapely.box(np.arange(zones) * 1e3, 0, np.arange(zones) * 1e3 + 1e3, 1e3)
        for made, columns in (("true", {**seen, **true}), ("seen", seen)):
            peopled = PeopledZones(
                np.arange(zones).astype(str), squares, squares, residents.area_km2,
                residents.population, GROUPS, np.array([columns[name] for name in true]),
                residents.everyone, margins, columns, None, "local", "local", 0, (), (),
            )  # fmt: skip
            size = 1 if made == "true" else draws
            for row in margin_statements("centre", peopled, count, rng, replicates=size):
                ends[made, row.subject.group, row.statistic] = row.estimate
        for made, group, statistic in list(ends):
            if made == "seen":
                one = ends[made, group, statistic]
                value = ends["true", group, statistic].value
                held[group, statistic].append(one.low <= value <= one.high)
    return _means(held)


def main():
    """Print how often each interval held the truth."""
    asked, *rest = sys.argv[1:] or ["200"]
    started = time.perf_counter()
    if asked == "margins":
        for key, (share, n) in sorted(margin_coverage(int(rest[0])).items()):
            print(*key, f"held {share:.3f}  n {n}")
    elif asked == "regression":
        for family, (share, n) in regression_coverage(int(rest[0])).items():
            print(family, f"held {share:.3f}  n {n}")
    elif asked == "zone-bootstrap":
        for name, world in WORLDS.items():
            held, said = zone_bootstrap(world, int(rest[0]))
            print(f"{name:28} held {held:.3f}  said more {said:.3f}")
    elif asked == "shares":
        for name in ("independent", "range 3 zones", "range 3, 400 zones"):
            held, none = share_coverage(WORLDS[name], int(rest[0]))
            for key, (share, n) in held.items():
                print(f"{name:28} {key:24} held {share:.3f}  n {n}  none {none[key][0]:.2f}")
    else:
        for name, world in WORLDS.items():
            _show(name, *coverage(world, int(asked), everything=True))
    print(f"{time.perf_counter() - started:.0f} s")


def _show(name, held, said):
    for statistic in (*(f"ratio_{one}" for one in EXPOSURES), "spearman_share_vs_count"):
        for ending in ("", "_tract"):
            key = ("black", statistic + ending)
            if key not in held:
                continue
            told = [
                f"{answer} {said[answer, 'black', statistic][0]:.3f}"
                for answer in ("more", "less")
                if (answer, "black", statistic) in said and not ending
            ]
            print(
                f"{name:28} {statistic + ending:32} held {held[key][0]:.3f}  "
                f"none {said['none', *key][0]:.2f}  {'  '.join(told)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
