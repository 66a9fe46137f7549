"""`Design`: a model laid out on a panel, term by term."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from veedor.arrays import Bools, Floats
from veedor.errors import DataError, TooLittleDataError, phrase
from veedor.forecasters.endemic_epidemic.columns import Columns, at
from veedor.forecasters.endemic_epidemic.panel import Panel
from veedor.forecasters.endemic_epidemic.specification import (
    AUTOREGRESSIVE,
    ENDEMIC,
    NEIGHBOURS,
    Model,
    Part,
)
from veedor.forecasters.endemic_epidemic.weights import Spreading

#: Names of what is no term of a part: the logarithms of the decay and of the dispersion.
DECAY, DISPERSION = "neighbours.log_decay", "log_dispersion"
# Where a part is above nothing, it stays a number.
_MOST = 600.0


@dataclass(frozen=True, eq=False)
class Values:
    """Numbers that a model is set by.

    Parameters
    ----------
    fixed : array, shape (p,)
        As `Design.names` names them.
    effects : array, shape (areas, K)
        What is an area's own, as `Design.effects` names it: free, or deviations from a common
        intercept.
    """

    fixed: Floats
    effects: Floats

    @property
    def flat(self) -> Floats:
        """All in one row: fixed, then effects, area by area."""
        return np.concatenate([self.fixed, self.effects.ravel()])


@dataclass(frozen=True, eq=False)
class Design:
    """A model on a panel: names of its terms, their columns, and which cells it is judged by.

    Parameters
    ----------
    model : Model
    panel : Panel
    """

    model: Model
    panel: Panel

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """What the mean or the spread of a cell depends on: parts, decay, dispersion."""
        found = [*self.model.parts]
        if self.decays:
            found.append(DECAY)
        if self.model.dispersion != "none":
            found.append(DISPERSION)
        return tuple(found)

    @property
    def decays(self) -> bool:
        """Whether a decay is estimated."""
        return NEIGHBOURS in self.model.parts and self.model.weights.kind == "power_law"

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Names of the terms of each channel that are the same for all areas."""
        named: dict[str, tuple[str, ...]] = {
            name: tuple(f"{name}.{term}" for term in _terms(part))
            for name, part in self.model.parts.items()
        }
        if self.decays:
            named[DECAY] = (DECAY,)
        if self.model.dispersion != "none":
            named[DISPERSION] = (DISPERSION,) if self.model.dispersion == "common" else ()
        return named

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all fixed terms, in their order."""
        return tuple(name for channel in self.channels for name in self.columns[channel])

    @cached_property
    def places(self) -> dict[str, slice]:
        """Where the terms of each channel stand among all."""
        found, first = {}, 0
        for channel in self.channels:
            found[channel] = slice(first, first + len(self.columns[channel]))
            first += len(self.columns[channel])
        return found

    @cached_property
    def effects(self) -> tuple[str, ...]:
        """Channels that have a number of each area's own: first those drawn at random."""
        free = [name for name, part in self.model.parts.items() if part.intercept == "by_area"]
        if self.model.dispersion == "by_area":
            free.append(DISPERSION)
        return (*self.random, *free)

    @cached_property
    def random(self) -> tuple[str, ...]:
        """Parts with random intercepts."""
        return tuple(name for name, part in self.model.parts.items() if part.intercept == "random")

    @cached_property
    def terms(self) -> dict[str, Columns]:
        """Columns of each channel."""
        periods = self.panel.all_periods
        found = {name: Columns(self._of(part), periods) for name, part in self.model.parts.items()}
        for name in (DECAY, DISPERSION):
            if name in self.channels:
                found[name] = Columns([np.ones((1, 1))] * len(self.columns[name]), periods)
        return found

    def _of(self, part: Part) -> list[Floats]:
        time = np.arange(float(self.panel.all_periods))[:, None]
        found = [] if part.intercept == "by_area" else [np.ones((1, 1))]
        if part.trend:
            found.append(time)
        for wave in range(1, part.season + 1):
            turn = 2.0 * np.pi * wave / self.model.cycle * time
            found += [np.sin(turn), np.cos(turn)]
        return found + [self.panel.covariate(name) for name in part.covariates]

    @cached_property
    def offsets(self) -> dict[str, Floats]:
        """What multiplies each part, broadcasts to (periods, areas)."""
        found: dict[str, Floats] = {}
        for name, part in self.model.parts.items():
            if part.offset is None:
                found[name] = np.ones((1, 1))
                continue
            found[name] = self.panel.covariate(part.offset)
            if not bool((found[name] >= 0.0).all()):
                raise DataError(
                    "An offset must be at least 0.",
                    found=phrase("one that is below"),
                    where=part.offset,
                )
        return found

    @cached_property
    def spreading(self) -> Spreading:
        """Weights over the neighbours."""
        return Spreading.of(self.model.weights, self.panel)

    @cached_property
    def rows(self) -> Bools:
        """Cells that the model is judged by, shape (T, areas).

        Those that were reported, from the second period on, and of which all that they follow
        from was reported too.
        """
        known = self.panel.known
        rows = known.copy()
        rows[0] = False
        if self.panel.observed is None:
            return rows
        if AUTOREGRESSIVE in self.model.parts:
            rows[1:] &= known[:-1]
        if NEIGHBOURS in self.model.parts:
            rows[1:] &= self.spreading.unknown(known[:-1].astype(np.float64)) < 0.5
        return rows

    def require_rows(self) -> None:
        """Refuse a panel that says too little for as many terms.

        Raises
        ------
        TooLittleDataError
            If no more cells can be judged by than there are fixed terms, or nothing was recorded
            in them.
        """
        judged = int(self.rows.sum())
        recorded = float(self.panel.counts[self.rows].sum())
        if judged <= len(self.names) or recorded <= 0.0:
            raise TooLittleDataError(
                "An endemic-epidemic model must have more reported cells than terms, and "
                "something recorded in them.",
                found=phrase(
                    "{cells:,} cells for {terms} terms, with {recorded:,.0f} recorded",
                    cells=judged,
                    terms=len(self.names),
                    recorded=recorded,
                ),
                remedy="give it a longer record, or fewer terms",
            )

    def values(self, flat: Floats) -> Values:
        """Numbers of a row of them all; see `Values.flat`."""
        p = len(self.names)
        return Values(flat[:p], flat[p:].reshape(self.panel.areas, len(self.effects)))

    def rates(self, values: Values, periods: slice) -> dict[str, Floats]:
        """Return nu with its offset, lambda and phi in some periods, shape (periods, areas)."""
        shape = (periods.stop - periods.start, self.panel.areas)
        found: dict[str, Floats] = {}
        for name in self.model.parts:
            linear = self.terms[name].of(periods).times(values.fixed[self.places[name]])
            if name in self.effects:
                linear = linear + values.effects[:, self.effects.index(name)]
            rate = np.exp(np.minimum(linear, _MOST)) * at(self.offsets[name], periods)
            found[name] = np.broadcast_to(rate, shape)
        return found

    def means(self, values: Values, periods: slice, previous: Floats) -> dict[str, Floats]:
        """Contribution of each part to the mean, given what was recorded a period before.

        Parameters
        ----------
        values : Values
        periods : slice
        previous : array, shape (periods, areas)
            Counts one period before each.

        Returns
        -------
        dict of array, shape (periods, areas)
        """
        found = self.rates(values, periods)
        if AUTOREGRESSIVE in found:
            found[AUTOREGRESSIVE] = found[AUTOREGRESSIVE] * previous
        if NEIGHBOURS in found:
            sums = self.spreading.plain_sums(previous, self.log_decay(values))
            found[NEIGHBOURS] = found[NEIGHBOURS] * sums
        return found

    def log_decay(self, values: Values) -> float:
        """Logarithm of d; 0 where none is estimated."""
        return float(values.fixed[self.places[DECAY]][0]) if self.decays else 0.0

    def dispersion(self, values: Values) -> Floats:
        """Return psi of each area, shape (areas,); 0 for Poisson."""
        if self.model.dispersion == "none":
            return np.zeros(self.panel.areas)
        if self.model.dispersion == "by_area":
            logs = values.effects[:, self.effects.index(DISPERSION)]
        else:
            logs = np.repeat(values.fixed[self.places[DISPERSION]], self.panel.areas)
        return np.exp(np.minimum(logs, _MOST))

    def start(self) -> Values:
        """Numbers to begin from: each part explains some of what was recorded."""
        fixed = np.zeros(len(self.names))
        effects = np.zeros((self.panel.areas, len(self.effects)))
        rows = self.rows
        counts = float(self.panel.counts[rows].mean())
        shares = {ENDEMIC: 0.5, AUTOREGRESSIVE: 0.3, NEIGHBOURS: 0.2}
        whole = sum(shares[name] for name in self.model.parts)
        plain = Values(fixed, effects)
        inside = self.means(plain, slice(1, len(rows)), self.panel.counts[:-1])
        for name, part in self.model.parts.items():
            reached = float(inside[name][rows[1:]].mean())
            level = np.log(shares[name] / whole * counts / reached) if reached > 0.0 else 0.0
            if part.intercept == "by_area":
                effects[:, self.effects.index(name)] = level
            else:
                fixed[self.places[name].start] = level
        return Values(fixed, effects)


def _terms(part: Part) -> list[str]:
    named = [] if part.intercept == "by_area" else ["intercept"]
    if part.trend:
        named.append("t")
    for wave in range(1, part.season + 1):
        named += [f"sin{wave}", f"cos{wave}"]
    return named + list(part.covariates)
