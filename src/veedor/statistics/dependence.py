"""Whether periods resemble the one before, and how many independent ones they tell as much as."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy import special

from veedor.arrays import Floats

#: Autocorrelation above 0 by more than chance gives, at 5%; or not.
RESEMBLE, AS_CHANCE = "resemble_the_one_before", "no_more_than_chance"
# The bias is solved for the autocorrelation, which divides by n - 3.
_FEWEST = 6
_LEVEL = 0.05
# With 2, a chance autocorrelation makes intervals of ten weeks twelve times as wide, by Student's t
# with one degree of freedom, and the sizes of tests are no nearer to what they say.
_FEWEST_EFFECTIVE = 3.0


class SerialDependence(msgspec.Struct, frozen=True):
    """How much each period of a series resembles the one before.

    Parameters
    ----------
    code : str
        ``"resemble_the_one_before"`` where the autocorrelation is above 0 by more than chance
        gives at 5%, else ``"no_more_than_chance"``: which is not "independent".
    autocorrelation : float
        Of neighbouring periods, bias removed; in [-1, 1].
    p_value : float
        One-sided, that periods are independent.
    periods : int
    effective : float
        Independent periods whose mean would be as uncertain; `periods` at most, 3 at least.
    """

    code: str
    autocorrelation: float
    p_value: float
    periods: int
    effective: float

    @property
    def degrees(self) -> float:
        """Degrees of freedom of Student's t: one less than the effective periods."""
        return self.effective - 1.0

    @property
    def inflation(self) -> float:
        """Standard error of a mean by that of as many independent periods, at least 1."""
        return float(np.sqrt(self.periods / self.effective))

    def stretch(self, level: float) -> float:
        r"""Half-width of an interval by that of as many independent periods, at least 1.

        .. math:: \sqrt{n / n_e}\; t_{n_e - 1} / t_{n - 1}
        """
        upper = 0.5 + level / 2.0
        beside = special.stdtrit(self.degrees, upper) / special.stdtrit(self.periods - 1, upper)
        return self.inflation * float(beside)


def serial_dependence(values: Floats) -> SerialDependence | None:
    r"""Measure how values resemble the one before, and what a mean of them is worth.

    .. math:: r = \frac{\sum_{t>1} e_t e_{t-1}}{\sum_t e_t^2}, \quad
              \hat\rho = \frac{n r + 1}{n - 3}, \quad
              n_e = n\,\frac{1 - \hat\rho}{1 + \hat\rho},

    e the values less their mean. r is too small by about :math:`(1 + 3 \rho)/n`, which is solved
    for :math:`\rho`; of independent values that is right whatever their distribution. The p-value
    is of :math:`(r + 1/n)\, n \sqrt{n - 1} / (n - 2)` beside the normal distribution: mean and
    variance of r for independent normal values are exact.

    Parameters
    ----------
    values : array, shape (periods,)
        In order of time, such as the gain of each week less its share of the whole.

    Returns
    -------
    SerialDependence or None
        None with fewer than six values, or where all are equal.

    Notes
    -----
    :math:`n_e` is taken as n where :math:`\hat\rho` is not above 0, since a short series cannot
    show that it tells more than independent values would, and as 3 at least. It is that of a
    first-order autoregressive series: where values share a slow wave beneath much noise, the
    lag-1 autocorrelation is small, and :math:`n_e` far too large.

    References
    ----------
    Zwiers, F. W. & von Storch, H. (1995). Taking serial correlation into account in tests of the
    mean. Journal of Climate 8, 336-351.
    https://doi.org/10.1175/1520-0442(1995)008<0336:TSCIAI>2.0.CO;2

    Kendall, M. G. (1954). Note on bias in the estimation of autocorrelation. Biometrika 41,
    403-404. https://doi.org/10.1093/biomet/41.3-4.403

    Moran, P. A. P. (1948). Some theorems on time series: II. The significance of the serial
    correlation coefficient. Biometrika 35, 255-260. https://doi.org/10.1093/biomet/35.3-4.255

    Examples
    --------
    Pairs of twelve: neighbours agree six times and differ five times, so r = 1/12; (1 + 1) / 9 is
    2/9, and 12 (7/9) / (11/9) = 84/11.

    >>> found = serial_dependence(np.tile([1.0, 1.0, -1.0, -1.0], 3))
    >>> round(9 * found.autocorrelation, 9), round(11 * found.effective, 9), found.code
    (2.0, 84.0, 'no_more_than_chance')
    """
    n = len(values)
    if n < _FEWEST:
        return None
    left = values - values.mean()
    square = float(left @ left)
    if square <= 1e-24 * n * float(np.abs(values).max()) ** 2:
        return None
    r = float(left[1:] @ left[:-1]) / square
    rho = min(max((n * r + 1.0) / (n - 3.0), -1.0), 1.0)
    p_value = float(special.ndtr(-(r + 1.0 / n) * n * np.sqrt(n - 1.0) / (n - 2.0)))
    carried = max(rho, 0.0)
    return SerialDependence(
        code=RESEMBLE if p_value <= _LEVEL else AS_CHANCE,
        autocorrelation=rho,
        p_value=p_value,
        periods=n,
        effective=max(n * (1.0 - carried) / (1.0 + carried), _FEWEST_EFFECTIVE),
    )
