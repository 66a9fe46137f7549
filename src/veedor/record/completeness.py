"""How much of the recent past was already known at the cut-off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from veedor.arrays import Floats
from veedor.record.known_rows import KnownRows
from veedor.spacetime import Periods

_BIN = np.timedelta64(6, "h")
_LONGEST_DAYS = 365
_FEWEST = 100
# Instants within a period at which the share is taken, as fractions of its length.
_WITHIN = (0.125, 0.375, 0.625, 0.875)


def completeness(
    rows: Sequence[KnownRows], category: int, periods: Periods, cutoff: np.datetime64
) -> Floats:
    r"""Share of the incidents of each past period that was known at the cut-off.

    Records are entered late, and incidents with a long interval are known when it ends, so the
    last periods before a cut-off look emptier than they were. Only delays shorter than an
    incident's age can be seen; the distribution of delays under that right truncation is

    .. math:: F(d) = \prod_{j > d} \left(1 - \frac{n_j}{R_j}\right),

    with :math:`n_j` incidents known after j quarters of a day and :math:`R_j` those known after
    at most j and at least j old.

    Parameters
    ----------
    rows : sequence of KnownRows
        One a category, of what was known at the cut-off.
    category : int
        Delays are those of its incidents, or of all where it has fewer than 100.
    periods : Periods
        That ended at or before the cut-off.
    cutoff : datetime64

    Returns
    -------
    array in (0, 1], shape (periods,)
        All 1 where nothing is ever late. Delays beyond half the age of the record, or a year,
        cannot be told and are passed over.

    References
    ----------
    Lagakos, S. W., Barraj, L. M. & De Gruttola, V. (1988). Nonparametric analysis of truncated
    survival data, with application to AIDS. Biometrika 75, 515-523.
    https://doi.org/10.1093/biomet/75.3.515
    """
    from veedor.record.compiled import delays_and_ages

    used = [rows[category]] if len(rows[category].known) >= _FEWEST else [*rows]
    oldest = min((one.middle.min() for one in used if len(one.middle)), default=cutoff)
    longest = min(int((cutoff - oldest) // _BIN) // 2, _LONGEST_DAYS * 4)
    known, aged = np.zeros((2, max(longest, 0) + 2), np.int64)
    late = False
    for one in used:
        instants = (one.middle.view(np.int64), one.known.view(np.int64))
        step = int(_BIN / np.timedelta64(1, "us"))
        late |= delays_and_ages(
            *instants, cutoff.astype("M8[us]").astype(np.int64), step, known, aged
        )
    if not late:
        return np.ones(len(periods))
    known = known[: longest + 1]
    younger = np.concatenate([[0], np.cumsum(aged)])
    at_risk = np.cumsum(known) - younger[: longest + 1]
    staying = 1.0 - known / np.maximum(at_risk, 1)
    share = np.append(np.cumprod(staying[:0:-1])[::-1], 1.0)

    begins = (cutoff - periods.start) / _BIN
    ends = (cutoff - periods.end) / _BIN
    ages = np.stack([begins + (ends - begins) * part for part in _WITHIN])
    shares = np.interp(ages, np.arange(longest + 1), share)
    result: Floats = np.maximum(shares.mean(axis=0), 1e-3)
    return result
