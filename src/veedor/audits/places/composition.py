"""Who lives where, as the terms that an expected number of predictions may depend on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Bools, Floats
from veedor.audits.places.dependence import FittedMean, Ground
from veedor.audits.places.exposure import Residents, exposure_terms

#: Sizes of zones whose logarithms vary by less are the same: squares of degrees are not, quite.
_SAME_SIZE = 0.05


@dataclass(frozen=True, eq=False)
class Composition:
    """A group and its reference, over the zones in which both denominators have someone.

    Parameters
    ----------
    here : array of bool, shape (n,)
        These zones, m of them.
    ground : Ground
        Of these zones.
    size : array, shape (m, p)
        A column of ones, and the logarithms of how many live there (of the group's denominator)
        and of km2, about their means; what is the same in all zones is left out.
    design : array, shape (m, p + 1 or 2)
        The same, and the shares of the group and of its reference.
    """

    here: Bools
    ground: Ground
    size: Floats
    design: Floats

    @classmethod
    def of(cls, residents: Residents, place: int, ground: Ground) -> Composition:
        """Take one group."""
        other = residents.place_of(residents.groups[place].reference)
        here = (residents.everyone[place] > 0.0) & (residents.everyone[other] > 0.0)
        sizes = [np.log(residents.everyone[place][here]), np.log(residents.area_km2[here])]
        kept = [one - one.mean() for one in sizes if len(one) and one.std() > _SAME_SIZE]
        size = np.column_stack([np.ones(int(here.sum())), *kept])
        shares = [residents.shares(each)[here] for each in dict.fromkeys((place, other))]
        varying = [one - one.mean() for one in shares if len(one) and one.std() > 1e-9]
        return cls(here, ground.part(here), size, np.column_stack([size, *varying]))

    def fitted(self, count: Floats, given: Floats | None = None) -> FittedMean | None:
        """Fit what is expected of each zone given who lives there.

        Parameters
        ----------
        count : array, shape (n,)
            Of all zones.
        given : array, shape (n,), optional
            What else it may depend on; its logarithm, one more, is a term.
        """
        design = self.design
        if given is not None:
            term = np.log1p(given[self.here])
            if len(term) and term.std() > 1e-9:
                design = np.column_stack([design, term - term.mean()])
        return FittedMean.of(self.ground, count[self.here], design)

    def weights(self, residents: Residents, place: int) -> Floats:
        """What a prediction in each zone adds to each exposure of a group, shape (m, 4).

        Columns as in `exposure_terms`, up to a factor.
        """
        terms = exposure_terms(
            residents.members[place],
            residents.everyone[place],
            np.ones(len(residents.population)),
            residents.area_km2,
        )
        return terms[self.here]


def contrast(weights: Floats, reference: Floats, count: Floats) -> Floats:
    r"""Weights of the errors of :math:`\log(\sum a c / \sum b c)`: a/sum(a c) - b/sum(b c).

    NaN where a sum is 0.
    """
    sums = float(weights @ count), float(reference @ count)
    if min(sums) <= 0.0:
        return np.full(len(count), np.nan)
    found: Floats = weights / sums[0] - reference / sums[1]
    return found
