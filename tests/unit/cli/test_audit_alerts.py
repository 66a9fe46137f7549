"""``veedor audit alerts``, from files to a report."""

import json
import re

import pytest

from veedor.cli import main

DECISIONS = "decision_id,score,outcome,group_race,decided_at\n" + "".join(
    f"{n},{n % 10 / 10},{int(n % 10 >= 5 + (n % 3 == 0))},{'ab'[n % 2]},2024-0{n % 6 + 1}-10\n"
    for n in range(400)
)


@pytest.fixture
def run(tmp_path, capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["audit", "alerts", *map(str, arguments), "--out", str(tmp_path / "out")])
        return left.value.code, capsys.readouterr()

    return call


def test_decisions_give_estimates_results_and_a_report(run, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(DECISIONS, encoding="utf-8")
    code, printed = run(
        "--decisions", path, "--group", "race", "--reference", "a", "--threshold", "0.5",
        "--people-a-day", "1000",
    )  # fmt: skip
    assert code == 0
    assert "Its kind was not given" in printed.out
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "estimates.csv", "results.json", "report.html", "manifest.json",
    }  # fmt: skip
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Of 400 decisions, 200 (50%; interval 45.1% to 54.9%) were alerts." in page
    assert (
        "Wrongly flagged, out of decisions whose outcome is false (false positive rate: fpr)"
        in page
    )
    assert "Of 1,000 alerts" in page
    assert re.search(r"<th[^>]*>Counted</th>", page.partition(" estimates, with intervals</h3>")[2])
    assert "stopped" not in page.partition("Checklist")[0]
    assert "Both sides of the same errors" in page
    assert "not provided" in page
    assert "decisions whose outcome is false" in page
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert (results["table"], results["settings"]["kind"]) == ("decisions", None)
    assert "true_a_day" in results["base_rates"][0]


def test_a_terminal_says_a_serious_warning_once(run, tmp_path):
    path = tmp_path / "d.csv"
    quiet = "".join(f"2024-02-{day:02d},1,1\n" * 40 for day in range(1, 29))
    known = "".join(f"2024-01-{day:02d},1,{day % 2}\n" * 40 for day in range(1, 29))
    path.write_text("decided_at,flagged,outcome\n" + known + quiet, encoding="utf-8")
    code, printed = run("--decisions", path)
    assert code == 0
    assert printed.out.count("Outcomes are not missing at random by time.") == 1


def test_what_must_be_mended_exits_with_2_and_leaves_nothing(run, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("flagged,outcome,face\n1,true,a/b.jpg\n", encoding="utf-8")
    code, printed = run("--decisions", path)
    assert code == 2
    assert "Refused, by design" in printed.err
    assert not (tmp_path / "out").exists()
    assert run("--deployments", tmp_path / "absent.csv")[0] == 2
    assert run("--decisions", path, "--deployments", path)[0] == 2
    assert run()[0] == 2
    assert run("--decisions", path, "--checker-confirms", "nine")[0] == 2


def test_counts_and_claims(run, tmp_path):
    path, claims = tmp_path / "p.csv", tmp_path / "c.csv"
    path.write_text(
        "deployment_id,transactions,true_alerts,false_alerts\nx,8600,1,7\n", encoding="utf-8"
    )
    claims.write_text("metric,operator,value,denominator\nfpr,<,0.000166667,faces\n", "utf-8")
    assert run("--deployments", path, "--claims", claims)[0] == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Contradicted" in page
    assert "17,973 people" not in page  # only where there are not enough data
