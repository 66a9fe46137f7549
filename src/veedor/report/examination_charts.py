"""Charts of an examination, as inline SVG: the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import (
    BOUND_NAMES,
    BOUNDS,
    INK,
    LEGEND_COLUMNS,
    Style,
    below,
    ends_of,
    legend_height,
    line,
    margins,
    origins,
    reach,
    series_of,
    settings,
    short,
    styles,
    whisker,
    within,
)
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.statistics.estimates import Estimate
from veedor.verification import CHANCE, ORACLE, Comparison, Examination, Examined

Look = Mapping[str, Style]


def looks(examinations: Sequence[Examination]) -> Look:
    """Give each forecaster its shade, marker and line, the same in every category."""
    reference = examinations[0].reference
    names = dict.fromkeys(one.forecaster for each in examinations for one in each.forecasters)
    return styles([{"name": name, "is_reference": name == reference} for name in names])


def gains(words: Words, examinations: Sequence[Examination], look: Look) -> Markup | None:
    """Draw information gain over the reference, a panel a category, all on one scale."""
    shown = [(one.category, _sorted(one.comparisons)) for one in examinations if one.comparisons]
    if not shown:
        return None
    every = [(f"{category}, {row.forecaster}", row.gain.estimate) for category, rows in shown
             for row in rows]  # fmt: skip
    extents = [max((abs(end) for end in ends_of(one) if end is not None), default=0.0)
               for _, one in every]  # fmt: skip
    limit = reach(extents) or 1.0
    low = max(-limit, min((end for _, one in every for end in ends_of(one)[:2] if end is not None),
                          default=0.0) - 0.1 * limit)  # fmt: skip
    columns = 1 if len(shown) < 3 else 2
    lines = -(-len(shown) // columns)
    deepest = max(len(rows) for _, rows in shown)
    marks: list[Mark] = []
    with settings():
        figure = Figure(figsize=(7.6, 0.75 + lines * (0.35 + 0.27 * deepest)), layout="constrained")
        grid = figure.subplots(lines, columns, sharex=True, squeeze=False)
        for axes, (category, rows) in zip(grid.flat, shown, strict=False):
            for place, row in enumerate(rows):
                estimate = row.gain.estimate
                told = words.number(estimate.value)
                at = within(axes, ends_of(estimate), place, look[row.forecaster],
                            (low, limit), told)  # fmt: skip
                if at is not None:
                    marks.append(Mark(axes, at, place, said.named(words, row.forecaster, estimate)))
            axes.axvline(0, color=INK, linewidth=1.2)
            axes.set_title(short(category))
            axes.set_yticks(range(len(rows)), [short(row.forecaster) for row in rows])
            axes.set_ylim(deepest - 0.4, -0.6)
            axes.set_xlim(low - 0.05 * limit, 1.05 * limit)
            axes.tick_params(labelbottom=True)
            axes.grid(visible=False, axis="y")
        for axes in list(grid.flat)[len(shown) :]:
            axes.set_visible(False)
        axis = words.say(
            "information gain over the reference, nats per incident (right of 0 is better)"
        )
        notes = [words.say(said.SORTED_WITHIN)]
        if max(extents) > limit:
            notes.append(words.say(said.BEYOND))
        figure.supxlabel(below(axis, notes), fontsize="medium")
        found = [
            said.extremes(words, [(name, one.value) for name, one in every], words.number),
            said.beside_line(words, [one for _, one in every], 0.0),
        ]
        title = words.say("Information gain over the reference")
        return svg(words, figure, "gains", title, " ".join(found), marks)


def _sorted(rows: Sequence[Comparison]) -> list[Comparison]:
    """Order comparisons from the largest gain to the smallest, what is undefined last."""
    return sorted(
        rows,
        key=lambda row: -np.inf if row.gain.estimate.value is None else row.gain.estimate.value,
        reverse=True,
    )


class Charts:
    """Charts of one examination.

    Parameters
    ----------
    words : Words
    examination : Examination
    look : mapping of str to Style
    key : str
        What the ids of its drawings begin with.
    per_origin : int
        Periods that follow each cut-off, where cut-offs are to be marked.
    """

    def __init__(
        self, words: Words, examination: Examination, look: Look, key: str, per_origin: int = 1
    ) -> None:
        self._words = words
        self._of = examination
        self._look = look
        self._key = key
        self._per_origin = per_origin

    def captured(self) -> Markup:
        """Draw the share of incidents captured at each area fraction, with chance and the best."""
        words, rows = self._words, self._of.places.captured
        who = [one.forecaster for one in self._of.forecasters]
        fractions = sorted({row.area_fraction for row in rows})
        rates = {(row.ranking, row.area_fraction): row.capture_rate for row in rows}
        marks: list[Mark] = []
        with settings():
            above = legend_height(len(who))
            figure = Figure(figsize=(7.6, 2.45 + above))
            axes = figure.subplots()
            margins(figure, left=0.65, top=above, bottom=0.4)
            middle = np.arange(len(fractions), dtype=float)
            step = min(0.12, 0.76 / len(who))
            for place, name in enumerate(who):
                shift, style = (place - (len(who) - 1) / 2) * step, self._look[name]
                for x, fraction in zip(middle, fractions, strict=True):
                    rate = rates[name, fraction]
                    whisker(axes, ends_of(rate), x + shift, style, upright=True, factor=100)
                    if rate.value is not None:
                        told = said.named(words, name, rate, share=True)
                        marks.append(Mark(axes, x + shift, 100 * rate.value, told))
                _label(axes, name, style)
            for bound, shown in BOUNDS.items():
                for x, fraction in zip(middle, fractions, strict=True):
                    height = rates[bound, fraction].value
                    if height is not None:
                        axes.plot([x - 0.38, x + 0.38], [100 * height, 100 * height], **shown)
                last = rates[bound, fractions[-1]].value
                if last is not None:
                    _name(words, axes, bound, middle[-1] + 0.42, 100 * last)
            axes.set_xlim(-0.6, len(fractions) - 0.4 + 0.28 * len(fractions))
            axes.set_xticks(
                middle,
                [
                    words.say("{area} of the area", area=words.percent(fraction))
                    for fraction in fractions
                ],
            )
            axes.set_ylim(0, 108)
            axes.set_ylabel(words.say("incidents captured, %"))
            axes.grid(visible=False, axis="x")
            _legend(axes)
            title = words.say("Share of incidents captured at each share of the area")
            about = self._captured_at(fractions[0], rates, who)
            return svg(words, figure, f"{self._key}-capture", title, about, marks)

    def _captured_at(
        self, fraction: float, rates: Mapping[tuple[str, float], Estimate], who: Sequence[str]
    ) -> str:
        """Say what the smallest share of the area captured, by whom, by chance and at most."""
        words = self._words
        found = said.extremes(
            words, [(name, rates[name, fraction].value) for name in who], words.percent
        )
        return words.say(
            "Captured in {area} of the area. {extremes} Chance captures {chance}, and the most "
            "possible is {oracle}.",
            area=words.percent(fraction),
            extremes=found,
            chance=words.percent(rates[CHANCE, fraction].value),
            oracle=words.percent(rates[ORACLE, fraction].value),
        )

    def swept(self) -> Markup:
        """Draw area-swept curves, with chance and the most that was possible."""
        words = self._words
        with settings():
            rows = [row for row in self._of.places.area_swept if row.capture_rate is not None]
            figure, axes, above = _panel(len(rows), 3.2)
            reached_by: list[tuple[str, float | None]] = []
            marks: list[Mark] = []
            for row in rows:
                area, rate = 100 * np.asarray(row.area), 100 * np.asarray(row.capture_rate)
                style = self._look.get(row.ranking)
                if row.ranking in BOUNDS or style is None:
                    axes.plot(area, rate, **BOUNDS[row.ranking])
                    place = int(np.searchsorted(rate, 55.0 if row.ranking == CHANCE else 99.0))
                    place = min(place, len(area) - 1)
                    _name(words, axes, row.ranking, area[place] + 1.5, rate[place] - 6.0)
                    continue
                dashes = {part: style[part] for part in ("color", "linestyle")}
                axes.plot(area, rate, label=short(row.ranking), **dashes)
                reached = float(np.interp(10.0, area, rate))
                reached_by.append((row.ranking, reached / 100))
                told = words.say(
                    "{name}: {rate} in {area} of the area", name=row.ranking,
                    rate=words.percent(reached / 100), area=words.percent(0.1),
                )  # fmt: skip
                marks.append(Mark(axes, 10.0, reached, told))
            axes.set_xlabel(words.say("area, %, ranked first to last"))
            axes.set_ylabel(words.say("incidents captured, %"))
            _legend(axes)
            margins(figure, left=0.75, top=above, bottom=0.55)
            title = words.say("Incidents captured at each share of the area")
            about = words.say(
                "Captured in {area} of the area. {extremes}",
                area=words.percent(0.1),
                extremes=said.extremes(words, reached_by, words.percent),
            )
            return svg(words, figure, f"{self._key}-swept", title, about, marks)

    def by_period(self) -> Markup:
        """Draw log score, gain and capture rate in each period, a mark at each cut-off."""
        words = self._words
        gain = {row.forecaster: row.by_period.per_incident for row in self._of.comparisons}
        series = [
            (one.forecaster, one.by_period)
            for one in self._of.forecasters
            if one.by_period is not None
        ]
        panels = (
            (
                words.say("Log score per cell (smaller is better)"),
                [(who, series_of(found.log_score)) for who, found in series],
            ),
            (
                words.say(
                    "Information gain over the reference, nats per incident (larger is better)"
                ),
                [(who, series_of(found)) for who, found in gain.items()],
            ),
            (
                words.say("Incidents captured in 5% of the area, %"),
                [(who, series_of(found.captured, 100)) for who, found in series],
            ),
        )
        with settings():
            above = legend_height(len(series)) + 0.3
            figure = Figure(figsize=(7.6, 5.5 + above))
            rows = figure.subplots(3, 1, sharex=True)
            margins(figure, left=0.65, top=above, bottom=0.35, between=0.42)
            for axes, (title, lines) in zip(rows, panels, strict=True):
                for who, values in lines:
                    if np.isfinite(values).any():
                        line(axes, values, who, self._look[who])
                axes.set_title(title)
                origins(self._words, axes, self._of.periods.start, self._per_origin)
            rows[1].axhline(0, color=INK, linewidth=1.1)
            rows[0].legend(loc="lower left", bbox_to_anchor=(0, 1.12), ncols=LEGEND_COLUMNS)
            title = words.say("Scores in each forecast period")
            found: list[str] = []
            marks: list[Mark] = []
            days = [words.short_day(start) for start in self._of.periods.start]
            for axes, (name, lines) in zip(rows, panels, strict=True):
                means = [(who, _mean(values)) for who, values in lines]
                found.append(
                    words.say(
                        "{name}, mean over the periods. {extremes}",
                        name=name,
                        extremes=said.extremes(words, means, words.number),
                    )
                )
                marks.extend(self._at_each(axes, days, lines))
            return svg(words, figure, f"{self._key}-periods", title, " ".join(found), marks)

    def _at_each(
        self, axes: Any, days: Sequence[str], lines: Sequence[tuple[str, Any]]
    ) -> Iterator[Mark]:
        """Give each period a mark, at its highest value, that says those of all."""
        for place, day in enumerate(days):
            values = [(who, float(held[place])) for who, held in lines if place < len(held)]
            known = [value for _, value in values if np.isfinite(value)]
            if known:
                told = said.at_once(self._words, day, values, self._words.number)
                yield Mark(axes, place, max(known), told)

    def totals(self) -> Markup:
        """Draw expected totals with their intervals against recorded ones, a panel each."""
        words = self._words
        examined = [one for one in self._of.forecasters if one.by_period is not None]
        columns = 2 if len(examined) in (2, 4) else min(len(examined), 3)
        rows = -(-len(examined) // columns)
        with settings():
            figure = Figure(figsize=(7.6, 0.95 + 1.9 * rows))
            grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
            margins(figure, left=0.5, top=0.6, bottom=0.35, between=0.6)
            for axes, one in zip(grid.flat, examined, strict=False):
                assert one.by_period is not None  # noqa: S101 - chosen above
                color = self._look[one.forecaster]["color"]
                low, high = series_of(one.by_period.low), series_of(one.by_period.high)
                axes.fill_between(
                    np.arange(len(low)),
                    low,
                    high,
                    step="mid",
                    color=color,
                    alpha=0.2,
                    linewidth=0,
                    label=words.say("interval"),
                )
                axes.plot(
                    series_of(one.by_period.expected),
                    color=color,
                    drawstyle="steps-mid",
                    label=words.say("expected"),
                )
                axes.plot(
                    self._of.recorded.by_period,
                    "o",
                    color=INK,
                    markersize=3.5,
                    label=words.say("recorded"),
                )
                axes.set_title(short(one.forecaster))
                axes.set_ylim(bottom=0)
                most = 5 if columns < 3 else 2
                origins(self._words, axes, self._of.periods.start, self._per_origin, most=most)
                axes.tick_params(labelbottom=True)
            for axes in list(grid.flat)[len(examined) :]:
                axes.set_axis_off()
            grid.flat[0].legend(loc="lower left", bbox_to_anchor=(0, 1.1), ncols=3)
            title = words.say("Expected and recorded totals in each period")
            return svg(
                words,
                figure,
                f"{self._key}-totals",
                title,
                self._held(examined),
                self._totals(grid),
            )

    def _held(self, examined: Sequence[Examined]) -> str:
        """Say in how many periods what was recorded lay in each forecaster's interval."""
        words, recorded = self._words, series_of(self._of.recorded.by_period)
        found = []
        for one in examined:
            assert one.by_period is not None  # noqa: S101 - chosen by the caller
            low, high = series_of(one.by_period.low), series_of(one.by_period.high)
            inside = int(np.sum((recorded >= low) & (recorded <= high)))
            found.append(
                words.say(
                    "{name}: recorded totals inside the interval in {inside} of {n} periods.",
                    name=one.forecaster,
                    inside=inside,
                    n=len(recorded),
                )
            )
        return " ".join(found)

    def _totals(self, grid: Any) -> list[Mark]:
        """Give each recorded total of the first panel a mark, with what each expected."""
        words = self._words
        examined = [one for one in self._of.forecasters if one.by_period is not None]
        marks = []
        for place, recorded in enumerate(self._of.recorded.by_period):
            values: list[tuple[str, float | None]] = [
                (words.say("recorded"), float(recorded)),
                *(
                    (one.forecaster, one.by_period.expected[place])
                    for one in examined
                    if one.by_period is not None
                ),
            ]
            day = words.short_day(self._of.periods.start[place])
            told = said.at_once(words, day, values, words.number)
            marks.append(Mark(grid.flat[0], place, float(recorded), told))
        return marks


def _mean(values: Any) -> float | None:
    """Mean of what is defined; None where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _name(words: Words, axes: Any, bound: str, x: float, y: float) -> None:
    """Name chance, or the most possible, at its line."""
    axes.annotate(words.say(BOUND_NAMES[bound]), (x, y), color=INK, va="center", zorder=4)


def _label(axes: Any, name: str, style: Style) -> None:
    """Name a forecaster in the legend by its mark."""
    axes.plot([], [], color=style["color"], marker=style["marker"], linestyle="", label=short(name))


def _panel(entries: int, height: float) -> tuple[Figure, Any, float]:
    above = legend_height(entries)
    figure = Figure(figsize=(7.6, height + above))
    return figure, figure.subplots(), above


def _legend(axes: Any) -> None:
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=LEGEND_COLUMNS)
