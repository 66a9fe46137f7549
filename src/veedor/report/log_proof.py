"""The section of a log's page that says what is proven, what is not, and every problem."""

from __future__ import annotations

from veedor.report.document import Section
from veedor.report.tables import table
from veedor.report.words import Words
from veedor.report.words import log_cover as covered
from veedor.report.words import sealing as told
from veedor.sealing.findings import LogFindings


def log_proof(words: Words, found: LogFindings) -> Section:
    """Lay out the proof of a log, of promises or of looks."""
    problems = [[words.of(one.where), words.of(one.what)] for one in found.problems]
    proven = " ".join(words.of(one) for one in found.proven)
    return Section(
        covered.proven(words, found),
        folded=True,
        sentences=[
            words.say("Key (SHA-256): {key}.", key=str(found.log.key_sha256)),
            words.say("Proven: {proven}", proven=proven)
            if proven
            else words.say("Proven: nothing, since the log does not verify."),
            words.say("Not proven:"),
        ],
        points=[
            *(words.of(one) for one in found.not_proven),
            *(words.say("Note: {notice}", notice=notice) for notice in told.notices(words, found)),
        ],
        tables=[table(words.say("Problems"), [words.say("Where"), words.say("What")], problems)]
        if problems
        else (),
    )
