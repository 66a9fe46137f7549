"""The codebook: which answers readers may give, what each means, and what it counts as."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from veedor.errors import DataError, phrase
from veedor.tables.escape import shown
from veedor.tables.names import folded
from veedor.tables.personal import refuse_personal_text
from veedor.tables.rows import read_table

CountsAs: TypeAlias = Literal["yes", "no", "cannot_tell"]
YES: CountsAs = "yes"
NO: CountsAs = "no"
CANNOT_TELL: CountsAs = "cannot_tell"
COLUMNS = ("answer", "counts_as", "meaning")
_MOST_ANSWERS = 20


class Answer(msgspec.Struct, frozen=True):
    """One answer.

    Parameters
    ----------
    answer : str
        As readers write it.
    counts_as : {"yes", "no", "cannot_tell"}
    meaning : str
        When it is to be given.
    """

    answer: str
    counts_as: CountsAs
    meaning: str


def read_codebook(path: Path, *, counts: bool) -> tuple[Answer, ...]:
    """Read a codebook: a CSV of ``answer,counts_as,meaning``.

    Parameters
    ----------
    path : Path
    counts : bool
        Whether readers count: then an answer is a whole number, and the codebook says how one who
        cannot tell writes so.

    Raises
    ------
    DataError
        If an answer is there twice, counts as nothing that is known, or none is for those who
        cannot tell.
    """
    rows = read_table(path, COLUMNS)
    texts = {name: [str(one) for one in rows.text(name)] for name in COLUMNS}
    refuse_personal_text(
        [*texts["answer"], *texts["meaning"]], what=phrase("a codebook"), where=rows.name
    )
    answers = tuple(
        msgspec.convert({"answer": answer, "counts_as": as_, "meaning": meaning}, Answer)
        for answer, as_, meaning in zip(*texts.values(), strict=True)
        if _known(as_, rows.name)
    )
    if len({folded(one.answer) for one in answers}) < len(answers) or not all(
        one.answer for one in answers
    ):
        raise DataError(
            "Each answer of a codebook must be there once.",
            found=", ".join(shown(one.answer) for one in answers[:_MOST_ANSWERS]),
            where=rows.name,
        )
    kinds = {one.counts_as for one in answers}
    needed = {CANNOT_TELL} if counts else {YES, NO, CANNOT_TELL}
    if kinds != needed or len(answers) > _MOST_ANSWERS:
        raise DataError(
            phrase("A codebook of counts must hold only what one writes who cannot tell.")
            if counts
            else phrase(
                "A codebook must have an answer that counts as yes, one as no and one as "
                "cannot_tell: who cannot tell must be able to say so."
            ),
            found=", ".join(f"{shown(one.answer)}: {one.counts_as}" for one in answers),
            where=rows.name,
            remedy="rows of answer,counts_as,meaning; `veedor reading plan` writes one to begin "
            "with",
        )
    return answers


def _known(counts_as: str, where: str) -> bool:
    if counts_as not in (YES, NO, CANNOT_TELL):
        raise DataError(
            "Each answer must count as yes, no or cannot_tell.",
            found=shown(counts_as) or phrase("an empty field"),
            where=phrase("column {column} of {name}", column="`counts_as`", name=where),
        )
    return True
