"""The sections of an audit of access about how it is used: reach, lists, reasons, peers, review."""

from __future__ import annotations

from collections import Counter

from veedor.audits.access.results import AccessAudit
from veedor.report.access_sections import figures_table
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.words import Words, access_figures
from veedor.report.words import access as called
from veedor.report.words import access_sentences as said
from veedor.report.words.intervals import interval, out_of


def reach(words: Words, audit: AccessAudit) -> Section:
    """Say how many networks and devices were searched, and which windows asked for."""
    figures = figures_table(words, audit, "reach")
    return Section(
        said.reached(words, audit),
        folded=True,
        anchor="reach",
        sentences=[words.say(said.REACH_NOTE)],
        tables=[figures] if figures.rows else [],
    )


def explained(words: Words, audit: AccessAudit) -> Section:
    """Say what was looked up again, what was on the list in force, and what rules explain."""
    sentences, tables = [], []
    for part, note in (
        ("again", words.say(said.BURN_IN)),
        ("listed",
         words.say(said.LIST_NOTE, n=audit.settings.listed_later_within)),
        ("explained",
         words.say("{rules} {apart}", rules=said.rules(words, audit),
                   apart=words.say(said.FIRST_APART))),
    ):  # fmt: skip
        figures = figures_table(words, audit, part)
        if figures.rows:
            sentences.append(note)
            tables.append(figures)
    if audit.versions:
        sentences.append(words.say(said.VERSIONS_NOTE))
    return Section(
        said.again(words, audit),
        folded=True,
        anchor="explained",
        sentences=sentences or [words.say(said.WHAT_TO_GIVE)],
        tables=tables,
        behind=[headed(words, called.VERSIONS, _versions(words, audit), 2)]
        if audit.versions
        else [],
    )


def _versions(words: Words, audit: AccessAudit) -> list[list[str]]:
    """Set out each version of the list: when it held, and the look-ups on it and off it."""
    return [
        [
            *("–" if day is None else words.day(day) for day in (one.since, one.until)),
            words.number(one.lookups),
            *(
                part
                for share in (one.inside_share, one.outside_share)
                for part in (words.percent(share.value), interval(words, share, share=True))
            ),
        ]
        for one in audit.versions
    ]


def reasons(words: Words, audit: AccessAudit) -> Section:
    """Say what the cells of reasons are, and what several lists of words make of them."""
    lists = [
        [
            words.say(access_figures.LISTS[one.name]), words.percent(one.share.value),
            interval(words, one.share, share=True), out_of(words, one.share), ", ".join(one.words),
        ]
        for one in audit.lists
    ]  # fmt: skip
    terms = [
        [one.word, called.people(words, one.whole, hidden=one.whole is None),
         called.people(words, one.inside, hidden=one.inside is None)]
        for one in audit.terms
        if one.whole != 0 or one.inside != 0
    ]  # fmt: skip
    figures = figures_table(words, audit, "reasons")
    sentences = [words.say(said.REASONS_NOTE)] if lists else []
    if terms:
        sentences.append(words.say(said.WORDS_NOTE))
    return Section(
        said.vague(words, audit),
        folded=True,
        anchor="reasons",
        sentences=sentences,
        points=said.each_list(words, audit),
        tables=[figures] if figures.rows else [],
        behind=[
            *([headed(words, called.LISTS, lists)] if lists else []),
            *([headed(words, called.TERMS, terms)] if terms else []),
        ],
    )


def peers(words: Words, audit: AccessAudit) -> Section | None:
    """Say how many users look more than their like, in counts; None without a roster."""
    if audit.peers is None:
        return None
    rows = [
        [
            one.unit or "–", one.shift or "–", one.role or "–",
            called.people(words, one.users, hidden=one.users is None),
            called.people(words, one.lookups, hidden=one.lookups is None),
            words.number(one.dispersion), words.number(one.limit),
            called.people(words, one.above, hidden=one.above is None),
        ]
        for one in audit.peers.cells
    ]  # fmt: skip
    return Section(
        said.above(words, audit),
        folded=True,
        anchor="peers",
        sentences=said.compared(words, audit.peers),
        tables=[headed(words, called.PEERS, rows, headers=3)] if rows else [],
    )


def plan(words: Words, audit: AccessAudit) -> Section:
    """Say which look-ups people should read."""
    rows = [
        [called.stratum(words, one.stratum), words.number(one.lookups), words.number(one.sampled),
         words.number(one.probability)]
        for one in audit.review.strata
    ]  # fmt: skip
    why = Counter(code for one in audit.review.rows for code in one.why)
    taken = [[words.say(called.WHY[code]), words.number(many)] for code, many in why.items()]
    return Section(
        said.planned(words, audit),
        folded=True,
        anchor="review",
        sentences=said.plan(words, audit),
        tables=[
            *([headed(words, called.STRATA, rows)] if rows else []),
            *([headed(words, called.TARGETED, taken)] if taken else []),
        ],
    )
