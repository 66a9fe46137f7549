"""ProPublica's published error rates of COMPAS, the 50 cells of the general scale.

Larson, J., Mattu, S., Kirchner, L. & Angwin, J. (2016). How we analyzed the COMPAS recidivism
algorithm. ProPublica, 23 May 2016. The figures are theirs, rounded as printed.
"""

import csv

import pytest

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.alerts.comparisons import likelihood_ratio_statements
from veedor.audits.alerts.counting import AlertCounts
from veedor.audits.alerts.rates import proportions
from veedor.report.words import words_in

METRICS = ("tn", "fp", "fn", "tp", "fpr", "fnr", "ppv", "npv", "lr_pos", "lr_neg")
#: (threshold, group): the ten printed cells, rates as shares.
PRINTED = {
    (5, "ALL"): (2681, 1282, 1216, 2035, 0.3235, 0.3740, 0.61, 0.69, 1.94, 0.55),
    (5, "African-American"): (990, 805, 532, 1369, 0.4485, 0.2799, 0.63, 0.65, 1.61, 0.51),
    (5, "Caucasian"): (1139, 349, 461, 505, 0.2345, 0.4772, 0.59, 0.71, 2.23, 0.62),
    (8, "Caucasian"): (1407, 81, 771, 195, 0.0544, 0.7981, 0.71, 0.65, 3.71, 0.84),
    (8, "African-American"): (1511, 284, 1160, 741, 0.1582, 0.6102, 0.72, 0.57, 2.46, 0.72),
}
#: Last digit printed.
DIGITS = {"fpr": 4, "fnr": 4, "ppv": 2, "npv": 2, "lr_pos": 2, "lr_neg": 2}


@pytest.mark.parametrize(("at", "printed"), PRINTED.items())
def test_rates_follow_from_the_printed_counts(at, printed):
    tn, fp, fn, tp = printed[:4]
    counts = AlertCounts((at[1],), AlertCounts.of(("x",), [[tp, fp, fn, tn, 0, 0]]).cells[:1])
    rates = proportions(counts)
    found = {name: rates[name].value.item() for name in METRICS[4:8]}
    found |= {
        one.statistic: one.estimate.value for one in likelihood_ratio_statements("all", None, rates)
    }
    for name, value in zip(METRICS[4:], printed[4:], strict=True):
        assert round(found[name], DIGITS[name]) == value, name


def test_all_fifty_cells_from_the_released_rows(shared_data, tmp_path):
    path = shared_data / "alerts" / "compas_decisions.csv"
    settings = Settings(groups=("group",), reference="Caucasian", thresholds=(5.0, 8.0))
    audit = audit_alerts(Inputs(decisions=path), settings)
    audit.write(tmp_path, words_in("en").of)
    with (tmp_path / "estimates.csv").open(encoding="utf-8") as file:
        found = {
            (int(row["threshold"]), row["group"], row["statistic"]): float(row["value"])
            for row in csv.DictReader(file)
            if row["subset"] == "all" and row["statistic"] in METRICS
        }
    matched = 0
    for (threshold, group), printed in PRINTED.items():
        for name, value in zip(METRICS, printed, strict=True):
            assert round(found[threshold, group, name], DIGITS.get(name, 0)) == value
            matched += 1
    assert matched == 50
    (check,) = (one for one in audit.warnings if "from" in one.arguments)
    assert check.arguments["from"] == "2014-04-02"


def test_the_system_s_own_flags_are_the_decile_5(shared_data):
    path = shared_data / "alerts" / "compas_decisions.csv"
    audit = audit_alerts(Inputs(decisions=path), Settings(groups=("race",)))
    found = {
        one.statistic: one.estimate.value
        for one in audit.statements
        if (one.subject.group, one.subject.subset) == ("ALL", "all")
    }
    assert found["tp"] == 2035


def test_a_gap_to_everyone_carries_what_the_two_share(shared_data):
    """Right alerts of African-American defendants less those of all: .42 to 2.83 points."""
    path = shared_data / "alerts" / "compas_decisions.csv"
    audit = audit_alerts(Inputs(decisions=path), Settings(groups=("group",), thresholds=(5.0,)))
    (sides,) = audit.impossibility
    gap = next(g for g in sides.groups if g.group == "African-American").ppv_gap
    assert (round(100 * gap.low, 2), round(100 * gap.high, 2)) == (0.42, 2.83)
