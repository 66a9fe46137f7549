"""What a page says of evidence that is looked at after every period."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from veedor.report.words import words_in
from veedor.report.words.examination import over_time
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate


def row(verdict, comparisons, evidence, side="better"):
    estimate = Estimate(0.1, None, None, 0.95, Method("none_nothing"), 9, Denominator("periods"))
    processes = {
        name: SimpleNamespace(log_e=np.array(evidence if name == side else [0.0] * 3))
        for name in ("better", "worse")
    }
    return SimpleNamespace(
        forecaster="Vendor",
        gain=SimpleNamespace(estimate=estimate, verdict=verdict, comparisons=comparisons),
        e_process=SimpleNamespace(**processes),
        change=None,
    )


def said(made):
    examined = SimpleNamespace(reference="PriorCounts", comparisons=(made,))
    return "".join(over_time(words_in("en"), examined))


def test_evidence_of_20_is_enough_for_one_comparison_and_not_for_ten():
    evidence = [0.0, math.log(21.0), math.log(190.0)]
    told = said(row("better", 1, evidence))
    assert "from period 2 on the evidence that it is better than PriorCounts" in told
    assert told.endswith("was beyond 1 in 20.")
    assert said(row("better", 10, evidence)) == ""
    allowed = said(row("better", 10, [*evidence, math.log(201.0)]))
    assert "from period 4 on" in allowed
    assert allowed.endswith("beyond 1 in 20, allowing for 10 comparisons.")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("not_shown", "not shown to be better"), ("worse", "worse than the reference")],
)
def test_evidence_never_stands_without_the_verdict_that_it_differs_from(verdict, words):
    told = said(row(verdict, 1, [4.0]))
    assert told.endswith(f"Over all periods it is {words}.")
    assert "Over all periods" not in said(row("worse", 1, [4.0], "worse"))
