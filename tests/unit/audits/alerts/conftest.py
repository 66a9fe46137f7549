"""Small tables of alerts, written and audited."""

import csv
import json
from pathlib import Path

import pytest

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.report.words import words_in


@pytest.fixture
def write(tmp_path):
    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def audited(write, tmp_path):
    """Audit tables given as text; return the rows of estimates.csv, and the results."""

    def run(tables: dict[str, str], checklist: Path | None = None, **settings):
        inputs = {name: write(f"{name}.csv", text) for name, text in tables.items()}
        asked = Settings(**settings)
        audit = audit_alerts(Inputs(**inputs, checklist=checklist), asked)
        audit.write(tmp_path / "out", words_in("en").of)
        with (tmp_path / "out" / "estimates.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return rows, json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))

    return run


@pytest.fixture
def find():
    def one(rows, metric, group="ALL", threshold="", method=None, subset="all"):
        found = [
            row
            for row in rows
            if (row["statistic"], row["group"], row["threshold"], row["subset"])
            == (metric, group, threshold, subset)
            and (method is None or row["method_code"] == method)
        ]
        assert len(found) == 1 or (method is None and found), (metric, group, threshold)
        return found[0]

    return one
