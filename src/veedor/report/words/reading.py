"""Words of readings: what people who judged a sample found, and how far they agree."""

from __future__ import annotations

from veedor.audits.reading import ReadingScore
from veedor.audits.reading.design import Rival
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted, noted_many
from veedor.statistics.estimates import Estimate

DENOMINATORS = {
    "rows_drawn": noted("rows drawn at random, of {rows}"),
    "alerts_drawn": noted("alerts drawn at random, of {rows}"),
    "others_drawn": noted("rows without an alert, drawn at random, of {rows}"),
    "rows_of_several_readers": noted("rows that several readers judged"),
    "hidden_repeats": noted("rows that a reader was given twice, unsaid"),
    "true_rows_estimated": noted("rows that are so, as estimated"),
}
METHODS = {
    "korn_graubard": noted_many(
        "Clopper-Pearson at the effective size of a random sample of {strata} stratum (Korn and "
        "Graubard)",
        "Clopper-Pearson at the effective size of a random sample of {strata} strata (Korn and "
        "Graubard)",
    ),
    "none_or_all_found": noted("exact bound of a share of which {drawn} draws hold none, or all"),
    "none_few_read": noted("none: fewer than {k} were read"),
    "none_few_rows": noted_many(
        "none: {rows} row is too few", "none: {rows} rows are too few"
    ),
    "none_rare_answer": noted(
        "none: on fewer than {k} rows do readers agree on an answer that is not the usual one"
    ),
    "none_all_agree": noted("none: all readers agree on every row that was drawn"),
    "all_agree": noted("exact bound: all readers agree on every row that was drawn"),
    "bayesian_bootstrap": noted(
        "Bayesian bootstrap of rows within strata (Rubin), with one row more of which half agrees, "
        "{replicates} replicates"
    ),
    "readers_error_band": noted(
        "range over all scenarios, their intervals, and a judgement that finds at least "
        "{sensitivity} of what is so and {specificity} of what is not"
    ),
    "recall_by_parts": noted("limits of both sides put together (Zou and Donner)"),
    "none_counts_alike": noted("none: every row that was read has the same count"),
    "student_t_of_strata": noted("Student's t of a random sample of strata"),
}  # fmt: skip
FINDINGS = {
    "two_readers_not_identified": noted(
        "Two readers cannot show how often both are wrong alike: their agreement bounds no error. "
        "How good a judgement may be at worst is stated, not estimated."
    ),
    "readers_errors_assumed": noted(
        "{readers} readers would show their errors only if these were unrelated, which hard rows "
        "make untrue: how good a judgement may be at worst is stated, not estimated."
    ),
    "readers_differ": noted(
        "Readers differ on {n} of {read} rows: the codebook does not settle what they are asked."
    ),
    "kappa_paradox": noted(
        "Kappa is low ({kappa}) though readers agree often ({agreement}): one answer is so rare "
        "that chance alone would agree nearly as often. Read the table."
    ),
    "recall_not_told": noted(
        "What was missed is not told: no row without an alert was read."
    ),
    "strata_read_thinly": noted_many(
        "Of {n} stratum fewer than {k} rows were read: its share is not told.",
        "Of {n} strata fewer than {k} rows were read: their shares are not told.",
    ),
    "no_hidden_repeats": noted(
        "No row was given twice: whether a reader would say the same again is not known."
    ),
}  # fmt: skip
STATISTICS = {
    "ppv": noted("Alerts that are right"),
    "fdr": noted("Alerts that are not right"),
    "share_yes": noted("Rows that are so"),
    "share_no": noted("Rows that are not so"),
    "miss_share": noted("Missed, of rows without an alert"),
    "share_rightly_passed": noted("Rightly passed, of rows without an alert"),
    "recall": noted("Alerted, of all that is so"),
    "ppv_band": noted("Alerts that are right, readers' errors included"),
    "share_yes_band": noted("Rows that are so, readers' errors included"),
    "miss_share_band": noted("Missed, readers' errors included"),
    "cannot_tell_share": noted("Rows that a reader could not tell"),
    "agreement": noted("Agreement"),
    "kappa": noted("Kappa"),
    "ac1": noted("Gwet's AC1"),
    "alpha": noted("Krippendorff's alpha"),
    "alpha_ordinal": noted("Krippendorff's alpha, ordinal"),
    "alpha_interval": noted("Krippendorff's alpha, interval"),
    "self_agreement": noted("Same answer to the same row again"),
    "mean_count": noted("Mean count"),
    "total_count": noted("Total count"),
    "unanimous_share": noted("All readers count alike"),
    "majority_share": noted("Most readers count alike"),
    "none_share": noted("No two readers more alike than others"),
}
SCENARIOS = {
    "": "",
    "strict": noted("strict"),
    "settled": noted("settled"),
    "lenient": noted("lenient"),
    "least": noted("least"),
    "median": noted("median"),
    "most": noted("most"),
}
#: What each scenario takes for a yes.
EXPLAINED = {
    "strict": noted("yes only where every reader says yes; who cannot tell says no yes"),
    "settled": noted("what readers agree on; where they differ, most of them or who decides"),
    "lenient": noted("yes wherever not every reader says no; who cannot tell counts as yes"),
    "least": noted("the least of the readers' counts at each place"),
    "median": noted("the median of the readers' counts at each place"),
    "most": noted("the most of the readers' counts at each place"),
}
PARTS = {
    "all": noted("all rows"),
    "alerts": noted("alerts"),
    "others": noted("rows without an alert"),
}
CAUTIONS = (
    (
        noted("That what readers say is the truth: it is what they could see."),
        noted("Two people who see too little agree on what they cannot know."),
    ),
    (
        noted("That the rates hold for another time, place or setting of the system."),
        noted("The sample is of one table, and says nothing beyond it."),
    ),
    (
        noted("That agreement shows no error: readers can be wrong alike."),
        noted("With two readers and one table, errors of both cannot be told from the truth."),
    ),
    (
        noted("That rows chosen by hand say how often something happens."),
        noted("They were chosen because they stood out; they enter no rate."),
    ),
)  # fmt: skip
ANSWER_OF = noted("Reader {n}")
AS_IN_TABLE = noted(
    "Measures of agreement are of the table that was drawn from, rows weighed by one over their "
    "chance of being drawn, who cannot tell as an answer of its own; tables count rows as read."
)
NOT_FITTED = noted(
    "Three readers or more show their errors only if these are unrelated, and hard rows make them "
    "alike. No model that takes them for unrelated is fitted."
)
TABLE = Heading(
    noted("Rows by what reader {first} (down) and reader {second} (across) said, of {part}"), ()
)
RATES = Heading(
    noted("Rates"), (
        noted("Of"), noted("Scenario"), noted("Rate"), noted("Value"), noted("Interval"),
        noted("Out of"),
    ),
)  # fmt: skip
AGREEMENT = Heading(
    noted("Agreement of readers"), (
        noted("Of"), noted("Measure"), noted("Value"), noted("Interval"), noted("Out of"),
    ),
)  # fmt: skip
STRATA = Heading(
    noted("Strata, as they were drawn and read"), (
        noted("Stratum"), noted("Rows"), noted("Drawn"), noted("Chance of being drawn"),
        noted("Counted as yes"),
    ),
)  # fmt: skip
DESIGNS = Heading(
    noted("Designs, with as many rows"), (
        noted("Of"), noted("Design"), noted("Rows"), noted("Expected half-width"),
        noted("Rows to tell as much as the chosen one"),
    ),
)  # fmt: skip
ERRORS = Heading(
    noted("Share if the judgement finds so much of what is so (down) and of what is not (across)"),
    (noted("Of"), noted("Scenario"), noted("Finds of what is so")),
)
CODEBOOK = Heading(
    noted("Codebook"), (noted("Answer"), noted("Counts as"), noted("Meaning"))
)  # fmt: skip
DESIGN_NAMES = {
    "simple": noted("simple random"),
    "proportional": noted("strata, by size"),
    "neyman": noted("strata, by size and spread (Neyman)"),
}
COUNTS_AS = {"yes": noted("yes"), "no": noted("no"), "cannot_tell": noted("cannot tell")}
#: Kappa's paradox, said where kappa stands.
PARADOX = noted(
    "Kappa falls where one answer is rare, however often readers agree: with 85% agreement it is "
    "0.70 where both answers are as frequent, and 0.32 where nine in ten are alike. AC1 falls "
    "less, and then says little more than the agreement. No value of any of them is good by "
    "itself: the table is the evidence."
)
NOT_IDENTIFIED = noted(
    "A table of two readers has three free numbers; the share that is so and the errors of both "
    "readers are five. So no model can tell them from this table, and none is fitted."
)


def scenario(words: Words, code: str) -> str:
    """Name a scenario; nothing where there is no choice."""
    return words.say(SCENARIOS[code]) if SCENARIOS[code] else ""


def told(words: Words, one: Estimate) -> str:
    """Say a share with its interval, or why it has none.

    >>> from veedor.report.words import words_in
    >>> from veedor.statistics.codes import Denominator, Method
    >>> one = Estimate(0.25, 0.2, 0.3, 0.95, Method("none"), 9, Denominator("rows_drawn"))
    >>> told(words_in("en"), one)
    '25% (20% to 30%)'
    """
    if one.value is None:
        return words.say("not told")
    if one.low is None:
        return words.percent(one.value)
    return words.say(
        "{value} ({low} to {high})",
        value=words.percent(one.value), low=words.percent(one.low), high=words.percent(one.high),
    )  # fmt: skip


def band(words: Words, one: Estimate) -> str:
    """Say a range that has no value in it."""
    return words.say("{low} to {high}", low=words.percent(one.low), high=words.percent(one.high))


def ends(words: Words, one: Estimate, *, share: bool) -> str:
    """Say an interval, or why there is none."""
    if one.low is None or one.high is None:
        return words.of(one.method)
    write = words.percent if share else words.number
    return words.say("{low} to {high}", low=write(one.low), high=write(one.high))


def scenarios_told(score: ReadingScore) -> tuple[str, ...]:
    """Ways in which answers of several readers become one, of this kind of reading."""
    return ("least", "median", "most") if score.counts else score.scenarios


def explained(words: Words, code: str) -> str:
    """Say what a scenario takes for a yes."""
    return words.say(
        "{name}: {meaning}.", name=scenario(words, code), meaning=words.say(EXPLAINED[code])
    )


def again(words: Words, one: Estimate) -> str:
    """Say how often readers gave the same row the same answer again."""
    return words.say(
        "Given the same row again, unsaid, readers gave the same answer in {told} of {n} cases.",
        told=told(words, one), n=one.n,
    )  # fmt: skip


def half_width(words: Words, part: str, rival: Rival) -> str:
    """Say what was promised of the sample."""
    return words.say(
        "Expected half-width, when it was planned ({part}): {points} points.",
        part=part, points=words.number(100.0 * rival.half_width, 2),
    )  # fmt: skip


def sentences(words: Words, score: ReadingScore) -> list[str]:
    """Say every rate of the whole in a sentence with its denominator."""
    made = []
    for one in score.statements:
        code = one.subject.assignment
        if one.subject.group != "all" or code not in SCENARIOS or not code:
            continue
        if one.statistic in ("mean_count", "total_count"):
            value, interval = (
                words.number(one.estimate.value),
                ends(words, one.estimate, share=False),
            )
        elif one.estimate.value is None:
            continue
        else:
            value, interval = (
                words.percent(one.estimate.value),
                ends(words, one.estimate, share=True),
            )
        made.append(
            words.say(
                "{rate} ({scenario}): {value}; 95% interval: {interval}; out of {n} {of}.",
                rate=words.say(STATISTICS[one.statistic]), scenario=scenario(words, code),
                value=value, interval=interval, n=one.estimate.n,
                of=words.of(one.estimate.denominator),
            )
        )  # fmt: skip
    return made
