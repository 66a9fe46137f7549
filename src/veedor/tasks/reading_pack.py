r"""Make of a plan blind files for two readers or more, and the key that only scoring needs.

Readers see the columns named by --show and nothing else: no score, no alert, no group, no person.
A shown text with a name, plate, address or number of a person stops the pack. Each reader's file
has an order of its own; a tenth of the rows comes twice, unsaid. Writes into OUT:

      for_readers/   reader_1.csv, reader_2.csv, ... and the codebook: hand these out, no more
      key.json       joins lines with the sample; keep it from readers until all have answered
      plan.json      the plan, and codebook.csv, as they were: scoring refuses any other

Readers write in the column `answer` one of the codebook's answers in every line. Their files are
CSV for a spreadsheet in the language of this command: in Spanish fields stand between semicolons.

      veedor reading pack plan --table alerts.csv --show camera --show description --out pack
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, FolderThere, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which plan, and what readers see."""

    plan: FolderThere = argument()
    table: File = option("The table that was planned.")
    show: tuple[str, ...] = option(
        "Column that readers see. Repeat.", default=(), metavar=phrase("COLUMN")
    )
    readers: int = option("People who read all rows, apart from each other.", default=2, le=6)
    repeats: float = option("Share of the rows that each is given twice.", default=0.1, ge=0.0)
    codebook: File | None = option(
        "CSV of answer,counts_as,meaning; that of the plan by default.", default=None
    )
    counts: bool = option("Readers count: an answer is a whole number.", default=False)
    seed: int = option("Of orders and repeats.", default=1, ge=0)
    out: Folder = option("Folder for the pack.")


@use_case
def perform(request: Request, context: Context) -> Done:
    """Make a pack, into a folder.

    Returns
    -------
    Done
        ``results`` is the key.

    Raises
    ------
    VeedorError
        If the table or the sample are not those of the plan, or what is shown tells too much.
    """
    from veedor.audits.reading import PackSettings, make_pack
    from veedor.files.folders import replacing_folder
    from veedor.report.words import words_in
    from veedor.report.words.reading_steps import packed

    settings = PackSettings(
        show=request.show,
        readers=request.readers,
        repeats=request.repeats,
        counts=request.counts,
        seed=request.seed,
        language=context.language,
    )
    context.step(phrase("Making the pack"), None)
    with replacing_folder(request.out) as into:
        key = make_pack(request.plan, request.table, settings, request.codebook, into)
    return Done(request.out, key, packed(words_in(context.language), key, request.out))
