"""What a page of exposure says of several answers at once."""

from veedor.report.audit_places import _one_by_one


def test_answers_that_are_not_held_together_are_said_to_be_so():
    told, none = {"low": 0.8}, {"low": None}
    (sentence,) = _one_by_one([told, told, none, told])
    assert sentence.startswith("Each of the 3 ratios with an interval is judged by itself, at 5%")
    assert _one_by_one([told, none]) == _one_by_one([]) == []
