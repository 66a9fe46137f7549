"""How much of the recent past was already known at the cut-off."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Instants
from veedor.incidents import Incidents
from veedor.spacetime import Periods

_BIN = np.timedelta64(6, "h")
_LONGEST_DAYS = 365
_FEWEST = 100
# Instants within a period at which the share is taken, as fractions of its length.
_WITHIN = (0.125, 0.375, 0.625, 0.875)


def completeness(
    incidents: Incidents,
    known_at: Instants,
    category: str,
    periods: Periods,
    cutoff: np.datetime64,
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
    incidents : Incidents
        Those known at the cut-off.
    known_at : array of datetime64, shape (n,)
        Instant at which each could be known.
    category : str
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
    mine = np.flatnonzero(incidents.category == incidents.index_of(category))
    if len(mine) < _FEWEST:
        mine = np.arange(len(incidents))
    middle = incidents.midpoint_of(mine)
    delay = np.ceil((known_at[mine] - middle) / _BIN).astype(np.int64)
    age = np.floor((cutoff - middle) / _BIN).astype(np.int64)
    if len(mine) == 0 or delay.max() <= 0:
        return np.ones(len(periods))
    longest = min(int(age.max()) // 2, _LONGEST_DAYS * 4)
    seen = (delay <= age) & (delay <= longest)
    delay, age = delay[seen], np.minimum(age[seen], longest + 1)
    known = np.bincount(delay, minlength=longest + 1)
    younger = np.concatenate([[0], np.cumsum(np.bincount(age, minlength=longest + 1))])
    at_risk = np.cumsum(known) - younger[: longest + 1]
    staying = 1.0 - known / np.maximum(at_risk, 1)
    share = np.append(np.cumprod(staying[:0:-1])[::-1], 1.0)

    begins = (cutoff - periods.start) / _BIN
    ends = (cutoff - periods.end) / _BIN
    ages = np.stack([begins + (ends - begins) * part for part in _WITHIN])
    shares = np.interp(ages, np.arange(longest + 1), share)
    result: Floats = np.maximum(shares.mean(axis=0), 1e-3)
    return result
