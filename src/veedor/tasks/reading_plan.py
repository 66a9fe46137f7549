r"""Plan which rows of a table people are to read: drawn at random, with known chances.

TABLE is any table of anyone's: alerts, with all else or without; the look-ups of an access log. It
is read for its key and what makes strata, and for nothing else. Give --n or --half-width. Writes
into OUT:

      plan.json      strata, chances, seed, hash of the table, what each design would tell
      sample.csv     the rows to read; the targeted list, labelled, is in no rate
      codebook.csv   answers to begin with: say in it what each means, before anyone reads

Without a pilot strata are read by their size. With --pilot, the strata.csv of an earlier, smaller
reading, most is read where answers vary most (Neyman), if that tells more.

      veedor reading plan alerts.csv --key case --alert flagged --half-width 0.05 --others 300 \
          --score score --cut 0.7 --cut 0.9 --out plan
      veedor reading plan searches.csv --month searched_at --n 250 --out plan
"""

from __future__ import annotations

from typing import Literal

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which table, what makes its strata, and how much is to be read."""

    table: File = argument()
    key: str = option(
        "Column that names each row once; by default rows are named by their place in the file.",
        default="",
        metavar=phrase("COLUMN"),
    )
    alert: str = option(
        "Column that says which rows had an alert: they and all else are planned apart.",
        default="",
        metavar=phrase("COLUMN"),
    )
    strata: tuple[str, ...] = option(
        "Column whose values make strata. Repeat.",
        default=(),
        name="stratum",
        metavar=phrase("COLUMN"),
    )
    score: str = option(
        "Column of the score, cut into bands.", default="", metavar=phrase("COLUMN")
    )
    cuts: tuple[float, ...] = option("Where the score is cut. Repeat.", default=(), name="cut")
    month: str = option("Column of times: strata by month.", default="", metavar=phrase("COLUMN"))
    n: int | None = option(
        "Rows to read: of alerts where --alert is given, else of all.", default=None, ge=2
    )
    half_width: float | None = option(
        "Instead of --n: half-width of the 95% interval, as 0.05 for 5 points.",
        default=None,
        gt=0.0,
        le=0.5,
    )
    others: int = option(
        "Rows without an alert to read: without them what was missed is not told.",
        default=0,
        ge=0,
    )
    design: Literal["simple", "proportional", "neyman"] | None = option(
        "How rows are drawn; by default the one that tells most.", default=None
    )
    expected: float = option(
        "Share that is expected, without a pilot; a half asks for most rows.", default=0.5
    )
    pilot: File | None = option("strata.csv of an earlier reading of this table.", default=None)
    targeted: File | None = option(
        "Rows chosen by hand, by the key: they are read too, labelled, and are in no rate.",
        default=None,
    )
    seed: int = option("Of the draw: publish it.", default=1, ge=0)
    out: Folder = option("Folder for plan.json, sample.csv and codebook.csv.")


@use_case
def perform(request: Request, context: Context) -> Done:
    """Plan a reading, and draw its sample, into a folder.

    Returns
    -------
    Done
        ``results`` is the plan.

    Raises
    ------
    VeedorError
        If a column is not there or names persons, or there are too few rows.
    """
    from veedor.audits.reading import (
        FrameColumns,
        PlanSettings,
        make_plan,
        open_frame,
        read_pilot,
        read_targeted,
        write_plan,
    )
    from veedor.files.folders import replacing_folder
    from veedor.report.words import words_in
    from veedor.report.words.reading_steps import first_answers, planned

    columns = FrameColumns(
        key=request.key,
        alert=request.alert,
        strata=request.strata,
        score=request.score,
        cuts=request.cuts,
        month=request.month,
    )
    settings = PlanSettings(
        n=request.n,
        half_width=request.half_width,
        others=request.others,
        design=request.design,
        expected=request.expected,
        seed=request.seed,
    )
    words = words_in(context.language)
    pilot = None if request.pilot is None else read_pilot(request.pilot)
    chosen = () if request.targeted is None else read_targeted(request.targeted, request.key)
    context.step(phrase("Planning the reading"), None)
    with open_frame(request.table, columns) as frame:
        plan, sample = make_plan(frame, settings, pilot, chosen)
    context.go_on()
    with replacing_folder(request.out) as into:
        write_plan(plan, sample, first_answers(words), into, words.language)
    return Done(request.out, plan, planned(words, plan, request.out, request.table))
