"""Published counts of several readers as a page: how far they agree, and that no rate follows."""

from __future__ import annotations

from veedor.audits.audit import Subject
from veedor.audits.reading import CountsAgreement
from veedor.report.audit_sections import cautions, everything, headed, warnings_section
from veedor.report.cover import Count, CountKind, Cover, Proof
from veedor.report.document import Document, Section
from veedor.report.reading_tables import MEASURES
from veedor.report.words import Words, reading, reading_cover
from veedor.report.words import published_counts as said
from veedor.report.words.audits import SENTENCES

#: Ways of splitting that a cover has room for; all stand below.
_FEW = 5
_KINDS: tuple[tuple[str, str, CountKind], ...] = (
    ("unanimous_share", reading_cover.ALIKE, "ours"),
    ("majority_share", reading_cover.MOST_ALIKE, "reference"),
    ("none_share", reading_cover.NONE_ALIKE, "chance"),
)


def counts_document(found: CountsAgreement, words: Words) -> Document:
    """Make the page of published counts.

    Parameters
    ----------
    found : CountsAgreement
    words : Words
    """
    whole = Subject("all")
    items = {code: round(found.by_subject[whole, code].numerator or 0) for code, _, _ in _KINDS}
    finding = said.finding(words, found, items["unanimous_share"])
    because = said.because(words, found)
    splits = said.split(words, found)
    measures = headed(
        words, said.MEASURES,
        [said.measure(words, one.statistic, one.estimate.value) for one in found.statements
         if one.statistic in MEASURES],
    )  # fmt: skip
    proof = Proof(
        words.say(said.PROOF),
        tuple(
            Count(
                words.say(name), reading_cover.of_whole(words, items[code], found.compared),
                items[code] / found.compared, kind,
            )
            for code, name, kind in _KINDS
        ),
    )  # fmt: skip
    return Document(
        title=said.title(words),
        subtitle=found.file,
        made=words.say("veedor reading score"),
        plain=Section(
            words.say(SENTENCES), sentences=[finding, because], points=[words.say(said.HOW_TO)]
        ),
        cautions=cautions(words, said.CAUTIONS),
        cover=Cover(
            finding=finding,
            tone="none",
            because=because,
            proof=proof,
            tables=(headed(words, said.SPLITS, splits[:_FEW]), measures),
            cautions=tuple(words.say(one) for one, _ in said.CAUTIONS),
        ),
        sections=[
            Section(
                finding,
                folded=True,
                sentences=[words.say(said.SPLIT), said.kept(words, found)],
                tables=[headed(words, said.SPLITS, splits), measures],
            ),
            warnings_section(words, found),
            everything(words, found, lambda code: words.say(reading.STATISTICS[code])),
        ],
    )
