"""`PlaceRecord`: what each cell had recorded at any instant, of all reported categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.errors import LeakageError, phrase
from veedor.forecasters.refits import STEP
from veedor.forecasters.task import Task
from veedor.incidents import refuse_discovered
from veedor.record import Covered, KnownRows, Located, Memo

_DAY = np.timedelta64(1, "D")
#: In which recorded incidents weigh half as much; an infinite one is the plain count.
HALF_LIVES_DAYS = (np.inf, 10.0, 30.0, 90.0, 270.0)
#: Points with at least so many incidents of a category, and the half-life of what is recent there.
_BUSY, _BUSY_HALF_LIFE_DAYS = 8, 60.0
#: Steps from one state that is kept to the next.
_STEPS_KEPT = 13


@dataclass(frozen=True, eq=False)
class Seen:
    """What was known of every cell at an instant.

    Parameters
    ----------
    amounts : array, shape (half-lives, categories, cells)
        Incidents, each weighing half as much a half-life later.
    points : array, shape (categories, cells)
        Points with an incident of the category.
    busiest : array, shape (categories, cells)
        Incidents of the category at the one with the most.
    pairs : array, shape (categories, cells)
        Ordered pairs of incidents of the category at one point.
    busy, busy_expected : array, shape (categories, cells)
        Recent incidents at points with at least eight, and what would be expected of them if all
        points were as busy of late as they always were.
    all_points : array, shape (cells,)
        Points with an incident of any category.
    """

    amounts: Floats
    points: Floats
    busiest: Floats
    pairs: Floats
    busy: Floats
    busy_expected: Floats
    all_points: Floats


class _State(NamedTuple):
    """Sums up to an instant, from which those of a later one follow.

    Parameters
    ----------
    amounts : array, shape (half-lives, categories, cells)
    own : tuple of array of int64, shape (points of the category,)
        Incidents at each point, one array a category.
    recent : tuple of array, shape (points of the category,)
        The same with the half-life of what is recent.
    """

    amounts: Floats
    own: tuple[Ints, ...]
    recent: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class PlaceRecord:
    r"""Located incidents of the categories that people report, as they were known at any instant.

    Categories that police go looking for are left out: where they were found says where police
    looked, and a forecast made from it would send them there again.

    A sum at one instant follows from that at an earlier one: :math:`S(t) = 2^{-(t - s)/h} S(s) +
    \sum_i 2^{-(t - t_i)/h}` over the incidents that became known after s and by t. All are carried
    along one course of instants, a fortnight apart from the record's beginning, so that a sum does
    not depend on which others were asked for, and every incident is added once: O(incidents +
    instants x (cells + points)).

    Parameters
    ----------
    categories : tuple of str
        In the order of the record.
    rows : tuple of KnownRows
        One a category.
    located : Located
        With places of those categories.
    covered : Covered
    memo : Memo
    asked : tuple
        What the sums follow from, by value.
    """

    categories: tuple[str, ...]
    rows: tuple[KnownRows, ...]
    located: Located
    covered: Covered
    memo: Memo
    asked: tuple[object, ...]

    @classmethod
    def of(cls, task: Task) -> PlaceRecord:
        """Take the incidents in cells since the record begins.

        Raises
        ------
        DiscoveredCategoryRefusal
            If the category to forecast is one that police go looking for.
        """
        points = task.points
        target = points.categories[points.whole.index_of(task.category)]
        if target.known_by != "reported":
            refuse_discovered(target)
        reported = [
            number
            for number, category in enumerate(points.categories)
            if category.known_by == "reported"
        ]
        located = points.located_in(task.cells)
        return cls(
            tuple(points.categories[number].name for number in reported),
            tuple(points.rows(number) for number in reported),
            located._replace(places=tuple(located.places[number] for number in reported)),
            task.record.covered,
            task.record.memo,
            (cls, task.cells.digest, task.begins),
        )

    def index_of(self, category: str) -> int:
        """Number of a category."""
        return self.categories.index(category)

    def at(self, instant: np.datetime64) -> Seen:
        """What was known at an instant, made once, whoever asks.

        Raises
        ------
        LeakageError
            If it is later than the record's cut-off.
        """
        if instant > self.covered.cutoff:
            raise LeakageError(
                "What a record shows can be asked for up to its cut-off only.",
                found=phrase("{asked} after {cutoff}", asked=instant, cutoff=self.covered.cutoff),
            )
        return self.memo.ask((*self.asked, instant), lambda: self._seen(self._carried_to(instant)))

    def fortnights(
        self, category: int, instants: Sequence[np.datetime64], known: np.datetime64
    ) -> Floats:
        """Count the incidents of a category in the fortnight after each of some instants.

        Parameters
        ----------
        category : int
        instants : sequence of datetime64
            `STEP` apart, latest first.
        known : datetime64
            Instant at which they were known.

        Returns
        -------
        array, shape (instants, cells)
        """
        cells, first = self.located.cells, instants[-1]
        rows, where = self.rows[category], self.located.places[category]
        begin = int(np.searchsorted(rows.known, first))  # none is known before its middle
        part = slice(begin, max(begin, rows.number_until(known)))
        number = (rows.middle[part] - first) // STEP
        place = where.place[part]
        used = (number >= 0) & (number < len(instants)) & (place < cells)
        slot = number[used] * cells + place[used]
        table = np.bincount(slot, minlength=len(instants) * cells).reshape(len(instants), cells)
        return table[::-1].astype(np.float64)

    def _carried_to(self, instant: np.datetime64) -> _State:
        """Sums at an instant, from the last state before it that is kept."""
        begins = self.covered.begins
        whole = max(int((instant - begins) // STEP), 0)
        kept = whole - whole % _STEPS_KEPT
        state, at = self._kept(kept), begins + kept * STEP
        for number in range(kept + 1, whole + 1):
            state, at = self._carried(state, at, begins + number * STEP), begins + number * STEP
        return self._carried(state, at, instant) if instant > at else state

    def _kept(self, number: int) -> _State:
        """State `number` steps after the record's beginning, kept for those to come."""
        begins, before = self.covered.begins, number - _STEPS_KEPT

        def make() -> _State:
            if number == 0:
                return self._carried(self._blank(), None, begins)
            state = self._kept(before)
            for step in range(before, number):
                state = self._carried(state, begins + step * STEP, begins + (step + 1) * STEP)
            return state

        return self.memo.ask((*self.asked, "state", number), make)

    def _blank(self) -> _State:
        many = [len(where.cell_of_point) for where in self.located.places]
        shape = (len(HALF_LIVES_DAYS), len(self.categories), self.located.cells)
        return _State(
            np.zeros(shape),
            tuple(np.zeros(n, np.int64) for n in many),
            tuple(np.zeros(n) for n in many),
        )

    def _carried(
        self, state: _State, since: np.datetime64 | None, instant: np.datetime64
    ) -> _State:
        """Carry sums from one instant to a later one; from None, that is with all known by then."""
        days = 0.0 if since is None else (instant - since) / _DAY
        kept = np.exp2(-days / np.array(HALF_LIVES_DAYS))
        amounts = state.amounts * kept[:, None, None]
        own, recent = [], []
        for number, (rows, where) in enumerate(zip(self.rows, self.located.places, strict=True)):
            begin = 0 if since is None else rows.number_until(since)
            part = slice(begin, max(begin, rows.number_until(instant)))
            place, middle = where.place[part], rows.middle[part]
            used = (place < self.located.cells) & (middle >= self.covered.begins)
            place, point = place[used], where.point[part][used]
            age = (instant - middle[used]) / _DAY
            for half, half_life in enumerate(HALF_LIVES_DAYS):
                weights = np.exp2(-age / half_life)
                amounts[half, number] += np.bincount(place, weights, self.located.cells)
            own.append(state.own[number] + np.bincount(point, minlength=len(state.own[number])))
            decay = np.exp2(-days / _BUSY_HALF_LIFE_DAYS)
            weights = np.exp2(-age / _BUSY_HALF_LIFE_DAYS)
            more = np.bincount(point, weights, len(state.own[number]))
            recent.append(state.recent[number] * decay + more)
        return _State(amounts, tuple(own), tuple(recent))

    def _seen(self, state: _State) -> Seen:
        """Sum over the points of each cell."""
        cells, shared = self.located.cells, np.zeros(len(self.located.cell_of_shared), bool)
        tables = np.zeros((5, len(self.categories), cells))
        for number, (own, recent, where) in enumerate(
            zip(state.own, state.recent, self.located.places, strict=True)
        ):
            there = np.flatnonzero(own)
            cell, n, lately = where.cell_of_point[there], own[there], recent[there]
            shared[where.shared[there]] = True
            busy = n >= _BUSY
            # As busy as ever: what was recorded of late, shared out by what ever was.
            expected = n[busy] * (lately.sum() / max(n.sum(), 1))
            # Of one type: numpy's way for several is fifty times slower.
            np.maximum.at(tables[1, number], cell, n.astype(np.float64))
            tables[0, number] = np.bincount(cell, minlength=cells)
            tables[2, number] = np.bincount(cell, n * (n - 1.0), cells)
            tables[3, number] = np.bincount(cell[busy], lately[busy], cells)
            tables[4, number] = np.bincount(cell[busy], expected, cells)
        all_points = np.bincount(self.located.cell_of_shared[shared], minlength=cells)
        return Seen(
            amounts=state.amounts,
            points=tables[0],
            busiest=tables[1],
            pairs=tables[2],
            busy=tables[3],
            busy_expected=tables[4],
            all_points=all_points.astype(np.float64),
        )
