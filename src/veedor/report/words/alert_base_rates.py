"""The story of base rates, as each kind of system has it: what a rarer truth does to its alerts."""

from __future__ import annotations

from typing import NamedTuple

from veedor.report.words.alert_kinds import Kind
from veedor.report.words.language import noted


class Story(NamedTuple):
    """What is told of a system at other base rates.

    Parameters
    ----------
    about : str
        What the share of right alerts depends on.
    a_day : str
        Of how many a day the alerts a day are.
    one_in : str
        Head of the column of base rates.
    here_and_there : str
        A base rate on a chart.
    right_wrong : str
        A bar of a chart: of 1,000 alerts, how many are right and wrong.
    of_1000 : str
        Of 1,000 alerts, how many would be right.
    where_rarer : str
        What a chart supposes.
    true_a_day, false_a_day : str
        Heads of columns.
    drawn, told : tuple of float
        Base rates that a chart and sentences show; the table has all.
    """

    about: str
    a_day: str
    one_in: str
    here_and_there: str
    of_1000: str
    where_rarer: str
    true_a_day: str
    false_a_day: str
    right_wrong: str = noted("{one_in}: {right} right, {wrong} wrong")
    drawn: tuple[float, ...] = (0.01, 1e-3, 1e-4)
    told: tuple[float, ...] = (1e-4, 0.01)


_SEARCHES = Story(
    noted(
        "How many alerts are right depends on the shares wrongly flagged and missed, which are "
        "taken here to be the same everywhere, and as much on how few searches are of people in "
        "the gallery. Where anyone is wrongly flagged: the rarer, the more wrong alerts there are "
        "for each right one."
    ),
    noted("Alerts a day are for {people} searches a day."),
    noted("Person in the gallery in one search in"),
    noted("1 in {many} in gallery"),
    noted(
        "Of 1,000 alerts, if one search were of a person in the gallery in {many}, {right} would "
        "be right and {wrong} wrong."
    ),
    noted(
        "Where it says 1 in so many: were one search in that many of a person in the gallery, with "
        "the same shares wrongly flagged and missed."
    ),
    noted("Right alerts a day"),
    noted("Wrong alerts a day"),
)
_STORIES: dict[Kind, Story] = {
    None: Story(
        noted(
            "How many alerts are right depends on the shares wrongly flagged and missed, which are "
            "taken here to be the same everywhere, and as much on how rare true outcomes are among "
            "all decisions. Where anyone is wrongly flagged: the rarer, the more wrong alerts "
            "there are for each right one."
        ),
        noted("Alerts a day are for {people} decisions a day."),
        noted("Outcome true of one decision in"),
        noted("1 in {many} true"),
        noted(
            "Of 1,000 alerts, if the outcome were true of one decision in {many}, {right} would be "
            "right and {wrong} wrong."
        ),
        noted(
            "Where it says 1 in so many: were the outcome true of one decision in that many, with "
            "the same shares wrongly flagged and missed."
        ),
        noted("Right alerts a day"),
        noted("Wrong alerts a day"),
    ),
    "risk-score": Story(
        noted(
            "A score that is used where the recorded outcome is rarer than here, in another place, "
            "for other people or for a graver outcome, is wrong more often when it is high, even "
            "if it wrongly scores high, and low, the same shares as here. What is recorded depends "
            "on who records: where more is recorded of a group, its base rate is higher, whatever "
            "people did."
        ),
        noted("High scores a day are for {people} assessments a day."),
        noted("Recorded outcome follows one assessment in"),
        noted("1 in {many}"),
        noted(
            "Of 1,000 high scores, if the recorded outcome followed one assessment in {many}, "
            "{right} would be right and {wrong} wrong."
        ),
        noted(
            "Where it says 1 in so many: were the recorded outcome to follow one assessment in "
            "that many, with the same shares wrongly scored high, and low."
        ),
        noted("Right high scores a day"),
        noted("Wrong high scores a day"),
        right_wrong=noted("{one_in}: followed {right}, did not follow {wrong}"),
        drawn=(0.2, 0.1, 0.05),
        told=(0.05, 0.2),
    ),
    "face-match": Story(
        noted(
            "Nearly everyone whose face is compared is not on the list. However rarely each of "
            "them is wrongly matched, they are so many that their matches can outnumber the right "
            "ones: the fewer of those compared are on the list, the more wrong matches there are "
            "for each right one. Both shares are taken here to be the same everywhere."
        ),
        noted("Matches a day are for {people} people compared a day."),
        noted("On the list, one person compared in"),
        noted("1 in {many} on the list"),
        noted(
            "Of 1,000 matches, if one person compared in {many} were on the list, {right} would be "
            "right and {wrong} wrong."
        ),
        noted(
            "Where it says 1 in so many: were one person compared in that many on the list, with "
            "the same shares wrongly matched and missed."
        ),
        noted("Right matches a day"),
        noted("Wrong matches a day"),
    ),
    "alarm": Story(
        noted(
            "An alarm watches all the time, and what it watches for is rare: nearly every "
            "observation holds nothing. A small share of false alarms among so many makes false "
            "alarms every day, and those who must answer them stop looking. Both shares are taken "
            "here to be the same everywhere."
        ),
        noted(
            "Alarms a day are for {people} observations a day: so many cameras, times so many "
            "observations of each in a day."
        ),
        noted("The event happens in one observation in"),
        noted("1 in {many} with the event"),
        noted(
            "Of 1,000 alarms, if one observation in {many} held the event, {right} would be right "
            "and {wrong} false."
        ),
        noted(
            "Where it says 1 in so many: were the event to happen in one observation in that many, "
            "with the same shares of false alarms and of events without one."
        ),
        noted("Right alarms a day"),
        noted("False alarms a day"),
        right_wrong=noted("{one_in}: {right} right, {wrong} false"),
    ),
    "post-flag": Story(
        noted(
            "Nearly all posts are not what is sought. A small share of them wrongly flagged is "
            "many posts, of many authors who did nothing: the rarer what is sought, the more wrong "
            "flags there are for each right one. Both shares are taken here to be the same "
            "everywhere. No author is shown."
        ),
        noted("Flags a day are for {people} posts seen a day."),
        noted("What is sought, one post in"),
        noted("1 in {many} sought"),
        noted(
            "Of 1,000 flags, if one post in {many} were what is sought, {right} would be right and "
            "{wrong} wrong."
        ),
        noted(
            "Where it says 1 in so many: were one post in that many what is sought, with the same "
            "shares wrongly flagged and missed."
        ),
        noted("Right flags a day"),
        noted("Wrong flags a day"),
    ),
}
#: Kind -> what the chart of 1,000 alerts shows.
OF_1000_SHOWN: dict[Kind, str] = {
    None: noted("Of 1,000 alerts: how many are right (full) and how many wrong (hatched)."),
    "risk-score": noted(
        "Of 1,000 high scores: how many the recorded outcome follows (full), and how many it does "
        "not (hatched)."
    ),
    "face-match": noted(
        "Of 1,000 matches: how many are right (full) and how many wrong (hatched)."
    ),
    "alarm": noted("Of 1,000 alarms: how many are right (full) and how many false (hatched)."),
    "post-flag": noted("Of 1,000 flags: how many are right (full) and how many wrong (hatched)."),
}


def story(table: str, kind: Kind) -> Story:
    """Return what is told of a table of a kind of system.

    >>> story("searches", "face-match").one_in, story("decisions", "post-flag").one_in
    ('Person in the gallery in one search in', 'What is sought, one post in')
    """
    return _SEARCHES if table == "searches" else _STORIES[kind]
