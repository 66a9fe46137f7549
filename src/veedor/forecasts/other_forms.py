"""Forms in which others write forecasts that say no expected number of a period and cell."""

from __future__ import annotations

import re

from veedor.errors import ForecastFileError, phrase
from veedor.tables.escape import shown
from veedor.tables.names import words
from veedor.tables.rows import Rows

#: Headers that name a day or a month; so many of them are periods side by side.
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|[Ww]\d\d?\b")
_WIDE = 3
#: Words of headers for what is no number of incidents.
_SCORE = frozenset(("score", "risk", "rank", "puntaje", "riesgo", "percentile", "probability"))


def refuse_other_forms(rows: Rows) -> None:
    """Refuse what forecasts are often written as and cannot be judged as: renaming is no remedy.

    Raises
    ------
    ForecastFileError
        Of a table without means: that is of shapes, or has a column a period, or scores.
    """
    source = rows.source
    if source.find("mean") is not None:
        return
    headers, place = list(source.table.columns), source.table.name
    if source.table.kind == "geojson":
        raise ForecastFileError(
            "A forecast must be a table with a row for each period and cell.",
            found=phrase("a GeoJSON of shapes"),
            where=place,
            remedy="give the shapes as cells.geojson with --cells, each once and with its cell_id, "
            "and the forecast as a table of category, start, end, cell_id and mean; of squares of "
            "one size, a table of lat, lon and count with --box-m",
        )
    days = [name for name in headers if _DAY.search(name)]
    if len(days) >= _WIDE:
        raise ForecastFileError(
            "A forecast must be a table with a row for each period and cell.",
            found=phrase(
                "{n} columns for periods, as {examples}",
                n=len(days),
                examples=", ".join(shown(name, 30) for name in days[:3]),
            ),
            where=place,
            remedy="turn these columns into rows of category, start, end, cell_id and mean",
        )
    scores = [name for name in headers if _SCORE & set(words(name).split())]
    if scores:
        raise ForecastFileError(
            "A forecast must say how many incidents it expects.",
            found=phrase("scores in {column}, and no mean", column=repr(shown(scores[0], 40))),
            where=place,
            remedy="ask its maker for the expected number of each cell and period: a score is "
            "none; which squares of one size were flagged, and how often, is judged with --box-m",
        )
