"""The log that ships, audited as its tutorial does: what the tutorial says is what comes out."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from veedor.audits.audit import Subject
from veedor.tasks import Context, audit_access

DOCS = Path(__file__).parents[4] / "docs"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ships")
    (folder / "salt.txt").write_text("made up, and long enough to be kept")
    request = audit_access.Request(
        logs=(Path(str(files("veedor.demo") / "eugene_searches.csv")),),
        kind="own",
        time_zone="America/Los_Angeles",
        hours=(8.0, 18.0),
        salt=folder / "salt.txt",
        out=folder / "access",
    )
    return audit_access.perform(request, Context())


def test_it_holds_no_text_like_a_plate():
    text = (files("veedor.demo") / "eugene_searches.csv").read_text(encoding="utf-8")
    reasons = [line.rsplit(",", 1)[-1] for line in text.splitlines()]
    assert not [
        one for one in reasons if re.fullmatch(r"\d{3} ?[A-Z]{3}|[A-Z]{3} ?\d{3}", one, re.I)
    ]


def test_the_figures_of_the_tutorial_are_those_that_come_out(made):
    tutorial = (DOCS / "tutorials" / "access-log.md").read_text(encoding="utf-8")
    audit = made.results
    assert made.document.cover.finding in tutorial
    told = {
        "gini_users": ("0.59 (0.52 to 0.69)", 1, 2),
        "top_share": ("33% (24% to 54%)", 100, 0),
        "devices_above_share": ("30% (22% to 40%)", 100, 0),
    }
    for statistic, (words, factor, digits) in told.items():
        threshold = 1000.0 if statistic == "devices_above_share" else None
        held = audit.of(statistic, Subject("all", threshold=threshold)).estimate
        value, low, high = (
            f"{factor * end:.{digits}f}{'%' * (factor > 1)}"
            for end in (held.value, held.low, held.high)
        )
        assert words == f"{value} ({low} to {high})"
        assert words in tutorial
    assert [(one.kind, one.day, one.before, one.after) for one in audit.breaks] == [
        ("volume", "2025-10-01", 39.0, 11.0), ("volume", "2025-11-01", 11.0, 2.4),
    ]  # fmt: skip
    assert "39 a day to 11 with October, and to 2.4 with November" in tutorial
    shares = {one.name: one.share.value for one in audit.lists}
    for name, words in (("nothing", "0.047%"), ("generic", "26%"), ("kinds", "79%")):
        assert float(words.rstrip("%")) == pytest.approx(100 * shares[name], rel=0.02)
        assert f"| {words} |" in tutorial
    assert f"{audit.missing.without} of {audit.missing.days} have no look-up" in tutorial
    assert f"by days of UTC {audit.missing.without_utc}." in tutorial
    assert f"{audit.missing.expected:.1f}" in tutorial and audit.missing.surprising == 0
    assert f"up to {100 * audit.review.if_none:.1f}%" in tutorial


def test_both_languages_tell_the_same_figures():
    english = (DOCS / "tutorials" / "access-log.md").read_text(encoding="utf-8")
    spanish = (DOCS / "es" / "registro-de-accesos.md").read_text(encoding="utf-8")

    def percentages(text: str) -> list[str]:
        return [one.replace(",", ".") for one in re.findall(r"\d+(?:[.,]\d+)?%", text)]

    assert percentages(english) == percentages(spanish)


def test_every_number_of_the_page_is_in_a_file(made):
    written = json.loads((made.folder / "results.json").read_text(encoding="utf-8"))
    assert written["lookups"] == 4294
    assert len(written["review"]["rows"]) == 250
    names = {path.name for path in made.folder.iterdir()}
    assert names == {
        "estimates.csv", "manifest.json", "quality.json", "report.html", "results.json",
        "review_plan.csv",
    }  # fmt: skip
