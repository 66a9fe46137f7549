"""The files of a log: forecasts, cells and counts, named by their SHA-256."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from veedor.arrays import Ints
from veedor.errors import SealError, phrase
from veedor.forecasts import cells_crs, counts_table, read_cells
from veedor.sealing.batches import Entry
from veedor.sealing.log import FILES, Log
from veedor.sealing.manifests import Kept, Manifest, Promise, Scoring
from veedor.spacetime import Cells, Counts, Periods
from veedor.tables.whole import parquet_table

_MANY_ROWS = 100_000


def kept(data: bytes) -> Kept:
    """Return hash and size of what is to be kept."""
    return Kept(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def parquet(file: Kept) -> str:
    """Name in ``files/`` of a forecast or of counts."""
    return f"{file.sha256}.parquet"


def geojson(file: Kept) -> str:
    """Name in ``files/`` of cells."""
    return f"{file.sha256}.geojson"


def files_of(manifest: Manifest) -> dict[str, Kept]:
    """Files that a manifest needs, by name."""
    if isinstance(manifest, Promise):
        return {
            parquet(manifest.forecast): manifest.forecast,
            geojson(manifest.cells): manifest.cells,
        }
    return {parquet(manifest.outcomes): manifest.outcomes} if isinstance(manifest, Scoring) else {}


def orphans(log: Log, entries: Sequence[Entry]) -> list[Path]:
    """Files that no entry names, whole or broken off: of a write that did not get to its batch."""
    named = {name for entry in entries for name in files_of(entry.manifest)}
    folder = log.folder / FILES
    return [folder / name for name in sorted({path.name for path in folder.iterdir()} - named)]


def read_cells_of(path: Path) -> Cells:
    """Read cells in metres of the UTM zone at their middle."""
    return read_cells(path, cells_crs(path))


def counts_bytes(counts: Counts, cells: Cells, periods: Periods) -> bytes:
    """Parquet of what was recorded: the same counts are the same bytes."""
    stream = io.BytesIO()
    table = counts_table(counts, cells, periods, as_of=False)
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def read_counts(path: Path, cells: Cells, periods: Periods) -> Ints:
    """Counts that `counts_bytes` wrote, shape (periods, cells).

    Raises
    ------
    SealError
        If they are not for these periods and cells, in this order.
    """
    n, m = len(periods), len(cells)
    try:
        table = parquet_table(path, ["start", "end", "cell_id", "count"], many_rows=_MANY_ROWS)
        fits = (
            table.num_rows == n * m
            and np.array_equal(
                table["start"].to_numpy().astype("datetime64[us]"), np.repeat(periods.start, m)
            )
            and np.array_equal(
                table["end"].to_numpy().astype("datetime64[us]"), np.repeat(periods.end, m)
            )
            and table["cell_id"].cast(pa.string()).to_pylist() == cells.cell_id.tolist() * n
        )
        values: Ints = table["count"].to_numpy()
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError) as error:
        raise SealError("Counts must be a Parquet file.", found=str(error), where=path.name) from (
            error
        )
    if not fits or values.dtype != np.int64 or bool(np.any(values < 0)):
        raise SealError(
            "Counts must be whole numbers for the forecast's periods and cells, in order.",
            found=phrase("others"),
            where=path.name,
        )
    return values.reshape(n, m)
