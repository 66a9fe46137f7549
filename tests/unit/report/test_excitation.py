"""A branching ratio is reported with what may not be read into it."""

from veedor.report.excitation import excitations


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
    forecast = {"forecaster": "SelfExciting", "fitted": found}
    plain = {"forecaster": "Kernel", "fitted": {"bandwidth_m_": 300.0}}
    return {"categories": [{"name": "theft", "forecasts": [plain, forecast]}]}


def test_the_ratio_its_error_and_its_number_stand_beside_the_caution():
    sentence, caution = excitations(results())
    assert "theft, SelfExciting" in sentence
    assert "0.25" in sentence
    assert "standard error 0.03" in sentence
    assert "1,200 incidents" in sentence
    assert "not contagion" in caution


def test_what_weakens_a_fit_is_said():
    weak = results(
        converged_=False, at_lower_bound_=True, at_upper_bound_=True, truncated_time_=0.24
    )
    sentence = excitations(weak)[0]
    for said in ("did not converge", "addresses", "stands for the background", "24%"):
        assert said in sentence
        assert said not in excitations(results())[0]


def test_a_missing_error_is_left_out():
    assert "standard error" not in excitations(results(kappa_se_=None))[0]


def test_without_such_a_fit_nothing_is_said():
    none = {"categories": [{"name": "theft", "forecasts": [{"forecaster": "A", "fitted": {}}]}]}
    assert excitations(none) == []
