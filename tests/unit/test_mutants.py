"""Faults that are put into code are faults, and each is one."""

from tests.mutants import places, spoilt

CODE = """
LEAST = 0.5

def judged(value: float | None, low: float, high: float, *, level: int = 3) -> bool:
    if value is not None and low < value:
        return max(low, high) - 1 > level
    return not level
"""


def test_faults_are_of_the_code_and_never_of_its_types():
    made = {spoilt(CODE, *one)[1] for one in places(CODE)}
    assert {
        "0.5 -> 0.625", "3 -> 4", "1 -> 2", "low < value -> low <= value",
        "low < value -> low > value", "max(low, high) -> max(high, low)", "max -> min",
        "value is not None -> value is None", "low -> high", "high -> low",
        "value is not None and low < value -> value is not None or low < value",
        "max(low, high) - 1 -> max(low, high) + 1", "not level -> not (not level)",
    } <= {one.replace("not not level", "not (not level)") for one in made}  # fmt: skip
    assert not any("float" in one for one in made if not one.startswith("if"))


def test_each_fault_changes_one_place():
    import ast

    sound = ast.unparse(ast.parse(CODE)).splitlines()
    for one in places(CODE):
        line, what, wrong = spoilt(CODE, *one)
        changed = [a for a, b in zip(sound, wrong.splitlines(), strict=True) if a != b]
        assert len(changed) == 1, what
        assert line >= 1
