"""`veedor check` of anyone's counts by area: what the form leaves open is said on the command."""

from pathlib import Path

import msgspec
import pytest
from tests.asking import ask

from veedor.areas import Unit
from veedor.areas.layouts.file import BLANKS
from veedor.errors import VeedorError
from veedor.tasks import check
from veedor.tasks.request import described

LONG = "lugar,mes,delito,cuantos\n" + "".join(
    f"{place},2024-{month:02d},{offence},{(month * 7 + place) % 5 + 3 if month != 4 else ''}\n"
    for place in (10, 11)
    for month in range(1, 13)
    for offence in ("robo", "hurto")
)
SAID = {
    "columns": ("area=lugar", "period=mes", "category=delito", "count=cuantos"),
    "time_zone": "America/Montevideo",
}


@pytest.fixture
def checked(tmp_path):
    """Check the file with what is given; its quality."""
    path = tmp_path / "counts.csv"
    path.write_text(LONG)

    def check_it(**given):
        asked = {"layout": "long", "published": ("counts.csv=2025-02-01",), **SAID, **given}
        done = ask(check, study=path, out=tmp_path / "out", **asked)
        return msgspec.json.decode((done.folder / "quality.json").read_bytes())

    return check_it


@pytest.mark.parametrize("blank", BLANKS)
def test_what_a_blank_is_decides_its_state(checked, blank):
    quality = checked(unit="facts", blank=blank)
    named = blank.replace(" ", "_").replace("zero", "reported_zero")
    for offence in quality["by_offence"]:
        assert offence["unit"] == "facts"
        assert offence["states"] == dict.fromkeys(offence["states"], 0) | {
            "cells": 24,
            "observed": 22,
            named: 2,
        }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"blank": "zero"}, "--unit"),
        ({"unit": "facts"}, "--blank"),
        ({"unit": "facts", "blank": "zero", "columns": ("area",)}, "FIELD=HEADER"),
    ],
    ids=["unit", "blank", "column"],
)
def test_what_is_left_open_is_asked_for(checked, tmp_path, given, said):
    with pytest.raises(VeedorError) as caught:
        checked(**given)
    assert said in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_choices_are_those_of_counts():
    kinds = {name: str(hint) for name, hint, _, _ in described(check.Request)}
    assert all(repr(str(one)) in kinds["unit"] for one in Unit)
    assert all(repr(one) in kinds["blank"] for one in BLANKS)


def test_they_are_of_files(tmp_path: Path):
    with pytest.raises(VeedorError, match="with a file of counts"):
        ask(check, study=tmp_path, unit="facts")
