"""What a cover says of forecasters beside a reference: the verdict's, its counts and its matrix."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from veedor.report.cover import Bar, Cell, Count, CountKind, Matrix, Proof, Row, axis_of
from veedor.report.words import Words
from veedor.report.words import study_cover as told
from veedor.report.words import verification_cover as beside
from veedor.report.words.examination import ABSENT, captured_at, verdict
from veedor.verification import CHANCE, Examination, Judged
from veedor.verification.judging import ABOUT_AS_GOOD, standing, together

#: The forecaster that weighs all others: where it is, the verdict is on it.
COMBINED = "Stack"
#: The kind of the reference that words call plain counting.
PLAIN_COUNTING = "PriorCounts"
#: Reaches of bars beyond so many times the median are cut, so that one flattens no other.
_FAR = 4.0
_NEAREST_CUT = 0.1
#: More categories or forecasters than these stand in the sentences, not on the cover.
_COLUMNS, _ROWS = 4, 8


@dataclass(frozen=True)
class Chosen:
    """The forecaster that the verdict is on, and of how many with a forecast it came out best."""

    name: str
    kind: str
    best_of: int


@dataclass(frozen=True)
class CategoryCompared:
    """A category: its examination, and who had too little data for it."""

    name: str
    examination: Examination
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """Forecasters beside their reference.

    Parameters
    ----------
    categories : tuple of CategoryCompared
    kinds : dict of str to str
        Every forecaster, the reference too, and what kind of veedor's own it is; ``""`` of others.
    reference : str
    """

    categories: tuple[CategoryCompared, ...]
    kinds: Mapping[str, str]
    reference: str

    @property
    def plain(self) -> bool:
        """Whether the reference is plain counting."""
        return self.kinds.get(self.reference) == PLAIN_COUNTING

    @property
    def others(self) -> list[str]:
        """All but the reference."""
        return [name for name in self.kinds if name != self.reference]

    @property
    def chosen(self) -> Chosen | None:
        """The combined forecast where there is one, else the one that gained most in all."""
        for name in self.others:
            if self.kinds[name] == COMBINED:
                return Chosen(name, COMBINED, 0)
        gained = dict.fromkeys(self.others, 0.0)
        for category in self.categories:
            for row in category.examination.comparisons:
                estimate = row.gain.estimate
                gained[row.forecaster] += (estimate.value or 0.0) * estimate.n
            for absent in category.absent:
                gained[absent] = -np.inf
        if not gained:
            return None
        best = max(gained, key=lambda name: gained[name])
        return Chosen(best, self.kinds[best], sum(map(np.isfinite, gained.values())))

    def stands(self, who: str) -> dict[str, str]:
        """Say where one forecaster stands, by category."""
        found = {}
        for category in self.categories:
            gains = {row.forecaster: row.gain for row in category.examination.comparisons}
            found[category.name] = _standing(gains[who]) if who in gains else ABSENT
        return found


def _standing(gain: Judged) -> str:
    found = verdict(gain)
    return standing(gain) if found == gain.verdict else found


def proof(compared: Compared, who: str, words: Words) -> Proof | None:
    """Count what fell in the same share of the area: forecast, reference, chance."""
    counts = {who: 0.0, compared.reference: 0.0, CHANCE: 0.0}
    recorded, area, counted = 0, 0.0, 0
    for category in compared.categories:
        area, rows = captured_at(category.examination)
        rates = [rows[name].capture_rate for name in counts if name in rows]
        if len(rates) < len(counts) or any(rate.value is None for rate in rates):
            continue
        recorded, counted = recorded + rates[0].n, counted + 1
        for name, rate in zip(counts, rates, strict=True):
            counts[name] += (rate.value or 0.0) * rate.n
    if not recorded:
        return None
    ours, reference = (
        plain_name(words, name, compared.kinds[name])[0] for name in list(counts)[:2]
    )
    shown: list[tuple[str, CountKind]] = [
        (ours, "ours"),
        (reference, "reference"),
        (words.say("By chance, about"), "chance"),
    ]
    return Proof(
        told.proof(words, recorded, area, counted, len(compared.categories)),
        tuple(
            Count(
                name,
                words.say("{count} of {all}", count=round(count), all=recorded),
                count / recorded,
                kind,
            )
            for (name, kind), count in zip(shown, counts.values(), strict=True)
        ),
    )


def plain_name(words: Words, name: str, kind: str) -> tuple[str, str]:
    """Name a forecaster in plain words, and as the rest of the page does."""
    if kind not in told.PLAIN_NAMES:
        return name, ""
    plain = words.say(told.PLAIN_NAMES[kind])
    return (plain, name) if name == kind else (name, plain)


def matrix(compared: Compared, words: Words) -> Matrix | None:
    """Set every category beside every forecaster; one category, its forecasters on one axis."""
    chosen, kinds, categories = compared.chosen, compared.kinds, compared.categories
    if chosen is None:
        return None
    shown = sorted(compared.others, key=lambda name: name != chosen.name)
    cells = {
        (category.name, who): cell
        for category in categories
        for who, cell in _cells(category, words)
    }
    gains = [row.gain for one in categories for row in one.examination.comparisons]
    bars = [cell.bar for cell in cells.values() if cell.bar is not None]
    reaches = [max(abs(bar.low), abs(bar.high)) for bar in bars]
    axis = axis_of(
        bars,
        0.0,
        lambda share: told.signed(words, share),
        most=max(_FAR * statistics.median(reaches), _NEAREST_CUT) if reaches else 1.0,
        ticks=3 if len(categories) == 1 else 1,
    )
    comparisons = max((gain.comparisons for gain in gains), default=0)
    note = told.ranges(words, comparisons, ABOUT_AS_GOOD) if comparisons else ""
    stands = [_standing(gain) for gain in gains]
    plain = compared.plain
    finding = (
        told.matrix(words, stands, several=len(categories) > 1)
        if plain
        else beside.matrix(words, len(gains), compared.reference)
    )
    measured = told.measured(words) if plain else beside.measured(words, compared.reference)
    if len(categories) == 1:
        name = categories[0].name
        return Matrix(
            finding,
            words.say("Forecast"),
            (
                words.say(
                    "Probability it gave to what was later recorded; 0 = same as plain counting"
                )
                if plain
                else measured,
            ),
            tuple(
                Row(*plain_name(words, who, kinds[who]), (cells[name, who],))
                for who in shown[:_ROWS]
                if (name, who) in cells
            ),
            axis,
            " ".join(filter(None, (note, told.more(words, len(shown) - _ROWS, 0)))),
            words.say("Verdict"),
        )
    columns = shown[:_COLUMNS]
    ordered = sorted(categories, key=lambda one: -one.examination.recorded.inside)
    rows = ordered[:_ROWS]
    more = told.more(words, len(shown) - len(columns), len(ordered) - len(rows))
    nothing = Cell(words.say("not compared"), "none")
    return Matrix(
        finding,
        words.say("Category"),
        tuple(plain_name(words, who, kinds[who])[0] for who in columns),
        tuple(
            Row(
                one.name,
                words.say("{n} recorded", n=one.examination.recorded.inside),
                tuple(cells.get((one.name, who), nothing) for who in columns),
            )
            for one in rows
        ),
        axis,
        " ".join(filter(None, (measured, note, more))),
    )


def _cells(category: CategoryCompared, words: Words) -> Iterator[tuple[str, Cell]]:
    for row in category.examination.comparisons:
        found, value = _standing(row.gain), row.gain.estimate.value
        tone, word = told.STANDINGS[found]
        ends = together(row.gain) if tone != "none" else None
        bar = None
        if ends is not None and value is not None:
            low, middle, high = np.expm1([ends[0], value, ends[1]]).tolist()
            bar = Bar(low, middle, high)
        said = told.gained(words, value, ends) if value is not None and tone != "none" else ""
        yield row.forecaster, Cell(words.say(word), tone, bar, said)
    for absent in category.absent:
        tone, word = told.STANDINGS[ABSENT]
        yield absent, Cell(words.say(word), tone)
