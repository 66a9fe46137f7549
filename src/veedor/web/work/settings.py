"""What was guessed of a study, as a form: settings of ``study.toml`` that may be changed, with why.

Paths are none of them: a study reads what it was made from, and nothing else of the machine.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django import forms

from veedor.errors import phrase
from veedor.files.replacing import replacing
from veedor.report.words.column_roles import COLUMN_ROLES
from veedor.report.words.lengths import length_of
from veedor.study.config import parse_study
from veedor.study.section_checks import FILE_NAME
from veedor.web.pages.jinja import words
from veedor.web.work.labels import chosen

_SECTION = re.compile(r"\[+([a-z_.]+)\]+\s*(?:#.*)?")
_LINE = re.compile(r'([a-z_]+) = ("(?:[^"\\]|\\.)*"|[^#]*?)\s*(?:#\s?(.*))?')
#: Section and setting -> what it is called; of columns, every role.
_LABELS = {
    "study.title": phrase("Title"),
    "incidents.time_zone": phrase("Time zone of the record"),
    "incidents.crs": phrase("Coordinates in which distances are metres"),
    "categories.name": phrase("Name of a category"),
    "categories.known_by": phrase("How it becomes known"),
    "cells.size_m": phrase("Side of a cell, in metres"),
    "cells.id": phrase("Property of the zones that holds their names"),
    "periods.length": phrase("Length of a period"),
    "periods.history_from": phrase("The record is complete from"),
    "periods.until": phrase("The last period that is forecast ends at"),
    "periods.origins": phrase("How many periods are forecast, one by one"),
    "periods.lead": phrase("Time before each period, to make and seal its forecast"),
    "holidays.country": phrase("Country of the public holidays"),
}
TITLE = _LABELS["study.title"]
_COLUMNS = "incidents.columns"
_KNOWN_BY = ("reported", "discovered")
_LENGTHS = ("1 day", "1 week", "2 weeks", "1 month", "3 months")
#: Setting -> lengths that are offered.
_CHOICES: dict[str, tuple[str, ...]] = {
    _LABELS["periods.length"]: _LENGTHS,
    _LABELS["periods.lead"]: ("12 hours", "1 day", "2 days", *_LENGTHS[1:]),
}
_MOST = 200


@dataclass(frozen=True)
class Setting:
    """A setting that may be changed.

    Parameters
    ----------
    line : int
        Of the file, from 0.
    label : str
    value : object
    why : str
        What the file says beside it.
    """

    line: int
    label: str
    value: Any
    why: str

    @property
    def name(self) -> str:
        """Of its field."""
        return f"line_{self.line}"


def settings_of(text: str) -> list[Setting]:
    """Find the settings of a proposed study that may be changed."""
    found, section = [], ""
    for place, line in enumerate(text.split("\n")):
        if head := _SECTION.fullmatch(line):
            section = head[1]
            continue
        setting = _LINE.fullmatch(line)
        if setting is None:
            continue
        name, written, why = setting.groups()
        label = _LABELS.get(f"{section}.{name}")
        if section == _COLUMNS:
            label = phrase("Column that says: {role}", role=COLUMN_ROLES[name])
        value = tomllib.loads(f"value = {written}")["value"] if label else None
        if label and isinstance(value, str | int | float | date):
            found.append(Setting(place, label, value, why or ""))
    return found


def form_of(settings: list[Setting]) -> type[forms.Form]:
    """Make a form of settings."""
    return type("Settings", (forms.Form,), {one.name: _field(one) for one in settings})


def _field(setting: Setting) -> forms.Field:
    value = setting.value
    if setting.label == _LABELS["categories.known_by"]:
        return forms.ChoiceField(initial=value, choices=[(one, chosen(one)) for one in _KNOWN_BY])
    if setting.label in _CHOICES:
        offered = dict.fromkeys((value, *_CHOICES[setting.label]))
        lengths = [(one, length_of(words(), one)) for one in offered]
        return forms.ChoiceField(initial=value, choices=lengths)
    if isinstance(value, int):
        return forms.IntegerField(initial=value)
    if isinstance(value, float):
        return forms.FloatField(initial=value, localize=True, widget=forms.TextInput())
    if isinstance(value, date):
        return forms.DateField(
            initial=value, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        )
    return forms.CharField(initial=value, max_length=_MOST)


def changed(text: str, settings: list[Setting], given: Mapping[str, Any]) -> str:
    """Return a study's text with settings as they were given; all else stays as it is.

    Raises
    ------
    StudyError
        If the study cannot be run so.
    Refusal
        If it asks for what veedor does not do.
    """
    lines = text.split("\n")
    for one in settings:
        value = given[one.name]
        if value != one.value:
            written = (
                value.isoformat()
                if isinstance(value, date)
                else json.dumps(value, ensure_ascii=False)
            )
            name = lines[one.line].partition(" = ")[0]
            lines[one.line] = f"{name} = {written}"
    made = "\n".join(lines)
    parse_study(made.encode())
    return made


def read_text(folder: Path) -> str | None:
    """Return the text of a study's file; None where there is none."""
    path = folder / FILE_NAME
    return path.read_text(encoding="utf-8") if path.is_file() else None


def write_text(folder: Path, text: str) -> None:
    """Replace a study's file."""
    with replacing(folder / FILE_NAME) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
