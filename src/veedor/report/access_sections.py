"""The sections of an audit of access: what was read, where it breaks, who looked and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from markupsafe import Markup

from veedor.audits.access.quality import AccessQuality
from veedor.audits.access.results import AccessAudit
from veedor.audits.audit import Statement
from veedor.report import access_charts as charts
from veedor.report.audit_sections import headed, not_on
from veedor.report.cover import Cover
from veedor.report.document import Section
from veedor.report.lorenz import Curve, lorenz
from veedor.report.tables import Table, table
from veedor.report.week_chart import week_chart
from veedor.report.words import Words, access_charts, access_figures
from veedor.report.words import access as called
from veedor.report.words import access_sentences as said
from veedor.report.words.audits import SHOW_THEM, every_one
from veedor.report.words.intervals import interval, interval_or_not, out_of


def read(words: Words, audit: AccessAudit, quality: AccessQuality) -> Section:
    """Say which files were read, what their cells are, and what was released again."""
    files = [
        [
            one.file, one.preset, words.number(one.rows), _day(words, one.first),
            _day(words, one.last), called.columns(words, one.columns),
            words.say(called.NONE) if one.cap is None else words.number(one.cap), one.sha256,
        ]
        for one in audit.files
    ]  # fmt: skip
    cells = [
        [
            called.column(words, one.column),
            *(words.number(one.cells.get(state, 0)) for state in called.STATES),
            words.say(called.CONSTANT if one.constant else called.YES),
        ]
        for one in audit.columns
    ]
    repeated = [
        [words.say(called.REPEATED[why]), words.number(many)]
        for why, many in audit.repeated.items()
    ]
    return Section(
        said.read(words, audit),
        folded=True,
        anchor="read",
        sentences=said.what_was_read(words, audit, quality),
        tables=[headed(words, called.CELLS, cells)],
        behind=[
            headed(words, called.FILES, files),
            *([headed(words, called.REPEATED_ROWS, repeated)] if repeated else []),
        ],
    )


def breaks(words: Words, audit: AccessAudit) -> Section:
    """Say on which days the log became another."""
    rows = [
        [str(number), words.day(one.day), called.became(words, one)]
        for number, one in enumerate(audit.breaks, 1)
    ]
    return Section(
        said.broken(words, audit),
        folded=True,
        anchor="breaks",
        sentences=[words.say(said.WHAT_BREAKS)],
        tables=[headed(words, called.BROKEN, rows)] if rows else [],
    )


def who(words: Words, audit: AccessAudit, cover: Cover) -> Section:
    """Say how many looked, month by month, and how few made most look-ups."""
    figures = []
    if audit.curve:
        figures.append((concentration(words, audit), words.say(said.CURVE_SHOWN)))
    shown = through_time(words, audit)
    if shown is not None:
        figures += not_on(cover, shown, words.say(access_charts.THROUGH_TIME))
    months = [
        [
            words.month(f"{one.month}-01"), words.number(one.stretch + 1), words.number(one.days),
            words.number(one.lookups), words.number(one.a_day.value),
            interval(words, one.a_day),
            called.people(words, one.users, hidden=one.hidden),
            called.people(words, one.units, hidden=False),
            called.people(words, one.forces, hidden=False),
        ]
        for one in audit.months
    ]  # fmt: skip
    groups = [
        [
            words.say(called.LEVELS[one.what]), one.name,
            called.people(words, one.users, hidden=one.users is None),
            called.people(words, one.lookups, hidden=one.lookups is None),
        ]
        for one in audit.groups
    ]  # fmt: skip
    return Section(
        said.concentrated(words, audit),
        folded=True,
        anchor="who",
        sentences=[words.say(said.WHO_NOTE, k=audit.settings.k)],
        figures=figures,
        tables=[figures_table(words, audit, "who")],
        behind=[
            headed(words, called.MONTHS, months),
            *([headed(words, called.GROUPS, groups, headers=2)] if groups else []),
        ],
    )


def when(words: Words, audit: AccessAudit) -> Section:
    """Say at which hours, how regularly, and on which days nobody looked."""
    figures = []
    if any(many for day in audit.hours for many in day):
        by_hour = np.array(
            [[np.nan if n is None else float(n) for n in day] for day in audit.hours]
        )
        title = words.say(said.WEEK, zone=audit.time_zone)
        drawn = week_chart(words, by_hour.ravel(), "hours", title, words.say(said.LOOK_UPS))
        figures.append((drawn, words.say(said.WEEK_SHOWN, zone=audit.time_zone)))
    return Section(
        said.days_without(words, audit),
        folded=True,
        anchor="when",
        sentences=said.missing(words, audit),
        figures=figures,
        tables=[figures_table(words, audit, "when")],
    )


def through_time(words: Words, audit: AccessAudit) -> Markup | None:
    """Draw look-ups a day by month; None without a look-up that has a time."""
    if not audit.months or audit.first is None:
        return None
    spans = [
        charts.Span(words.month(f"{one.month}-01"), begin, end, one.a_day.value)
        for one, (begin, end) in zip(audit.months, days_of(audit), strict=True)
    ]
    return charts.through_time(words, spans, [one.day for one in audit.breaks], "months")


def days_of(audit: AccessAudit) -> Iterator[tuple[str, str]]:
    """Yield from which day and until which, without it, each month of a log is counted."""
    at = date.fromisoformat(audit.first or "")
    for one in audit.months:
        end = at + timedelta(days=one.days)
        yield at.isoformat(), end.isoformat()
        at = end


def concentration(words: Words, audit: AccessAudit) -> Markup:
    """Draw the share of look-ups against that of accounts, the busiest first."""
    points = 100.0 * (1.0 - np.array([[one.users, one.lookups] for one in audit.curve[::-1]]))
    curve = Curve(words.say(said.USERS), points[:, 0], points[:, 1])
    return lorenz(words, [curve], access_charts.CONCENTRATION, "users")


def figures_table(words: Words, audit: AccessAudit, part: str) -> Table:
    """Set out all figures of a part of the page, one of `access_figures.SHOWN`."""
    names = access_figures.SHOWN[part]
    rows = [
        _figure(words, audit, one)
        for one in audit.statements
        if one.statistic in names and access_figures.span_of(one) is None
    ]
    columns = [words.say(column) for column in called.FIGURES]
    return table(words.say(called.CAPTIONS[part]), columns, rows)


def every(words: Words, audit: AccessAudit) -> Section:
    """Put every statement behind one fold, each named, with its method."""
    rows = [
        [*_figure(words, audit, one), words.of(one.estimate.method)] for one in audit.statements
    ]
    return Section(
        every_one(words, len(rows)),
        folded=True,
        behind=[headed(words, called.EVERY_FIGURE, rows)],
        behind_name=words.say(SHOW_THEM),
    )


def _figure(words: Words, audit: AccessAudit, one: Statement) -> list[str]:
    share = access_figures.is_share(one.statistic)
    return [
        access_figures.named(words, audit, one),
        value(words, one),
        interval_or_not(words, one.estimate, share=share),
        "–" if one.numerator is None else words.number(one.numerator, 9),
        out_of(words, one.estimate),
    ]


def value(words: Words, one: Statement) -> str:
    """Write the value of a statement: a share in percent, a number of people that is hidden not."""
    if one.estimate.method.code == "suppressed":
        return words.say(said.HIDDEN_NUMBER)
    if access_figures.is_share(one.statistic):
        return words.percent(one.estimate.value)
    if one.estimate.method.code == "none_counted":
        return words.number(one.estimate.value, 9)
    return words.number(one.estimate.value)


def _day(words: Words, day: str | None) -> str:
    return words.say(called.NONE) if day is None else words.day(day)
