"""`Readings`: what each reader said of each row, from the files that readers filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.reading.codebook import CANNOT_TELL, NO, YES, Answer
from veedor.audits.reading.pack import ANSWER, ITEM, ReadingKey, Slot
from veedor.errors import DataError, StudyError, phrase
from veedor.statistics.agreement import NO_ANSWER
from veedor.tables.escape import csv_field, shown
from veedor.tables.names import folded
from veedor.tables.rows import read_table

#: What an answer counts as, as a number: who cannot tell stands between.
_AS = {NO: 0.0, CANNOT_TELL: np.nan, YES: 1.0}
_FIRST = 5


@dataclass(frozen=True, eq=False)
class Readings:
    """Answers by row and reader.

    Parameters
    ----------
    codes : array of int, shape (items, readers)
        Which answer; of counts, which of `values`, and `NO_ANSWER` for who cannot tell.
    names : tuple of str
        Of the answers.
    values : array, shape (answers,)
        1 for yes, 0 for no, NaN for who cannot tell; of counts, the count.
    repeats : array of int, shape (pairs, 2)
        First and second answer of one reader to one row.
    third : array, shape (items,) or None
        What whoever decided where two readers differ said, as `values`; NaN where not asked.
    """

    codes: Ints
    names: tuple[str, ...]
    values: Floats
    repeats: Ints
    third: Floats | None

    @property
    def judged(self) -> Floats:
        """Values by row and reader; NaN for who cannot tell."""
        known = np.where(self.codes == NO_ANSWER, 0, self.codes)
        if not len(self.values):
            return np.full(self.codes.shape, np.nan)
        return np.where(self.codes == NO_ANSWER, np.nan, self.values[known])


def read_readings(key: ReadingKey, files: Sequence[Path], third: Path | None) -> Readings:
    """Read the files that readers filled in.

    Parameters
    ----------
    key : ReadingKey
    files : sequence of Path
        One a reader, in any order: lines are named so that a file says whose it is.
    third : Path or None
        Of who decides where two readers differ.

    Raises
    ------
    StudyError
        If there is one reader only, or one is lacking.
    DataError
        If a line is unknown, there twice, lacking or not answered.
    """
    by_name = {one.item: one for one in key.slots}
    said: dict[int, list[tuple[Slot, str]]] = {}
    for path in files:
        lines = _lines(path, by_name)
        reader = lines[0][0].reader
        if reader in said or reader > key.readers:
            raise StudyError(
                "Each reader's file is given once; that of who decides, with --third.",
                found=phrase("reader {reader} once more", reader=reader)
                if reader in said
                else phrase("the file of who decides, as a reader's"),
                where=shown(path.name, 100),
            )
        _require_all(key, reader, lines, path)
        said[reader] = lines
    if len(said) < key.readers:
        raise StudyError(
            "Every reader of a pack must be heard: what only some read is not what was promised, "
            "and one reader alone cannot be checked.",
            found=phrase("{n} of {readers}", n=len(said), readers=key.readers),
            remedy="give --reading once for each reader's file",
        )
    decided = [] if third is None else _lines(third, by_name)
    if any(slot.reader != key.readers + 1 for slot, _ in decided):
        raise StudyError(
            "Who decides answers third_reader.csv, and no reader's file.",
            found=phrase("lines of a reader"), where=shown(third.name if third else "", 100),
            remedy="give the file that `veedor reading score` wrote, filled in",
        )  # fmt: skip
    every = [answer for lines in (*said.values(), decided) for _, answer in lines]
    names, values, code = _coded(key, every)
    codes = np.full((len(key.items), key.readers), NO_ANSWER)
    repeats = []
    for reader, lines in said.items():
        for slot, answer in lines:
            if not slot.repeat:
                codes[slot.place, reader - 1] = code[answer]
        repeats += [
            (codes[slot.place, reader - 1], code[answer]) for slot, answer in lines if slot.repeat
        ]
    pairs = np.array(repeats, dtype=np.int64).reshape(-1, 2)
    readings = Readings(codes.astype(np.int64), names, values, pairs, None)
    if third is None:
        return readings
    last = np.full(len(key.items), np.nan)
    for slot, answer in decided:
        last[slot.place] = np.nan if code[answer] < 0 else values[code[answer]]
    asked = differing(readings)
    asked[[slot.place for slot, _ in decided]] = False
    if asked.any():
        raise DataError(
            "Who decides must be heard on every row where readers differ.",
            found=phrase("{n} lacking", n=int(asked.sum())),
            where=shown(third.name, 100),
            remedy="answer every line of third_reader.csv",
        )
    return replace(readings, third=last)


def differing(readings: Readings) -> Bools:
    """Rows of which readers do not all say the same: yes, no or that they cannot tell."""
    judged = readings.judged
    first = judged[:, :1]
    same = (judged == first) | (np.isnan(judged) & np.isnan(first))
    return np.asarray(~same.all(axis=1))


def _lines(path: Path, by_name: dict[str, Slot]) -> list[tuple[Slot, str]]:
    rows = read_table(path, (ITEM, ANSWER), may_end_empty=True)
    items = [str(one).strip() for one in rows.text(ITEM)]
    answers = [str(one) for one in rows.text(ANSWER)]
    unknown = np.array([one not in by_name for one in items])
    if unknown.any():
        raise rows.fault(phrase("Every line must be of this pack."), unknown, ITEM)
    again = np.array([one in items[:n] for n, one in enumerate(items)])
    if again.any():
        raise rows.fault(phrase("Every line must be there once."), again, ITEM)
    blank = np.array([not one.strip() for one in answers])
    if blank.any():
        raise rows.fault(
            phrase("Every line must be answered."), blank, ANSWER,
            remedy=phrase(
                "who cannot tell writes so, in the words of the codebook: what is left out is not "
                "random"
            ),
        )  # fmt: skip
    slots = [by_name[one] for one in items]
    if len({one.reader for one in slots}) > 1:
        raise DataError(
            "A file must be of one reader.",
            found=phrase("lines of {n} readers", n=len({one.reader for one in slots})),
            where=rows.name,
        )
    return list(zip(slots, answers, strict=True))


def _require_all(
    key: ReadingKey, reader: int, lines: Sequence[tuple[Slot, str]], path: Path
) -> None:
    held = {slot.item for slot, _ in lines}
    lacking = [one.item for one in key.slots if one.reader == reader and one.item not in held]
    if lacking:
        raise DataError(
            "Every line of a reader's file must be there: what is left out is not random.",
            found=phrase("{n} lacking: {items}", n=len(lacking), items=", ".join(lacking[:_FIRST])),
            where=shown(path.name, 100),
            remedy="have them read, or write that who read cannot tell",
        )


def _coded(key: ReadingKey, given: Sequence[str]) -> tuple[tuple[str, ...], Floats, dict[str, int]]:
    """Names and values of the answers, and the code of each text that was given."""
    if not key.counts:
        place = {text: n for n, one in enumerate(key.answers) for text in _as_written(one)}
        unknown = sorted({one for one in given if folded(one) not in place})
        _refuse_unknown(unknown, key.answers)
        return (
            tuple(one.answer for one in key.answers),
            np.array([_AS[one.counts_as] for one in key.answers]),
            {one: place[folded(one)] for one in given},
        )
    silent = {text for one in key.answers for text in _as_written(one)}
    counts = {one: one.strip() for one in given if folded(one) not in silent}
    _refuse_unknown(sorted(one for one, text in counts.items() if not text.isdecimal()), ())
    numbers = sorted({int(text) for text in counts.values()})
    at = {number: n for n, number in enumerate(numbers)}
    return (
        tuple(map(str, numbers)),
        np.array(numbers, dtype=np.float64),
        {one: at[int(counts[one])] if one in counts else NO_ANSWER for one in given},
    )


def _as_written(answer: Answer) -> tuple[str, str]:
    """An answer as people write it, and as it stands where no spreadsheet may compute it."""
    return folded(answer.answer), folded(csv_field(answer.answer))


def _refuse_unknown(unknown: Sequence[str], answers: Sequence[Answer]) -> None:
    if not unknown:
        return
    raise DataError(
        phrase("Answers must be those of the codebook.")
        if answers
        else phrase(
            "Counts must be whole numbers from 0, or what the codebook has for who cannot tell."
        ),
        found=", ".join(repr(shown(one, 30)) for one in unknown[:_FIRST]),
        where=phrase("the column `answer`"),
        remedy=phrase("write one of: {answers}", answers=", ".join(one.answer for one in answers))
        if answers
        else phrase("write the number alone"),
    )
