"""Report of the exposure audit: who lives where a system looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.audits.places import ExposureAudit, RatioVerdict
from veedor.audits.places.by_place import PlaceOutlines
from veedor.report.audit_places import place_table, places_section
from veedor.report.audit_sections import cautions, headed, tests_table, warnings_section
from veedor.report.document import Document, Section
from veedor.report.exposure_cover import exposure_cover, zones_that_hold
from veedor.report.ratio_chart import ratio_chart
from veedor.report.words import Words, words_in
from veedor.report.words import exposure as said
from veedor.report.words import exposure_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.called import called
from veedor.report.words.intervals import interval, interval_or_not, out_of


def exposure_document(
    audit: ExposureAudit, words: Words | None = None, outlines: PlaceOutlines | None = None
) -> Document:
    """Turn an audit of exposure into a page.

    Parameters
    ----------
    audit : ExposureAudit
    words : Words, optional
        English by default.
    outlines : PlaceOutlines, optional
        Of its zones, for the maps.
    """
    page = _Page(audit, words or words_in("en"))
    first, *others = audit.settings.assignments
    predictions = audit.data.predictions
    return Document(
        title=page.words.say("Who lives where it looks"),
        subtitle=said.subtitle(page.words, None if predictions is None else predictions.file),
        made=said.made(page.words, audit),
        plain=page.plain(first),
        cautions=cautions(page.words, said.CAUTIONS),
        cover=exposure_cover(page.words, audit, outlines),
        sections=[
            page.ratios(first),
            page.places(first),
            page.zones(first, outlines),
            page.spread(first),
            *([page.counted_otherwise(others)] if others else []),
            warnings_section(page.words, audit),
            page.method(),
        ],
    )


class _Page:
    """Sections of the page."""

    def __init__(self, audit: ExposureAudit, words: Words) -> None:
        self.audit, self.words = audit, words
        self.verdicts = {(v.assignment, v.group, v.statistic): v for v in audit.verdicts}

    def get(self, assignment: str, group: str, statistic: str) -> Statement | None:
        return self.audit.of(statistic, Subject(group, assignment))

    def value(self, assignment: str, statistic: str, group: str = WHOLE) -> float | None:
        one = self.get(assignment, group, statistic)
        return None if one is None else one.estimate.value

    def verdicts_of(self, assignment: str, group: str) -> dict[str, RatioVerdict]:
        return {
            name: self.verdicts[assignment, group, name]
            for name in said.EXPOSURES
            if (assignment, group, name) in self.verdicts
        }

    def plain(self, assignment: str) -> Section:
        words = self.words
        sentences = [
            said.matched(
                words,
                *(self.value(assignment, name)
                  for name in ("predictions_total", "matched_share", "n_zones", "population")),
            )
        ]  # fmt: skip
        half = self.value(assignment, "population_share_holding_half")
        if half is not None:
            sentences.append(said.half(words, half))
        points = [
            said.compared(
                words, group.name, group.reference, self.verdicts_of(assignment, group.name)
            )
            for group in self.audit.groups
        ]
        return Section(
            words.say(SENTENCES),
            sentences=[
                *sentences,
                words.say(said.HOW_TO_READ),
                *said.one_by_one(words, self.audit.verdicts),
            ],
            points=[point for point in points if point],
        )

    def ratios(self, assignment: str, alone: bool = True) -> Section:
        """Compare groups with their references; not `alone`, what was said before is not again."""
        words, audit = self.words, self.audit
        compared = [group for group in audit.groups if group.reference != group.name]
        rows, answers, drawn = [], [], {}
        for group in compared:
            for statistic, (short, _) in said.EXPOSURES.items():
                by = [group.name, group.reference, words.say(short)]
                for ending, allowing in said.ALLOWING.items():
                    if one := self.get(assignment, group.name, statistic + ending):
                        rows.append([*by, *self.with_ends(one), words.say(allowing),
                                     out_of(words, one.estimate)])  # fmt: skip
                        if not ending:
                            drawn[group.name, statistic] = one.estimate
                verdict = self.verdicts[assignment, group.name, statistic]
                relative = self.get(assignment, group.name, f"{statistic}_over_expected")
                answers.append([
                    *by, words.number(verdict.value), words.number(verdict.expected),
                    *((words.number(None),) * 2 if relative is None else self.with_ends(relative)),
                    words.number(verdict.effective_zones),
                    words.say(said.ANSWERS[verdict.answer]),
                ])  # fmt: skip
        chart = ratio_chart(
            words,
            drawn,
            {group.name: f"{group.name} / {group.reference}" for group in compared},
            {name: words.say(by) for name, (by, _) in said.EXPOSURES.items()},
            key=f"ratios-{assignment}",
            title=words.say("Ratios of exposure"),
            axis=words.say("ratio of exposures"),
        )
        exposures = self.stated(
            assignment, ("exposure_per_1000", "exposure_count", "exposure_per_km2")
        )
        mine = [one for one in audit.verdicts if one.assignment == assignment]
        title = words.say(
            "Exposure compared with the reference: {assignment}",
            assignment=called(words, assignment),
        )
        return Section(
            findings.answered(words, mine) if alone else title,
            sentences=[
                said.assigned(words, assignment),
                *(
                    [words.say(said.TWO_INTERVALS), words.say(findings.CHOSEN[assignment][1])]
                    if alone
                    else []
                ),
            ],
            folded=alone,
            anchor=f"ratios-{assignment}-section",
            figures=[(chart, words.say(said.RATIO_CAPTION))] if compared else [],
            behind=[
                headed(words, said.RATIOS, rows),
                headed(words, said.COMPARED, answers),
                headed(words, said.EXPOSED, list(exposures)),
            ],
        )

    def with_ends(self, one: Statement, share: bool = False) -> tuple[str, str]:
        write = self.words.percent if share else self.words.number
        return write(one.estimate.value), interval_or_not(self.words, one.estimate, share)

    def stated(
        self, assignment: str, statistics: tuple[str, ...], share: bool = False
    ) -> Iterator[list[str]]:
        """Rows of statements of every group."""
        for group in self.audit.groups:
            for statistic in statistics:
                if one := self.get(assignment, group.name, statistic):
                    yield [group.name, statistic, *self.with_ends(one, share),
                           out_of(self.words, one.estimate)]  # fmt: skip

    def places(self, assignment: str, alone: bool = True) -> Section:
        """Say who lives in the most and least targeted zones."""
        words = self.words
        points, furthest = [], (0.0, "")
        for group in self.audit.groups:
            top = self.get(assignment, group.name, "share_top_decile")
            if top is not None:
                known = top.estimate.low is not None
                brackets = interval(words, top.estimate, True) if known else said.NOT_SAID
                whole = self.value(assignment, "share_total", group.name)
                points.append(said.most_targeted(
                    words, group.name, group.of, top.estimate.value,
                    brackets if known else words.say(said.NOT_SAID), whole,
                ))  # fmt: skip
                apart = abs((top.estimate.value or 0.0) - (whole or 0.0))
                furthest = max(furthest, (apart, findings.most_targeted(
                    words, group.name, group.of, top.estimate.value, whole
                )))  # fmt: skip
        rows = self.stated(
            assignment,
            ("share_total", "share_top_decile", "share_top_quintile", "share_bottom_quintile",
             "share_in_zero_zones", "covered"),
            share=True,
        )  # fmt: skip
        title = words.say(
            "Who lives in the most and least targeted zones: {assignment}",
            assignment=called(words, assignment),
        )
        return Section(
            furthest[1] if alone and furthest[1] else title,
            points=points,
            behind=[headed(words, said.SHARES, list(rows))],
            folded=alone,
        )

    def zones(self, assignment: str, outlines: PlaceOutlines | None) -> Section:
        """Every zone, by every assignment: a table and a map."""
        figures = self.audit.by_place[0]
        half, other, none = zones_that_hold(self.audit)
        kinds = figures.kinds("part_of_predictions", assignment)
        return places_section(
            self.words,
            findings.zones_hold(self.words, half, none, half + other + none),
            figures,
            [one for one in figures.columns if one.assignment in ("", assignment)],
            kinds=() if kinds is None else [kinds],
            by=figures.column("predictions_per_1000", assignment),
            outlines=outlines,
        )

    def counted_otherwise(self, assignments: Sequence[str]) -> Section:
        """Put every other assignment behind one heading: what differs first, then its figures."""
        title, differing = findings.others(self.words, self.audit)
        figures = self.audit.by_place[0]
        parts = []
        for one in assignments:
            columns = [each for each in figures.columns if each.assignment == one]
            caption = self.words.say("Zones: {assignment}", assignment=called(self.words, one))
            parts += [
                self.ratios(one, alone=False),
                self.places(one, alone=False),
                self.spread(one, alone=False),
                Section(
                    caption,
                    behind=[place_table(self.words, caption, figures, columns)],
                    behind_name=self.words.say("Table of the zones"),
                ),
            ]
        return Section(title, points=differing, parts=parts, folded=True, anchor="otherwise")

    def spread(self, assignment: str, alone: bool = True) -> Section:
        """Say how uneven it is."""
        words = self.words
        whole = [
            [one.statistic, words.number(one.estimate.value, 6), out_of(words, one.estimate)]
            for one in self.audit.statements
            if one.subject == Subject(WHOLE, assignment)
        ]
        joined = [
            [
                *row[:4],
                words.number(self.value(assignment, f"effective_n_{row[1]}", row[0])),
                row[4],
            ]
            for row in self.stated(
                assignment,
                ("spearman_share_vs_count", "spearman_share_vs_rate", "pearson_share_vs_count"),
            )
        ]
        gini = self.value(assignment, "gini_population")
        title = words.say("How uneven it is: {assignment}", assignment=called(words, assignment))
        return Section(
            findings.uneven(words, gini) if alone else title,
            folded=alone,
            sentences=[
                said.uneven(
                    words,
                    *(self.value(assignment, name)
                      for name in ("gini_population", "zero_zone_share", "morans_i_log1p_count")),
                )
            ],
            behind=[
                headed(words, said.WHOLE_AREA, whole),
                headed(words, said.CORRELATIONS, joined),
            ],
        )  # fmt: skip

    def method(self) -> Section:
        words = self.words
        data = self.audit.data
        return Section(
            findings.how(words, data.zones, data.zones_with_residents, data.zones_without_numbers),
            folded=True,
            sentences=said.done(words, self.audit),
            behind=[tests_table(words, self.audit.tests, self.audit.settings.replicates)],
        )
