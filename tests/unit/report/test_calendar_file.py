"""A calendar file: what a plain reader of RFC 5545 takes from it is what was put in."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from veedor.report.calendar_file import Entry, _folded, _text, write_calendar

TEXTS = st.text(st.characters(blacklist_categories=("C", "Zl", "Zp")), max_size=200)


def unfolded(data: bytes) -> list[str]:
    """Lines of a file, those that go on joined (RFC 5545, 3.1)."""
    assert data.endswith(b"\r\n")
    return re.sub(rb"\r\n[ \t]", b"", data).decode("utf-8").split("\r\n")[:-1]


def value(written: str) -> str:
    """What an escaped text says (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], written)


@given(TEXTS)
def test_a_text_comes_back(text: str) -> None:
    assert value(_text(text)) == text
    assert "\n" not in _text(text)


@given(TEXTS)
def test_lines_are_short_and_no_letter_is_cut(text: str) -> None:
    folded = _folded(f"SUMMARY:{_text(text)}")
    assert all(len(line) <= 75 for line in folded.split(b"\r\n"))
    for line in folded.split(b"\r\n"):
        line.decode("utf-8")
    assert unfolded(folded) == [f"SUMMARY:{_text(text)}"]


def test_days_are_whole_and_one_s_own_have_a_reminder(tmp_path) -> None:
    path = tmp_path / "a.ics"
    entries = [
        Entry("a@veedor", date(2026, 12, 31), "Vence; hoy, sí", "art. 11\nart. 13"),
        Entry("b@veedor", date(2028, 2, 29), "Reclamo", remind_days=7),
    ]
    write_calendar("Plazos", entries, path, date(2026, 3, 2))
    lines = unfolded(path.read_bytes())
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    assert any(line.startswith("PRODID:") for line in lines)
    first, second = "\n".join(lines).split("BEGIN:VEVENT")[1:]
    assert "UID:a@veedor\n" in first
    assert "DTSTAMP:20260302T000000Z" in first
    assert "DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270101" in first
    assert "SUMMARY:Vence\\; hoy\\, sí\nDESCRIPTION:art. 11\\nart. 13" in first
    assert "VALARM" not in first
    assert "DTSTART;VALUE=DATE:20280229\nDTEND;VALUE=DATE:20280301" in second
    assert "ACTION:DISPLAY\nDESCRIPTION:Reclamo\nTRIGGER:-P7D\nEND:VALARM\nEND:VEVENT" in second
    again = tmp_path / "b.ics"
    write_calendar("Plazos", entries, again, date(2026, 3, 2))
    assert again.read_bytes() == path.read_bytes()


def test_lines_of_somebody_s_own_begin_no_entry(tmp_path) -> None:
    path = tmp_path / "a.ics"
    entry = Entry("a", date(2026, 1, 1), "x\r\nEND:VEVENT\rBEGIN:VEVENT\nUID:z\x00")
    write_calendar("x\r\nBEGIN:VEVENT", [entry], path, date(2026, 1, 1))
    lines = unfolded(path.read_bytes())
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert [line for line in lines if line.startswith("UID")] == ["UID:a"]
