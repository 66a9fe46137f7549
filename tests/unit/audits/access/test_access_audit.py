import csv
import json
from datetime import date

import numpy as np
import pytest
from tests.made_logs import coded, every, made_log

from veedor.audits.access.audit import audit_access
from veedor.audits.access.in_force import InForce
from veedor.audits.access.lists import Accounts, Roster, Trait
from veedor.audits.access.log import CellState, Release
from veedor.audits.access.registers import Registers
from veedor.audits.access.settings import PolicyDate, Settings
from veedor.audits.audit import Subject
from veedor.errors import DataError, StudyError
from veedor.report.words import words_in

N = 1200


def busy_log(**more):
    rng = np.random.default_rng(3)
    given = {
        "user": [f"person-{n:02}" for n in rng.integers(0, 30, N)],
        "force": [["Springfield PD", "Shelbyville PD"][n] for n in rng.integers(0, 2, N)],
        "key": [f"plate-{n:03}" for n in rng.integers(0, 300, N)],
        "case": [None if n < 5 else f"case-{n}" for n in rng.integers(0, 10, N)],
        "reason": [["investigation", "theft at Mitre", None][n] for n in rng.integers(0, 3, N)],
        "networks": list(rng.integers(1, 700, N)),
        "devices": list(rng.integers(1, 3000, N)),
        "window_days": list(rng.integers(1, 60, N)),
    }
    return made_log(every(1, N), **(given | more))


def registers():
    days = np.array(["2025-06-01", "2025-06-20"], "datetime64[us]")
    never = np.array(["NaT", "NaT"], "datetime64[us]")
    units = Trait(np.array([0] * 15 + [1] * 15, np.int32), ("east", "west"))
    accounts = np.arange(-20, 30, dtype=np.int32)
    none = np.full(50, np.datetime64("NaT", "us"))
    return Registers(
        roster=Roster(None, units, None, None, 30, 0, np.full(30, 480, np.int16),
                      np.full(30, 960, np.int16)),
        accounts=Accounts(np.maximum(accounts, -1), none, none, none, np.ones(50, np.int8), 0),
        authorised=InForce(np.array([0, 1], np.int32), days, never, 2),
        cases=InForce(np.array([0, 1], np.int32), days, never, 2),
    )  # fmt: skip


@pytest.fixture(scope="module")
def audit():
    asked = Settings(working_hours=(8, 18), policies=(PolicyDate(date(2025, 7, 1), "new rules"),))
    return audit_access(busy_log(), asked, registers())


def test_every_code_has_words_in_both_languages(audit):
    for language in ("en", "es"):
        words = words_in(language)
        for one in audit.statements:
            assert words.of(one.estimate.method) and words.of(one.estimate.denominator)
        for one in audit.warnings:
            assert words.of(one.finding)


def test_no_rate_is_without_an_interval_and_no_interval_without_the_value(audit):
    for one in audit.statements:
        made = one.estimate
        if one.statistic.endswith("_share") and made.value is not None:
            assert made.low <= made.value <= made.high, one


def test_every_part_is_there(audit):
    stated = {one.statistic for one in audit.statements}
    assert stated >= {
        "lookups", "users", "forces", "units", "accounts_used_share", "gini_users", "top_share",
        "more_than_one_network_share", "devices_above_share", "window_above_share",
        "first_in_log_share", "again_within_share", "inside_list_share", "explained_share",
        "reason_cells_share", "vague_share", "off_shift_share", "off_hours_share", "regular_users",
    }  # fmt: skip
    assert audit.months and audit.curve and audit.groups and audit.lists and audit.peers
    assert [one.kind for one in audit.breaks] == ["policy"]
    assert {one.stretch for one in audit.months} == {0, 1}
    parts = [audit.of(f"{name}_share", Subject("all")).numerator
             for name in ("explained", "unexplained", "cannot_tell")]  # fmt: skip
    assert sum(parts) == N


def test_what_is_written_holds_nobody_and_reads_back(audit, tmp_path):
    audit.write(tmp_path, words_in("en").of)
    text = "".join(path.read_text() for path in tmp_path.iterdir())
    assert not any(word in text for word in ("person-", "plate-", "case-0", "case-5"))
    written = json.loads((tmp_path / "results.json").read_text())
    assert written["audit"] == "access" and written["breaks"][0]["day"] == "2025-07-01"
    with (tmp_path / "review_plan.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert {row["part"] for row in rows} == {"random", "targeted"}
    assert all(row["probability"] == "" for row in rows if row["part"] == "targeted")
    assert all(row["file"] == "log.csv" and 1 <= int(row["row"]) <= N for row in rows)


def test_the_same_log_and_seed_give_the_same_audit():
    assert audit_access(busy_log()) == audit_access(busy_log())


def test_warnings_say_what_the_log_does_not_hold():
    states = [CellState.WITHHELD] * 100 + [CellState.VALUE] * (N - 100)
    reasons = coded([None] * 100 + ["theft"] * (N - 100), states=states)
    log = busy_log(
        user=coded(["x"] * N, keyed=True, constant=True), reason=reasons,
        releases=(Release("one.csv", "0" * 64, "generic", (), 20_000, cap=20_000),),
        repeated={"same_id": 4, "near": 2}, kind="network", own=[True] * 7 + [False] * (N - 7),
    )  # fmt: skip
    found = audit_access(log)
    told = {one.code: one.arguments for one in found.warnings}
    assert told["no_user_is_known"] == {}
    assert told["constant_column"] == {"column": "user"}
    assert told["withheld_column"] == {"column": "reason", "n": 93, "lookups": N - 7}
    assert told["export_at_a_cap"] == {"file": "one.csv", "rows": 20_000}
    assert told["rows_released_again"] == {"n": 4} and told["lookups_nearly_alike"] == {"n": 2}
    assert told["own_lookups_in_network"] == {"n": 7, "lookups": N}
    assert found.own_left_out == 7 and found.lookups == N - 7 and not found.curve
    assert "users" not in {one.statistic for one in found.statements}


def test_a_log_without_a_time_still_counts():
    found = audit_access(made_log([None] * 3, user=list("aab")))
    assert found.first is None and found.months == () and found.missing is None
    assert {one.code for one in found.warnings} == {"lookups_without_time"}


def test_a_log_of_nobody_elses_is_refused():
    with pytest.raises(DataError, match="must have a look-up"):
        audit_access(made_log(every(1, 2), kind="network", own=[True, True]))


@pytest.mark.parametrize(
    "given",
    [
        {"k": 1}, {"level": 1.0}, {"replicates": 99}, {"windows_above": (0.0,)}, {"review": -1},
        {"rules": (("guilty",),)}, {"rules": ((),)}, {"working_hours": (8.0, 8.0)},
        {"working_hours": (8.0, 25.0)}, {"working_days": (7,)}, {"terms": ("--",)},
        {"own_words": ("",)}, {"repeats_within": (0,)},
    ],
    ids=str,
)  # fmt: skip
def test_settings_must_be_possible(given):
    with pytest.raises(StudyError):
        Settings(**given)
