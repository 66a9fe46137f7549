"""Tables on calibration and on single periods of an examination."""

from __future__ import annotations

from veedor.report.examination_tables import ExaminationTables
from veedor.report.tables import Table
from veedor.report.words import noted
from veedor.report.words.examination import CONSISTENCY
from veedor.report.words.intervals import counted


class CalibrationTables(ExaminationTables):
    """Tables of one examination: whether stated uncertainties hold, and period by period."""

    def consistency(self) -> Table:
        """Every consistency test of every forecaster."""
        words = self.words
        return self.table(
            words.say(
                "is what was recorded compatible with the forecast? A small p-value says that it "
                "is not"
            ),
            (
                noted("Forecaster"),
                noted("Test"),
                noted("Statistic"),
                noted("p-value"),
                noted("Out of"),
            ),
            [
                [
                    self.who(one.forecaster),
                    words.say(CONSISTENCY[field][0]),
                    words.number(test.statistic),
                    words.number(test.p_value),
                    counted(words, test),
                ]
                for one in self.of.forecasters
                if one.consistency is not None
                for field, test in one.consistency.tests.items()
            ],
            headers=2,
        )

    def by_period(self) -> Table:
        """Totals and scores of each forecaster in each period."""
        words, number = self.words, self.words.number
        gains = {row.forecaster: row.by_period.per_incident for row in self.of.comparisons}
        rows = []
        for place, first in enumerate(self.of.periods.start):
            for one in self.of.forecasters:
                if (series := one.by_period) is None:
                    continue
                gain = gains.get(one.forecaster)
                rows.append([
                    words.day(first),
                    self.who(one.forecaster),
                    number(self.of.recorded.by_period[place]),
                    number(series.expected[place], 4),
                    words.say(
                        "{low} to {high}",
                        low=number(series.low[place], 4),
                        high=number(series.high[place], 4),
                    ),
                    number(series.log_score[place], 4),
                    words.say("reference") if gain is None else number(gain[place]),
                    words.percent(series.captured[place]),
                ])  # fmt: skip
        return self.table(
            words.say(
                "period by period. Scores are over all cells of the period; the gain is per "
                "incident recorded in it; where none was, it is undefined"
            ),
            (
                noted("Period from"),
                noted("Forecaster"),
                noted("Recorded"),
                noted("Expected"),
                noted("Prediction interval of the total"),
                noted("Log score"),
                noted("Gain"),
                noted("Captured at 5%"),
            ),
            rows,
            headers=2,
        )

    def ranks(self) -> Table:
        """The bars of the PIT histograms."""
        words = self.words
        examined = [
            (one.forecaster, one.calibration)
            for one in self.of.forecasters
            if one.calibration is not None
        ]
        bins = max((len(found.pit) for _, found in examined), default=0)
        head = [words.say("{place} of {bins}", place=n + 1, bins=bins) for n in range(bins)]
        return self.table(
            words.say(
                "where recorded counts fell in their forecasts, from the lowest to the highest "
                "tenth; 1 is even. Randomised: a draw for each count"
            ),
            (noted("Forecaster"), noted("Kind"), *head),
            [
                [self.who(who), kind, *(words.number(height) for height in heights)]
                for who, found in examined
                for kind, heights in (
                    (words.say("PIT"), found.pit),
                    (words.say("randomised PIT"), found.randomised_pit),
                )
            ],
            headers=2,
        )

    def coverage(self) -> Table:
        """How often prediction intervals held, for cells and for totals."""
        words = self.words
        return self.table(
            words.say("how often prediction intervals held"),
            (
                noted("Forecaster"),
                noted("Interval"),
                noted("Held"),
                noted("95% interval"),
                noted("Out of"),
            ),
            [
                [
                    self.who(one.forecaster),
                    what,
                    words.percent(held.value),
                    *self.estimate(held, share=True),
                ]
                for one in self.of.forecasters
                if one.calibration is not None
                for row in one.calibration.coverage
                for what, held in (
                    (
                        words.say("{level} interval of each cell", level=words.percent(row.level)),
                        row.cells,
                    ),
                    (
                        words.say("{level} interval of the total", level=words.percent(row.level)),
                        row.totals,
                    ),
                )
            ],
            headers=2,
        )

    def coverage_by(self) -> list[Table]:
        """Coverage of central intervals, by level of the forecast and by zone."""
        words = self.words
        by_level, by_zone = [], []
        for one in self.of.forecasters:
            if one.calibration is None:
                continue
            for group in one.calibration.coverage_by_level:
                label = words.say(
                    "{mean} expected per cell and period", mean=words.number(group.expected)
                )
                by_level.append((one.forecaster, label, group))
            for row in one.calibration.coverage_by_zone:
                by_zone.append((one.forecaster, row.zone, row.coverage))
        captions = (
            words.say("share of counts within central intervals, by level of the forecast"),
            words.say("share of counts within central intervals, by zone"),
        )
        heads = (noted("Level of the forecast"), noted("Zone"))
        return [
            self.table(
                caption,
                (
                    noted("Forecaster"),
                    head,
                    noted("Level"),
                    noted("Coverage"),
                    noted("95% interval"),
                    noted("Out of"),
                ),
                [
                    [
                        self.who(who),
                        label,
                        words.percent(group.level),
                        words.percent(group.coverage.value),
                        *self.estimate(group.coverage, share=True),
                    ]
                    for who, label, group in rows
                ],
                headers=2,
            )
            for caption, head, rows in zip(captions, heads, (by_level, by_zone), strict=True)
            if rows
        ]

    def sums(self) -> Table:
        """Whether sums of cells, grouped by level of forecast, keep to their distributions."""
        words, number = self.words, self.words.number
        rows = []
        for one in self.of.forecasters:
            if one.calibration is None:
                continue
            p_value = number(one.calibration.sums.result.p_value)
            for group in one.calibration.sums.groups:
                for level, held in group.coverage:
                    rows.append([
                        self.who(one.forecaster),
                        number(group.cells),
                        number(group.expected),
                        number(group.recorded),
                        number(group.spread),
                        words.percent(level),
                        words.percent(held.value),
                        *self.estimate(held, share=True),
                        p_value,
                    ])  # fmt: skip
                    p_value = ""
        return self.table(
            words.say("sums of cells by level of forecast, each period"),
            (
                noted("Forecaster"),
                noted("Cells"),
                noted("Expected a period"),
                noted("Recorded a period"),
                noted("Squared errors by variance (1 is calibrated)"),
                noted("Level"),
                noted("Held"),
                noted("95% interval"),
                noted("Out of"),
                noted("p, all groups"),
            ),
            rows,
            headers=2,
        )

    def means(self) -> Table:
        """What was recorded where so much was expected."""
        words, number = self.words, self.words.number
        return self.table(
            words.say("recorded incidents where so much was expected, means per cell and period"),
            (
                noted("Forecaster"),
                noted("Expected"),
                noted("What"),
                noted("Value"),
                noted("95% interval"),
                noted("Out of"),
            ),
            [
                [
                    self.who(one.forecaster),
                    number(row.expected),
                    what,
                    number(held.value),
                    *self.estimate(held),
                ]
                for one in self.of.forecasters
                if one.calibration is not None
                for row in one.calibration.means
                for what, held in (
                    (words.say("recorded"), row.observed),
                    (words.say("recorded by expected"), row.observed_by_expected),
                )
            ],
            headers=3,
        )

    def brier(self) -> Table:
        """Brier decomposition of at least one incident."""
        words, number = self.words, self.words.number
        return self.table(
            words.say("Brier score of at least one incident, and its parts"),
            (
                noted("Forecaster"),
                noted("Score"),
                noted("Miscalibration"),
                noted("Discrimination"),
                noted("Uncertainty"),
            ),
            [
                [
                    self.who(one.forecaster),
                    number(found.score),
                    number(found.miscalibration),
                    number(found.discrimination),
                    number(found.uncertainty),
                ]
                for one in self.of.forecasters
                if one.calibration is not None
                for found in (one.calibration.brier,)
            ],
        )
