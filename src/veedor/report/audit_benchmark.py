"""Report of the benchmark audit."""

from __future__ import annotations

import math

from veedor.audits.audit import WHOLE, Subject
from veedor.audits.places import BenchmarkAudit
from veedor.audits.places.by_place import PlaceOutlines
from veedor.report.audit_places import places_section
from veedor.report.audit_sections import cautions, headed, warnings_section
from veedor.report.benchmark_cover import benchmark_cover, foremost, more_than_twice
from veedor.report.cover import side
from veedor.report.document import Document, Section
from veedor.report.ratio_chart import ratio_chart
from veedor.report.tables import Table
from veedor.report.words import Words, words_in
from veedor.report.words import benchmark as said
from veedor.report.words import benchmark_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.intervals import in_brackets, interval_or_not, out_of

_RATE_RATIO = "rate_ratio_10_points_"


def benchmark_document(
    audit: BenchmarkAudit, words: Words | None = None, outlines: PlaceOutlines | None = None
) -> Document:
    """Turn a benchmark audit into a page.

    Parameters
    ----------
    audit : BenchmarkAudit
    words : Words, optional
        English by default.
    outlines : PlaceOutlines, optional
        Of its zones, for the maps.
    """
    words = words or words_in("en")
    return Document(
        title=words.say("More than the record explains?"),
        subtitle=words.say("A benchmark of {file}", file=audit.data.predictions.file),
        made=words.say(
            "Made by veedor from {zones} zones; seed {seed}.",
            zones=audit.data.zones, seed=str(audit.settings.seed),
        ),
        plain=Section(
            words.say(SENTENCES),
            sentences=said.short(words, audit),
            points=_points(words, audit),
        ),
        cautions=cautions(words, said.CAUTIONS),
        cover=benchmark_cover(words, audit, outlines),
        sections=[
            _other_rules(words, audit),
            _zones(words, audit, outlines),
            _conditional(words, audit),
            *_performance(words, audit),
            warnings_section(words, audit),
        ],
    )  # fmt: skip


def _points(words: Words, audit: BenchmarkAudit) -> list[str]:
    """One line a group, per 1,000 members by every rule."""
    points = []
    for group in audit.groups:
        told = []
        for rule in audit.counterfactuals:
            one = audit.of(f"excess_per_1000_vs_{rule}", Subject(group.name, audit.assignment))
            if one is not None and one.estimate.value is not None:
                between = interval_or_not(words, one.estimate)
                told.append(said.excess(words, one.estimate.value, between, rule))
        if told:
            points.append(said.exposure(words, group.name, told))
    return points


def _other_rules(words: Words, audit: BenchmarkAudit) -> Section:
    """Every counterfactual: a chart of all, and a table of each."""
    drawn = {
        (one.subject.group, rule): one.estimate
        for one in audit.statements
        for rule in audit.counterfactuals
        if one.statistic == f"excess_per_1000_vs_{rule}"
    }
    chart = ratio_chart(
        words,
        drawn,
        {group.name: group.name for group in audit.groups},
        {
            rule: words.say("if {rule}", rule=words.say(said.RULES[rule]))
            for rule in audit.counterfactuals
        },
        key="other-rules",
        title=words.say("Exposure compared with other rules"),
        axis=words.say("exposure per 1,000 members, by what it would be"),
    )
    tones = [side(one.low, one.high) for one in drawn.values()]
    return Section(
        findings.compared(words, tones.count("more"), tones.count("less"), len(tones)),
        folded=True,
        sentences=[words.say(said.OTHER_RULES)],
        figures=[(chart, words.say(said.OTHER_RULES_CAPTION))] if drawn else [],
        behind=[_by_rule(words, audit, rule) for rule in audit.counterfactuals],
        behind_name=words.say("Tables: every rule"),
    )


def _zones(words: Words, audit: BenchmarkAudit, outlines: PlaceOutlines | None) -> Section:
    """Every zone beside what each rule would give it."""
    figures, rule = audit.by_place[0], foremost(audit)[0]
    above = more_than_twice(figures, rule)
    return places_section(
        words, findings.zones(words, rule, above, len(figures.place)), figures, figures.columns,
        by=figures.column(f"times_rule_{rule}"), outlines=outlines, on_cover=True,
    )  # fmt: skip


def _by_rule(words: Words, audit: BenchmarkAudit, rule: str) -> Table:
    rows = [
        [one.subject.group, words.say(said.MEASURES[measure]), words.number(one.estimate.value),
         interval_or_not(words, one.estimate), out_of(words, one.estimate)]
        for one in audit.statements
        if (measure := one.statistic.removesuffix(f"_vs_{rule}")) in said.MEASURES
    ]  # fmt: skip
    return headed(words, said.BY_RULE, rows, rule=words.say(said.RULES[rule]))


def _conditional(words: Words, audit: BenchmarkAudit) -> Section:
    mine = [
        (one.subject.group, one.statistic.removeprefix(_RATE_RATIO), one.estimate)
        for one in audit.statements
        if one.statistic.startswith(_RATE_RATIO)
    ]
    given = dict.fromkeys(name for _, name, _ in mine)
    chart = ratio_chart(
        words,
        {(group, name): estimate for group, name, estimate in mine},
        {group: group for group, _, _ in mine},
        {name: words.say(said.GIVEN[name][1]) for name in given},
        key="rate-ratios",
        title=words.say("Predictions and who lives there"),
        axis=words.say("predictions, times as many for 10 points more of the group's share"),
    )
    rows = [
        [group, words.say(said.GIVEN[name][0]), words.number(estimate.value),
         interval_or_not(words, estimate), words.of(estimate.method), out_of(words, estimate)]
        for group, name, estimate in mine
    ]  # fmt: skip
    caption = words.say("Rate ratios with 95% intervals. The line marks no difference.")
    title = words.say("Predictions and who lives there, with and without the record")
    ties = [one for one in mine if one[2].value]
    if ties:
        group, name, one = max(ties, key=lambda tie: abs(math.log(tie[2].value or 1.0)))
        title = findings.conditional(
            words, group, words.say(said.GIVEN[name][1]), words.number(one.value),
            in_brackets(words, one),
        )  # fmt: skip
    return Section(
        title,
        folded=True,
        sentences=[words.say(said.CONDITIONAL)],
        figures=[(chart, caption)] if mine else [],
        behind=[headed(words, said.RATE_RATIOS, rows)],
        behind_name=words.say("Table: rate ratios"),
    )


def _performance(words: Words, audit: BenchmarkAudit) -> list[Section]:
    kinds = list(audit.data.incidents)
    captured = {
        (one.subject.group, kind): one.estimate
        for one in audit.statements
        for kind in kinds
        if one.statistic == f"capture_rate_{kind}"
    }
    if not captured:
        return []
    chart = ratio_chart(
        words,
        captured,
        {group: said.largest(words, group, WHOLE) for group, _ in captured},
        {kind: words.say(said.KINDS[kind][0]) for kind in kinds},
        key="captured",
        title=words.say("Incidents in places that were predicted"),
        axis=words.say("share of incidents in a place that was predicted at least once"),
        equal_at=None,
    )
    caption = words.say("Share of the incidents that were captured, with 95% intervals.")
    first = captured.get((WHOLE, kinds[0]), next(iter(captured.values())))
    return [
        Section(
            findings.works(
                words,
                words.percent(first.value),
                in_brackets(words, first, share=True),
                out_of(words, first),
            ),
            folded=True,
            sentences=[words.say(said.WORKS)],
            figures=[(chart, caption)],
            behind=[_of_kind(words, audit, kind) for kind in kinds],
            behind_name=words.say("Tables: captured, missed, flagged in vain"),
        )
    ]


def _of_kind(words: Words, audit: BenchmarkAudit, kind: str) -> Table:
    rows = []
    for one in audit.statements:
        name = one.statistic.removesuffix(f"_{kind}")
        if name in said.PERFORMANCE and name != one.statistic:
            what, share = said.PERFORMANCE[name]
            rows.append([
                said.largest(words, one.subject.group, WHOLE),
                words.say(what),
                (words.percent if share else words.number)(one.estimate.value),
                interval_or_not(words, one.estimate, share),
                out_of(words, one.estimate),
            ])  # fmt: skip
    return headed(words, said.WORKED, rows, incidents=words.say(said.KINDS[kind][1]))
