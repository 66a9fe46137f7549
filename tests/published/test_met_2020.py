"""Live face recognition of the Metropolitan Police at Oxford Circus, 27 February 2020.

The force's published deployment record: 8,600 faces, 8 alerts, 7 of them wrong.
"""

import pytest

from veedor.audits.alerts import Inputs, audit_alerts

TABLE = "deployment_id,date,transactions,watchlist_size,alerts,true_alerts,false_alerts\n"
TABLE += "oxford-circus,2020-02-27,8600,7292,8,1,7\n"


def test_seven_of_eight_alerts_and_of_8600_faces(tmp_path):
    table, claims = tmp_path / "met.csv", tmp_path / "claims.csv"
    table.write_text(TABLE, encoding="utf-8")
    claims.write_text(
        "metric,operator,value,denominator\nfalse_alert_rate,<,0.0001666667,faces\n",
        encoding="utf-8",
    )
    audit = audit_alerts(Inputs(deployments=table, claims=claims))
    rows = {one.statistic: one for one in audit.statements if one.subject.group == "ALL"}
    assert (rows["fdr"].numerator, rows["fdr"].out_of) == (7, 8)
    faces = rows["false_alerts_per_transaction"]
    assert faces.estimate.value == pytest.approx(0.00081, abs=5e-6)
    assert faces.out_of == 8600
    (claim,) = (one.verdict for one in audit.claims)
    assert claim.verdict == "contradicted"
    assert claim.trials_to_settle == 17973
