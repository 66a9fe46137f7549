"""The cover of an audit of access: how many looked, what can be counted, and its breaks."""

from __future__ import annotations

from markupsafe import Markup

from veedor.audits.access.results import AccessAudit
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.report.access_sections import value
from veedor.report.cover import (
    Bar,
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    axis_of,
    bars_of,
)
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import access_cover as said
from veedor.report.words.access_sentences import stated

_COUNTS, _MOST_ROWS, _MOST_NUMBERS = 3, 7, 5
#: A list that hardly differs from another stands below only.
_BELOW = "generic_stems"


def access_cover(words: Words, audit: AccessAudit, drawn: Markup | None) -> Cover:
    """Make the cover of an audit of access.

    Parameters
    ----------
    words : Words
    audit : AccessAudit
    drawn : Markup or None
        Look-ups through time.
    """
    return Cover(
        finding=said.finding(words, audit),
        tone="none",
        because=" ".join(said.because(words, audit)),
        proof=_proof(words, audit),
        matrix=_matrix(words, audit),
        picture=_picture(words, audit, drawn),
        tables=_numbers(words, audit),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def _proof(words: Words, audit: AccessAudit) -> Proof | None:
    """Count up to three: the look-ups of the busiest, and those that nothing accounts for."""
    top = stated(audit, "top_share")
    counts = []
    if top is not None and top.estimate.value is not None:
        told = said.share_of(words, top.estimate.value, audit.lookups)
        name = words.say(said.BUSIEST, k=audit.settings.k)
        counts.append(Count(name, told, top.estimate.value))
    for name, one in (
        (said.OUTSIDE, stated(audit, "outside_list_share")),
        (said.UNEXPLAINED, stated(audit, "unexplained_share")),
        (said.EMPTY, audit.of("reason_cells_share", Subject(WHOLE, subset="empty"))),
        (said.USED, stated(audit, "accounts_used_share")),
        (said.SEVERAL, stated(audit, "more_than_one_network_share")),
    ):
        if one is not None and one.numerator is not None and one.out_of:
            told = said.counted(words, one.numerator, one.out_of)
            counts.append(Count(words.say(name), told, one.estimate.value, "reference"))
    if audit.missing is not None:
        told = said.counted(words, audit.missing.without, audit.missing.days)
        share = audit.missing.without / audit.missing.days
        counts.append(Count(words.say(said.DAYS), told, share, "chance"))
    if not counts:
        return None
    return Proof(words.say(said.PROOF), tuple(counts[:_COUNTS]))


def _matrix(words: Words, audit: AccessAudit) -> Matrix | None:
    """Set shares of look-ups beside each other: what word lists make of reasons first."""
    vague = [
        one
        for one in audit.statements
        if one.statistic == "vague_share" and one.subject.assignment != _BELOW
    ]
    every = [_row(words, audit, one) for one in (*vague, *_others(audit))]
    rows = [one for one in every if one.cells[0].bar is not None][:_MOST_ROWS]
    if not rows:
        return None
    return Matrix(
        finding=said.vague_between(words, audit),
        corner=words.say(said.FIGURE),
        columns=(words.say(said.INTERVAL, level=words.percent(audit.settings.level)),),
        rows=tuple(rows),
        axis=axis_of(bars_of(rows), 0.0, lambda share: words.percent(share, 2)),
        note=words.say(said.MATRIX_NOTE),
        verdict=words.say(said.SHARE),
    )


def _others(audit: AccessAudit) -> list[Statement]:
    """Shares of look-ups besides those of vague reasons, those that weigh most first."""
    longest = max(audit.settings.windows_above, default=0.0)
    asked = (
        ("outside_list_share", None),
        ("unexplained_share", None),
        ("more_than_one_network_share", None),
        ("devices_above_share", audit.settings.devices_above),
        ("window_above_share", longest),
        ("off_shift_share", None),
        ("off_hours_share", None),
        ("case_in_wrong_field_share", None),
    )
    found = (audit.of(name, Subject(WHOLE, threshold=limit)) for name, limit in asked)
    return [one for one in found if one is not None]


def _row(words: Words, audit: AccessAudit, one: Statement) -> Row:
    made = one.estimate
    bar, told = None, ""
    if made.value is not None and made.low is not None and made.high is not None:
        bar = Bar(made.low, made.value, made.high)
        told = said.between(words, made.low, made.high, made.n)
    cell = Cell(words.percent(made.value, 2), "none", bar, told)
    return Row(said.row(words, audit, one), "", (cell,))


def _numbers(words: Words, audit: AccessAudit) -> tuple[Table, ...]:
    """Set out who could look, and how far look-ups went."""
    rows = [
        [words.say(name), value(words, one)]
        for code, name in said.COUNTED.items()
        for one in [stated(audit, code)]
        if one is not None
    ]
    if not rows:
        return ()
    head = [words.say(said.NUMBER), words.say(said.HOW_MANY)]
    return (table(words.say(said.NUMBERS), head, rows[:_MOST_NUMBERS]),)


def _picture(words: Words, audit: AccessAudit, drawn: Markup | None) -> Picture | None:
    if drawn is None:
        return None
    days = len({one.day for one in audit.breaks})
    if not days:
        return Picture(words.say(said.THROUGH_TIME), drawn)
    more = (words.many(days, *said.MORE_BREAKS), "breaks")
    return Picture(words.many(days, *said.THROUGH_TIME_BROKEN), drawn, more=more)
