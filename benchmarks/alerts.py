"""Seconds and memory of an alert audit, beside Fairlearn's MetricFrame in the same run.

    python -m benchmarks.alerts

10 million decisions of 6 groups from Parquet: every rate with its interval, and the whole audit;
1 million of them as Fairlearn's ``MetricFrame`` computes the same rates, without intervals
(`pip install --group benchmarks`); 1 million searches with 20 candidates each.
Each in its own process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import duckdb

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.alerts.comparisons import comparison_statements
from veedor.audits.alerts.counting import count
from veedor.audits.alerts.rates import count_statements, proportions, rate_statements
from veedor.audits.alerts.tables.decisions import DECISION_KEYS, read_decisions
from veedor.tables.opening import open_table

GROUPS = 6
LIST = 20


def make_decisions(path: Path, rows: int) -> None:
    """Write decisions whose error rates differ by group."""
    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        f"COPY (SELECT 'D' || r AS decision_id, 'group ' || g AS group_name, "
        "round(least(greatest(0.35 + 0.3 * y::INT + 0.01 * g + 0.2 * (random() - 0.5), 0), 1), 6) "
        "AS score, 0.5 AS threshold, y AS outcome FROM (SELECT range AS r, "
        f"(hash(range) % {GROUPS})::INT AS g, random() < 0.2 AS y FROM range({rows}))) "
        f"TO '{path}' (FORMAT parquet)"
    )


def make_searches(folder: Path, rows: int) -> None:
    """Write searches and their candidate lists."""
    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        "COPY (SELECT 'S' || range AS search_id, 'P' || range % 900000 AS subject_key, "
        "range % 3 = 0 AS mated, range % 97 = 0 AS failure_to_acquire, "
        f"'group ' || (hash(range) % {GROUPS}) AS group_name FROM range({rows})) "
        f"TO '{folder / 's.parquet'}' (FORMAT parquet)"
    )
    duckdb.execute(
        "COPY (SELECT 'S' || s.range AS search_id, c.range + 1 AS rank, "
        "round(0.8 - 0.02 * c.range - 0.2 * random(), 6) AS score, "
        "s.range % 3 = 0 AND c.range = 0 AND random() < 0.9 AS is_mate "
        f"FROM range({rows}) s, range({LIST}) c WHERE s.range % 97 <> 0) "
        f"TO '{folder / 'c.parquet'}' (FORMAT parquet)"
    )


def rates(path: Path) -> int:
    """Count and give every rate and comparison with its interval."""
    with open_table(path, DECISION_KEYS) as file:
        decisions = read_decisions(file, ["group_name"])
        counts = count(decisions, None)
    found = proportions(counts)
    rows = count_statements("all", None, counts) + rate_statements("all", None, found)
    return len(rows + comparison_statements("all", None, list(found.values()), "group 0"))


def whole(path: Path) -> int:
    """Run the whole audit."""
    settings = Settings(groups=("group_name",), reference="group 0")
    return len(audit_alerts(Inputs(decisions=path), settings).statements)


def searches(folder: Path) -> int:
    """Audit searches and candidates."""
    inputs = Inputs(searches=folder / "s.parquet", candidates=folder / "c.parquet")
    settings = Settings(groups=("group_name",), reference="group 0", thresholds=(0.7,))
    return len(audit_alerts(inputs, settings).statements)


def fairlearn(path: Path) -> int:
    """Compute the rates that Fairlearn has, of the same file, without intervals.

    Its intervals are a bootstrap of the rows, so each replicate takes as long again.
    """
    import warnings

    import pandas
    from fairlearn import metrics as fair
    from sklearn.metrics import accuracy_score, precision_score

    warnings.simplefilter("ignore")
    table = pandas.read_parquet(path)
    kinds = {
        "alert_rate": fair.selection_rate, "tpr": fair.true_positive_rate,
        "fnr": fair.false_negative_rate, "fpr": fair.false_positive_rate,
        "tnr": fair.true_negative_rate, "ppv": precision_score, "accuracy": accuracy_score,
    }  # fmt: skip
    frame = fair.MetricFrame(
        metrics=kinds, y_true=table["outcome"], y_pred=table["score"] >= table["threshold"],
        sensitive_features=table["group_name"],
    )  # fmt: skip
    return int(frame.by_group.size)


TASKS = {
    "rates": rates,
    "whole": whole,
    "searches": searches,
    "fairlearn": fairlearn,
}


def measured(task: str, path: Path) -> dict[str, float]:
    """Run one task in its own process."""
    command = [sys.executable, "-m", "benchmarks.alerts", "--task", task, "--path", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--searches", type=int, default=1_000_000)
    parser.add_argument("--task", choices=TASKS)
    parser.add_argument("--path", type=Path)
    arguments = parser.parse_args()
    if arguments.task:
        begun = time.perf_counter()
        made = TASKS[arguments.task](arguments.path)
        seconds = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu, mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        print(json.dumps({"made": made, "seconds": seconds, "cpu": cpu, "mib": mib}))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many, fewer = folder / "d.parquet", folder / "d1.parquet"
        make_decisions(many, arguments.rows)
        make_decisions(fewer, arguments.rows // 10)
        make_searches(folder, arguments.searches)
        plan = [
            (f"{arguments.rows:,} decisions: every rate and comparison", "rates", many),
            (f"{arguments.rows:,} decisions: the whole audit", "whole", many),
            (f"{arguments.rows // 10:,} decisions: every rate and comparison", "rates", fewer),
            (f"{arguments.rows // 10:,} decisions: Fairlearn, no interval", "fairlearn", fewer),
            (f"{arguments.searches:,} searches with {LIST} candidates: whole", "searches", folder),
        ]  # fmt: skip
        for words, task, path in plan:
            if task == "fairlearn" and find_spec("fairlearn") is None:
                print(f"{words}: not run; pip install --group benchmarks")
                continue
            found = measured(task, path)
            print(
                f"{words}: {found['seconds']:.2f} s, {found['cpu']:.1f} s CPU, "
                f"peak {found['mib']:.0f} MiB, {found['made']:,} numbers",
                flush=True,
            )


if __name__ == "__main__":
    main()
