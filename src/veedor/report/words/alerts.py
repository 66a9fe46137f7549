"""Words of alert audits: whom rates count, out of whom, methods, refusals, checks of the data."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "decisions": noted("decisions"),
    "known_outcomes": noted("decisions whose outcome is known"),
    "true_outcomes": noted("decisions whose outcome is true"),
    "false_outcomes": noted("decisions whose outcome is false"),
    "resolved_alerts": noted("alerts whose outcome is known"),
    "resolved_others": noted("decisions without an alert, outcome known"),
    "searches": noted("searches"),
    "searches_in_gallery": noted("searches of people who are in the gallery"),
    "searches_not_in_gallery": noted("searches of people who are not in the gallery"),
    "people_who_passed": noted("subjects checked"),
    "alerts": noted("alerts"),
    "hours": noted("hours watched"),
    "camera_hours": noted("camera-hours, cameras times hours"),
    "false_alerts": noted("false alerts"),
    "right_alerts": noted("right alerts"),
    "pairs_of_outcomes": noted("pairs of one whose outcome is true and one whose is not"),
    "positives_on_both_lists": noted("positives on both lists"),
    "rate_below": noted("(a rate by another)"),
    "rate_of_the_reference": noted("(beside the rate of the reference)"),
    "rates_at_the_base_rate": noted("(from both error rates, at the base rate)"),
    "all_groups": noted("(over all groups)"),
}
METHODS = {
    "wilson": noted("Wilson"),
    "wilson_over_clusters": noted("Wilson, over as many as clusters by {cluster} are worth"),
    "wilson_by_inclusion_probability": noted(
        "Wilson, over as many as unequal chances to be checked leave"
    ),
    "clopper_pearson": noted("Clopper-Pearson"),
    "garwood": noted("Garwood, for counts that are independent (Poisson)"),
    "garwood_over_clusters": noted("Garwood, over as much as clusters by {cluster} are worth"),
    "clopper_pearson_over_clusters": noted(
        "Clopper-Pearson, over as many as clusters by {cluster} are worth"
    ),
    "koopman_score": noted("Koopman's score interval of a ratio"),
    "newcombe_hybrid": noted("Newcombe's hybrid interval of a difference"),
    "newcombe_all_pairs": noted("Newcombe's intervals of all pairs together (Bonferroni)"),
    "mercaldo_logit": noted("Mercaldo's interval on the logit scale"),
    "order_statistics": noted("order statistics"),
    "normal_over_searches": noted("normal, over searches"),
    "bootstrap_counts": noted("bootstrap of counts"),
    "delong": noted("DeLong, on the logit scale"),
    "hanley_mcneil": noted("Hanley and McNeil"),
    "begg_greenes": noted("Begg and Greenes"),
    "lang_reiczigel": noted("Lang and Reiczigel"),
    "chapman_midp": noted("Chapman, mid-p"),
    "bound": noted("a bound, no interval"),
    "suppressed": noted("left out: small"),
}
FINDINGS = {
    # Why rates are refused, and why a claim cannot be judged.
    "only_alerts_were_checked": noted(
        "the outcome of none of the {quiet} decisions without an alert is known: only alerts were "
        "checked"
    ),
    "only_alerts_were_given": noted(
        "every row of the table is an alert: how many there were without one, and what became of "
        "them, is not known"
    ),
    "checked_by_a_random_audit": noted(
        "those without an alert were checked by a random audit only"
    ),
    "checked_with_stated_chances": noted(
        "only a random part was checked, with the chances that the table states"
    ),
    "checked_unevenly": noted(
        "outcomes are known of {alerts_known} of {alerts} alerts and of {quiet_known} of {quiet} "
        "others, and nothing says that those were drawn at random"
    ),
    "no_threshold_for_searches": noted(
        "without a threshold every search that returns anything is an alert: give --threshold"
    ),
    "nobody_checked_the_others": noted(
        "nobody checked those without an alert: how many should have had one, and how many rightly "
        "had none, is not known"
    ),
    "no_trials": noted("there are no trials"),
    "one_cluster_only": noted(
        "all of them are of one cluster, and nothing shows how others would differ"
    ),
    # What the checks of the data found.
    "last_outcomes_true": noted(
        "All {decisions} decisions with a known outcome from {from} to {to} have the outcome true; "
        "of the other days' {elsewhere_of}, {elsewhere} have. Outcomes are not missing at random "
        "by time. Others' outcomes may not have been known yet when the table was made and may be "
        "left out of it, or people were kept in the table because of their outcome. The table "
        "cannot tell which: leave these days out, or find out how the table was made."
    ),
    "last_outcomes_false": noted(
        "All {decisions} decisions with a known outcome from {from} to {to} have the outcome "
        "false; of the other days' {elsewhere_of}, {elsewhere} have. Outcomes are not missing at "
        "random by time. Outcomes may not have been known yet when the table was made and may be "
        "written as false, or people were kept in the table because of their outcome. The table "
        "cannot tell which: leave these days out, or find out how the table was made."
    ),
    "first_outcomes_true": noted(
        "All {decisions} decisions with a known outcome from {from} to {to} have the outcome true; "
        "of the other days' {elsewhere_of}, {elsewhere} have. Outcomes are not missing at random "
        "by time. Recording may have begun with such cases, or people were kept in the table "
        "because of their outcome. The table cannot tell which: leave these days out, or find out "
        "how the table was made."
    ),
    "first_outcomes_false": noted(
        "All {decisions} decisions with a known outcome from {from} to {to} have the outcome "
        "false; of the other days' {elsewhere_of}, {elsewhere} have. Outcomes are not missing at "
        "random by time. The outcome may not have been recorded yet and may be written as false, "
        "or people were kept in the table because of their outcome. The table cannot tell which: "
        "leave these days out, or find out how the table was made."
    ),
    "unknown_by_time": noted(
        "Until {until} the outcome of {before} of {before_of} decisions is unknown, later of "
        "{after} of {after_of}. Rates over time compare what was checked, not only what was "
        "decided."
    ),
    "thresholds_changed": noted(
        "There are {count} values of the threshold, each with its first and last day and how many: "
        "{values}. A rate over all of them is of a mixture of systems: audit each by itself."
    ),
    "versions_changed": noted(
        "There are {count} values of the system version, each with its first and last day and how "
        "many: {values}. A rate over all of them is of a mixture of systems: audit each by itself."
    ),
    "several_thresholds": noted(
        "There are {count} values of the threshold, and no times to tell when each was used. A "
        "rate over all of them is of a mixture of systems."
    ),
    "several_versions": noted(
        "There are {count} values of the system version, and no times to tell when each was used. "
        "A rate over all of them is of a mixture of systems."
    ),
    "many_versions": noted("{count} versions are too many to set out one by one."),
    "repeated_people": noted(
        "{decisions} decisions are about {people} people, at most {most} about one. Intervals of "
        "rates allow for it."
    ),
    "unknown_outcomes_of_alerts": noted(
        "The outcome of {alerts_unknown} of {alerts} alerts is unknown."
    ),
    "unknown_outcomes": noted(
        "The outcome of {alerts_unknown} of {alerts} alerts and of {quiet_unknown} of {quiet} "
        "decisions without an alert is unknown."
    ),
    "flags_against_scores": noted(
        "{against} of {of} decisions are flagged although their score is below the threshold, or "
        "the other way round. Somebody or another rule may decide too, or a low score may be what "
        "raises an alert."
    ),
    "error_causes": noted(
        "Of {of} false alerts, by stated cause: {causes}. An alert that rests on an entry which "
        "should not have been there is an error of the system too."
    ),
    "audit_population": noted(
        "The audit of those without an alert speaks of {audit} of them, the decisions hold "
        "{decisions}. One of the two is not complete."
    ),
    "uneven_clusters_of_alerts": noted(
        "The share of right alerts (ppv) is out of {rows}, in {clusters} clusters by {cluster}, "
        "and a few of these hold most of them: they are worth {worth} of equal size. The interval "
        "over all is wide because so few show how others would differ. Look at the largest and at "
        "the rest by themselves."
    ),
    "uneven_clusters_of_wrong_alerts": noted(
        "The share of searches that wrongly raised an alert (fpir) is out of {rows}, in {clusters} "
        "clusters by {cluster}, and a few of these hold most of them: they are worth {worth} of "
        "equal size. The interval over all is wide because so few show how others would differ. "
        "Look at the largest and at the rest by themselves."
    ),
    "uneven_clusters_of_misses": noted(
        "The share of searches that missed at rank 1 (fnir_rank1) is out of {rows}, in {clusters} "
        "clusters by {cluster}, and a few of these hold most of them: they are worth {worth} of "
        "equal size. The interval over all is wide because so few show how others would differ. "
        "Look at the largest and at the rest by themselves."
    ),
    "candidates_without_sample": noted_many(
        "{candidates} candidate belongs to a search in which nothing was acquired. It is not "
        "counted.",
        "{candidates} candidates belong to searches in which nothing was acquired. They are "
        "not counted.",
    ),
    "uneven_ranks": noted(
        "In {searches} of {of} searches the ranks of the candidates do not run from 1 without a "
        "gap or a repeat: rows may be missing or come twice. FNIR goes by these ranks, and "
        "selectivity by the rows."
    ),
    "ranked_against_score": noted(
        "In {searches} of {of} searches the candidate of the lowest rank does not have the highest "
        "score. An alert is a score at or above the threshold: where scores are distances, of "
        "which the smallest is the best, turn their sign."
    ),
    "repeated_searches": noted(
        "{searches} searches are of {people} people. Intervals of rates allow for it."
    ),
    "groups_without_traffic": noted(
        "False alerts by group are given without how many of each group were checked. That is a "
        "composition, not a rate: it says nothing on whom the system is wrong about more often. "
        "Ask for transactions by group."
    ),
    "false_alerts_without_traffic": noted(
        "False alerts by group are given ({false_alerts}) without how many of each group were "
        "checked. That is a composition, not a rate: it says nothing on whom the system is wrong "
        "about more often. Ask for transactions by group."
    ),
    "thresholds_of_deployments": noted(
        "{count} values of the threshold were used over {deployments} deployments. A rate over all "
        "of them is of a mixture of systems."
    ),
    "versions_of_deployments": noted(
        "{count} values of the version were used over {deployments} deployments. A rate over all "
        "of them is of a mixture of systems."
    ),
    "unresolved_alerts": noted_many(
        "{unresolved} of {alerts} alerts was never resolved; bounds are given for it right and "
        "it wrong.",
        "{unresolved} of {alerts} alerts were never resolved; bounds are given for all of them "
        "right and all of them wrong.",
    ),
    "no_transactions": noted(
        "How many subjects were checked is not given: nothing can be said per subject, only per "
        "alert."
    ),
    "cameras_without_hours": noted(
        "How many cameras there were is given, and not for how many hours they watched: nothing "
        "can be said per camera and hour."
    ),
    "threshold_not_used": noted(
        "Published counts have no scores: the thresholds asked for change nothing."
    ),
    "words_for_right": noted("In column {column} these mean that it was so: {words}."),
    "words_for_wrong": noted("In column {column} these mean that it was not so: {words}."),
    "words_for_open": noted("In column {column} these mean that it is not known: {words}."),
    "numbers_read": noted(
        "In column {column} {written} is read as {value}, as the rest of the column shows."
    ),
}
#: Rate -> its name, by whom it counts, as a heading has it.
NAMES = {
    "prevalence": noted("Outcome is true"),
    "alert_rate": noted("Alerts"),
    "tpr": noted("Rightly flagged"),
    "fnr": noted("Missed"),
    "fpr": noted("Wrongly flagged"),
    "tnr": noted("Rightly not flagged"),
    "ppv": noted("Right alerts"),
    "fdr": noted("Wrong alerts"),
    "npv": noted("Rightly not flagged"),
    "for": noted("Missed"),
    "accuracy": noted("Decided as the outcome was"),
    "fpir": noted("Wrongly raised an alert"),
    "fnir_rank1": noted("Missed at rank 1"),
    "fnir_rank5": noted("Missed among the first five"),
    "fta_rate": noted("Without a usable sample"),
    "false_alerts_per_transaction": noted("Wrongly flagged"),
    "true_alerts_per_transaction": noted("Rightly flagged"),
    "stops_per_false_alert": noted("Followed by a stop"),
    "engagements_per_alert": noted("Followed by an engagement"),
    "alerts_per_hour": noted("Alerts an hour"),
    "false_alerts_per_hour": noted("Wrong alerts an hour"),
    "alerts_per_camera_hour": noted("Alerts a camera and hour"),
    "false_alerts_per_camera_hour": noted("Wrong alerts a camera and hour"),
}
