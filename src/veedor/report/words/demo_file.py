"""The title and the comments of the study that ships, for `veedor demo`."""

from __future__ import annotations

from veedor.languages import ENGLISH
from veedor.report.words.language import Words, noted

_TITLE = noted("Recorded shootings, Chicago 2022")
_COMMENTS = (
    noted(
        "The demo study. Every setting is explained in the documentation under “The study file”."
    ),
    noted("of all randomness: the same seed gives the same numbers"),
    noted("Source: City of Chicago open data, as packed in BSTPP 0.1.4 on PyPI."),
    noted("times in the file are local"),
    noted("UTM zone 16N: distances in metres"),
    noted("every other column is dropped at reading"),
    noted("by victims and witnesses, not found by patrols"),
    noted("74 community areas; their union is the study area"),
    noted("the record begins here"),
    noted("the last period ends here, local midnight"),
    noted("the last 16 weeks, each forecast from what was known before"),
    noted("Stack mixes the best that veedor has; these stand beside it"),
    noted("the report has a chapter on what the record shows"),
)


def in_language(words: Words, shipped: str) -> str:
    """Say what a reader of the study that ships reads; settings and names stay.

    >>> from veedor.report.words import words_in
    >>> in_language(words_in("en"), 'title = "Recorded shootings, Chicago 2022"')
    'title = "Recorded shootings, Chicago 2022"'
    """
    if words.language == ENGLISH:
        return shipped
    title = f'title = "{words.say(_TITLE)}"\nlanguage = "{words.language}"'
    told = shipped.replace(f'title = "{_TITLE}"', title)
    for comment in _COMMENTS:
        told = told.replace(f"# {comment}", f"# {words.say(comment)}")
    return told
