"""Words of the checklist of an alert audit: each question, and why it matters."""

from __future__ import annotations

from veedor.report.words.headings import Heading
from veedor.report.words.language import noted

QUESTIONS = {
    "legal_basis": (
        noted("Which law or rule allows the system, for what purpose, and against whom?"),
        noted("Use beyond it cannot be made right by good error rates."),
    ),
    "watchlist_sources": (
        noted("From which registers is the watchlist made, by whom, and how often is it renewed?"),
        noted("A right match to a wrong or stale entry hits an innocent person all the same."),
    ),
    "watchlist_outside_source": (
        noted(
            "How many people were ever entered, searched or requested who are not in the legal "
            "source?"
        ),
        noted("In Buenos Aires biometric data were requested of far more people than were sought."),
    ),
    "watchlist_errors": (
        noted(
            "How many entries were found wrong, stale or about the wrong person, and what was done?"
        ),
        noted("Errors of the list are not errors of matching, and no error rate here shows them."),
    ),
    "minors_and_vulnerable": (
        noted(
            "Are minors or other specially protected people on the watchlist, and on what grounds?"
        ),
        noted("Their entries need grounds of their own."),
    ),
    "deletions": (
        noted(
            "When are images, templates and alerts deleted, who checks it, and are the logs whole?"
        ),
        noted(
            "What was deleted or never logged cannot be audited, nor can what was kept too long."
        ),
    ),
    "manual_deletions": (
        noted("Were records or logs deleted by hand, by whom, and is there a trace of each?"),
        noted("A gap in the record may be where the harm was."),
    ),
    "access_log": (
        noted("Who could search or enter people, with personal accounts, and is every use logged?"),
        noted("Shared accounts make misuse untraceable."),
    ),
    "prior_impact_study": (
        noted(
            "Was the impact on rights, and on groups, studied before the system was switched on?"
        ),
        noted("A study after the fact cannot have shaped the decision."),
    ),
    "oversight_reports": (
        noted("Which body oversees it, was it ever convened, and are its reports public?"),
        noted("Oversight on paper is none."),
    ),
    "human_check": (
        noted(
            "Who checks an alert before anybody acts on it, how long do they take, what do they "
            "see?"
        ),
        noted("A check that always confirms is not a check."),
    ),
    "harm_and_remedy": (
        noted(
            "What happened to those wrongly flagged, were they told why, and how can they complain?"
        ),
        noted("Behind a false alert there may be a person."),
    ),
    "participation": (
        noted("Was the public heard before, and are purchase, contract and tests public?"),
        noted("Claims that cannot be read cannot be tested."),
    ),
    "independent_test": (
        noted("Has anyone but the vendor and the user tested accuracy, here, by group, and when?"),
        noted("Accuracy elsewhere is not accuracy here."),
    ),
}
#: Questions about a watchlist, as of systems that have none.
_WITHOUT_A_LIST = {
    "watchlist_sources": (
        noted("From which records or feeds does the system draw, who keeps them, and how current?"),
        noted("A right result from a wrong or stale record burdens people all the same."),
    ),
    "watchlist_outside_source": (
        noted("About how many people or places is more held or used than the rule allows?"),
        noted("In Buenos Aires biometric data were requested of far more people than were sought."),
    ),
    "watchlist_errors": (
        noted("How many of its records were found wrong or stale, and what was done about it?"),
        noted("Errors of the records are not errors of the system, and no rate here shows them."),
    ),
    "minors_and_vulnerable": (
        noted("Are minors or other specially protected people among those it is used on, and why?"),
        noted("Their use needs grounds of its own."),
    ),
}
NOT_PROVIDED = noted("not provided")
ABOUT = noted(
    "These questions follow what the courts of Buenos Aires looked into in the case on the city's "
    "face recognition of fugitives (file 182908/2020-0, judgment of 7 September 2022). Where "
    "nothing was given, it says so."
)
CHECKLIST = Heading(
    noted("Checklist"), (noted("Question"), noted("Why it matters"), noted("Answer"))
)


def question(kind: str | None, key: str) -> tuple[str, str]:
    """Return a question and why it matters, as the kind of system has it.

    >>> question("risk-score", "watchlist_sources")[0].partition(",")[0]
    'From which records or feeds does the system draw'
    """
    if kind in (None, "face-match"):
        return QUESTIONS[key]
    return _WITHOUT_A_LIST.get(key, QUESTIONS[key])
