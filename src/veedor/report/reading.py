"""A scored reading as a page: rates of the whole table, agreement of readers, what is left open."""

from __future__ import annotations

from veedor.audits.audit import Subject
from veedor.audits.reading import ReadingScore
from veedor.audits.reading.rates import STATISTICS
from veedor.report.audit_sections import cautions, everything, headed, warnings_section
from veedor.report.document import Document, Section
from veedor.report.reading_cover import reading_cover
from veedor.report.reading_tables import MEASURES, agreement_table, cross_tables, rates_table
from veedor.report.tables import Table, table
from veedor.report.words import Words, words_in
from veedor.report.words import reading as said
from veedor.report.words import reading_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.reading_steps import HASH_OF_TABLE, designs, side


def reading_document(score: ReadingScore, words: Words | None = None) -> Document:
    """Make the page of a scored reading.

    Parameters
    ----------
    score : ReadingScore
    words : Words, optional
        English by default.
    """
    words = words or words_in("en")
    sections = [_rates(words, score), _agreement(words, score)]
    if not score.counts:
        sections.append(_errors(words, score))
    sections.append(_drawn(words, score))
    if score.targeted is not None:
        sections.append(_by_hand(words, score))
    sections += [
        warnings_section(words, score),
        everything(
            words,
            score,
            lambda code: words.say(said.STATISTICS[code]),
            assigned=lambda code: said.scenario(words, code),
        ),
    ]
    return Document(
        title=words.say("What people who read a sample found"),
        subtitle=words.say(
            "{read} of {rows} rows of {table}, {readers} readers",
            read=score.read, rows=score.plan.frame_rows, table=score.plan.table,
            readers=score.readers,
        ),
        made=words.say("veedor reading score"),
        plain=Section(words.say(SENTENCES), sentences=said.sentences(words, score)),
        cautions=cautions(words, said.CAUTIONS),
        cover=reading_cover(words, score),
        sections=sections,
    )  # fmt: skip


def _rates(words: Words, score: ReadingScore) -> Section:
    told = [
        one
        for one in score.statements
        if one.statistic not in (*MEASURES, "self_agreement") and one.subject.assignment
    ]
    return Section(
        findings.every_rate(words, score, len(told)),
        folded=True,
        points=[said.explained(words, one) for one in said.scenarios_told(score)],
        tables=[rates_table(words, score, told)],
    )


def _agreement(words: Words, score: ReadingScore) -> Section:
    first = score.of("agreement", Subject("all", subset=score.parts[0]))
    again = score.of("self_agreement", Subject("all"))
    sentences = [] if again is None else [said.again(words, again.estimate)]
    tables: list[Table] = []
    for part in score.parts:
        tables += [agreement_table(words, score, part), *cross_tables(words, score, part)]
    if not score.counts:
        sentences += [words.say(said.PARADOX), words.say(said.AS_IN_TABLE)]
    return Section(
        findings.agreement(words, score, None if first is None else first.estimate),
        folded=True,
        sentences=sentences,
        tables=tables,
    )


def _errors(words: Words, score: ReadingScore) -> Section:
    part = score.parts[0]
    band = score.of(f"{STATISTICS[part][0]}_band", Subject("all", subset=part))
    steps = sorted({one.specificity for one in score.errors})
    held = {
        (one.part, one.scenario, one.sensitivity, one.specificity): one.share
        for one in score.errors
    }
    rows = [
        [words.say(said.PARTS[one]), said.scenario(words, scenario), words.percent(sensitivity),
         *(words.percent(held[one, scenario, sensitivity, step]) for step in steps)]
        for one in score.parts
        for scenario in score.scenarios
        for sensitivity in sorted({cell.sensitivity for cell in score.errors})
    ]  # fmt: skip
    head = [*(words.say(one) for one in said.ERRORS.columns), *map(words.percent, steps)]
    return Section(
        findings.errors(words, None if band is None else band.estimate),
        folded=True,
        sentences=[
            words.say(said.NOT_IDENTIFIED) if score.readers == 2 else words.say(said.NOT_FITTED)
        ],
        tables=[table(words.say(said.ERRORS.caption), head, rows, 3)],
    )


def _drawn(words: Words, score: ReadingScore) -> Section:
    plan = score.plan
    strata = [
        [words.say(said.PARTS["all"]) if one.name == "all" else one.name, words.number(one.rows),
         words.number(one.drawn), words.percent(one.drawn / one.rows),
         *([] if score.counts else ["" if one.yes is None else words.number(one.yes)])]
        for one in score.strata
    ]  # fmt: skip
    heads = [words.say(one) for one in said.STRATA.columns][: 4 if score.counts else 5]
    answers = [
        [one.answer, words.say(said.COUNTS_AS[one.counts_as]), one.meaning]
        for one in score.codebook
    ]
    return Section(
        findings.drawn(words, score),
        folded=True,
        points=[
            words.say("Readers saw: {columns}.", columns=words.listed(list(score.shown))),
            words.say(HASH_OF_TABLE, hash=plan.frame_sha256),
            words.say("Plan (SHA-256): {hash}", hash=score.plan_sha256),
            words.say("Codebook (SHA-256): {hash}", hash=score.codebook_sha256),
            *(said.half_width(words, side(words, plan, one.alert), one) for one in plan.rivals
              if one.chosen and not score.counts),
        ],
        tables=[
            table(words.say(said.STRATA.caption), heads, strata),
            *([] if score.counts else [designs(words, plan)]),
            headed(words, said.CODEBOOK, answers),
        ],
    )  # fmt: skip


def _by_hand(words: Words, score: ReadingScore) -> Section:
    chosen = score.targeted
    if chosen is None or chosen.yes is None or chosen.disputed is None:
        rows = 0 if chosen is None else chosen.rows
        return Section(findings.by_hand(words, rows), folded=True)
    return Section(
        findings.by_hand(words, chosen.rows),
        folded=True,
        sentences=[
            words.say(
                "Every reader says yes of {yes} of {rows}, and they differ on {disputed}. These "
                "rows were chosen: how often such rows are found says nothing of the table.",
                yes=chosen.yes, rows=chosen.rows, disputed=chosen.disputed,
            )
        ],
    )  # fmt: skip
