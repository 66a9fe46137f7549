"""`Searches`: 1:N searches and their candidate lists, joined and reduced to what is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.audits.alerts.tables.groups import check_groups, group_headers, group_label
from veedor.errors import DataError, phrase
from veedor.tables.kinds import FALSE, Column
from veedor.tables.source import Source

SEARCH_KEYS = ("search_id", "subject_key")
_NO_RANK = 2**31 - 1


@dataclass(frozen=True)
class Searches:
    """One entry for each search.

    Parameters
    ----------
    groups : tuple of str
        Sorted; empty without group columns.
    group : array of int, shape (searches,)
        Index of the group.
    mated, acquired : array of bool, shape (searches,)
        Whether the person is in the gallery; whether a sample could be taken.
    top_score : array, shape (searches,)
        Highest score of a candidate; -inf where there is none, or nothing was acquired.
    mate_rank : array of int, shape (searches,)
        Best rank of a mate; very large where none was returned, or nothing was acquired.
    mate_score : array, shape (searches,)
        Highest score of a mate; -inf where none was returned.
    subject : array of int, shape (searches,) or None
        Number of the person.
    returned : array of int, shape (thresholds, searches)
        Candidates at or above each threshold asked for.
    subject_header : str or None
    day : array of datetime64[D], shape (searches,) or None
        NaT where a search has no time.
    ignored_candidates : int
        Of searches in which nothing was acquired: not counted.
    uneven_ranks : int
        Searches whose ranks do not run from 1 without a gap or a repeat.
    ranked_against_score : int
        Searches whose first candidate does not have the highest score.
    """

    groups: tuple[str, ...]
    group: Ints
    mated: Bools
    acquired: Bools
    top_score: Floats
    mate_rank: Ints
    mate_score: Floats
    subject: npt.NDArray[np.uint64] | None
    returned: Ints
    subject_header: str | None = None
    day: Instants | None = None
    ignored_candidates: int = 0
    uneven_ranks: int = 0
    ranked_against_score: int = 0

    def __len__(self) -> int:
        return len(self.group)


def read_searches(
    searches: Source,
    candidates: Source,
    groups: Sequence[str] = (),
    thresholds: Sequence[float] = (),
) -> Searches:
    """Read, check and join searches and candidates.

    Parameters
    ----------
    searches, candidates : Source
    groups : sequence of str
        Group columns of the searches.
    thresholds : sequence of float
        At which candidates are counted.

    Raises
    ------
    DataError
        With row numbers: a value that cannot be read, an id that repeats, a candidate of a search
        that is not there, or a mate in a search that has none.
    """
    acquired = searches.find("failure_to_acquire", "fta")
    subject = searches.find("subject_key")
    labels = group_headers(searches, groups)
    columns = {
        "id": searches.key(searches.need("search_id")).never(
            "{0} IS NULL", "Every search must have a `search_id`.", "none"
        ),
        "mated": searches.truth(
            searches.need("mated"),
            known=True,
            remedy="set searches aside whose person may or may not be in the gallery",
        ),
        "failed": searches.truth(acquired) if acquired else Column(f"{FALSE}::UTINYINT"),
        "grp": group_label(searches, labels),
    }
    if subject:
        columns["subject"] = searches.key(subject)
    time = searches.find("searched_at", "date")
    if time:
        columns["day"] = searches.day(time)
    searches.load("searches", columns)
    searches.distinct("searches", "id", "search_id")
    candidates.load("candidates", {
        "id": candidates.key(candidates.need("search_id")).never(
            "{0} IS NULL", "Every candidate must have a `search_id`.", "none"
        ),
        "rank": candidates.number(candidates.need("rank"), whole=True).never(
            "{0} IS NULL OR {0} < 1", "Every candidate must have a whole `rank` from 1."
        ),
        "score": candidates.number(candidates.need("score")).never(
            "{0} IS NULL", "Every candidate must have a finite `score`.", "none"
        ),
        "mate": candidates.truth(candidates.need("is_mate"), known=True),
    })  # fmt: skip
    at_or_above = "".join(
        f", count_if(score >= {threshold!r}) AS returned_{number}"
        for number, threshold in enumerate(thresholds)
    )
    found = candidates.database.connection.sql(
        "SELECT id, max(score) AS top, min(rank) FILTER (mate = 1) AS mate_rank, "
        "max(score) FILTER (mate = 1) AS mate_score, min(rowid) FILTER (mate = 1) AS mate_row, "
        "min(rowid) AS first_row, count(*) AS candidates, "
        "max(rank) <> count(*) OR sum(rank) <> count(*) * (count(*) + 1) / 2 AS uneven, "
        f"arg_min(score, rank) < max(score) AS against{at_or_above} FROM candidates GROUP BY id"
    ).to_arrow_table()
    searches.database.connection.register("reduced", found)
    # A search without a key is a person of its own.
    alone = " REPLACE (coalesce(s.subject, hash(s.rowid)) AS subject)" if subject else ""
    joined = searches.database.connection.sql(
        f"SELECT s.rowid AS place, s.* EXCLUDE (id){alone}, r.* EXCLUDE (id) FROM searches s "
        "LEFT JOIN reduced r USING (id) ORDER BY s.rowid"
    ).to_arrow_table()
    _check_join(searches, candidates, joined, found.num_rows)
    read = _searches(joined, bool(labels), len(thresholds), subject)
    check_groups(searches, read.groups, labels)
    return read


def _check_join(searches: Source, candidates: Source, joined: object, reduced: int) -> None:
    connection = searches.database.connection
    connection.register("joined", joined)
    matched = int(searches.database.rows("SELECT count(first_row) FROM joined")[0][0])
    if matched != reduced:
        orphans = searches.database.rows(
            "SELECT first_row FROM reduced WHERE id NOT IN (SELECT id FROM searches) "
            "ORDER BY first_row LIMIT 5"
        )
        raise DataError(
            "Every candidate must belong to a search.",
            found=phrase(
                "candidates of {reduced:,} searches that are not there", reduced=reduced - matched
            ),
            where=candidates.where([int(row[0]) for row in orphans]),
            remedy="give the searches too, or take the candidates out",
        )
    impossible = searches.database.rows(
        "SELECT mate_row FROM joined WHERE mated = 0 AND mate_row IS NOT NULL "
        "ORDER BY mate_row LIMIT 5"
    )
    if impossible:
        raise DataError(
            "A search without a mate in the gallery must return no mate.",
            found=phrase("`is_mate` in searches that are not `mated`"),
            where=candidates.where([int(row[0]) for row in impossible]),
            remedy="correct `mated` or `is_mate`",
        )


def _searches(joined: object, grouped: bool, thresholds: int, subject: str | None) -> Searches:
    columns = {
        name: joined.column(name)  # type: ignore[attr-defined]
        for name in joined.column_names  # type: ignore[attr-defined]
    }
    coded = columns["grp"].combine_chunks().dictionary_encode()
    held = np.array(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(held)
    names, group = held[order], np.argsort(order)[coded.indices.to_numpy()]
    failed = columns["failed"].to_numpy() == 1

    def filled(name: str, missing: float) -> Floats:
        values = columns[name].fill_null(missing).to_numpy()
        return np.where(failed, missing, values.astype(np.float64))

    returned = [filled(f"returned_{number}", 0).astype(np.int64) for number in range(thresholds)]
    return Searches(
        groups=tuple(str(name) for name in names) if grouped else (),
        group=group.astype(np.int64),
        mated=columns["mated"].to_numpy() == 1,
        acquired=~failed,
        top_score=filled("top", -np.inf),
        mate_rank=filled("mate_rank", _NO_RANK).astype(np.int64),
        mate_score=filled("mate_score", -np.inf),
        subject=columns["subject"].to_numpy() if subject else None,
        returned=np.array(returned, dtype=np.int64).reshape(thresholds, len(group)),
        subject_header=subject,
        day=columns["day"].to_numpy().astype("datetime64[D]") if "day" in columns else None,
        ignored_candidates=int(columns["candidates"].fill_null(0).to_numpy()[failed].sum()),
        uneven_ranks=int(columns["uneven"].fill_null(False).to_numpy().sum()),
        ranked_against_score=int(columns["against"].fill_null(False).to_numpy().sum()),
    )
