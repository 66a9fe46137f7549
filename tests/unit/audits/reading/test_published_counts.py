"""Counts of several readers from a plain file: agreement of these items, and no rate."""

from __future__ import annotations

import csv
import json
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from veedor.audits.audit import Subject
from veedor.audits.reading import agreement_of, read_counts
from veedor.errors import DataError, StudyError
from veedor.report.published_counts import counts_document
from veedor.report.words import words_in
from veedor.statistics import Ratings, krippendorff_alpha
from veedor.tasks import Context, reading_score

WIDE = """item,first,second,third
k1,2,2,2
k2,2,2,3
k3,1,2,3
k4,0,0,0
k5,4,,
k6,1,1,
"""


def _write(tmp_path, text, name="counts.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def _long(wide: str) -> str:
    """The same counts, a row each, in another order."""
    head, *rows = csv.reader(wide.splitlines())
    lines = [
        f"{row[0]},{reader},{count}"
        for row in reversed(rows)
        for reader, count in zip(head[1:], row[1:], strict=True)
        if count
    ]
    return "\n".join(["item,reader,count", *lines]) + "\n"


def _found(path, *readers, **more):
    return agreement_of(read_counts(path, readers, **more), path)


def _of(found, statistic):
    return found.of(statistic, Subject("all"))


def test_agreement_of_three_readers_counted_by_hand(tmp_path):
    found = _found(_write(tmp_path, WIDE))
    assert (found.items, found.compared, found.fewest, found.most) == (6, 5, 2, 3)
    told = {name: _of(found, f"{name}_share") for name in ("unanimous", "majority", "none")}
    assert {name: (one.numerator, one.out_of) for name, one in told.items()} == {
        "unanimous": (3, 5), "majority": (1, 5), "none": (1, 5),
    }  # fmt: skip
    assert [(one.alike, one.items) for one in found.splits] == [
        ((3,), 2), ((2,), 1), ((2, 1), 1), ((1, 1, 1), 1),
    ]  # fmt: skip
    # Pairs that agree: all of three items, 1 of 3 of one, none of one.
    assert _of(found, "agreement").estimate.value == pytest.approx((3 + 1 / 3) / 5)
    assert [one.code for one in found.warnings] == ["frame_not_known", "items_counted_once"]
    assert found.warnings[1].arguments == {"n": 1}


def test_nothing_is_said_of_other_items_and_nothing_has_an_interval(tmp_path):
    found = _found(_write(tmp_path, WIDE))
    assert {one.statistic for one in found.statements} == {
        "unanimous_share", "majority_share", "none_share", "agreement", "alpha_ordinal",
        "alpha_interval",
    }  # fmt: skip
    for one in found.statements:
        assert (one.estimate.low, one.estimate.high) == (None, None)
        assert one.estimate.method.code == "none_frame_unknown"
        assert one.estimate.denominator.code == "items_counted_twice"
    page = counts_document(found, words_in("en"))
    assert "no rate follows" in page.cover.because


def test_alpha_is_that_of_the_readers_whoever_they_are(tmp_path):
    rng = np.random.default_rng(5)
    judged = np.clip(rng.poisson(1.5, (60, 1)) + rng.integers(-1, 2, (60, 3)), 0, None)
    rows = [f"k{n:02d},{','.join(map(str, row))}" for n, row in enumerate(judged)]
    found = _found(_write(tmp_path, "\n".join(["item,a,b,c", *rows]) + "\n"))
    values = np.unique(judged)
    codes = np.searchsorted(values, judged)
    ratings = Ratings(codes, np.ones(60), len(values))
    for distance in ("ordinal", "interval"):
        by_hand = krippendorff_alpha(ratings, distance, values.astype(float)).item()
        told = _of(found, f"alpha_{distance}").estimate.value
        assert told == pytest.approx(by_hand, abs=1e-12)
    alike = [sum(a == b for a, b in combinations(row, 2)) / 3 for row in judged.tolist()]
    assert _of(found, "agreement").estimate.value == pytest.approx(np.mean(alike))
    most = Counter(max(Counter(row).values()) for row in judged.tolist())
    assert [
        _of(found, f"{name}_share").numerator for name in ("unanimous", "majority", "none")
    ] == [most[3], most[2], most[1]]


def test_both_forms_say_the_same_whatever_the_order(tmp_path):
    wide, long = _found(_write(tmp_path, WIDE)), _found(_write(tmp_path, _long(WIDE), "l.csv"))
    assert wide.statements == long.statements
    assert wide.splits == long.splits
    semicolons = _write(tmp_path, "\ufeff" + WIDE.replace(",", ";"), "s.csv")
    assert _found(semicolons).statements == wide.statements


def test_columns_of_readers_are_named_where_there_are_others(tmp_path):
    text = "corner,lat,one,two\na,-34.6,1,1\nb,-34.7,2,3\n"
    path = _write(tmp_path, text)
    found = _found(path, "one", "two", item="corner")
    assert [(one.alike, one.items) for one in found.splits] == [((2,), 1), ((1, 1), 1)]
    with pytest.raises(DataError):
        read_counts(path, item="corner")  # a latitude is no count


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WIDE + "k1,1,1,1\n", "Every item must be there once"),
        ("item,reader,count\na,x,1\na,x,2\na,y,2\n", "counted an item once"),
        (WIDE.replace("k1,2", "k1,-2"), "whole numbers from 0"),
        (WIDE.replace("k1,2", "k1,2.5"), "whole numbers from 0"),
        (WIDE.replace("k1,2", "k1,two"), "finite numbers"),
        ("item,only\na,1\nb,2\n", "a column for each reader"),
        ("item,reader,count\na,x,1\nb,y,2\n", "must have counted the same"),
    ],
)
def test_what_is_no_count_of_several_readers_is_refused(tmp_path, text, told):
    with pytest.raises((DataError, StudyError), match=told):
        read_counts(_write(tmp_path, text))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_command_writes_figures_items_and_a_page(tmp_path, language):
    _write(tmp_path, WIDE)
    context = Context(workspace=tmp_path, language=language)
    request = reading_score.Request(counts="counts.csv", out="out")
    done = reading_score.perform(request, context)
    names = {one.name for one in (tmp_path / "out").iterdir()}
    assert names == {
        "report.html", "results.json", "estimates.csv", "items.csv", "manifest.json",
    }  # fmt: skip
    with (tmp_path / "out" / "items.csv").open(encoding="utf-8", newline="") as file:
        items = {row["key"]: (row["median"], row["agreement"]) for row in csv.DictReader(file)}
    assert items["k2"] == ("2", "majority")
    assert items["k3"] == ("2", "none")
    assert items["k5"] == ("4", "")
    assert json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["compared"] == 5
    assert done.results.compared == 5


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Either a pack"),
        ({"pack": ".", "counts": "counts.csv"}, "Either a pack"),
        ({"counts": "counts.csv", "needed": ("recall",)}, "gives no rate"),
        ({"counts": "counts.csv", "readings": ("counts.csv",)}, "gives no rate"),
    ],
)
def test_a_pack_and_a_file_of_counts_do_not_go_together(tmp_path, given, told):
    _write(tmp_path, WIDE)
    with pytest.raises(StudyError, match=told):
        reading_score.perform(
            reading_score.Request(out="out", **given), Context(workspace=tmp_path)
        )
