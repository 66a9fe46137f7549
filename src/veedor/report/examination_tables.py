"""Tables of an examination: every number of its charts, and more."""

from __future__ import annotations

from collections.abc import Iterator

from veedor.report.tables import Table, table
from veedor.report.words import Words, noted
from veedor.report.words.examination import ranking
from veedor.report.words.intervals import counted, ends, interval_with_level, out_of
from veedor.report.words.scores import score_name
from veedor.statistics.estimates import Estimate, TestResult
from veedor.verification import Comparison, Examination, Judged

#: Field of a `CapturedAt` -> whether it is a share.
_CAPTURED = {"capture_rate": True, "pai": False, "pei": False, "ppai": False}


class ExaminationTables:
    """Tables of one examination."""

    def __init__(self, words: Words, examination: Examination) -> None:
        self.words = words
        self.of = examination

    def captured(self) -> Table:
        """Incidents captured by each ranking, chance and the oracle."""
        words = self.words
        return self.table(
            words.say(
                "incidents captured in the area ranked first, out of {n} recorded in the cells",
                n=self.of.recorded.inside,
            ),
            (
                noted("Score"),
                noted("Area"),
                noted("Ranking"),
                noted("Value"),
                noted("95% interval"),
                noted("Out of"),
            ),
            [
                [
                    score_name(words, score),
                    words.percent(row.area_fraction),
                    self.ranking(row.ranking),
                    (words.percent if share else words.number)(held.value),
                    *self.estimate(held, share=share),
                ]
                for score, share in _CAPTURED.items()
                for row in self.of.places.captured
                for held in (getattr(row, score),)
            ],
            headers=3,
        )

    def scores(self) -> Table:
        """Every score of every forecaster."""
        words = self.words
        return self.table(
            words.say("scores, mean per cell and period; smaller is better"),
            (
                noted("Score"),
                noted("Forecaster"),
                noted("Mean"),
                noted("95% interval"),
                noted("Out of"),
            ),
            [
                [
                    score_name(words, score),
                    self.who(one.forecaster),
                    words.number(one.scores[score].value, 4),
                    *self.estimate(one.scores[score]),
                ]
                for score in self.of.forecasters[0].scores
                for one in self.of.forecasters
            ],
            headers=2,
        )

    def comparison(self) -> Table:
        """Gains over the reference, and the tests of them."""
        words = self.words
        return self.table(
            words.say(
                "compared with {who}; above 0 is better. Each end of the interval of a gain is the "
                "wider of weeks' and chance's, weeks' stretched where they resemble the one "
                "before; p after Holm is over the forecasters and categories of the same kind of "
                "row",
                who=self.of.reference,
            ),
            (
                noted("Forecaster"),
                noted("What"),
                noted("Value"),
                noted("95% interval or p-value"),
                noted("Out of"),
            ),
            [
                [row.forecaster, *cells]
                for row in self.of.comparisons
                for cells in (*self._gains(row), *self._tests(row))
            ],
            headers=2,
        )

    def _gains(self, row: Comparison) -> Iterator[list[str]]:
        words = self.words
        judged = [(words.say("information gain, nats per incident"), row.gain)]
        if row.gain_at_same_totals is not None:
            places = words.say("of places alone: means at the reference's totals")
            judged.append((places, row.gain_at_same_totals))
        for label, gain in judged:
            yield [label, words.number(gain.estimate.value), *self.estimate(gain.estimate)]
            yield from self._held_against(gain)
        if row.paired is not None:
            yield [
                words.say("gain of the means as Poisson rates (T-test)"),
                words.number(row.paired.gain.value),
                *self.estimate(row.paired.gain),
            ]

    def _held_against(self, gain: Judged) -> Iterator[list[str]]:
        """What a gain was held against: weeks, chance, and how many comparisons."""
        words, number = self.words, self.words.number
        yield [
            words.say("— by weeks alone"),
            "",
            ends(words, gain.weeks_low, gain.weeks_high),
            words.say("{n} weeks or longer periods", n=gain.blocks),
        ]
        if gain.dependence is not None:
            yield [
                words.say("— autocorrelation of weeks"),
                number(gain.dependence.autocorrelation),
                f"p = {number(gain.dependence.p_value)}",
                words.say(
                    "as much as {effective} of {n} independent weeks or longer periods",
                    effective=number(round(gain.dependence.effective)),
                    n=gain.dependence.periods,
                ),
            ]
        yield [
            words.say("— standard error if the reference were right"),
            number(gain.error_if_reference),
            "",
            "",
        ]
        yield [
            words.say("— standard error if the forecast were right"),
            number(gain.error_if_forecast),
            "",
            "",
        ]
        yield [
            words.say("— after Holm"),
            "",
            f"p = {number(gain.p_adjusted)}",
            words.many(gain.comparisons, "{n} comparison", "{n} comparisons"),
        ]
        yield [
            words.say("— smallest gain that could have been shown"),
            number(gain.smallest_shown),
            "",
            "",
        ]

    def _tests(self, row: Comparison) -> Iterator[list[str]]:
        words = self.words
        tests: list[tuple[str, TestResult]] = []
        if row.paired is not None:
            tests += [
                (words.say("T-test"), row.paired.t_test),
                (words.say("W-test"), row.paired.w_test),
            ]
        tests += [
            (words.say("Diebold-Mariano, {score}", score=score_name(words, score)), one)
            for score, one in row.diebold_mariano.items()
        ]
        if row.change is not None:
            tests.append((words.say("change over time"), row.change.test))
        for label, test in tests:
            p = f"p = {words.number(test.p_value)}"
            yield [
                label, words.number(test.statistic), p, counted(words, test)
            ]  # fmt: skip

    def best(self) -> list[Table]:
        """Forecasters that cannot be told from the best."""
        words = self.words
        if not self.of.best:
            return []
        return [
            self.table(
                words.say(
                    "forecasters that cannot be told from the best (model confidence set, 90%)"
                ),
                (noted("Score"), noted("Forecaster"), noted("In the set"), noted("p-value")),
                [
                    [
                        score_name(words, score),
                        name,
                        words.say("yes") if name in found.members else words.say("no"),
                        words.number(p_value),
                    ]
                    for score, found in self.of.best.items()
                    for name, p_value in found.p_values.items()
                ],
                headers=2,
            )
        ]

    def swept(self) -> Table:
        """Areas under the area-swept curves."""
        words = self.words
        return self.table(
            words.say("area under the area-swept curve"),
            (
                noted("What"),
                noted("Ranking"),
                noted("Value"),
                noted("95% interval"),
                noted("Out of"),
            ),
            [
                [what, self.ranking(row.ranking), words.number(held.value), *self.estimate(held)]
                for what, field in (
                    (words.say("Area under the curve"), "area_under"),
                    (words.say("From chance (0) to the most (1)"), "normalised"),
                )
                for row in self.of.places.area_swept
                for held in (getattr(row, field),)
            ],
            headers=2,
        )

    def stability(self) -> Table:
        """How much of the flagged area is flagged again."""
        words = self.words
        return self.table(
            words.say("how much of the flagged area is flagged again in the next period"),
            (
                noted("Ranking"),
                noted("Area"),
                noted("Flagged again"),
                noted("95% interval"),
                noted("Out of"),
                noted("By chance"),
                noted("Jaccard index"),
            ),
            [
                [
                    self.ranking(row.ranking),
                    words.percent(row.area_fraction),
                    words.percent(row.flagged_again.value),
                    *self.estimate(row.flagged_again, share=True),
                    words.percent(row.chance),
                    words.number(row.jaccard),
                ]
                for row in self.of.places.stability
            ],
            headers=2,
        )

    def concentration(self) -> Table:
        """Concentration of what was recorded and of what was forecast."""
        words = self.words
        return self.table(
            words.say("concentration, recorded and as each forecast would spread as many"),
            (
                noted("Ranking"),
                noted("Generalised Gini"),
                noted("95% of simulations"),
                noted("Gini"),
                noted("Cells with half"),
            ),
            [
                [
                    self.ranking(row.ranking),
                    words.number(row.generalised_gini),
                    words.say("as recorded") if row.low is None else ends(words, row.low, row.high),
                    words.number(row.gini),
                    words.percent(row.half),
                ]
                for row in self.of.places.concentration
            ],
        )

    def where(self) -> list[Table]:
        """Gain by lead time, month and zone."""
        words = self.words
        found = []
        for field, head, by in (
            ("lead_time", noted("Lead time"), words.say("lead time")),
            ("month", noted("Month"), words.say("month")),
            ("zone", noted("Zone"), words.say("zone")),
        ):
            rows = [
                [row.forecaster, label, words.number(gain.value), *self.estimate(gain)]
                for row in self.of.comparisons
                if row.skill is not None
                for label, gain in getattr(row.skill, field).items()
            ]
            if rows:
                caption = words.say(
                    "gain over {who} by {by}, nats per incident; each interval stands alone, so "
                    "among many some leave out 0 by chance",
                    who=self.of.reference,
                    by=by,
                )
                head_ = (
                    noted("Forecaster"),
                    head,
                    noted("Gain"),
                    noted("95% interval"),
                    noted("Out of"),
                )
                found.append(self.table(caption, head_, rows, headers=2))
        return found

    def table(
        self, caption: str, head: tuple[str, ...], rows: list[list[str]], headers: int = 1
    ) -> Table:
        """Make a table on the category; heads are templates."""
        words = self.words
        return table(
            f"{self.of.category}: {caption}", [words.say(one) for one in head], rows, headers
        )

    def ranking(self, name: str) -> str:
        """Name a ranking: a forecaster, chance or the most possible."""
        named = ranking(self.words, name)
        return self.who(name) if named == name else named

    def who(self, name: str) -> str:
        """Name a forecaster, and the reference as such."""
        if name != self.of.reference:
            return name
        return self.words.say("{who} (reference)", who=name)

    def estimate(self, estimate: Estimate, *, share: bool = False) -> tuple[str, str]:
        """Write an interval, and what the estimate is out of."""
        return interval_with_level(self.words, estimate, share), out_of(self.words, estimate)
