"""What is said of a study: proposed, run, reproduced, forecast ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from veedor.errors import listed
from veedor.forecasts.expected_places import FILE as EXPECTED
from veedor.report.document import Document, Section
from veedor.report.named_places import first_places
from veedor.report.tables import table
from veedor.report.words.column_roles import COLUMN_ROLES
from veedor.report.words.counted import UNITS
from veedor.report.words.language import Words
from veedor.report.words.lengths import length_of
from veedor.report.words.terminal import headed

if TYPE_CHECKING:
    from veedor.backtest import Absence
    from veedor.forecasts import Forecast
    from veedor.forecasts.expected_places import ExpectedPlace
    from veedor.statistics.estimates import Estimate
    from veedor.study.area_proposal import ProposedCounts
    from veedor.study.proposal import ProposedStudy
    from veedor.study.results import StudyResults
    from veedor.verification import Examination

#: Share of the area in the short table of a run.
_CAPTURED_AT = 0.05
#: Sentences on the periods ahead; the table has all.
_MOST_TOLD = 12


def proposed(words: Words, made: ProposedStudy) -> Document:
    """Say what was found in incident files, and what to do next."""
    say, proposal, folder = words.say, made.proposal, made.path.parent
    notes = list(proposal.notes)
    first = [words.translated(notes.pop(0))] if notes and proposal.time_zone is None else []
    if proposal.layout is not None:
        first.append(say("Layout: {name}", name=proposal.layout))
    columns = table(
        say("Columns that would be kept"),
        [say("What it says"), say("Column"), say("Such as"), say("Why")],
        [
            [
                words.translated(COLUMN_ROLES[one.role]),
                one.column,
                " | ".join(one.examples),
                words.translated(one.why),
            ]
            for one in proposal.columns
        ],
        4,
    )
    last = []
    if proposal.dropped:
        last.append(
            say("Dropped at reading: {columns}", columns=words.translated(listed(proposal.dropped)))
        )
    if proposal.time_zone is not None and proposal.crs is not None:
        last.append(say("Time zone: {zone}; CRS: {crs}", zone=proposal.time_zone, crs=proposal.crs))
    last += [say("Note: {note}", note=words.translated(note)) for note in notes]
    if made.trouble:
        last.append(say("Not read yet: {trouble}", trouble=words.translated(made.trouble)))
    last.append(say("Wrote {file}. Confirm every GUESS in it, then:", file=made.path))
    last += [f"  veedor check {folder}", f"  veedor run {folder}"]
    found = Section(sentences=first, tables=[columns])
    return Document(say("A study proposed"), headline=[found, Section(sentences=last)])


def proposed_of_counts(words: Words, made: ProposedCounts) -> Document:
    """Say what was found in counts by area, and what to do next."""
    say, folder = words.say, made.path.parent
    first = [say("Layout: {name}, {title}", name=made.layout.name, title=made.layout.title)]
    if made.reading is not None:
        record = made.reading.record
        first.append(
            words.many(
                len(record.editions),
                "{areas} areas, {offences} offences, {n} edition, counts up to {last}",
                "{areas} areas, {offences} offences, {n} editions, counts up to {last}",
                areas=len(record.places),
                offences=len(record.offences),
                last=record.spans.labels[record.latest.last],
            )
        )
    tables = []
    if made.forecast:
        tables = [
            table(
                say("Offences that would be forecast"),
                [say("Code"), say("Offence"), say("Unit"), say("Counted")],
                [
                    [one.code, one.name, say(UNITS[one.unit]), words.number(one.count)]
                    for one in made.forecast
                ],
                3,
            )
        ]
    last = []
    if made.outlines is None:
        last.append(say("No outlines were given: name them under [cells], or use --zones FILE."))
    else:
        last.append(
            say(
                "Outlines: {matched} of {areas} areas, by the property {id}",
                matched=made.outlines.matched,
                areas=made.outlines.areas,
                id=made.outlines.id,
            )
        )
    if made.trouble:
        last.append(say("Not read yet: {trouble}", trouble=words.translated(made.trouble)))
    last.append(say("Wrote {file}. Confirm every GUESS in it, then:", file=made.path))
    last += [f"  veedor check {folder}", f"  veedor run {folder}"]
    return Document(
        say("A study proposed"),
        headline=[Section(sentences=first, tables=tables), Section(sentences=last)],
    )


def ahead(
    words: Words,
    forecasts: Sequence[Forecast],
    absent: Sequence[Absence],
    expected: Sequence[ExpectedPlace],
    folder: Path,
) -> Document:
    """Say how many incidents are expected, where the most, and who did not forecast."""
    say, rows = words.say, []
    for forecast in forecasts:
        totals = forecast.totals
        low, high = totals.quantile(0.025), totals.quantile(0.975)
        for number, (start, end) in enumerate(zip(*forecast.periods.labels(), strict=True)):
            told = say(
                "{mean} ({low} to {high})",
                mean=words.number(float(totals.mean[number])),
                low=int(low[number]),
                high=int(high[number]),
            )
            rows.append([forecast.category, forecast.forecaster, start, end, told])
    head = [say("Category"), say("Forecaster"), say("From"), say("To"), say("Expected")]
    title = say("Recorded incidents expected in all cells together, 95% interval")
    last = [
        say(
            "No forecast of {category} by {forecaster}, which says that there is too little data: "
            "{reason}",
            category=one.category,
            forecaster=one.forecaster,
            reason=one.reason,
        )
        for one in absent
    ]
    last.append(say("Forecasts: {folder}", folder=folder / "forecasts"))
    last.append(say("Places by name: {file}", file=folder / EXPECTED))
    headline = [
        Section(sentences=_expected(words, forecasts)),
        Section(tables=first_places(words, expected)),
        Section(sentences=last),
    ]
    details = [Section(tables=[table(title, head, rows, 4)])]
    return Document(say("The periods ahead"), headline=headline, details=details)


def _expected(words: Words, forecasts: Sequence[Forecast]) -> list[str]:
    """Say of each category and period what its forecasters expect in all cells together."""
    told = []
    for category in dict.fromkeys(one.category for one in forecasts):
        totals = [one.totals for one in forecasts if one.category == category]
        (first, *_) = (one for one in forecasts if one.category == category)
        for number, (start, end) in enumerate(zip(*first.periods.labels(), strict=True)):
            means = [float(one.mean[number]) for one in totals]
            given = {
                "category": category,
                "start": words.day(start),
                "end": words.day(end),
                "low": int(min(one.quantile(0.025)[number] for one in totals)),
                "high": int(max(one.quantile(0.975)[number] for one in totals)),
                "least": words.number(min(means), 2),
            }
            told.append(
                words.many(
                    len(totals),
                    "{category}, from {start} to before {end}: {least} are expected to be "
                    "recorded in all cells together ({low} to {high}, 95%).",
                    "{category}, from {start} to before {end}: by {n} forecasters, {least} to "
                    "{most} are expected to be recorded in all cells together ({low} to {high} "
                    "holds the 95% intervals of all).",
                    most=words.number(max(means), 2),
                    **given,
                )
            )
    more = len(told) - _MOST_TOLD
    if more > 0:
        told[_MOST_TOLD:] = [
            words.many(
                more,
                "And {n} more; --details prints all.",
                "And {n} more; --details prints all.",
            )
        ]
    return told


def ran(words: Words, page: Document, results: StudyResults, folder: Path) -> Document:
    """Say what the cover of a run's page says; its details are a short table of how each did."""
    say = words.say
    rows: list[list[str]] = []
    for category in results.categories:
        name = words.say(
            "{category} ({n})", category=category.name, n=category.examination.recorded.inside
        )
        rows += _short_rows(words, name, category.examination)
        for absent in category.absent:
            without = say(
                "too little data at {n} of {origins} origins",
                n=absent.origins_absent,
                origins=absent.origins,
            )
            unscored = say("not scored")
            rows.append([name, absent.forecaster, without, unscored, unscored])
    title = say(
        "{title}: {cells} cells, {origins} origins, periods of {length}",
        title=results.study.title,
        cells=results.cells.count,
        origins=len(results.periods.origins),
        length=length_of(words, results.periods.length),
    )
    told = headed(words, page, folder / "report.html")
    return replace(told, details=[short_section(words, title, rows)])


def short_gains(words: Words, title: str, examined: Sequence[Examination]) -> Section:
    """Say in a short table how each forecaster did against the reference, by category."""
    return short_section(
        words, title, [row for one in examined for row in _short_rows(words, one.category, one)]
    )


def short_section(words: Words, title: str, rows: Sequence[Sequence[str]]) -> Section:
    """Head a short table, and say what stands in it."""
    say = words.say
    head = [
        say("Category"),
        say("Forecaster"),
        say("Gain, nats per incident"),
        say("Capture rate"),
        say("Log score"),
    ]
    return Section(
        sentences=[
            say(
                "Intervals: 95%. The report says what a gain shows, over all comparisons. "
                "Capture rate at 5% of the area; chance captures 5%."
            )
        ],
        tables=[table(title, head, rows, 2)],
    )


def _short_rows(words: Words, name: str, examined: Examination) -> Iterator[list[str]]:
    gains = {row.forecaster: row.gain.estimate for row in examined.comparisons}
    captured = {
        row.ranking: row.capture_rate
        for row in examined.places.captured
        if row.area_fraction == _CAPTURED_AT
    }
    for one in examined.forecasters:
        gain, score = gains.get(one.forecaster), one.scores.get("log_score")
        rate = captured.get(one.forecaster)
        yield [
            name,
            one.forecaster,
            words.say("reference") if gain is None else interval(words, gain),
            words.number(None) if rate is None else interval(words, rate, share=True),
            words.number(None) if score is None else interval(words, score, digits=4),
        ]


def reproduced(words: Words, files: Sequence[str], differences: Sequence[str]) -> Document:
    """Say whether every number is the same, or which differ."""
    say, listed = words.say, ", ".join(files)
    if differences:
        told = [
            say("Not reproduced: {files} differ.", files=listed),
            *(f"  {one}" for one in differences),
        ]
    else:
        told = [say("Reproduced: the same, byte for byte: {files}.", files=listed)]
    return Document(say("Reproduction"), headline=[Section(sentences=told)])


def interval(words: Words, estimate: Estimate, *, share: bool = False, digits: int = 3) -> str:
    """Write an estimate with its interval, or that it is undefined."""
    write = words.percent if share else words.number
    value, low, high = (write(end, digits) for end in (estimate.value, estimate.low, estimate.high))
    if estimate.value is None:
        return value
    if estimate.low is None:
        return words.say("{value} (no interval)", value=value)
    return words.say("{value} ({low} to {high})", value=value, low=low, high=high)
