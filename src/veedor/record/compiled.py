"""How late incidents were known, as a compiled loop: one pass, whatever the number."""

from __future__ import annotations

from veedor.arrays import Ints
from veedor.compiling import compiled


@compiled
def delays_and_ages(
    middle: Ints, known: Ints, cutoff: int, step: int, delayed: Ints, aged: Ints
) -> bool:
    """Count incidents by delay, rounded up, and by age, rounded down, in steps.

    Parameters
    ----------
    middle, known : array of int64, shape (n,)
    cutoff, step : int
        In the unit of the instants.
    delayed, aged : array of int64, shape (longest + 2,)
        Added to. Those with a longer delay than `longest`, or than their age, are left out; older
        ones are counted as one step older than `longest`.

    Returns
    -------
    bool
        Whether any was known after its middle.
    """
    longest, late = len(delayed) - 2, False
    for at in range(len(middle)):
        delay = -((middle[at] - known[at]) // step)
        age = (cutoff - middle[at]) // step
        late = late or delay > 0
        if delay <= age and delay <= longest:
            delayed[delay] += 1
            aged[min(age, longest + 1)] += 1
    return late
