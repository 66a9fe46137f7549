"""Rates of an alert audit in whole sentences, as each kind of system has them, and their names."""

from __future__ import annotations

import re

from veedor.audits.alerts.statements import ALL, out_of
from veedor.audits.audit import Statement
from veedor.report.words.alert_kinds import Kind, name_of, of
from veedor.report.words.alerts import NAMES
from veedor.report.words.intervals import interval
from veedor.report.words.language import Words, noted

#: Rate -> kind -> a sentence, which holds what was counted, out of how many, and of whom.
RATES: dict[str, dict[Kind, str]] = {
    "alert_rate": {
        None: noted("Of {n} decisions, {counted} ({rate}) were alerts."),
        "risk-score": noted("Of {n} assessments, {counted} ({rate}) were scored high."),
        "face-match": noted("Of {n} comparisons, {counted} ({rate}) were matches."),
        "alarm": noted("Of {n} observations, {counted} ({rate}) raised an alarm."),
        "post-flag": noted("Of {n} posts, {counted} ({rate}) were flagged."),
    },
    "ppv": {
        None: noted("Of {n} alerts whose outcome is known, {counted} ({rate}) were right alerts."),
        "risk-score": noted(
            "Of {n} high scores whose outcome is known, {counted} ({rate}) were followed by the "
            "recorded outcome."
        ),
        "face-match": noted("Of {n} matches that were checked, {counted} ({rate}) were right."),
        "alarm": noted("Of {n} alarms that were checked, {counted} ({rate}) were right."),
        "post-flag": noted("Of {n} flags that were reviewed, {counted} ({rate}) were right."),
    },
    "fpr": {
        None: noted(
            "Of {n} decisions whose outcome is false, {counted} ({rate}) were wrongly flagged."
        ),
        "risk-score": noted(
            "Of {n} assessments that the recorded outcome did not follow, {counted} ({rate}) were "
            "wrongly scored high."
        ),
        "face-match": noted(
            "Of {n} comparisons of someone not on the list, {counted} ({rate}) were wrong matches."
        ),
        "alarm": noted(
            "Of {n} observations in which the event did not happen, {counted} ({rate}) raised a "
            "false alarm."
        ),
        "post-flag": noted(
            "Of {n} posts that are not what is sought, {counted} ({rate}) were wrongly flagged."
        ),
    },
    "fnr": {
        None: noted("Of {n} decisions whose outcome is true, {counted} ({rate}) were missed."),
        "risk-score": noted(
            "Of {n} assessments that the recorded outcome followed, {counted} ({rate}) were scored "
            "low."
        ),
        "face-match": noted(
            "Of {n} comparisons of someone on the list, {counted} ({rate}) were missed."
        ),
        "alarm": noted(
            "Of {n} observations in which the event happened, {counted} ({rate}) raised no alarm."
        ),
        "post-flag": noted("Of {n} posts that are what is sought, {counted} ({rate}) were missed."),
    },
    "fdr": {
        None: noted("Of {n} alerts whose outcome is known, {counted} ({rate}) were wrong."),
        "risk-score": noted(
            "Of {n} high scores whose outcome is known, {counted} ({rate}) were not followed by "
            "the recorded outcome."
        ),
        "face-match": noted("Of {n} matches that were checked, {counted} ({rate}) were wrong."),
        "alarm": noted("Of {n} alarms that were checked, {counted} ({rate}) were false."),
        "post-flag": noted("Of {n} flags that were reviewed, {counted} ({rate}) were wrong."),
    },
    "fpir": {
        None: noted(
            "Of {n} searches of people who are not in the gallery, {counted} ({rate}) wrongly "
            "raised an alert."
        ),
    },
    "fnir_rank1": {
        None: noted(
            "Of {n} searches of people who are in the gallery, {counted} ({rate}) missed them at "
            "rank 1."
        ),
    },
    "false_alerts_per_transaction": {
        None: noted("Of {n} subjects checked, {counted} ({rate}) were wrongly flagged."),
        "risk-score": noted("Of {n} people scored, {counted} ({rate}) were wrongly scored high."),
        "face-match": noted("Of {n} people who passed, {counted} ({rate}) were wrongly matched."),
        "alarm": noted("Of {n} observations, {counted} ({rate}) raised a false alarm."),
        "post-flag": noted("Of {n} posts seen, {counted} ({rate}) were wrongly flagged."),
    },
}
#: Kind -> how many wrong alerts there were for each right one.
WRONG_FOR_EACH: dict[Kind, str] = {
    None: noted("Wrong alerts for each right one: {each}, counting {of}."),
    "risk-score": noted(
        "High scores that the outcome did not follow, for each that it did: {each}, counting {of}."
    ),
    "face-match": noted("Wrong matches for each right one: {each}, counting {of}."),
    "alarm": noted("False alarms for each right one: {each}, counting {of}."),
    "post-flag": noted("Wrong flags for each right one: {each}, counting {of}."),
}
SUBSETS = {
    "first": noted("{sentence} That is the first deployment alone."),
    "after_first": noted("{sentence} That is without the first deployment."),
}
#: Rate -> what specialists call it.
TECHNICAL = {
    "prevalence": noted("prevalence, or base rate"),
    "alert_rate": noted("alert rate"),
    "tpr": noted("true positive rate, or sensitivity"),
    "fnr": noted("false negative rate"),
    "fpr": noted("false positive rate"),
    "tnr": noted("true negative rate, or specificity"),
    "ppv": noted("positive predictive value, or precision"),
    "fdr": noted("false discovery rate"),
    "npv": noted("negative predictive value"),
    "for": noted("false omission rate"),
    "accuracy": noted("accuracy"),
    "fpir": noted("false positive identification rate"),
    "fnir_rank1": noted("false negative identification rate at rank 1"),
    "fnir_rank5": noted("false negative identification rate at rank 5"),
    "fta_rate": noted("failure-to-acquire rate"),
    "false_alerts_per_transaction": noted("false alerts per transaction"),
    "true_alerts_per_transaction": noted("true alerts per transaction"),
    "stops_per_false_alert": noted("stops per false alert"),
    "engagements_per_alert": noted("engagements per alert"),
}
#: Statistic that is no rate -> its name.
_OTHERS = {
    "n": noted("Counted in all"),
    "tp": noted("Right alerts, counted"),
    "fp": noted("Wrong alerts, counted"),
    "fn": noted("Missed, counted"),
    "tn": noted("Rightly without an alert, counted"),
    "n_mated": noted("Searches of people in the gallery, counted"),
    "n_nonmated": noted("Searches of people not in the gallery, counted"),
    "transactions": noted("Checked, counted"),
    "alerts": noted("Alerts, counted"),
    "true_alerts": noted("Right alerts, counted"),
    "false_alerts": noted("Wrong alerts, counted"),
    "unresolved_alerts": noted("Alerts never resolved, counted"),
    "engagements": noted("Engagements, counted"),
    "stops_after_false_alert": noted("Stops after a wrong alert, counted"),
    "deployments": noted("Deployments, counted"),
    "auc": noted("How well scores rank (AUC)"),
    "lr_pos": noted("Rightly by wrongly flagged (likelihood ratio)"),
    "lr_neg": noted("Missed by rightly not flagged (likelihood ratio)"),
    "false_per_true": noted("Wrong alerts for each right one"),
    "selectivity": noted("Candidates at or above the threshold, a search"),
    "alerts_per_transaction": noted("Alerts"),
    "ppv_adjudicator_corrected": noted("Right alerts, corrected for errors of the checkers"),
    "positives_by_recapture": noted("Positives in all, estimated from two lists"),
    "ppv_if_unresolved_false": noted("Right alerts, were all that are unresolved wrong"),
    "ppv_if_unresolved_true": noted("Right alerts, were all that are unresolved right"),
}
#: Statistics with something in their name: pattern -> the name, and how often each is written.
_LIKE = (
    (re.compile(r"(?P<rate>\w+?)_ratio_vs_(?P<to>.*)", re.DOTALL),
     noted("{name}: times the share of {to}")),
    (re.compile(r"(?P<rate>\w+?)_diff_vs_(?P<to>.*)", re.DOTALL),
     noted("{name}: share less that of {to}")),
    (re.compile(r"(?P<rate>\w+?)_widest_gap"), noted("{name}: widest gap between two groups")),
    (re.compile(r"(?P<rate>\w+?)_max_over_geomean"),
     noted("{name}: largest share by the groups' geometric mean")),
    (re.compile(r"ppv_at_base_rate_(?P<share>.+)"),
     noted("Right alerts at a base rate of {share}")),
    (re.compile(r"false_per_true_at_(?P<share>.+)"),
     noted("Wrong alerts for each right one at a base rate of {share}")),
    (re.compile(r"threshold_at_fpir_(?P<share>.+)"),
     noted("Lowest threshold with wrong alerts in at most {share} of searches")),
    (re.compile(r"garbe_a(?P<weight>.+)"),
     noted("Inequality of both errors, weight {weight} (GARBE)")),
    (re.compile(r"fdr_fair_a(?P<weight>.+)"),
     noted("Fairness discrepancy rate, weight {weight}")),
)  # fmt: skip


def statistic(words: Words, kind: Kind, code: str) -> str:
    """Name a statistic in words, with its code behind.

    >>> from veedor.report.words import words_in
    >>> [statistic(words_in("en"), "risk-score", code) for code in ("fpr", "fpr_ratio_vs_a")]
    ['Wrongly scored high (fpr)', 'Wrongly scored high: times the share of a (fpr_ratio_vs_a)']
    """
    return words.say("{name} ({code})", name=_named(words, kind, code), code=code)


def _named(words: Words, kind: Kind, code: str) -> str:
    if code in NAMES:
        return name_of(words, kind, code)
    if code in _OTHERS:
        return words.say(_OTHERS[code])
    for like, template in _LIKE:
        if found := like.fullmatch(code):
            parts = found.groupdict()
            if (rate := parts.pop("rate", None)) is not None:
                parts["name"] = name_of(words, kind, rate)
            if "share" in parts:
                parts["share"] = words.percent(float(parts["share"]))
            if "weight" in parts:
                parts["weight"] = words.number(float(parts["weight"]))
            return words.say(template, **parts)
    raise KeyError(code)


def told(words: Words, kind: Kind, one: Statement) -> str:
    """Say a rate in a sentence that holds its denominator."""
    named = {
        "n": words.number(one.out_of), "counted": words.number(one.numerator),
        "rate": with_interval(words, one),
    }  # fmt: skip
    of_kind = RATES[one.statistic]
    sentence = words.say(of_kind.get(kind, of_kind[None]), **named)
    if one.subject.subset == "all":
        return sentence
    return words.say(SUBSETS[one.subject.subset], sentence=sentence)


def with_interval(words: Words, one: Statement) -> str:
    """Write a share with its interval, and by what its rows vary together."""
    value = words.percent(one.estimate.value)
    if one.estimate.low is None:
        return value
    cluster = str(one.estimate.method.arguments.get("cluster") or "")
    named = {"value": value, "interval": interval(words, one.estimate, share=True)}
    if cluster:
        return words.say("{value}; interval {interval}, by {cluster}", cluster=cluster, **named)
    return words.say("{value}; interval {interval}", **named)


def name_and_whom(words: Words, table: str, kind: Kind, rate: str) -> str:
    """Name a rate, and out of whom it is.

    >>> from veedor.report.words import words_in
    >>> name_and_whom(words_in("en"), "decisions", "alarm", "fnr")
    'Event without an alarm, out of observations in which the event happened'
    """
    return words.say(
        "{name}, out of {of}",
        name=name_of(words, kind, rate), of=of(words, kind, out_of(table, rate)),
    )  # fmt: skip


def in_full(words: Words, table: str, kind: Kind, rate: str) -> str:
    """Name a rate, out of whom it is, and what specialists call it."""
    return words.say(
        "{name}, out of {of} ({technical}: {code})",
        name=name_of(words, kind, rate), of=of(words, kind, out_of(table, rate)),
        technical=words.say(TECHNICAL[rate]), code=rate,
    )  # fmt: skip


def group_of(words: Words, group: str) -> str:
    """Name a group as a table does: everyone by a word, others as they are called."""
    return words.say("Everyone") if group == ALL else group
