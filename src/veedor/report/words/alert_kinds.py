"""What a page calls things, by the kind of system whose alerts they are."""

from __future__ import annotations

from veedor.report.words.alerts import NAMES
from veedor.report.words.language import Words, noted
from veedor.statistics.codes import Coded, Denominator, Finding

#: Kind of system; None where it was not said.
Kind = str | None

TITLES: dict[Kind, str] = {
    None: noted("Audit of an alert system"),
    "risk-score": noted("Audit of a risk score"),
    "face-match": noted("Audit of face matching"),
    "alarm": noted("Audit of an alarm"),
    "post-flag": noted("Audit of a system that flags posts"),
}
#: Table, and kind -> subtitle; where a kind has none, that of the table.
SUBTITLES: dict[tuple[str, Kind], str] = {
    ("decisions", None): noted("Decisions, with and without an alert, and what became of them"),
    ("decisions", "risk-score"): noted("Assessments, scored high or low, and what was recorded"),
    ("decisions", "face-match"): noted("Comparisons of faces, matched or not, and who it was"),
    ("decisions", "alarm"): noted("Observations, with and without an alarm, and what happened"),
    ("decisions", "post-flag"): noted("Posts, flagged or not, and what a review found"),
    ("searches", None): noted("Searches of one among many, and the candidates they returned"),
    ("searches", "face-match"): noted(
        "Searches of one face among many, and the candidates they returned"
    ),
    ("deployments", None): noted("Counts that were published, deployment by deployment"),
}
#: Kind -> rate -> its name, where it is not that of every alert.
NAMES_OF: dict[Kind, dict[str, str]] = {
    "risk-score": {
        "prevalence": noted("Recorded outcome followed"),
        "alert_rate": noted("Scored high"),
        "tpr": noted("Rightly scored high"),
        "fnr": noted("Wrongly scored low"),
        "fpr": noted("Wrongly scored high"),
        "tnr": noted("Rightly scored low"),
        "ppv": noted("Right high scores"),
        "fdr": noted("Wrong high scores"),
        "npv": noted("Right low scores"),
        "for": noted("Wrong low scores"),
        "accuracy": noted("Scored as the outcome was"),
        "false_alerts_per_transaction": noted("Wrongly scored high"),
        "true_alerts_per_transaction": noted("Rightly scored high"),
        "stops_per_false_alert": noted("Followed by a measure"),
        "engagements_per_alert": noted("Followed by a measure"),
    },
    "face-match": {
        "prevalence": noted("Of someone on the list"),
        "alert_rate": noted("Matched"),
        "tpr": noted("Rightly matched"),
        "fpr": noted("Wrongly matched"),
        "tnr": noted("Rightly not matched"),
        "ppv": noted("Right matches"),
        "fdr": noted("Wrong matches"),
        "npv": noted("Rightly not matched"),
        "accuracy": noted("Decided as it was"),
        "false_alerts_per_transaction": noted("Wrongly matched"),
        "true_alerts_per_transaction": noted("Rightly matched"),
    },
    "alarm": {
        "prevalence": noted("The event happened"),
        "alert_rate": noted("Raised an alarm"),
        "tpr": noted("Event with an alarm"),
        "fnr": noted("Event without an alarm"),
        "fpr": noted("False alarm where nothing happened"),
        "tnr": noted("Rightly quiet"),
        "ppv": noted("Right alarms"),
        "fdr": noted("Alarms that were false"),
        "npv": noted("Rightly quiet"),
        "for": noted("Event without an alarm"),
        "accuracy": noted("Decided as it was"),
        "false_alerts_per_transaction": noted("Raised a false alarm"),
        "true_alerts_per_transaction": noted("Raised a right alarm"),
        "engagements_per_alert": noted("Somebody went there"),
        "alerts_per_hour": noted("Alarms an hour"),
        "false_alerts_per_hour": noted("False alarms an hour"),
        "alerts_per_camera_hour": noted("Alarms a camera and hour"),
        "false_alerts_per_camera_hour": noted("False alarms a camera and hour"),
    },
    "post-flag": {
        "prevalence": noted("What is sought"),
        "alert_rate": noted("Flagged"),
        "tnr": noted("Rightly left alone"),
        "ppv": noted("Right flags"),
        "fdr": noted("Wrong flags"),
        "npv": noted("Rightly left alone"),
        "accuracy": noted("Decided as the review did"),
        "stops_per_false_alert": noted("Followed by a measure"),
        "engagements_per_alert": noted("Followed by a measure"),
    },
}
#: Kind -> denominator -> its words, where they are not those of every alert.
_DENOMINATORS: dict[Kind, dict[str, str]] = {
    "risk-score": {
        "decisions": noted("assessments"),
        "known_outcomes": noted("assessments whose outcome is known"),
        "true_outcomes": noted("assessments that the recorded outcome followed"),
        "false_outcomes": noted("assessments that the recorded outcome did not follow"),
        "resolved_alerts": noted("high scores whose outcome is known"),
        "resolved_others": noted("low scores whose outcome is known"),
        "people_who_passed": noted("people scored"),
        "alerts": noted("high scores"),
        "false_alerts": noted("high scores that the outcome did not follow"),
        "right_alerts": noted("high scores that the outcome followed"),
        "pairs_of_outcomes": noted(
            "pairs of an assessment that the outcome followed and one that it did not"
        ),
    },
    "face-match": {
        "decisions": noted("comparisons"),
        "known_outcomes": noted("comparisons of which it is known who it was"),
        "true_outcomes": noted("comparisons of someone on the list"),
        "false_outcomes": noted("comparisons of someone not on the list"),
        "resolved_alerts": noted("matches that were checked"),
        "resolved_others": noted("comparisons without a match that were checked"),
        "people_who_passed": noted("people who passed"),
        "alerts": noted("matches"),
        "false_alerts": noted("wrong matches"),
        "right_alerts": noted("right matches"),
        "pairs_of_outcomes": noted("pairs of someone on the list and someone not on it"),
    },
    "alarm": {
        "decisions": noted("observations"),
        "known_outcomes": noted("observations of which it is known what happened"),
        "true_outcomes": noted("observations in which the event happened"),
        "false_outcomes": noted("observations in which it did not happen"),
        "resolved_alerts": noted("alarms that were checked"),
        "resolved_others": noted("observations without an alarm that were checked"),
        "people_who_passed": noted("observations"),
        "alerts": noted("alarms"),
        "false_alerts": noted("false alarms"),
        "right_alerts": noted("right alarms"),
        "pairs_of_outcomes": noted("pairs of an observation with the event and one without"),
    },
    "post-flag": {
        "decisions": noted("posts"),
        "known_outcomes": noted("posts that were reviewed"),
        "true_outcomes": noted("posts that are what is sought"),
        "false_outcomes": noted("posts that are not what is sought"),
        "resolved_alerts": noted("flags that were reviewed"),
        "resolved_others": noted("posts without a flag that were reviewed"),
        "people_who_passed": noted("posts seen"),
        "alerts": noted("flags"),
        "false_alerts": noted("wrong flags"),
        "right_alerts": noted("right flags"),
        "pairs_of_outcomes": noted("pairs of a post that is what is sought and one that is not"),
    },
}
_TRAFFIC = noted(
    "False alerts by group are given without how many of each group passed. That is a composition, "
    "not a rate: it says nothing on whom the system is wrong about more often. Ask for "
    "transactions by group."
)
_CHECKED_ONLY = "only_alerts_were_checked"
#: Kind -> what the checks found, where it is not said as of every alert.
_FINDINGS: dict[Kind, dict[str, str]] = {
    "face-match": {
        "unknown_outcomes": noted(
            "Of {alerts_unknown} of {alerts} matches and of {quiet_unknown} of {quiet} comparisons "
            "without one it is not known who it was."
        ),
        _CHECKED_ONLY: noted(
            "of none of the {quiet} comparisons without a match it is known who it was: only "
            "matches were checked"
        ),
        "nobody_checked_the_others": noted(
            "nobody checked those without an alert: how many people on the watchlist passed "
            "unnoticed, and how many of those who passed were not on it, is not known"
        ),
        "error_causes": noted(
            "Of {of} false alerts, by stated cause: {causes}. An alert on a person whom a list "
            "should not have held is an error of the system too, though the match was right."
        ),
        "groups_without_traffic": _TRAFFIC,
        "false_alerts_without_traffic": noted(
            "False alerts by group are given ({false_alerts}) without how many of each group "
            "passed. That is a composition, not a rate: it says nothing on whom the system is "
            "wrong about more often. Ask for transactions by group."
        ),
        "no_transactions": noted(
            "How many people passed the system is not given: nothing can be said per person "
            "checked, only per alert."
        ),
    },
    "alarm": {
        "unknown_outcomes": noted(
            "Of {alerts_unknown} of {alerts} alarms and of {quiet_unknown} of {quiet} observations "
            "without one it is not known what happened."
        ),
        _CHECKED_ONLY: noted(
            "of none of the {quiet} observations without an alarm it is known what happened: only "
            "alarms were checked"
        ),
        "no_transactions": noted(
            "How many observations the system made is not given: nothing can be said per "
            "observation, only per alarm."
        ),
    },
    "post-flag": {
        "unknown_outcomes": noted(
            "{alerts_unknown} of {alerts} flags and {quiet_unknown} of {quiet} posts without one "
            "were not reviewed."
        ),
        _CHECKED_ONLY: noted(
            "none of the {quiet} posts without a flag was reviewed: only flags were checked"
        ),
        "repeated_people": noted(
            "{decisions} posts are by {people} authors, at most {most} by one. Intervals of rates "
            "allow for it; no author is shown."
        ),
        "no_transactions": noted(
            "How many posts the system saw is not given: nothing can be said per post, only per "
            "flag."
        ),
    },
    "risk-score": {
        "unknown_outcomes": noted(
            "The outcome of {alerts_unknown} of {alerts} high scores and of {quiet_unknown} of "
            "{quiet} low scores is unknown."
        ),
        _CHECKED_ONLY: noted(
            "the outcome of none of the {quiet} low scores is known: only high scores were "
            "followed up"
        ),
        "repeated_people": noted(
            "{decisions} assessments are of {people} people, at most {most} of one. Intervals of "
            "rates allow for it."
        ),
        "no_transactions": noted(
            "How many people were scored is not given: nothing can be said per person, only per "
            "high score."
        ),
    },
}
#: Kind -> axes of both errors against each other; of searches by their table.
ERRORS: dict[Kind, tuple[str, str]] = {
    None: (
        noted("Wrongly flagged, of outcomes that are false"),
        noted("Missed,\nof outcomes that are true"),
    ),
    "risk-score": (
        noted("Wrongly scored high, of those without the outcome"),
        noted("Scored low,\nof those with the outcome"),
    ),
    "face-match": (
        noted("Wrongly matched, of those not on the list"),
        noted("Missed,\nof those on the list"),
    ),
    "alarm": (
        noted("False alarm, where nothing happened"),
        noted("No alarm,\nwhere the event happened"),
    ),
    "post-flag": (
        noted("Wrongly flagged, of posts that are not sought"),
        noted("Missed,\nof posts that are sought"),
    ),
}
ERRORS_OF_SEARCHES = (
    noted("Wrongly raised an alert, of searches of people not in the gallery"),
    noted("Missed at rank 1,\nof searches of people in the gallery"),
)


def name_of(words: Words, kind: Kind, rate: str) -> str:
    """Name a rate by whom it counts, as a heading does.

    >>> from veedor.report.words import words_in
    >>> [name_of(words_in("en"), kind, "fpr") for kind in (None, "risk-score")]
    ['Wrongly flagged', 'Wrongly scored high']
    """
    return words.say(NAMES_OF.get(kind, {}).get(rate, NAMES[rate]))


def of(words: Words, kind: Kind, coded: Coded) -> str:
    """Say a code as a kind of system has it; where it has none of its own, as of every alert.

    >>> from veedor.report.words import words_in
    >>> [of(words_in("en"), kind, Denominator("alerts")) for kind in (None, "post-flag")]
    ['alerts', 'flags']
    """
    table = {Denominator: _DENOMINATORS, Finding: _FINDINGS}.get(type(coded), {})
    own = table.get(kind, {}).get(coded.code)
    return words.of(coded, own)
