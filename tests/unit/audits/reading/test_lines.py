"""A pack's lines as readers see them, and files with answers: read as those made by hand."""

from __future__ import annotations

import pytest
from tests.made_up_readings import read_rows, truth, write_table
from tests.planned_readings import by_truth, filled, plan_into

from veedor.audits.reading import (
    PackSettings,
    PlanSettings,
    make_pack,
    read_key,
    read_lines,
    score_reading,
    write_filled,
)
from veedor.errors import DataError

#: What a spreadsheet would compute, as texts, a header and answers.
TEXTS = ("=1+1", "-2 bags", 'a "bag"; two\nlines', "<b>bag</b>", "long " * 1000)
CODEBOOK = "answer,counts_as,meaning\n+,yes,It was there.\n-,no,It was not.\n?,cannot_tell,\n"


@pytest.fixture
def signed(tmp_path):
    """A pack whose texts, header and answers begin as formulas do; and what is true."""
    rows, true = truth(200)
    for n, row in enumerate(rows):
        row[5] = TEXTS[n % len(TEXTS)]
    columns = ("case", "flagged", "score", "kind", "noticed", "+what", "officer")
    table = write_table(tmp_path / "alerts.csv", rows, columns)
    plan_into(tmp_path / "plan", table, settings=PlanSettings(n=20, others=20, seed=4))
    (tmp_path / "plan" / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("+what",), language="es"), None, into)
    return into, true


@pytest.mark.parametrize("language", ["en", "es"])
def test_lines_are_read_and_written_with_answers_as_by_hand(signed, tmp_path, language):
    pack, true = signed
    signs = {"right": "+", "wrong": "-"}

    def by(n):
        told = by_truth(true, 0.2, seed=n)
        return lambda key, line: signs[told(key, line)]

    by_hand = filled(pack, tmp_path, by(1), by(2))
    key, ours = read_key(pack), []
    for reader, hand in enumerate(by_hand, start=1):
        lines = read_lines(pack, key, reader)
        said = {one["item"]: one["answer"] for one in read_rows(hand)}
        assert [one.item for one in lines] == list(said)
        assert {len(text) for one in lines for text in one.texts} >= {4999}
        path = tmp_path / f"{reader}.csv"
        write_filled(path, key.shown, ((one, said[one.item]) for one in lines), language)
        ours.append(path)
    assert [one["'+what"] for one in read_rows(ours[0])] == [
        one["'+what"] for one in read_rows(by_hand[0])
    ]
    assert score_reading(pack, ours)[0] == score_reading(pack, by_hand)[0]


@pytest.mark.parametrize(
    ("change", "must"),
    [
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "in their order"),
        (lambda lines: lines[:-1], "in their order"),
        (lambda lines: [*lines[:-1], lines[-1].rstrip("\n") + "right\n"], "before anyone answers"),
        (lambda lines: [lines[0].replace("as_written", "score"), *lines[1:]], "and no other"),
    ],
)
def test_lines_that_are_not_those_of_the_pack_are_refused(pack, change, must):
    path = pack / "for_readers" / "reader_1.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    path.write_text("".join(change(lines)), encoding="utf-8")
    with pytest.raises(DataError, match=must):
        read_lines(pack, read_key(pack), 1)
