"""`veedor audit access`: what is refused names no value, and a secret stays one."""

from __future__ import annotations

import pytest
from tests.golden import looked

from veedor.cli import main
from veedor.tasks import audit_access


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.delenv("VEEDOR_SALT", raising=False)
    looked.build(tmp_path / "log")
    return tmp_path / "log"


def asked(log, *left_out: str, **options: str) -> list[str]:
    """What is asked of the log of the town, without some options, with others."""
    words = [str(one) for one in looked.arguments(log)]
    for name in left_out:
        place = words.index(name)
        del words[place : place + (1 if name == "--mask" else 2)]
    return [*words, *options.get("more", "").split(), "--out", str(log.parent / "out")]


def said(capsys, *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(["audit", "access", *words])
    printed = capsys.readouterr()
    text = " ".join((printed.out + printed.err).replace("│", " ").split())
    return int(left.value.code or 0), text


def test_personal_data_in_a_reason_stops_it_and_no_value_is_named(log, capsys):
    code, text = said(capsys, *asked(log, "--mask"))
    assert code == 2
    assert "Reasons of look-ups must hold no personal data" in text and "--mask" in text
    assert not [one for one in looked.secrets() if one in text]
    assert not (log.parent / "out").exists()


def test_what_is_printed_of_an_audit_names_nobody(log, capsys):
    code, text = said(capsys, *asked(log), "--details")
    assert code == 0
    assert "looked into this network" in text
    assert not [one for one in looked.secrets() if one in text]


def test_without_a_salt_nothing_is_read(log, capsys):
    code, text = said(capsys, *asked(log, "--salt"))
    assert code == 2
    assert "openssl rand -hex 32" in text and "VEEDOR_SALT" in text


def test_a_salt_of_the_environment_is_taken_and_never_shown(log, capsys, monkeypatch):
    monkeypatch.setenv("VEEDOR_SALT", "short")
    code, text = said(capsys, *asked(log, "--salt"))
    assert code == 2 and "at least 16 bytes" in text and "short" not in text.split("must be")[0]
    request = audit_access.Request(
        logs=(log / "looked_1.csv",), kind="network", time_zone="UTC", salt=log / "salt.txt",
        out=log.parent / "out",
    )  # fmt: skip
    assert looked.SALT not in repr(request)


def test_kinds_are_never_read_together_and_one_must_be_said(log, capsys):
    code, text = said(capsys, *asked(log, "--kind"))
    assert code == 2 and "--kind" in text
    code, text = said(capsys, *asked(log, "--kind", more="--kind event"))
    assert code == 2
    assert "Logs of different kinds must not be read together" in text


@pytest.mark.parametrize("given", ["at", "=Fecha", "at="])
def test_a_column_is_given_with_its_header(log, capsys, given):
    code, text = said(capsys, *asked(log, more=f"--column {given}"))
    assert code == 2
    assert "A column must be given with its header" in text


@pytest.mark.parametrize(
    ("more", "says"),
    [("--time-zone Nowhere/City", "IANA"), ("--producer Nobody", "named as the log names it")],
)
def test_what_cannot_be_is_said(log, capsys, more, says):
    left_out = more.split()[0]
    code, text = said(capsys, *asked(log, left_out, more=more))
    assert code == 2
    assert says in text
