"""The page and the terminal of `check`: what each part of them is called, with its number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from veedor.errors import VeedorError
from veedor.incidents import Proposal
from veedor.incidents.quality_report import QualityReport
from veedor.incidents.reconciling import Reconciled
from veedor.incidents.usability import Usability
from veedor.report.tables import Table, table
from veedor.report.words.column_roles import COLUMN_ROLES
from veedor.report.words.language import Words


def title(words: Words, name: str) -> str:
    """Ask the question of the page."""
    return words.say("{name}: can the record be used?", name=name)


def subtitle(words: Words, report: QualityReport) -> str:
    """Say from when to when, and of how many categories."""
    labels = report.months.labels
    return words.many(
        len(report.categories),
        "Recorded incidents of {n} category, {first} to {last}",
        "Recorded incidents of {n} categories, {first} to {last}",
        first=words.month(f"{labels[0]}-01"),
        last=words.month(f"{labels[-1]}-01"),
    )


def made(words: Words, version: str) -> str:
    """Say by what it was made, and that it can be shown."""
    return words.say(
        "veedor {version}, check. This page holds counts only: no row, no id, no address, and no "
        "value that fewer than ten rows hold. It can be shown to anyone.",
        version=version,
    )


def picture(words: Words, counts: Reconciled) -> str:
    """State what became of the rows."""
    if not counts.adds_up:
        return words.say("What became of the rows does not add up")
    return words.say(
        "{used} of {all} are used; {gone} are accounted for",
        used=counts.used,
        all=counts.rows + counts.more,
        gone=counts.rows + counts.more - counts.used,
    )


def marks(words: Words, counts: Reconciled) -> str:
    """Say what the bars mean."""
    if not counts.adds_up:
        return words.say("Filled: what stays. Hollow: what goes, and why.")
    return words.say("Filled: what stays. Hollow: what goes, and why. The counts add up.")


def limits_table(words: Words, mend: Sequence[str], limits: Sequence[str]) -> Table | None:
    """List what must be mended, or else what limits the use; None where nothing does."""
    if mend:
        return table(words.say("Mend this first"), [words.say("What is wrong")], _lines(mend), 0)
    if limits:
        return table(words.say("What limits it"), [words.say("What it means")], _lines(limits), 0)
    return None


def _lines(sentences: Sequence[str]) -> list[list[str]]:
    return [[one] for one in sentences]


def everything(words: Words, found: Usability, hindrances: Sequence[VeedorError]) -> str:
    """Head what must be mended and what limits the use."""
    if not (hindrances or found.mend or found.limits):
        return words.say("Nothing to mend first, and nothing found that limits the use")
    return words.say(
        "To mend first: {mend}. What limits the use: {limits}",
        mend=len(found.mend) + len(hindrances),
        limits=len(found.limits),
    )


def rows(words: Words, report: QualityReport) -> str:
    """Head the rows."""
    aside = sum(one.count for one in report.rows.set_aside)
    return words.many(
        report.rows.read,
        "{n} row read: {kept} kept as incidents, {aside} set aside",
        "{n} rows read: {kept} kept as incidents, {aside} set aside",
        kept=report.rows.kept,
        aside=aside,
    )


def months(words: Words, report: QualityReport) -> str:
    """Head the months."""
    return words.many(
        len(report.months.labels),
        "{broken} of {n} month breaks the series",
        "{broken} of {n} months break the series",
        broken=len({one.month for one in report.breaks}),
    )


def places(words: Words, report: QualityReport) -> str:
    """Head the places."""
    located = report.places.located
    return words.say(
        "{n} of {all} incidents have a usable place", n=located.numerator, all=located.denominator
    )


def times(words: Words, report: QualityReport) -> str:
    """Head the times."""
    exact = report.times.exact
    return words.say(
        "{n} of {all} incidents have an exact time", n=exact.numerator, all=exact.denominator
    )


def categories(words: Words, report: QualityReport) -> str:
    """Head the categories."""
    return words.many(
        len(report.categories), "{n} category of incidents", "{n} categories of incidents"
    )


def few(words: Words, n: int) -> str:
    """Say how many incidents are of categories too rare to be shown."""
    return words.many(
        n,
        "{n} more incident is of values that fewer than ten rows hold, which are not shown.",
        "{n} more incidents are of values that fewer than ten rows hold, which are not shown.",
    )


def mended(words: Words, report: QualityReport) -> str:
    """Head what the layout mended."""
    layout = report.layout
    return words.many(
        0 if layout is None else len(layout.mended),
        "{n} thing mended, by the rules of the layout {name}",
        "{n} things mended, by the rules of the layout {name}",
        name="" if layout is None else layout.name,
    )


def dropped(words: Words, report: QualityReport) -> str:
    """Head the columns that were dropped."""
    return words.many(
        sum(len(one.columns) for one in report.dropped_columns),
        "{n} column dropped at reading",
        "{n} columns dropped at reading",
    )


def recognised(words: Words, proposal: Proposal) -> str:
    """Head the columns that were recognised."""
    return words.many(
        len(proposal.columns),
        "{n} column recognised, to be confirmed",
        "{n} columns recognised, to be confirmed",
    )


def recognised_table(words: Words, proposal: Proposal) -> Table:
    """Say which column was taken for what; without examples of its values."""
    return table(
        words.say("Columns recognised"),
        [words.say("What it says"), words.say("Column")],
        [[words.translated(COLUMN_ROLES[one.role]), one.column] for one in proposal.columns],
        2,
    )


def confirm(words: Words, proposal: Proposal) -> str:
    """Say in which zone and CRS the file was read, and how to set it otherwise."""
    return words.say(
        "Read in the time zone {zone} and the CRS {crs}. To set anything otherwise, write a study "
        "with `veedor init`, and check that.",
        zone=proposal.time_zone,
        crs=proposal.crs,
    )


def noted_in(words: Words, proposal: Proposal) -> list[str]:
    """Say what a person must look at in a file whose columns were recognised."""
    return [words.say("Note: {note}", note=words.translated(note)) for note in proposal.notes]


def whole_report(words: Words, numbers: Path) -> str:
    """Say where the whole report is, which is not to be shown without thought."""
    return words.say("Quality report, with rows and examples of values: {path}", path=numbers)
