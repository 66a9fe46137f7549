r"""Score what readers filled in: how far they agree, and the rates that follow for the whole table.

Rates are of the table that was planned, each row weighed by one over its chance of being drawn:
alerts that are right, what was missed, recall where rows without an alert were read. They are given
strict, lenient and, where most or a third reader settled it, settled; with a range for what readers
may get wrong, since two readers alone cannot show it. Refused: one reader, a changed plan, sample,
codebook or table, recall from alerts alone. Writes into OUT:

      report.html        in plain words, every denominator in its sentence
      estimates.csv      every figure, with its interval and method
      results.json       all that is in the report
      strata.csv         what was found in each stratum: the pilot of a larger plan
      third_reader.csv   rows where two readers differ, blind, for whoever decides: then --third
      items.csv          of counts: least, median and most of the readers at each place

Of counts that somebody published, without plan and pack, --counts tells how far readers agree, item
by item, and nothing else: how the items were chosen is not known, so there is no rate.

      veedor reading score pack --reading one.csv --reading two.csv --table alerts.csv --out score
      veedor reading score --counts corners.csv --out agreement
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from veedor.errors import phrase
from veedor.tasks.audited import ESTIMATES, REPORT
from veedor.tasks.context import Context
from veedor.tasks.request import File, FileThere, Folder, FolderThere, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which pack, and what readers filled in; or a file of counts."""

    pack: FolderThere | None = argument(default=None)
    readings: tuple[FileThere, ...] = option(
        "A reader's file, filled in. Once for each reader.", default=(), name="reading"
    )
    third: FileThere | None = option(
        "third_reader.csv, filled in by whoever decides where two readers differ.", default=None
    )
    table: File | None = option(
        "The table that was planned: holds that the sample is what the plan draws from it.",
        default=None,
    )
    counts: FileThere | None = option(
        "Instead of a pack: a table of counts, of item and a column a reader, or of item, reader, "
        "count.",
        default=None,
    )
    readers: tuple[str, ...] = option(
        "Column of --counts that holds a reader's counts; by default all but the item's. Repeat.",
        default=(),
        name="reader",
        metavar=phrase("COLUMN"),
    )
    item: str = option(
        "Column of --counts that names an item.", default="item", metavar=phrase("COLUMN")
    )
    needed: tuple[Literal["recall"], ...] = option(
        "A rate that must be told: an error where it cannot be.", default=(), name="need"
    )
    sensitivity: float = option(
        "The least share of what is so that readers are held to find.", default=0.9, gt=0.5, le=1.0
    )
    specificity: float = option(
        "The least share of what is not so that readers are held to see.",
        default=0.9,
        gt=0.5,
        le=1.0,
    )
    replicates: int = option("Of the bootstrap.", default=2000, ge=200, le=100_000)
    seed: int = option("Of the bootstrap.", default=1, ge=0)
    out: Folder = option("Folder for the results and report.html.")


@use_case
def perform(request: Request, context: Context) -> Done:
    """Score a reading, into a folder.

    Returns
    -------
    Done
        ``results`` is the `ReadingScore`; of a file of counts, the `CountsAgreement`.

    Raises
    ------
    VeedorError
        If anything is not as it was promised, or a line is not answered.
    """
    from veedor.errors import StudyError

    if (request.pack is None) == (request.counts is None):
        raise StudyError(
            "Either a pack must be scored or a file of counts.",
            found=phrase("none") if request.pack is None else phrase("both"),
            remedy="give the folder of a pack, or --counts alone",
        )
    if request.pack is None:
        return _of_counts(request, context)
    return _of_pack(request, request.pack, context)


def _of_counts(request: Request, context: Context) -> Done:
    """Tell how far readers agree on counts that stand in a file."""
    from veedor.audits.reading import agreement_of, read_counts, write_items
    from veedor.errors import StudyError
    from veedor.files.folders import replacing_folder
    from veedor.report.document import write_document
    from veedor.report.published_counts import counts_document
    from veedor.report.words import words_in
    from veedor.report.words.reading_steps import scored_files
    from veedor.report.words.terminal import headed

    of_packs = {
        "--reading": request.readings, "--third": request.third, "--table": request.table,
        "--need": request.needed,
    }  # fmt: skip
    if needless := [name for name, value in of_packs.items() if value]:
        raise StudyError(
            "A file of counts has no pack, and gives no rate.",
            found=", ".join(needless),
            remedy="leave it out, or score the pack that it belongs to",
        )
    path = cast("Path", request.counts)
    context.step(phrase("Scoring the reading"), None)
    counts = read_counts(path, request.readers, request.item)
    found = agreement_of(counts, path)
    words = words_in(context.language)
    page = counts_document(found, words)
    context.go_on()
    with replacing_folder(request.out) as into:
        found.write(into, words.of)
        write_document(page, into / REPORT, context.language)
        write_items(counts.items, counts.judged, into / "items.csv")
    told = scored_files(words, request.out / ESTIMATES, 0, counts=True)
    return Done(request.out, found, headed(words, page, request.out / REPORT, *told))


def _of_pack(request: Request, pack: Path, context: Context) -> Done:
    """Score what readers of a pack filled in."""
    from veedor.audits.reading import (
        ScoreSettings,
        score_reading,
        write_items,
        write_strata,
        write_third,
    )
    from veedor.files.folders import replacing_folder
    from veedor.report.document import write_document
    from veedor.report.reading import reading_document
    from veedor.report.words import words_in
    from veedor.report.words.reading_steps import scored_files
    from veedor.report.words.terminal import headed

    settings = ScoreSettings(
        sensitivity=request.sensitivity,
        specificity=request.specificity,
        needed=request.needed,
        replicates=request.replicates,
        seed=request.seed,
    )
    context.step(phrase("Scoring the reading"), None)
    score, scored = score_reading(pack, request.readings, request.third, settings, request.table)
    words = words_in(context.language)
    page = reading_document(score, words)
    context.go_on()
    undecided = 0
    with replacing_folder(request.out) as into:
        score.write(into, words.of)
        write_document(page, into / REPORT, context.language)
        write_strata(score, into / "strata.csv")
        if score.counts:
            keys = [one.key for one in scored.key.items]
            write_items(keys, scored.readings.judged, into / "items.csv")
        elif score.readers == 2 and not score.decided:
            third = into / "third_reader.csv"
            undecided = write_third(scored, request.readings[0], third, words.language)
    told = scored_files(words, request.out / ESTIMATES, undecided, counts=score.counts)
    return Done(request.out, score, headed(words, page, request.out / REPORT, *told))
