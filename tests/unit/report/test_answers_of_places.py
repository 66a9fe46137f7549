"""What a page of exposure says of several answers at once."""

from types import SimpleNamespace

from veedor.report.words import words_in
from veedor.report.words.exposure import one_by_one


def test_answers_that_are_not_held_together_are_said_to_be_so():
    told, none = SimpleNamespace(low=0.8), SimpleNamespace(low=None)
    words = words_in("en")
    (sentence,) = one_by_one(words, [told, told, none, told])
    assert sentence.startswith("Each of the 3 ratios with an interval is judged by itself, at 5%")
    assert one_by_one(words, [told, none]) == one_by_one(words, []) == []
