"""What is said of data that were fetched or exported."""

from __future__ import annotations

from pathlib import Path

from veedor.fetching import Fetched
from veedor.incidents.layouts import Layout
from veedor.report.document import Document, Section
from veedor.report.words.language import Words


def exported(words: Words, rows: int, out: Path) -> Document:
    """Say how much was written, and where."""
    told = words.many(rows, "Wrote {n} row to {file}", "Wrote {n} rows to {file}", file=out)
    return Document(words.say("Export"), headline=[Section(sentences=[told])])


def fetched(words: Words, found: Fetched, layout: Layout) -> Document:
    """Say what was written, what was not asked for, and under which licence it is."""
    say, out = words.say, found.path
    if found.unchanged:
        when = found.record.fetched_at
        told = [say("Nothing new since {when}: {file}", when=when, file=out)]
    else:
        told = [say("Wrote {file} and {name}.fetched.json", file=out, name=out.name)]
        if found.record.left_out:
            names = ", ".join(found.record.left_out)
            told.append(say("Not fetched, about persons: {names}", names=names))
        told.append(say("Licence: {licence} ({page})", licence=layout.licence, page=layout.page))
        told.append(f"  veedor init mystudy --incidents {out}")
    return Document(say("Fetch"), headline=[Section(sentences=told)])
