"""The report of a log: what it proves, and how every promise went, or who looked and why."""

from __future__ import annotations

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report.chart_svg import Mark, svg
from veedor.report.cover import Count, Cover, Picture, Proof
from veedor.report.document import Document, Section
from veedor.report.drawing import INK, settings, short, styles
from veedor.report.log_proof import log_proof
from veedor.report.looked import looked_document
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.report.words import log_cover as covered
from veedor.report.words import sealing as told
from veedor.report.words.intervals import interval_with_level, out_of
from veedor.report.words.scores import score_name
from veedor.sealing.findings import LogFindings, PromiseFound
from veedor.statistics.estimates import Estimate


def sealed_document(found: LogFindings, words: Words) -> Document:
    """Lay out what `veedor.sealing.findings` gives."""
    if found.looks is not None:
        return looked_document(found, found.looks, words)
    return Document(
        title=words.say("Promised before: {name}", name=str(found.log.name)),
        subtitle=words.many(
            len(found.promises),
            "{n} promised forecast, as of {day} (UTC)",
            "{n} promised forecasts, as of {day} (UTC)",
            day=words.day(found.as_of),
        ),
        made=words.many(
            found.log.entries,
            "by veedor verify, from the log's {n} entry",
            "by veedor verify, from the log's {n} entries",
        ),
        plain=Section(
            words.say("In short"),
            told.in_short(words, found),
            [told.rounds(words, group) for group in found.together],
        ),
        cautions=told.cautions(words),
        sections=[
            *([_together(words, found)] if found.together else []),
            _rounds(words, found),
            log_proof(words, found),
        ],
        cover=_cover(words, found),
    )


def _cover(words: Words, found: LogFindings) -> Cover:
    tone, finding = covered.finding(words, found)
    counts = [
        Count(
            name,
            words.say("{count} of {all}", count=count, all=whole),
            count / whole,
            "reference" if place else "ours",
        )
        for place, (name, count, whole) in enumerate(covered.proof(words, found))
        if whole
    ]
    drawing = _drawing(words, found)
    return Cover(
        finding=finding,
        tone=tone,
        because=covered.because(words, found),
        proof=Proof(words.say("Of all promises in the log"), tuple(counts)) if counts else None,
        picture=Picture(
            words.say("Information gain of each round; below 0 it went worse."), drawing
        )
        if drawing
        else None,
        cautions=covered.cautions(words),
    )


def _together(words: Words, found: LogFindings) -> Section:
    rows = []
    for one in found.together:
        estimate = None if one.gain is None else one.gain.estimate
        rows.append(
            [
                one.category,
                one.forecaster,
                one.reference,
                *(
                    words.number(count)
                    for count in (
                        one.promised,
                        one.late,
                        one.scored,
                        one.never_scored,
                        one.not_due,
                        one.worse_than_reference,
                    )
                ),
                words.number(None if estimate is None else estimate.value),
                words.number(None) if estimate is None else interval_with_level(words, estimate),
                words.say("nothing scored") if estimate is None else out_of(words, estimate),
            ]
        )
    return Section(
        covered.together(words, found),
        folded=True,
        sentences=[
            words.say(
                "Information gain above 0: the forecast expected what was recorded better than its "
                "reference did. By the first scoring of each round; late promises are left out."
            )
        ],
        tables=[
            table(
                words.say("All rounds together"),
                [
                    words.say("Category"),
                    words.say("Forecaster"),
                    words.say("Held against"),
                    words.say("Promised"),
                    words.say("Late, left out"),
                    words.say("Scored"),
                    words.say("Due, never scored"),
                    words.say("Not due"),
                    words.say("Worse than reference"),
                    words.say("Gain, nats per incident"),
                    words.say("95% interval"),
                    words.say("Out of"),
                ],
                rows,
                headers=3,
            )
        ],
    )


def _drawing(words: Words, found: LogFindings) -> Markup | None:
    """Draw the gain of each scored round over time, a line for each forecaster and category."""
    lines: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for one in found.promises:
        gain = one.first_gain
        if gain is not None and gain.gain.value is not None:
            key = (one.category, one.forecaster)
            lines.setdefault(key, []).append((one.begins[:10], gain.gain.value))
    if not lines:
        return None
    names = [f"{category}: {who}" for category, who in lines]
    look = styles([{"name": name, "is_reference": False} for name in names])
    days = sorted({day for line in lines.values() for day, _ in line})
    with settings():
        figure = Figure(figsize=(7.6, 3.2), layout="constrained")
        axes = figure.subplots()
        for name, line in zip(names, lines.values(), strict=True):
            axes.plot(
                [days.index(day) for day, _ in line],
                [value for _, value in line],
                label=short(name),
                **look[name],
            )
        axes.axhline(0, color=INK, linewidth=1.2)
        step = max(len(days) // 6, 1)
        axes.set_xticks(range(len(days))[::step], [words.short_day(day) for day in days[::step]])
        axes.set_ylabel(words.say("nats per incident"))
        axes.legend(loc="best")
        title = words.say("Information gain of each round over its reference")
        courses, marks = [], []
        for name, line in zip(names, lines.values(), strict=True):
            when, gains = zip(*line, strict=True)
            at = [*map(words.day, when)]
            courses.append(said.course(words, name, at, gains, words.number))
            for day, value in line:
                told = said.at_once(words, words.short_day(day), [(name, value)], words.number)
                marks.append(Mark(axes, days.index(day), value, told))
        return svg(words, figure, "rounds", title, " ".join(courses), marks)


def _rounds(words: Words, found: LogFindings) -> Section:
    return Section(
        covered.every(words, found),
        folded=True,
        sentences=[
            words.say(
                "In the order in which they were made: those that went badly and those never "
                "scored too. A further scoring, with revised counts, stands beside the first."
            )
        ],
        tables=[_promises(words, found)],
        behind=[_scores(words, found)] if any(one.scorings for one in found.promises) else [],
        behind_name=words.say("Every score"),
    )


def _promises(words: Words, found: LogFindings) -> Table:
    def existed(one: PromiseFound) -> str:
        if one.existed_by is None:
            return words.say("own clock only")
        if found.authority_checked:
            return words.say("by {instant}", instant=one.existed_by)
        return words.say("by {instant}, authority not checked", instant=one.existed_by)

    return table(
        words.say("Promises"),
        [
            words.say("Entry"),
            words.say("Category"),
            words.say("Forecaster"),
            words.say("Promised by"),
            words.say("Promised (UTC)"),
            words.say("Existed, by an authority"),
            words.say("In time"),
            words.say("Begins"),
            words.say("Ends"),
            words.say("State"),
        ],
        [
            [
                words.number(one.entry),
                one.category,
                one.forecaster,
                one.promised_by,
                one.promised_at,
                existed(one),
                words.say("LATE") if one.late else words.say("in time"),
                one.begins,
                one.ends,
                words.say(told.STATES[one.state]),
            ]
            for one in found.promises
        ],
        headers=3,
    )


def _scores(words: Words, found: LogFindings) -> Table:
    rows = []
    for one in found.promises:
        for scoring in one.scorings:
            results = scoring.results
            if results is None:
                continue
            named: list[tuple[str, Estimate, bool]] = [
                (score_name(words, name), estimate, False)
                for name, estimate in results.scores.items()
            ]
            if results.information_gain is not None:
                name = score_name(words, "information_gain")
                named.append((name, results.information_gain.gain, False))
            for captured in results.capture_rate:
                name = words.say(
                    "{score} at {area} of the area",
                    score=score_name(words, "capture_rate"),
                    area=words.percent(captured.area_fraction),
                )
                named.append((name, captured.capture_rate, True))
            rows += [
                [
                    words.number(one.entry),
                    one.forecaster,
                    words.number(scoring.round),
                    scoring.written_at,
                    name,
                    (words.percent if share else words.number)(estimate.value),
                    interval_with_level(words, estimate, share),
                    out_of(words, estimate),
                ]
                for name, estimate, share in named
            ]
    return table(
        words.say("Scores"),
        [
            words.say("Entry"),
            words.say("Forecaster"),
            words.say("Scoring"),
            words.say("Scored (UTC)"),
            words.say("Score"),
            words.say("Value"),
            words.say("95% interval"),
            words.say("Out of"),
        ],
        rows,
        headers=3,
    )
