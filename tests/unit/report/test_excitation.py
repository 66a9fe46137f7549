"""A branching ratio is reported with what may not be read into it."""

from types import SimpleNamespace

from veedor.report.excitation import excitations
from veedor.report.words import words_in

WORDS = words_in("en")


def of(**fitted):
    return SimpleNamespace(categories=[SimpleNamespace(name="theft", fitted=fitted)])


def results(**fitted):
    found = {
        "branching_ratio_": 0.25,
        "kappa_": 0.2,
        "kappa_se_": 0.03,
        "incidents_": 1200,
        "converged_": True,
        "at_lower_bound_": False,
        "at_upper_bound_": False,
        "truncated_time_": 0.01,
        **fitted,
    }
    return of(Kernel={"bandwidth_m_": 300.0}, SelfExciting=found)


def said_of(results):
    (section,) = excitations(WORDS, results)
    return section.sentences


def test_the_ratio_its_error_and_its_number_stand_beside_the_caution():
    sentence, caution = said_of(results())
    assert "theft, SelfExciting" in sentence
    assert "0.25" in sentence
    assert "standard error 0.03" in sentence
    assert "1,200 incidents" in sentence
    assert "not contagion" in caution


def test_what_weakens_a_fit_is_said():
    weak = results(
        converged_=False, at_lower_bound_=True, at_upper_bound_=True, truncated_time_=0.24
    )
    sentence = said_of(weak)[0]
    for said in ("did not converge", "addresses", "stands for the background", "24%"):
        assert said in sentence
        assert said not in said_of(results())[0]


def test_a_missing_error_is_left_out():
    assert "standard error" not in said_of(results(kappa_se_=None))[0]


def test_without_such_a_fit_nothing_is_said():
    assert excitations(WORDS, of(A={})) == []
