"""What an endemic-epidemic model is made of, and how its weights over neighbours fall off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from veedor.errors import StudyError, phrase

Intercept = Literal["common", "by_area", "random"]
Spread = Literal["first_order", "power_law", "equal", "given"]
Dispersion = Literal["common", "by_area", "none"]

ENDEMIC, AUTOREGRESSIVE, NEIGHBOURS = "endemic", "autoregressive", "neighbours"
#: The parts of a model, in the order in which everything names them.
PARTS = (ENDEMIC, AUTOREGRESSIVE, NEIGHBOURS)


@dataclass(frozen=True)
class Part:
    r"""Log-linear predictor of one part.

    .. math:: \log \text{part}_{it} = \alpha_i + \beta t
              + \sum_{s=1}^{S} \left(\gamma_s \sin \tfrac{2\pi s t}{C}
              + \delta_s \cos \tfrac{2\pi s t}{C}\right) + x_{it}^\top \beta_x + \log o_{it}.

    Parameters
    ----------
    intercept : {"common", "by_area", "random"}
        One for all areas; a free one for each; or one for each, drawn from a normal distribution
        around a common one.
    trend : bool
        Whether t itself, the number of the period from 0, is a term.
    season : int
        Pairs of sine and cosine, S.
    covariates : tuple of str
        Names of terms in the covariates of the panel, as they are: take logarithms before.
    offset : str or None
        Name of a covariate that multiplies the part, at least 0; 1 by default.

    Raises
    ------
    StudyError
        If S is below 0.
    """

    intercept: Intercept = "common"
    trend: bool = False
    season: int = 0
    covariates: tuple[str, ...] = ()
    offset: str | None = None

    def __post_init__(self) -> None:
        if self.season < 0:
            raise StudyError(
                "A part of an endemic-epidemic model must have no fewer than no pairs of waves.",
                found=str(self.season),
            )


@dataclass(frozen=True)
class Weights:
    r"""How much of what one area recorded counts for another.

    With o_ji the fewest borders from area j to area i, the weight of j for i is

    - ``"first_order"``: 1 for o = 1, else 0;
    - ``"power_law"``: :math:`o^{-d}` for 1 <= o <= `max_order`, with d above 0 estimated;
    - ``"equal"``: 1 for 1 <= o <= `max_order`;
    - ``"given"``: the panel's own `flows`.

    Parameters
    ----------
    kind : {"first_order", "power_law", "equal", "given"}
    max_order : int or None
        Farthest order of the power law and of equal weights; None for all.
    normalised : bool
        Whether the weights of each area j for all others sum to 1, so that it is divided among
        them.

    Raises
    ------
    StudyError
        If the farthest order is below 1.

    References
    ----------
    Meyer, S. & Held, L. (2014). Power-law models for infectious disease spread. The Annals of
    Applied Statistics 8, 1612-1639. https://doi.org/10.1214/14-AOAS743
    """

    kind: Spread = "first_order"
    max_order: int | None = None
    normalised: bool = False

    def __post_init__(self) -> None:
        if self.max_order is not None and self.max_order < 1:
            raise StudyError(
                "The farthest order of neighbours must be at least 1.", found=str(self.max_order)
            )


@dataclass(frozen=True)
class Model:
    r"""An endemic-epidemic model of counts by area and period.

    .. math::

        \begin{aligned}
        Y_{it} \mid \text{past} &\sim \text{NegBin}(\mu_{it}, \psi), \qquad
        \operatorname{Var} = \mu_{it} + \psi \mu_{it}^2, \\
        \mu_{it} &= \nu_{it} + \lambda_{it} Y_{i,t-1}
                  + \phi_{it} \sum_{j \ne i} w_{ji} Y_{j,t-1}.
        \end{aligned}

    Parameters
    ----------
    endemic, autoregressive, neighbours : Part or None
        nu (with its offset e), lambda and phi; None leaves a part out.
    weights : Weights
        w; read only where there is a neighbour part.
    dispersion : {"common", "by_area", "none"}
        One psi, one for each area, or 0: Poisson.
    cycle : float
        Periods in a season, C: 52 for weeks, 12 for months.
    correlated : bool
        Whether the random intercepts of an area's several parts go together.

    Raises
    ------
    StudyError
        If it has no part, or a cycle that is not above 0.

    References
    ----------
    Held, L., Hoehle, M. & Hofmann, M. (2005). A statistical framework for the analysis of
    multivariate infectious disease surveillance counts. Statistical Modelling 5, 187-199.
    https://doi.org/10.1191/1471082X05st098oa

    Paul, M. & Held, L. (2011). Predictive assessment of a non-linear random effects model for
    multivariate time series of infectious disease counts. Statistics in Medicine 30, 1118-1136.
    https://doi.org/10.1002/sim.4177

    Meyer, S., Held, L. & Hoehle, M. (2017). Spatio-temporal analysis of epidemic phenomena using
    the R package surveillance. Journal of Statistical Software 77(11), section 5.
    https://doi.org/10.18637/jss.v077.i11
    """

    endemic: Part | None = Part()
    autoregressive: Part | None = Part()
    neighbours: Part | None = None
    weights: Weights = Weights()
    dispersion: Dispersion = "common"
    cycle: float = 52.0
    correlated: bool = False

    def __post_init__(self) -> None:
        if not self.parts:
            raise StudyError(
                "An endemic-epidemic model must have a part.",
                found=phrase("none"),
                remedy="give it an endemic part",
            )
        if not self.cycle > 0.0:
            raise StudyError("A season must have more than 0 periods.", found=str(self.cycle))

    @property
    def parts(self) -> dict[str, Part]:
        """The parts that there are, by name."""
        given = (self.endemic, self.autoregressive, self.neighbours)
        return {name: part for name, part in zip(PARTS, given, strict=True) if part is not None}
