"""TOML of anyone's: read as the standard library reads it, and never for ever."""

from __future__ import annotations

import time
import tomllib

import pytest

from veedor.audits.alerts.checklist import read_checklist
from veedor.disclosure.record import read_record
from veedor.disclosure.request import read_gaps, shipped_law
from veedor.disclosure.request.law_file import read_law
from veedor.errors import StudyError, UnreadableError
from veedor.files.toml_text import MOST_PARTS, read_toml
from veedor.study import load_study
from veedor.tasks.settings_file import Settled, with_settings


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * MOST_PARTS + " = 1",
        'a = "' + "." * 500 + '"',
        "a = '" + "." * 500 + "'",
        'a = """\n' + "x.y." * 500 + '\n"""',
        "a = '''\n" + "x.y." * 500 + "\n'''",
        'a = """ \\""" ' + "." * 500 + ' """',
        "# " + "=." * 500 + "\na = 1",
        'a = "\\"' + "." * 500 + '" # "',
        "a = [1.5, 2.5]",
        "a = [" + "1.5, " * 500 + "]",
        "a = [" + "{ b.c = 1.5 }, " * 500 + "]",
    ],
)
def test_what_may_be_read_is_read_as_ever(text):
    assert read_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * (MOST_PARTS + 1) + " = 1",
        "a." * 200_000 + "b = 1",
        '"a".' * 100_000 + "b = 1",
        "'a' . " * 100_000 + "b = 1",
        "x = { " + "a." * 200_000 + "b = 1 }",
        "[" + "a." * 200_000 + "b]",
        "[[" + "a." * 200_000 + "b]]",
        'x = "#"\n' + "a." * 200_000 + "b = 1",
        "x = '\"'\n" + "a." * 200_000 + "b = '\"'",
        "x = " + "1" * 10_000,
        '"""\\' * 100_000,
        "'''\"\"\"" * 50_000,
        '"\n' * 300_000,
    ],
)
def test_what_would_take_for_ever_is_refused_at_once(text):
    began = time.perf_counter()
    with pytest.raises(tomllib.TOMLDecodeError):
        read_toml(text)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "read",
    [
        read_record,
        lambda path: read_gaps(path, shipped_law("ar")),
        read_law,
        read_checklist,
        lambda path: load_study(path.parent),
        lambda path: with_settings(Settled(), path, ("settings",)),
    ],
    ids=["record", "gaps", "law", "checklist", "study", "settings"],
)
@pytest.mark.parametrize(
    "text", ["a." * 200_000 + "b = 1", "x = " + "1" * 10_000, "x = " + "[" * 100_000]
)
def test_everything_that_is_read_from_toml_is_refused_so(tmp_path, read, text):
    path = tmp_path / "study.toml"
    path.write_text(text)
    with pytest.raises((StudyError, UnreadableError)):
        read(path)
