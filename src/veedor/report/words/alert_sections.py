"""Headings and fixed sentences of an alert audit's report."""

from __future__ import annotations

from veedor.audits.alerts.claims import NOT_ENOUGH
from veedor.report.words.headings import Heading
from veedor.report.words.language import noted, noted_many

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
#: Table -> one and several rows read from files.
MADE = {
    "decisions": noted_many(
        "Made by veedor from {files}: {n} decision read. Every number is in results.json.",
        "Made by veedor from {files}: {n} decisions read. Every number is in results.json.",
    ),
    "searches": noted_many(
        "Made by veedor from {files}: {n} search read. Every number is in results.json.",
        "Made by veedor from {files}: {n} searches read. Every number is in results.json.",
    ),
    "deployments": noted_many(
        "Made by veedor from {files}: {n} deployment read. Every number is in results.json.",
        "Made by veedor from {files}: {n} deployments read. Every number is in results.json.",
    ),
}
DET = noted("Each line is a group; lower and further left is better. Both scales are logarithmic.")
THRESHOLDS = noted(
    "A candidate at or above the threshold is an alert. A search in which no usable sample was "
    "acquired counts as missed if the person is in the gallery, and as no alert if not."
)
TWO_COMPLAINTS = noted(
    "The two complaints that are made about such systems stand here side by side. One counts among "
    "{of_false}: how many of them have an alert? The other counts among {alerts}: how many of them "
    "are right? Their denominators differ."
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
#: Titles of what a reader opens: each says what was found, with its number.
REFUSED = noted_many(
    "What cannot be said: {n} share cannot be counted",
    "What cannot be said: {n} shares cannot be counted",
)
RATES = noted("How often it is wrong: “{name}” {value}")
RATES_BY_GROUP = noted(
    "How often it is wrong, and for whom: “{name}” {low} to {high} from group to group"
)
RATES_NOT_KNOWN = noted("How often it is wrong: no rate could be counted")
BOTH_SIDES = noted(
    "Both sides of the same errors: “{name}” differs by up to {points} points, “{other}” by up to "
    "{others}"
)
AT_OTHERS = noted(
    "At other base rates: {right} of 1,000 alerts would be right, were it as rare as one in {many}"
)
RANKING = noted("How its scores rank: an AUC of {value}, where chance is 0.5")
NOT_INDEPENDENT = noted(
    "Rows that are not independent: {rows} of “{name}” are worth {worth} that are"
)
NOT_INDEPENDENT_UNKNOWN = noted("Rows that are not independent: how many they are worth is unknown")
THRESHOLDS_OF_GROUPS = noted_many(
    "Thresholds, and what they do to groups: {n} target",
    "Thresholds, and what they do to groups: {n} targets",
)
DRIFTS = noted_many(
    "Over time: {n} alarm of a drift",
    "Over time: {n} alarms of a drift",
)
NO_DRIFT = noted("Over time: no alarm of a drift")
JUDGED = noted(
    "What is claimed: {supported} supported, {contradicted} contradicted, {open} without enough "
    "data"
)
CHECKED = noted_many(
    "Checks of the data: {n} thing to know",
    "Checks of the data: {n} things to know",
)
CHECKED_NOTHING = noted("Checks of the data: nothing found")
ANSWERED = noted("What tables cannot show: {n} of {of} questions answered")
#: What to give, where the kind of system was not said.
HINT = noted(
    "What kind of system is it? With --kind risk-score, face-match, alarm or post-flag the page "
    "speaks of what such a system does, and tells its base rates."
)
#: Part of published counts -> its name.
PARTS = {
    "first": noted("the first deployment"),
    "after_first": noted("after the first deployment"),
}
#: How groups are sorted in a chart.
SORTED = noted("Groups from the largest first share to the smallest.")
RATE = Heading(
    noted("{rate}"),
    (noted("Group"), noted("Value"), noted("Interval"), noted("Counted"), noted("Out of")),
)
PER_TIME = Heading(
    noted("Alerts by the time that was watched"), (
        noted("Rate"), noted("Group"), noted("Value"), noted("Interval"), noted("Counted"),
        noted("Out of"), noted("Of"),
    ),
)  # fmt: skip
BY_TIME = noted("By the time that was watched: “{name}” {value}")
BY_TIME_ABOUT = noted(
    "Counted out of the hours that the table says were watched, and out of these times its "
    "cameras. Alerts come in bursts: with several deployments the intervals allow for how these "
    "differ. How many events there were to find is not in it."
)
SIDES = noted("Gaps to {reference}, in percentage points, with {level} intervals")
GROUP = noted("Group")
GAP = noted("Gap: {name}")
BY_IDENTITY = noted("{name}, by the identity")
WERE_THE_OTHERS_ALIKE = noted("{name}, were the other two as in the reference")
AT_BASE_RATES = (
    noted("Alerts that are right"), noted("Interval"), noted("Wrong for each right"),
    noted("Interval"), noted("Right, of 1,000 alerts"), noted("Wrong, of 1,000 alerts"),
)  # fmt: skip
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
        "How unequal the groups are (largest by geometric mean: 1 is equal; GARBE: 0 is equal, 1 "
        "is all in one group; fairness discrepancy rate: 1 is equal)"
    ), (noted("Measure"), noted("Threshold"), noted("Value"), noted("Interval")),
)  # fmt: skip
AREAS = Heading(
    noted(
        "AUC: of pairs of one whose outcome is true and one whose is not, in how many the first "
        "scores higher (ties count half); 0.5 is chance"
    ), (noted("Group"), noted("AUC"), noted("Interval"), noted("Pairs")),
)  # fmt: skip
BY_SCORE = Heading(
    noted("Outcome by score: {group}"), (
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
