"""A plan, a pack and readers' files of the made-up table, as a test asks for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.made_up_readings import CODEBOOK, fill

from veedor.audits.audit import Subject
from veedor.audits.reading import (
    FrameColumns,
    PlanSettings,
    make_plan,
    open_frame,
)
from veedor.files.json_file import write_json
from veedor.tables.csv_file import write_rows

COLUMNS = FrameColumns(key="case", alert="flagged", strata=("kind",))
SETTINGS = PlanSettings(n=120, others=150, seed=4)


def plan_into(folder: Path, table: Path, columns=COLUMNS, settings=SETTINGS, targeted=(), **more):
    folder.mkdir()
    with open_frame(table, columns) as frame:
        plan, sample = make_plan(frame, settings, targeted=targeted, **more)
    write_json(plan, folder / "plan.json")
    write_rows(("key", "part", "stratum", "alert", "probability"), sample, folder / "sample.csv")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    return plan, sample


def by_truth(true, wrong=0.0, seed=1):
    rng = np.random.default_rng(seed)

    def answer(key, line):
        return "right" if true[key] != (rng.random() < wrong) else "wrong"

    return answer


def filled(pack, tmp_path, first, second):
    return [
        fill(pack, 1, first, tmp_path / "one.csv"),
        fill(pack, 2, second, tmp_path / "two.csv"),
    ]


def of(score, statistic, assignment="", subset="alerts", group="all"):
    return score.of(statistic, Subject(group, assignment, subset)).estimate
