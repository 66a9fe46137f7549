"""The report of an access log: what it proves, who may look, how often it was done, and why."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.report.cover import Count, Cover, Proof
from veedor.report.document import Document, Section
from veedor.report.log_proof import log_proof
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import looks as told
from veedor.sealing.findings import LogFindings
from veedor.sealing.looked import LooksBy, LooksFound


def looked_document(found: LogFindings, looks: LooksFound, words: Words) -> Document:
    """Lay out what `veedor.sealing.findings` gives of an access log."""
    by_office = table_of(words, words.say("By office"), words.say("Office"), looks.told.offices)
    kinds = [(told.purpose(words, one.name), one) for one in looks.told.kinds]
    tone, finding = told.finding(words, found)
    return Document(
        title=words.say("Who looked: {name}", name=str(found.log.name)),
        subtitle=words.many(
            found.log.entries,
            "{n} entry, as of {day} (UTC)",
            "{n} entries, as of {day} (UTC)",
            day=words.day(found.as_of),
        ),
        made=words.many(
            found.log.entries,
            "by veedor verify, from the log's {n} entry",
            "by veedor verify, from the log's {n} entries",
        ),
        plain=Section(words.say("In short"), told.in_short(words, looks)),
        cautions=told.reasons(words),
        sections=[
            Section(
                words.say("Who may look, and how often it was done, by office"),
                folded=True,
                sentences=[told.hidden(words)],
                tables=[by_office],
            ),
            Section(
                words.say("Why it was looked, by kind of purpose"),
                folded=True,
                tables=[
                    table_of(
                        words,
                        words.say("By kind of purpose"),
                        words.say("Purpose"),
                        looks.told.kinds,
                        [name for name, _ in kinds],
                    )
                ],
            ),
            log_proof(words, found),
        ],
        cover=Cover(
            finding=finding,
            tone=tone,
            because=told.because(words, looks),
            proof=_proof(words, looks),
            cautions=told.cautions(words),
        ),
    )


def table_of(
    words: Words, caption: str, of: str, rows: Sequence[LooksBy], names: Sequence[str] = ()
) -> Table:
    """Show accounts and looks of each office, or of each kind of purpose by its `names`."""
    return table(
        caption,
        [of, words.say("Accounts"), words.say("Looks")],
        [
            [name, told.counted(words, one.accounts), told.counted(words, one.looks)]
            for name, one in zip(names or [one.name for one in rows], rows, strict=True)
        ],
        headers=1,
    )


def _proof(words: Words, looks: LooksFound) -> Proof | None:
    """Show the kinds of purpose that most looks were under."""
    whole = looks.told.looks
    shown = sorted(((one.looks, one.name) for one in looks.told.kinds if one.looks), reverse=True)
    if not whole or not shown:
        return None
    return Proof(
        words.say("Of all looks"),
        tuple(
            Count(
                told.purpose(words, name),
                words.say("{count} of {all}", count=count, all=whole),
                count / whole,
            )
            for count, name in shown[:3]
        ),
    )
