"""A system whose feedback is simulated may be a function of anyone's: FILE.py:FUNCTION."""

import pytest
from tests.asking import ask

from veedor.errors import StudyError
from veedor.tasks import Context, audit_feedback

WORLD = "zone,true_rate,reporting,prior\nnorte,5,0.5,3\nsur,5,0.5,9\n"
FUNCTION = """
import numpy as np

def evenly(counts):
    return np.ones_like(counts, dtype=float)

weight = 3
"""


@pytest.fixture
def simulated(tmp_path):
    (tmp_path / "world.csv").write_text(WORLD)
    (tmp_path / "system.py").write_text(FUNCTION)
    (tmp_path / "broken.py").write_text("1 / 0")

    def simulate(system):
        given = {"world": tmp_path / "world.csv", "rounds": 20, "runs": 3, "seed": 1}
        name = "" if system is None else f"{tmp_path}/{system}"
        return ask(
            audit_feedback, out=tmp_path / f"out-{len(system or '')}", system=name or "counts",
            **given,
        ).results  # fmt: skip

    return simulate


def deviations(audit):
    return {
        one.statistic: one.estimate.value
        for one in audit.statements
        if one.statistic.startswith("deviation")
    }


def test_its_scores_decide_who_is_patrolled(simulated):
    """Zones alike, scored alike, get what is due whatever was recorded; by counts they do not."""
    assert set(deviations(simulated("system.py:evenly")).values()) == {0.0}
    assert deviations(simulated(None))["deviation_first"] > 0.1  # 9 of 12 recorded in one


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ("none.py:evenly", "must stand in a Python file"),
        ("world.csv:evenly", "must stand in a Python file"),
        ("broken.py:evenly", "ZeroDivisionError"),
        ("system.py:weight", "must be a function of its file"),
        ("system.py:nothing", "must be a function of its file"),
    ],
)
def test_what_is_no_function_of_a_file_is_refused(simulated, system, said):
    with pytest.raises(StudyError, match=said):
        simulated(system)


def test_a_file_is_not_run_where_others_ask(tmp_path):
    """Neither its function nor what stands at its top; nor is it told whether there is one."""
    (tmp_path / "world.csv").write_text(WORLD)
    (tmp_path / "system.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    said = []
    for name in ("system.py", "none.py"):
        asked = audit_feedback.Request(
            world=tmp_path / "world.csv", system=f"{tmp_path / name}:evenly", out=tmp_path / "out"
        )
        with pytest.raises(StudyError, match="no file of theirs is run") as refused:
            audit_feedback.perform(asked, Context(runs_code=False))
        said.append(str(refused.value))
    assert len(set(said)) == 1
    assert not (tmp_path / "ran").exists()
