"""Marks between thousands that were taken for decimal ones: what has decimals is put right.

Written ``1.234`` and read as a number, 1,234 is 1.234, 1,200 is 1.2 and 1,000 is 1. What has
decimals can only be so much, since a count is whole. Of a whole one its neighbours alone tell: see
`veedor.areas.at_once.thousand_times_less`.
"""

from __future__ import annotations

from veedor.areas.layouts.file import AreaFile
from veedor.areas.noticed import Example, Notice
from veedor.tables.database import reading
from veedor.tables.kinds import text

_GROUPS = "'-?[0-9]{1,3}([.][0-9]{3})+'"
_WHOLE = "'-?[0-9]{1,9}([.]0+)?'"
_LOST = "'-?[0-9]{1,3}[.][0-9]{1,3}'"


def put_right(file: AreaFile, header: str) -> str:
    """Give the SQL of a column of counts whose points stand between thousands.

    Raises
    ------
    DataError
        If a cell holds what can be no count.
    """
    table = file.source.table
    numeric = table.types[header] != "VARCHAR"
    said = text(table.columns[header], table.types[header]).sql
    grouped = f"regexp_full_match({said}, {_GROUPS})"
    whole = f"regexp_full_match({said}, {_WHOLE})"
    lost = f"regexp_full_match({said}, {_LOST})"
    if numeric:  # a number that has lost its marks has no groups of digits
        grouped = "false"
    value = (
        f"CASE WHEN {grouped} THEN replace({said}, '.', '')::BIGINT "
        f"WHEN {whole} THEN split_part({said}, '.', 1)::BIGINT "
        f"WHEN {lost} THEN round({said}::DOUBLE * 1000)::BIGINT END"
    )
    with reading(table.name):
        n_grouped, n_lost, examples, n_wrong, wrong = file.source.database.rows(
            f"SELECT count_if(g), count_if(l), list(DISTINCT s) FILTER (l), count_if(w), "
            f"min(s) FILTER (w) FROM (SELECT s, g, NOT g AND NOT o AND l AS l, "
            f"s IS NOT NULL AND NOT g AND NOT o AND NOT l AS w FROM (SELECT {said} AS s, "
            f"coalesce({grouped}, false) AS g, coalesce({whole}, false) AS o, "
            f"coalesce({lost}, false) AS l FROM {table.relation}))"
        )[0]
    file.source.database.malformed()
    if n_wrong:
        raise file.not_whole(header, str(wrong), int(n_wrong))
    file.notice(Notice.THOUSANDS, int(n_grouped), columns=(header,))
    texts = sorted(str(one) for one in examples or [])
    file.notice(Notice.THOUSANDS_LOST, int(n_lost), [Example(text=one) for one in texts], (header,))
    return value
