"""`EndemicEpidemic`: what an area and its neighbours recorded a period before, beside a level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import NotReportedError, StudyError, TooLittleDataError, phrase
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.endemic_epidemic.fitting import fit
from veedor.forecasters.endemic_epidemic.panel import Panel
from veedor.forecasters.endemic_epidemic.predicting import LARGEST_MEAN, moments
from veedor.forecasters.endemic_epidemic.specification import Model, Part, Weights
from veedor.forecasters.task import Task
from veedor.forecasts import CountDistribution
from veedor.record import AreaRecord
from veedor.spacetime import Cells, Periods

#: Cells that the covariance of what is to come is still held of.
MOST_CELLS = 5_000
_YEAR_HOURS = 8_766.0
_SEASON_DAYS = 540.0
_FEWEST_PERIODS, _FEWEST_INCIDENTS = 10, 20
_MOST_WAVES, _MOST_ORDER = 6, 100
_MOST_STEPS = 2_000
_EXPOSURE, _CARRIED, _LOG_POPULATION = "exposure", "carried", "log_population"


class EndemicEpidemic(Forecaster):
    r"""The endemic-epidemic model: a level of its own, an echo of the last period, and neighbours.

    .. math:: \mu_{it} = e_{it} \nu_{it} + \lambda Y_{i,t-1}
              + \phi_i \sum_{j \ne i} w_{ji} Y_{j,t-1}, \qquad
              Y_{it} \sim \text{NegBin}(\mu_{it}, \psi),

    with an intercept of each area drawn at random and a yearly wave in nu (once the record is 540
    days long), and weights that fall off with the order of neighbourhood. Offsets e are the length
    of each period times the population, where that is given; see `Model` for all that the model
    itself can hold. Means and variances of several periods ahead are exact at the fitted values;
    they are given as negative binomials.

    What it is worth: on twelve offences of the municipalities of Rio de Janeiro it gained nothing
    over the mean of the last twelve months that could be told from chance, and fixed intercepts
    were worse. It says how much of what is recorded goes with what was recorded a period before,
    which is no proof that one incident brings another: whatever makes an area's level rise for a
    while looks the same. It is never run unless a study names it.

    Parameters
    ----------
    intercepts : {"random", "common"}
        Whether areas differ in their level beyond population.
    weights : {"power_law", "first_order", "none"}
        How much each order of neighbours counts; ``"none"`` leaves neighbours out.
    max_order : int
        Farthest order of neighbours of the power law, 1 to 100.
    season : int
        Pairs of yearly sine and cosine in the level, 0 to 6.
    trend : bool
        Whether the level has a log-linear trend, which then goes on into the forecast.
    population : mapping of cell id to number, or None
        Of every cell, above 0; not by group, and never a feature: it is what a rate is of. It
        multiplies the level, and its logarithm is a term of what comes from neighbours.

    Attributes
    ----------
    coefficients_, standard_errors_ : dict of str to float
        Of the fixed terms, logarithms of rates; of the decay and the dispersion, logarithms.
    deviation_ : float or None
        Standard deviation of the random intercepts.
    unreported_, cells_judged_ : int
        Cells by period that were not reported, and those that the fit was judged by: not these,
        nor any that follows from one of these.
    edges_ : str
        What went to the edge of what it can be; see `Fitted`.
    fitted_ : Fitted

    Raises
    ------
    TooLittleDataError
        In `fit`, with fewer than 10 periods or 20 incidents, or where the fit does not converge
        or grows without bound.
    StudyError
        If a parameter cannot be used, or there are more than 5,000 cells.

    Notes
    -----
    What was known of recent periods at the cut-off is taken into account as a share of each
    period; see `veedor.record.Record.completeness`. Of counts that are published late, the
    periods that were not out are passed through by the same recursion. O(periods x cells) for each
    step of the fit, a few dozen of them, and cells squared for each period ahead.

    References
    ----------
    As in `Model`.
    """

    def __init__(
        self,
        intercepts: Literal["random", "common"] = "random",
        weights: Literal["power_law", "first_order", "none"] = "power_law",
        max_order: int = 5,
        season: int = 1,
        trend: bool = False,
        population: dict[str, float] | None = None,
    ) -> None:
        self.intercepts = intercepts
        self.weights = weights
        self.max_order = max_order
        self.season = season
        self.trend = trend
        self.population = population

    def check_parameters(self) -> None:
        """Refuse what is not among the choices."""
        random = ("random", "common")
        spread = ("power_law", "first_order", "none")
        for name, choices in (("intercepts", random), ("weights", spread)):
            must = phrase("one of {choices}", choices=", ".join(choices))
            self._require(name, must, getattr(self, name) in choices)
        for name, least, most in (("max_order", 1, _MOST_ORDER), ("season", 0, _MOST_WAVES)):
            must = phrase("{least} to {most}", least=least, most=most)
            self._require(name, must, least <= getattr(self, name) <= most)
        people = () if self.population is None else self.population.values()
        whole = all(np.isfinite(number) and number > 0.0 for number in people)
        self._require("population", phrase("above 0 in every cell"), whole)

    def _fit(self, task: Task) -> None:
        _refuse_many(task.cells)
        counts, known = _seen(task)
        if len(counts) < _FEWEST_PERIODS or counts.sum() < _FEWEST_INCIDENTS:
            raise TooLittleDataError(
                phrase(
                    "A record for an endemic-epidemic model must have at least {periods} periods "
                    "and {incidents} incidents.",
                    periods=_FEWEST_PERIODS,
                    incidents=_FEWEST_INCIDENTS,
                ),
                found=phrase(
                    "{periods:,} periods, {incidents:,} incidents",
                    periods=len(counts),
                    incidents=int(counts.sum()),
                ),
            )
        panel = self._panel(task, task.periods, counts, known)
        self.fitted_ = fitted = fit(self._model(task), panel)
        if not fitted.converged:
            raise TooLittleDataError(
                "The fit of an endemic-epidemic model must converge.",
                found=phrase("that it did not"),
                where=task.category,
                remedy="give it fewer terms, or a longer record",
            )
        self.unreported_ = int((~panel.known).sum())
        self.cells_judged_ = fitted.cells
        self.coefficients_ = fitted.coefficients
        self.standard_errors_ = fitted.standard_errors
        random = fitted.effects_covariance
        self.deviation_ = None if random is None else float(np.sqrt(random[0, 0]))
        self.log_likelihood_ = fitted.log_likelihood
        self.edges_ = ", ".join(fitted.edges)

    def _model(self, task: Task) -> Model:
        """Model of a task, without what its record cannot tell."""
        days = float(task.periods.hours.sum()) / 24.0
        connected = self.weights != "none" and len(task.cells.neighbours[1]) > 0
        by_population = self.population is not None and len(set(self._people(task.cells))) > 1
        spread: Literal["power_law", "first_order"] = (
            "first_order" if self.weights == "none" else self.weights
        )
        return Model(
            endemic=Part(
                intercept=self.intercepts if len(task.cells) > 1 else "common",
                trend=self.trend,
                season=self.season if days >= _SEASON_DAYS else 0,
                offset=_EXPOSURE,
            ),
            autoregressive=Part(offset=_CARRIED),
            neighbours=Part(covariates=(_LOG_POPULATION,) if by_population else (), offset=_CARRIED)
            if connected
            else None,
            weights=Weights(spread, self.max_order, normalised=True),
            cycle=_YEAR_HOURS / task.length.nominal_hours,
        )

    def _people(self, cells: Cells) -> Floats:
        """Population of each cell, by their mean; 1 where none is given."""
        if self.population is None:
            return np.ones(len(cells))
        unknown = [name for name in cells.cell_id.tolist() if name not in self.population]
        if unknown:
            raise StudyError(
                "A population must be given of every cell.",
                found=phrase(
                    "{n} cells without, the first is {first}", n=len(unknown), first=unknown[0]
                ),
                where=phrase("parameter population of EndemicEpidemic"),
            )
        people = np.array([self.population[name] for name in cells.cell_id.tolist()])
        return np.asarray(people / people.mean(), dtype=np.float64)

    def _panel(self, task: Task, periods: Periods, counts: Ints, reported: Bools | None) -> Panel:
        """Counts and what they are multiplied by, over past periods and those to come."""
        people = self._people(task.cells)
        known = np.ones(len(periods))
        known[: len(counts)] = task.record.completeness(task.category, task.periods)
        carried = np.ones(len(periods))
        carried[1:] = known[1:] / known[:-1]
        hours = periods.hours / task.length.nominal_hours
        covariates: Mapping[str, Floats] = {
            _EXPOSURE: (hours * known)[:, None] * people,
            _CARRIED: carried[:, None],
            _LOG_POPULATION: np.log(people),
        }
        return Panel(
            counts.astype(np.float64),
            observed=reported,
            covariates=covariates,
            periods=len(periods),
            neighbours=task.cells.neighbours,
        )

    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        task = self._fitted_task()
        steps, number, share = _steps(task, periods)
        past = task.periods
        whole = Periods(np.concatenate([past.edges, steps.edges[1:]]), past.time_zone)
        panel = self._panel(task, whole, *_seen(task))
        found = moments(self.fitted_.on(panel), len(steps))
        mean = found.mean[number] * share[:, None]
        if not bool(np.all(found.mean < LARGEST_MEAN)):
            raise TooLittleDataError(
                "What an endemic-epidemic model expects must stay within bounds.",
                found=phrase("a fit in which every incident brings more than one"),
                where=task.category,
                remedy="give it a longer record, or forecast fewer periods ahead",
            )
        distribution = CountDistribution(mean, np.minimum(found.dispersion[number], 1e6))
        return distribution, float(np.mean(found.total_dispersion[number]))


def _seen(task: Task) -> tuple[Ints, Bools | None]:
    """Counts of the whole periods, and which were reported; None for all."""
    try:
        return task.counts.values, None
    except NotReportedError:
        record = task.record
        if not isinstance(record, AreaRecord):
            raise
        values, reported = record.outcomes(task.category, task.periods, task.cells)
        return values, reported


def _steps(task: Task, periods: Periods) -> tuple[Periods, Ints, Floats]:
    """Periods from the last that is known on, the number of each asked for, and its share."""
    length, zone, through = task.length, task.record.zone, task.periods.edges[-1]
    hours = float((periods.edges[-1] - through) / np.timedelta64(1, "h"))
    reach = int(hours / length.nominal_hours * 1.1) + 2
    if reach > _MOST_STEPS:
        raise StudyError(
            phrase(
                "EndemicEpidemic must forecast at most {most:,} periods ahead.", most=_MOST_STEPS
            ),
            found=phrase("about {reach:,}", reach=reach),
        )
    steps = Periods.stepping(through, length, 0, reach, zone)
    number = steps.index_of(periods.start + (periods.end - periods.start) / 2)
    share = periods.hours / steps.hours[number]
    if bool((share > 1.5).any()):
        raise StudyError(
            "EndemicEpidemic must be asked for periods of the length that it was fitted to.",
            found=phrase("one {share:.1f} times as long", share=float(share.max())),
        )
    last = int(number.max()) + 1
    return steps.part(0, last), number, share


def _refuse_many(cells: Cells) -> None:
    if len(cells) > MOST_CELLS:
        raise StudyError(
            phrase("EndemicEpidemic must have at most {most:,} cells.", most=MOST_CELLS),
            found=f"{len(cells):,}",
            remedy="use larger cells, or another forecaster",
        )
