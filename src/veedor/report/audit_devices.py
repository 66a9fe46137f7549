"""Report of the audit of devices: who lives where they can look."""

from __future__ import annotations

from collections.abc import Iterator

from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.audits.places.by_place import PlaceColumn, PlaceOutlines
from veedor.audits.places.devices import DeviceAudit, InView, RouteOfKind, RouteSeen
from veedor.audits.places.devices.figures import KIND
from veedor.report.audit_places import places_section
from veedor.report.audit_sections import (
    cautions,
    everything,
    headed,
    tests_table,
    warnings_section,
)
from veedor.report.devices_cover import agreed_of, devices_cover, ends
from veedor.report.document import Document, Section
from veedor.report.words import Words, words_in
from veedor.report.words import devices as said
from veedor.report.words import devices_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.intervals import CANNOT_TELL, interval_or_not, out_of
from veedor.report.words.intervals import ends as ends_told


def devices_document(
    audit: DeviceAudit,
    words: Words | None = None,
    outlines: PlaceOutlines | None = None,
    in_view: InView | None = None,
) -> Document:
    """Turn an audit of devices into a page.

    Parameters
    ----------
    audit : DeviceAudit
    words : Words, optional
        English by default.
    outlines : PlaceOutlines, optional
        Of its zones, for the maps.
    in_view : InView, optional
        Ground in view, for the map.
    """
    page = _Page(audit, words or words_in("en"))
    return Document(
        title=page.words.say("Where devices can look, and who lives there"),
        subtitle=said.subtitle(page.words, audit),
        made=said.made(page.words, audit),
        plain=page.plain(),
        cautions=cautions(page.words, said.CAUTIONS),
        cover=devices_cover(page.words, audit, outlines, in_view),
        sections=[
            page.ratios(),
            page.ground(),
            *([page.routes()] if audit.routes else []),
            page.density(),
            page.zones(outlines),
            warnings_section(page.words, audit),
            page.method(),
            everything(page.words, audit),
        ],
    )


class _Page:
    """Sections of the page."""

    def __init__(self, audit: DeviceAudit, words: Words) -> None:
        self.audit, self.words = audit, words
        self.views = [name for name in audit.assignments if name.startswith("view")]
        self.standing = [name for name in audit.assignments if name.startswith("devices")]

    def of(
        self, statistic: str, assignment: str, group: str = WHOLE, subset: str = "all"
    ) -> Statement | None:
        return self.audit.of(statistic, Subject(group, assignment, subset))

    def value(self, statistic: str, assignment: str, group: str = WHOLE) -> float | None:
        one = self.of(statistic, assignment, group)
        return None if one is None else one.estimate.value

    def plain(self) -> Section:
        words, audit = self.words, self.audit
        everyone = words.number(ends(audit, "population")[1], 9)
        sentences = [
            said.residents(words, *ends(audit, "residents_in_view"), everyone),
            said.kinds(words, audit),
            said.unknown(words, audit),
        ]
        points = [
            said.group(
                words, group.name,
                *(self.value("covered", name, group.name) for name in
                  (self.views[0], self.views[-1])),
            )
            for group in audit.groups
        ]  # fmt: skip
        return Section(
            words.say(SENTENCES), sentences=[one for one in sentences if one], points=points
        )

    def ratios(self) -> Section:
        words, audit = self.words, self.audit
        rows = []
        for one in audit.verdicts:
            basis = "view" if one.assignment in self.views else "devices"
            stated = self.of(one.statistic, one.assignment, one.group)
            rows.append([
                one.group, one.reference, words.say(said.MEASURES[basis][one.statistic]),
                said.by(words, one.assignment), words.number(one.value),
                "" if stated is None else interval_or_not(words, stated.estimate),
                words.number(one.expected), words.say(said.ANSWERS[one.answer]),
                "" if stated is None else out_of(words, stated.estimate),
            ])  # fmt: skip
        agreed = [
            [
                one.group, one.reference, words.say(said.MEASURES[one.basis][one.statistic]),
                words.say(CANNOT_TELL) if one.low is None and one.high is None
                else ends_told(words, one.low, one.high),
                words.say(said.ANSWERS[one.answer]),
            ]
            for one in audit.agreed
        ]  # fmt: skip
        covered = [
            [
                group.name, said.by(words, name), words.percent(held.estimate.value),
                interval_or_not(words, held.estimate, share=True), out_of(words, held.estimate),
            ]
            for group in audit.groups
            for name in self.views
            if (held := self.of("covered", name, group.name)) is not None
        ]  # fmt: skip
        return Section(
            findings.compared(words, agreed_of(audit)),
            sentences=[words.say(said.HOW_RATIOS)],
            behind=[
                headed(words, said.AGREED, agreed, headers=3),
                headed(words, said.RATIOS, rows, headers=4),
                headed(words, said.COVERED, covered, headers=2),
            ],
            folded=True,
            anchor="ratios",
        )

    def ground(self) -> Section:
        words = self.words
        return Section(
            findings.twice(words, *ends(self.audit, "ground_in_view_twice")),
            sentences=[words.say(said.HOW_GROUND)],
            tables=[headed(words, said.IN_VIEW, list(self._ground()), headers=2)],
            folded=True,
            anchor="ground",
        )

    def _ground(self) -> Iterator[list[str]]:
        words = self.words
        subsets = ["all", *(f"{KIND}{one.kind}" for one in self.audit.kinds)]
        for name in self.views:
            for subset in subsets:
                ground, twice, lived, metres = (
                    self.of(statistic, name, subset=subset)
                    for statistic in ("ground_in_view", "ground_in_view_twice",
                                      "residents_in_view", "m2_in_view_per_resident")
                )  # fmt: skip
                if ground is None or twice is None or lived is None or metres is None:
                    continue
                yield [
                    said.by(words, name), said.part(words, subset, KIND),
                    words.percent(ground.estimate.value), words.percent(twice.estimate.value),
                    words.percent(lived.estimate.value),
                    interval_or_not(words, lived.estimate, share=True),
                    words.number(metres.estimate.value),
                ]  # fmt: skip

    def routes(self) -> Section:
        words = self.words
        rows = []
        for one in self.audit.routes:
            rows.append(self._route(one.name, words.say(said.EVERY_KIND), one.length_m, one))
            rows += [self._route(one.name, each.kind, one.length_m, each) for each in one.kinds]
        return Section(
            findings.routes(words, self.audit.routes),
            sentences=[words.say(said.HOW_ROUTES)],
            tables=[headed(words, said.ROUTES, rows, headers=2)],
            folded=True,
            anchor="routes",
        )

    def _route(
        self, name: str, part: str, length: float, seen: RouteSeen | RouteOfKind
    ) -> list[str]:
        words = self.words
        least, most = (metres / length if length else None for metres in seen.in_view_m)
        return [
            name, part, words.number(round(length), 9),
            findings.counted(words, *map(round, seen.in_view_m)),
            findings.between(words, least, most),
            findings.counted(words, *map(round, seen.twice_m)),
            findings.counted(words, *seen.devices),
        ]  # fmt: skip

    def density(self) -> Section:
        words = self.words
        rows = [
            [
                said.by(words, one.subject.assignment), said.part(words, one.subject.subset, KIND),
                words.say(said.STATISTICS[one.statistic]),
                words.number(one.estimate.value)
                if one.statistic in ("devices_per_km2", "devices_per_1000")
                else words.percent(one.estimate.value),
                out_of(words, one.estimate),
            ]
            for one in self.audit.statements
            if one.statistic in said.STATISTICS
        ]  # fmt: skip
        return Section(
            findings.density(words, *ends(self.audit, "devices_per_km2", "devices")),
            sentences=[words.say(said.HOW_DENSITY)],
            tables=[headed(words, said.DENSITY, rows, headers=3)],
            folded=True,
            anchor="density",
        )

    def zones(self, outlines: PlaceOutlines | None) -> Section:
        """Every zone: a table, and a map of the most that may be in view."""
        figures = self.audit.by_place[0]
        share = figures.column("share_in_view")
        low, high = _of(share)
        seen = [sum(one is not None and one > 0.0 for one in each) for each in (low, high)]
        return places_section(
            self.words,
            findings.zones_in_view(self.words, seen[0], seen[1], len(figures.place)),
            figures,
            list(figures.columns),
            by=share,
            outlines=outlines,
        )

    def method(self) -> Section:
        words = self.words
        return Section(
            said.how(words, self.audit),
            folded=True,
            sentences=said.done(words, self.audit),
            behind=[tests_table(words, self.audit.tests, self.audit.settings.replicates)],
        )


def _of(column: PlaceColumn | None) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Least and most of each place."""
    if column is None:
        return (), ()
    return (column.low, column.high) if column.low else (column.value, column.value)
