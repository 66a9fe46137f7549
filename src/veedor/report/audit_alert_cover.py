"""The cover of an alert audit: whom its errors burden, what was counted, 1,000 alerts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias

from veedor.audits.alerts import AlertAudit
from veedor.audits.alerts.comparisons import Compared
from veedor.audits.alerts.results import Picture
from veedor.audits.alerts.statements import ALL, out_of
from veedor.audits.alerts.suppression import SUPPRESSED
from veedor.audits.audit import SERIOUS, Statement
from veedor.report import audit_alert_charts as charts
from veedor.report import cover
from veedor.report.audit_alert_sections import first
from veedor.report.words import Words
from veedor.report.words import alert_cover as said
from veedor.report.words.alert_base_rates import story
from veedor.report.words.alert_kinds import name_of, of
from veedor.report.words.alert_rates import told
from veedor.report.words.alert_sentences import picture, rightly, wrongly

Shade: TypeAlias = Literal["ours", "reference"]
#: Errors that burden those they happen to, the first that is known leads.
_BURDENS = ("fpr", "fpir", "false_alerts_per_transaction", "fdr")
_OF_EVERYONE = (*_BURDENS, "fnir_rank1", "alert_rate")
#: What is counted of everyone, for a proof.
_COUNTED = (
    "fpr", "fpir", "false_alerts_per_transaction", "fnr", "fnir_rank1", "fdr", "fta_rate",
    "alert_rate",
)  # fmt: skip
_COUNTS = 3
#: Groups that a page of one sheet has room for.
_MOST_ROWS = 4
#: A bar that goes further is cut there, and marked.
_FURTHEST = 3.0


def alert_cover(words: Words, audit: AlertAudit) -> cover.Cover:
    """Say whom the errors of a system burden, with the counts that prove it.

    Parameters
    ----------
    words : Words
    audit : AlertAudit
    """
    kind = audit.settings.kind
    surest = surest_of(audit.compared)
    pair = None if surest is None else _pair(audit, surest)
    if surest is None or pair is None:
        finding, proof, because = _everyone(words, audit)
    else:
        because = [said.times(words, surest)]
        shares = [words.percent(one.estimate.value) for one in pair]
        finding, proof = said.more(words, kind, *pair, *shares), _proof_of_pair(words, audit, pair)
    return cover.Cover(
        finding,
        tone="open" if pair is None else "more",
        because=" ".join([*because, *_because(words, audit, shown=pair is not None)]),
        proof=proof,
        matrix=_matrix(words, audit),
        picture=_picture(words, audit),
        cautions=tuple(words.say(one) for one in said.CAUTIONS[kind]),
    )


def surest_of(compared: Sequence[Compared]) -> Compared | None:
    """Return what is most surely unlike the reference's, of the first error that anyone bears more.

    >>> one = Compared("fpr", "a", "b", 1.2, 1.1, 1.3, 0.95, 2)
    >>> other = Compared("fpr", "c", "b", 0.1, 0.05, 0.2, 0.95, 2)
    >>> surest_of([one, other]).group, surest_of([]) is None
    ('c', True)
    """
    for metric in _BURDENS:
        shown = [one for one in compared if one.metric == metric and one.direction]
        if shown:
            return max(shown, key=_surely)
    return None


def _surely(one: Compared) -> float:
    """How far from 1 the nearer end of an interval is, whichever way."""
    end = one.low if one.direction > 0 else one.high
    return abs(math.log(end)) if end else math.inf


def _pair(audit: AlertAudit, one: Compared) -> tuple[Statement, Statement] | None:
    """The rate of who bears more, and that of the other; None where either is suppressed."""
    names = (one.group, one.reference)
    pair = [
        first(audit, one.metric, name) for name in (names if one.direction > 0 else names[::-1])
    ]
    known = [each for each in pair if each is not None and each.estimate.value is not None]
    return (known[0], known[1]) if len(known) == 2 else None


def _proof_of_pair(
    words: Words, audit: AlertAudit, pair: tuple[Statement, Statement]
) -> cover.Proof:
    """Count both groups, and everyone."""
    metric = pair[0].statistic
    shades: tuple[Shade, Shade] = ("ours", "reference")
    counts = [
        cover.Count(one.subject.group, said.count(words, audit.settings.kind, one)[1],
                    one.estimate.value, shade)
        for one, shade in zip(pair, shades, strict=True)
    ]  # fmt: skip
    whole = first(audit, metric)
    if whole is not None and whole.estimate.value is not None:
        told = said.count(words, audit.settings.kind, whole)[1]
        counts.append(cover.Count(words.say("Everyone"), told, whole.estimate.value, "chance"))
    name = name_of(words, audit.settings.kind, metric)
    whom = of(words, audit.settings.kind, pair[0].estimate.denominator)
    return cover.Proof(words.say(said.PROOF_OF_PAIR, name=name, of=whom), tuple(counts))


def _everyone(words: Words, audit: AlertAudit) -> tuple[str, cover.Proof | None, list[str]]:
    """Say the first error that is known of everyone, count up to three, and say it in full."""
    kind = audit.settings.kind
    known = {
        metric: one
        for metric in dict.fromkeys((*_OF_EVERYONE, *_COUNTED))
        if (one := first(audit, metric)) is not None and one.estimate.value is not None
    }
    led = next((known[metric] for metric in _OF_EVERYONE if metric in known), None)
    if led is None:
        return words.say(said.NOTHING), None, []
    counts = [
        cover.Count(*said.count(words, kind, known[metric]), known[metric].estimate.value)
        for metric in _COUNTED
        if metric in known
    ]
    proof = cover.Proof(words.say(said.PROOF), tuple(counts[:_COUNTS]))
    fdr = first(audit, "fdr")
    left_out = fdr is not None and fdr.estimate.method == SUPPRESSED
    said_of_all = said.everyone(words, kind, led, left_out=left_out)
    return said_of_all, proof, [told(words, kind, led)]


def _because(words: Words, audit: AlertAudit, *, shown: bool) -> list[str]:
    """Say what was not shown or not asked, and what stands against the finding."""
    sentences = []
    differing = dict.fromkeys(one.metric for one in audit.compared if one.direction)
    if audit.compared and not shown and differing:
        names = [name_of(words, audit.settings.kind, metric) for metric in differing]
        sentences.append(words.say(said.DIFFERS_ONLY_IN, names=words.listed(names)))
    elif audit.compared and not shown:
        sentences.append(words.say(said.NO_DIFFERENCE))
    elif audit.reference and set(audit.suppressed_groups) - {ALL} and not audit.compared:
        sentences.append(words.say(said.NOT_PUBLISHED, small=audit.settings.small))
    elif len(audit.groups) > 1 and not audit.reference:
        sentences.append(words.say(said.NO_REFERENCE))
    elif len(audit.groups) == 1:
        sentences.append(words.say(said.NO_GROUPS))
    false = first(audit, "fp")
    if audit.settings.kind == "alarm" and audit.days and false is not None and false.numerator:
        period = words.many(audit.days, "{n} day", "{n} days")
        sentences.append(words.many(int(false.numerator), *said.IN_DAYS, period=period))
    if audit.settings.kind == "alarm":
        sentences += said.by_time(words, first(audit, "false_alerts_per_camera_hour"),
                                  first(audit, "false_alerts_per_hour"))  # fmt: skip
    if audit.refused:
        sentences.append(words.say(said.CANNOT_BE_KNOWN))
    serious = sum(one.severity == SERIOUS for one in audit.warnings)
    if serious:
        sentences.append(words.many(serious, *said.DOUBTS))
    if audit.settings.kind is None:
        sentences.append(words.say(said.HINT))
    return sentences


def _matrix(words: Words, audit: AlertAudit) -> cover.Matrix | None:
    """Set the largest groups beside the reference, error by error."""
    if not audit.compared:
        return None
    metrics = list(dict.fromkeys(one.metric for one in audit.compared))
    sizes: dict[str, float] = {}
    for one in audit.compared:
        held = first(audit, one.metric, one.group)
        sizes[one.group] = max(sizes.get(one.group, 0.0), (held and held.out_of) or 0.0)
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:_MOST_ROWS]
    found = {(one.group, one.metric): one for one in audit.compared}
    rows = [
        cover.Row(
            group,
            _size(words, audit, group),
            tuple(
                _cell(words, audit, found.get((group, metric)), alone=len(metrics) == 1)
                for metric in metrics
            ),
        )
        for group in largest
    ]
    one = audit.compared[0]
    shown = sum(bool(each.direction) for each in audit.compared)
    note = words.many(
        one.together, *said.MATRIX_NOTE, to=one.reference, level=words.percent(one.level)
    )
    if len(sizes) > len(rows):
        more = words.many(len(sizes) - len(rows), *said.MORE_GROUPS)
        note = words.say("{note} {more}", note=note, more=more)
    return cover.Matrix(
        words.many(shown, *said.ALL_COMPARED, of=len(audit.compared), to=one.reference),
        corner=words.say(
            said.CORNER, of=of(words, audit.settings.kind, out_of(audit.table, "n"))
        ),
        columns=tuple(name_of(words, audit.settings.kind, metric) for metric in metrics),
        rows=tuple(rows),
        axis=cover.axis_of_ratios(words, rows, _FURTHEST),
        note=note,
        verdict=words.say(said.VERDICT),
    )  # fmt: skip


def _times(words: Words, ratio: float) -> str:
    return words.say("{ratio}×", ratio=words.number(ratio, 2))


def _size(words: Words, audit: AlertAudit, group: str) -> str:
    """How many rows a group has, where that is counted."""
    counted = first(audit, "n", group)
    if counted is None or not counted.numerator:
        return ""
    return words.number(counted.numerator)


def _cell(words: Words, audit: AlertAudit, one: Compared | None, *, alone: bool) -> cover.Cell:
    """Say a verdict with its share; alone in its row, the share stands with the numbers."""
    held = None if one is None else first(audit, one.metric, one.group)
    if one is None or held is None or held.estimate.value is None:
        return cover.Cell(words.say(said.NOT_COUNTED), "none")
    verdict = {1: said.MORE, 0: said.NOT_SHOWN, -1: said.LESS}[one.direction]
    share = words.percent(held.estimate.value)
    bar, aloud = None, said.count(words, audit.settings.kind, held)[1]
    if one.ratio is not None and one.low is not None:
        bar = cover.Bar(one.low, one.ratio, math.inf if one.high is None else one.high)
        aloud = words.say(
            "{counted}, {times} ({low} to {high})",
            counted=aloud, times=_times(words, one.ratio), low=words.number(one.low),
            high=words.say("no limit") if one.high is None else words.number(one.high),
        )  # fmt: skip
    word = words.say(verdict)
    if alone:
        aloud = words.say("{share}: {counted}", share=share, counted=aloud)
    else:
        word = words.say(said.WITH_SHARE, verdict=word, share=share)
    tones: dict[int, cover.Tone] = {1: "more", 0: "open", -1: "less"}
    return cover.Cell(word, tones[one.direction], bar, aloud)


def pictures(audit: AlertAudit) -> list[Picture]:
    """Alerts as they were counted, and at three base rates, of the first threshold."""
    counted = [] if audit.as_counted is None else [audit.as_counted]
    entries = [one for one in audit.base_rates if one.of_1000_right is not None]
    at = story(audit.table, audit.settings.kind).drawn
    return counted + [
        one
        for rate in at
        for one in entries
        if one.threshold == entries[0].threshold and one.base_rate == rate
    ]


def _picture(words: Words, audit: AlertAudit) -> cover.Picture | None:
    shown, kind = pictures(audit), audit.settings.kind
    if not shown:
        return None
    of_kind, here, last = story(audit.table, kind), audit.as_counted, shown[-1]
    if here is None:
        finding = words.say(
            said.PICTURE_THERE[audit.table == "searches"], right=rightly(words, last),
            many=_many(words, last),
        )  # fmt: skip
    elif last is here:
        finding = words.say(
            said.PICTURE_HERE[kind], right=rightly(words, here), wrong=wrongly(words, here)
        )
    else:
        finding = words.say(
            said.PICTURE[kind], right=rightly(words, here), rare=rightly(words, last),
            many=_many(words, last),
        )  # fmt: skip
    drawn = charts.of_1000(words, shown, of_kind, "alerts")
    counted = None if here is None else first(audit, "ppv")
    known = counted is not None and counted.out_of
    about = told(words, kind, counted) if counted is not None and known else ""
    return cover.Picture(finding, drawn, about, notes=(picture(words, audit),))


def _many(words: Words, one: Picture) -> str:
    return words.number(round(1 / one.base_rate) if one.base_rate else None)
