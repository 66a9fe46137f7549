"""Headings and fixed sentences of an alert audit's report."""

from __future__ import annotations

from veedor.audits.alerts.claims import NOT_ENOUGH
from veedor.report.words.headings import Heading
from veedor.report.words.language import noted

CAUTIONS = (
    (
        noted("Nothing here says that a person, or a group of people, is dangerous."),
        noted(
            "Rates are about a system's errors. What was recorded as an outcome is what somebody "
            "recorded, and who is recorded is not who does what."
        ),
    ),
    (
        noted("A share of alerts is not a share of people."),
        noted(
            "How many alerts are right, how many people are wrongly flagged, and how many are "
            "missed are three numbers with three denominators. None replaces another."
        ),
    ),
    (
        noted("No one of these numbers speaks for the others."),
        noted(
            "Groups can be alike in the share of right alerts and differ in the share wrongly "
            "flagged, or in the share missed. Where the share whose outcome is true differs "
            "between groups, and some alerts are right and some wrong, all three cannot be alike "
            "at once. They stand here beside each other."
        ),
    ),
    (
        noted("Good rates do not make a use lawful."),
        noted(
            "Who may be looked for or scored, who decided it, and what becomes of those flagged "
            "cannot be read from rates. The checklist at the end asks."
        ),
    ),
)
#: Kind of table -> subtitle, and one or several rows read from files.
KINDS = {
    "decisions": (
        noted("Decisions, with and without an alert, and what became of them"),
        noted("Made by veedor from {files}: {n} decision read. Every number is in results.json."),
        noted("Made by veedor from {files}: {n} decisions read. Every number is in results.json."),
    ),
    "searches": (
        noted("Searches of one face among many, and the candidates they returned"),
        noted("Made by veedor from {files}: {n} search read. Every number is in results.json."),
        noted("Made by veedor from {files}: {n} searches read. Every number is in results.json."),
    ),
    "deployments": (
        noted("Counts that were published, deployment by deployment"),
        noted("Made by veedor from {files}: {n} deployment read. Every number is in results.json."),
        noted(
            "Made by veedor from {files}: {n} deployments read. Every number is in results.json."
        ),
    ),
}
#: Kind -> what is one in so many, as a condition, as the head of a table, and in a chart.
ONE_IN = {
    "decisions": (
        noted("if the outcome were true of one decision in {many}"),
        noted("Outcome true of one decision in"),
        noted("1 in {many} true"),
    ),
    "searches": (
        noted("if one search were of a person in the gallery in {many}"),
        noted("Person in the gallery in one search in"),
        noted("1 in {many} in gallery"),
    ),
}
#: Kind -> the sentence of the table of base rates, and of alerts a day.
BASE_RATES = {
    "decisions": (
        noted(
            "How many alerts are right depends on the shares wrongly flagged and missed, which are "
            "taken here to be the same everywhere, and as much on how rare true outcomes are among "
            "all decisions. Where anyone is wrongly flagged: the rarer, the more wrong alerts "
            "there are for each right one."
        ),
        noted("Alerts a day are for {people} decisions a day."),
    ),
    "searches": (
        noted(
            "How many alerts are right depends on the shares wrongly flagged and missed, which are "
            "taken here to be the same everywhere, and as much on how few searches are of people "
            "in the gallery. Where anyone is wrongly flagged: the rarer, the more wrong alerts "
            "there are for each right one."
        ),
        noted("Alerts a day are for {people} searches a day."),
    ),
}
#: Kind -> axes of both errors against each other.
ERRORS = {
    "decisions": (
        noted("fpr: wrongly flagged, of outcomes that are false"),
        noted("fnr: missed,\nof outcomes that are true"),
    ),
    "searches": (
        noted("fpir: wrongly flagged, of searches of people not in the gallery"),
        noted("fnir_rank1: missed,\nof searches of people in the gallery"),
    ),
}
DET = noted("Each line is a group; lower and further left is better. Both scales are logarithmic.")
THRESHOLDS = noted(
    "A candidate at or above the threshold is an alert. A search in which no usable sample was "
    "acquired counts as missed if the person is in the gallery, and as no alert if not."
)
TWO_COMPLAINTS = noted(
    "The two complaints that are made about such systems stand here side by side. One counts among "
    "decisions whose outcome is false: how many of them are wrongly flagged? The other counts "
    "among alerts: how many of them are right? Their denominators differ."
)
HANG_TOGETHER = {
    True: noted(
        "They hang together: the share wrongly flagged is p/(1-p) times (1-PPV)/PPV times (1-FNR), "
        "with p the share whose outcome is true (Chouldechova 2017). Where p differs between "
        "groups, and some alerts are right and some wrong, the share wrongly flagged, the share "
        "missed and the share of right alerts (PPV) cannot all three be equal. Any two of them "
        "can, at the price of the third: equal shares wrongly flagged and equal shares of right "
        "alerts mean unequal shares missed. Which to equalise is a decision, not a measurement. "
        "The last column says what the share wrongly flagged would have to be with the reference's "
        "other two."
    ),
    False: noted(
        "They hang together: the share wrongly flagged is p/(1-p) times (1-PPV)/PPV times (1-FNR), "
        "with p the share whose outcome is true (Chouldechova 2017). Where p differs between "
        "groups, and some alerts are right and some wrong, the share wrongly flagged, the share "
        "missed and the share of right alerts (PPV) cannot all three be equal. Any two of them "
        "can, at the price of the third: equal shares wrongly flagged and equal shares of right "
        "alerts mean unequal shares missed. Which to equalise is a decision, not a measurement. "
        "The last column says what the share wrongly flagged would have to be with everyone's "
        "other two."
    ),
}
CLUSTERS = noted(
    "Alerts of one evening, or decisions about one person, may go right or wrong together. The "
    "design effect says how many times as large as for independent rows a variance is. Every "
    "interval of a rate on this page allows for it, and for how few clusters, or how few of equal "
    "size, there are."
)
CLAIMS = noted(
    "Supported: so good a count would be improbable (at the level of the claim) were the claim "
    "false. Contradicted: so bad a count would be improbable were it true. Neither: there are not "
    "enough data, which is no support. One-sided tests, exact where trials are independent; where "
    "they come in clusters, of as many as they are worth. E-values may be worked out anew as "
    "counts come in."
)
SEQUENCE = noted(
    "Counted from the beginning. The band is a confidence sequence of everyone: it may be looked "
    "at every day. Dotted lines are drift alarms."
)
BEGG_GREENES = noted(
    "A random part of them was checked. Where these rates stand below they are estimated from that "
    "part (Begg and Greenes 1983), out of estimated numbers."
)
VERDICTS = {
    "supported": noted("Supported"),
    "contradicted": noted("Contradicted"),
    NOT_ENOUGH: noted("Not enough data"),
}
RATE = Heading(
    noted("{rate}"),
    (noted("Group"), noted("Value"), noted("Interval"), noted("Counted"), noted("Out of")),
)
SIDES = Heading(
    noted("Gaps to {reference}, in percentage points, with {level} intervals"), (
        noted("Group"), noted("Outcome is true, of all known"),
        noted("Wrongly flagged, of outcomes that are false"),
        noted("Missed, of outcomes that are true"), noted("Right, of alerts"),
        noted("Gap in wrongly flagged"), noted("Gap in missed"), noted("Gap in right alerts"),
        noted("Wrongly flagged, by the identity"),
        noted("Wrongly flagged, were right alerts and missed as in the reference"),
    ),
)  # fmt: skip
AT_BASE_RATES = (
    noted("Alerts that are right"), noted("Interval"), noted("Wrong for each right"),
    noted("Interval"), noted("Right, of 1,000 alerts"), noted("Wrong, of 1,000 alerts"),
)  # fmt: skip
A_DAY = (noted("True alerts a day"), noted("False alerts a day"))
LOWEST = Heading(
    noted("Lowest observed score that keeps wrong alerts at a target, of non-mated searches"), (
        noted("Target"), noted("Group"), noted("Threshold"), noted("Interval"),
        noted("Non-mated searches"),
    ),
)  # fmt: skip
COMMON = Heading(
    noted(
        "What one threshold for everyone does: wrong alerts of non-mated, misses of mated searches"
    ), (
        noted("Target"), noted("Threshold"), noted("Group"), noted("FPIR"), noted("Interval"),
        noted("Out of"), noted("FNIR at rank 1"), noted("Interval"), noted("Out of"),
    ),
)  # fmt: skip
UNEQUAL = Heading(
    noted(
        "How unequal the groups are (largest by geometric mean: 1 is equal; garbe: 0 is equal, 1 "
        "is all in one group; fdr_fair: 1 is equal)"
    ), (noted("Measure"), noted("Threshold"), noted("Value"), noted("Interval")),
)  # fmt: skip
AREAS = Heading(
    noted(
        "AUC: of pairs of one whose outcome is true and one whose is not, in how many the first "
        "scores higher (ties count half); 0.5 is chance"
    ), (noted("Group"), noted("AUC"), noted("Interval"), noted("Pairs")),
)  # fmt: skip
BY_SCORE = Heading(
    noted("Outcome by score, group {group}"), (
        noted("Score from"), noted("to"), noted("Outcome is true"), noted("Interval"), noted("Of"),
    ),
)  # fmt: skip
CLUSTERED = Heading(
    noted("Everyone"), (
        noted("Rate"), noted("Together by"), noted("Out of"), noted("Clusters"),
        noted("Worth so many of equal size"), noted("Design effect"),
        noted("Worth so many independent rows"),
    ),
)  # fmt: skip
CLAIMED = Heading(
    noted("Claims"), (
        noted("Rate"), noted("Group"), noted("Claimed"), noted("Verdict"), noted("Counted"),
        noted("Out of"), noted("p, were it just false"), noted("p, were it just true"),
        noted("E-value for"), noted("E-value against"), noted("Error-free trials to support it"),
    ),
)  # fmt: skip
