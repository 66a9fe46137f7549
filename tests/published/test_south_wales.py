"""Live face recognition in South Wales, 2017-18: the force's own table of 15 deployments.

Published by South Wales Police and reported in the press of May 2018 (2,470 alerts at the
Champions League final of June 2017, 173 of them right). The last row is by difference.
"""

import numpy as np
import pytest

from veedor.statistics import linearised, wilson

TRUE = np.array([173, 10, 5, 5, 6, 1, 3, 5, 4, 6, 8, 2, 0, 6, 0])
FALSE = np.array([2297, 7, 10, 46, 42, 2, 9, 18, 3, 0, 5, 0, 0, 7, 5])


def test_the_first_deployment():
    low, high = wilson(TRUE[0], TRUE[0] + FALSE[0])
    assert TRUE[0] + FALSE[0] == 2470
    assert round(173 / 2470, 3) == 0.070
    assert (round(float(low), 3), round(float(high), 3)) == (0.061, 0.081)


def test_the_others_by_deployment():
    rate = linearised(TRUE[1:], (TRUE + FALSE)[1:])
    low, high = rate.interval()
    assert round(float(rate.events / rate.trials), 3) == 0.284
    # 13 deployments of unequal size show less than the normal distribution takes for known.
    assert (round(float(low), 3), round(float(high), 3)) == (0.145, 0.480)
    assert round(float(rate.effective_clusters), 1) == 7.1
    assert rate.clusters == 13  # one deployment had no alert


def test_the_whole_from_a_table(audited_table):
    text = "deployment,true_alerts,false_alerts\n"
    text += "".join(f"d{n},{t},{f}\n" for n, (t, f) in enumerate(zip(TRUE, FALSE, strict=True)))
    rows = audited_table("deployments", text)
    row = rows["after_first", "ppv", "wilson_over_clusters"].estimate
    assert (round(row.value, 3), round(row.low, 3), round(row.high, 3)) == (0.284, 0.145, 0.480)
    row = rows["first", "ppv", "wilson"]
    assert (row.numerator, row.out_of) == (173, 2470)
    row = row.estimate
    assert (round(row.value, 3), round(row.low, 3), round(row.high, 3)) == (0.070, 0.061, 0.081)
    whole = [row for (subset, metric, _), row in rows.items() if (subset, metric) == ("all", "ppv")]
    assert [row.estimate.method.arguments for row in whole] == [{"cluster": "deployment"}]
    assert whole[0].numerator == pytest.approx(234)


@pytest.fixture
def audited_table(tmp_path):
    from veedor.audits.alerts import Inputs, audit_alerts

    def run(kind, text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        audit = audit_alerts(Inputs(**{kind: path}))
        return {
            (one.subject.subset, one.statistic, one.estimate.method.code): one
            for one in audit.statements
        }

    return run
