"""TOML of anyone's: read as the standard library reads it, and never for ever."""

from __future__ import annotations

import time
import tomllib

import pytest

from veedor.files.toml_text import MOST_PARTS, read_toml


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


def test_a_record_and_a_list_of_gaps_are_refused_so(tmp_path):
    from veedor.disclosure.record import read_record
    from veedor.disclosure.request import read_gaps, shipped_law
    from veedor.errors import UnreadableError

    path = tmp_path / "a.toml"
    for text in ("a." * 200_000 + "b = 1", "x = " + "1" * 10_000):
        path.write_text(text)
        with pytest.raises(UnreadableError):
            read_record(path)
        with pytest.raises(UnreadableError):
            read_gaps(path, shipped_law("ar"))
