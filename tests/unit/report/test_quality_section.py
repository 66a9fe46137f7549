"""The quality report of a record as a page tells it."""

from __future__ import annotations

from msgspec.structs import replace

from veedor.incidents.quality_report import Months, SetAside, Share
from veedor.report.quality import quality
from veedor.report.words import words_in

WORDS = words_in("en")


def test_the_quality_report_as_it_is_written(made):
    read = made.quality()
    told, months, whole = quality(
        WORDS,
        replace(
            read,
            rows=replace(read.rows, read=20, kept=16, set_aside=[SetAside("no date", 4, [])]),
            months=Months(
                ["2025-01", "2025-02"], [7, 9], [7, 9], [True, False], {"robbery": [3, 4]}
            ),
            places=replace(read.places, located=Share.of(0, 0)),
        ),
    )
    assert told.sentences == [
        "20 rows read, 16 kept, 4 set aside for the reasons below; all rows are accounted for.",
        "With a usable place: undefined: of 0 of the rows kept.",
    ]
    assert months.behind[0].head == ["month", "total", "with a place", "complete", "robbery"]
    assert months.behind[0].rows[1] == ["2025-02", "9", "9", "no", "4"]
    assert "<svg" in months.figures[0][0]
    captions = [table.caption for table in whole.tables]
    assert "Quality report: rows: set aside" in captions
    assert "Quality report: places: points with several incidents: those with the most" in captions


def test_a_record_that_reaches_back_a_century_is_drawn_from_where_it_begins(made):
    far = 110 * 12
    total = [2, *[0] * (far - 1), 500, 600, 300]
    months = Months(
        labels=[f"{1906 + at // 12}-{1 + at % 12:02d}" for at in range(far + 3)],
        total=total,
        located=total,
        complete=[True] * (far + 2) + [False],
        by_category={"robbery": [1, *total[1:]]},
    )

    def seen(months):
        return quality(WORDS, replace(made.quality(), months=months))

    told, drawn, _ = seen(months)
    assert told.sentences[2:] == [
        "The record reaches back to 1906-01: 2 of 1,402 incidents lie before 2016-01, from where "
        "the months are shown below."
    ]
    (table,) = drawn.behind
    assert [row[0] for row in table.rows] == ["2016-01", "2016-02", "2016-03"]
    assert drawn.figures[0][0].count(">2016-01</text>") == 1
    assert "1906" not in drawn.figures[0][0]
    # A few thin months before are no reason to hide them, nor are many incidents.
    last = {name: getattr(months, name)[-10:] for name in ("labels", "total", "complete")}
    assert seen(Months(**last, located=last["total"], by_category={}))[0].sentences[2:] == []
    heavy = replace(months, total=[*[4] * far, 500, 600, 300])
    assert seen(heavy)[0].sentences[2:] == []
