"""`true_share`: a share as it would be if those who judged made no errors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats


def true_share(
    share: npt.ArrayLike, sensitivity: npt.ArrayLike, specificity: npt.ArrayLike
) -> Floats:
    r"""Share of what is so, from the share that was judged to be so.

    .. math:: \frac{p + \text{sp} - 1}{\text{se} + \text{sp} - 1}

    cut to [0, 1]. It falls with the sensitivity and rises with the specificity, so that its range
    over a box of the two lies at two of the box's corners. Undefined (NaN) where whoever judges is
    no better than chance.

    Parameters
    ----------
    share : array
        Judged to be so, in [0, 1].
    sensitivity, specificity : array
        Chance of a right judgement of what is so, and of what is not.

    References
    ----------
    Rogan, W. J. & Gladen, B. (1978). Estimating prevalence from the results of a screening test.
    American Journal of Epidemiology 107, 71-76.
    https://doi.org/10.1093/oxfordjournals.aje.a112510

    Examples
    --------
    >>> true_share(0.5, 0.9, 0.8).round(4).item(), true_share(0.1, 1.0, 0.8).item()
    (0.4286, 0.0)
    """
    p, se, sp = (np.asarray(one, dtype=np.float64) for one in (share, sensitivity, specificity))
    better = se + sp - 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.clip((p + sp - 1.0) / better, 0.0, 1.0)
    return np.asarray(np.where(better > 0.0, found, np.nan))
