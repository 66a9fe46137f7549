"""What the words of an alert audit are about, by what its table is of.

A risk score stops nobody, and a search is not a person who passed a camera: each table has its own
words for who is checked, and for what is rare among them. Published counts have no base rates.
"""

from __future__ import annotations

#: What is one in so many, after "if".
ONE_IN = {
    "decisions": "the outcome were true of one decision",
    "searches": "one search were of a person in the gallery",
}
#: Header of a table of base rates.
HEAD = {
    "decisions": "Outcome true of one decision in",
    "searches": "Person in the gallery in one search in",
}
#: What is rare among those who are checked, as a clause.
RARE = {
    "decisions": "how rare true outcomes are among all decisions",
    "searches": "how few searches are of people in the gallery",
}
#: Whom the two errors are out of.
ERRORS = {
    "decisions": ("outcomes that are false", "outcomes that are true"),
    "searches": ("searches of people not in the gallery", "searches of people in the gallery"),
}


def one_in(kind: str, many: str) -> str:
    """Say a base rate as a condition.

    >>> one_in("decisions", "100")
    'if the outcome were true of one decision in 100'
    """
    return f"if {ONE_IN[kind]} in {many}"
