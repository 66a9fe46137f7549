"""What was recorded, as a table that stands beside a forecast's: a row per period and cell."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from veedor.spacetime import Cells, Counts, Periods

_TIME = pa.timestamp("us", tz="UTC")


def counts_table(counts: Counts, cells: Cells, periods: Periods, *, as_of: bool) -> pa.Table:
    """Counts as a table, a row per (period, cell); what had no cell stands in the metadata.

    Parameters
    ----------
    counts : Counts
    cells : Cells
    periods : Periods
    as_of : bool
        Whether to say as of when they were counted. Without it, the same counts are the same
        table, whenever they were counted.

    Returns
    -------
    pyarrow.Table
        Columns ``start, end`` (UTC), ``cell_id, count``; metadata ``category``, ``as_of`` if asked,
        ``unlocated`` and ``outside``, a number a period.
    """
    n, m = counts.values.shape
    table = pa.table(
        {
            "start": pa.array(np.repeat(periods.start, m)).cast(_TIME),
            "end": pa.array(np.repeat(periods.end, m)).cast(_TIME),
            "cell_id": pa.DictionaryArray.from_arrays(
                np.tile(np.arange(m, dtype=np.int32), n), pa.array(cells.cell_id.tolist())
            ),
            "count": counts.values.ravel(),
        }
    )
    return table.replace_schema_metadata(
        {
            "category": counts.category,
            **({"as_of": str(counts.as_of)} if as_of else {}),
            "unlocated": json.dumps(counts.unlocated.tolist()),
            "outside": json.dumps(counts.outside.tolist()),
        }
    )
