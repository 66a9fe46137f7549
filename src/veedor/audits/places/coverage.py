"""What share of a group ever lived inside a box: bounds, since a zone's boxes cover part of it."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import Statement, Subject, estimate
from veedor.audits.places.exposure import Residents
from veedor.statistics.codes import Denominator, Method


def covered_bounds(
    members: Floats, everyone: Floats, covered: Floats
) -> tuple[float | None, float | None, float | None]:
    r"""Share of a group inside boxes: neighbourhood model, and Duncan-Davis bounds about it.

    Of the p residents of a zone, f p are taken to live on the share f of its ground that is
    covered. How many of them are members is not known, but at least max(0, f p - (p - g)) and at
    most min(g, f p). The neighbourhood model says f g.

    Parameters
    ----------
    members, everyone : array, shape (n,)
        g and p.
    covered : array, shape (n,)
        f, in [0, 1].

    Returns
    -------
    value, low, high : float or None
        Shares of all members; None without members.

    Notes
    -----
    That residents live evenly over the ground of a zone is an assumption of all three; that members
    live like everyone else in their zone is one of the value only.

    References
    ----------
    Duncan, O. D. & Davis, B. (1953). An alternative to ecological correlation. American
    Sociological Review 18, 665-666. https://doi.org/10.2307/2088122

    Freedman, D. A., Klein, S. P., Sacks, J., Smyth, C. A. & Everett, C. G. (1991). Ecological
    regression and voting rights. Evaluation Review 15, 673-711 (the neighbourhood model).
    https://doi.org/10.1177/0193841X9101500602

    Examples
    --------
    Half of a zone of 10 is covered, and 8 are members: of the 5 inside, 3 to 5 are members.

    >>> covered_bounds(np.array([8.0]), np.array([10.0]), np.array([0.5]))
    (0.5, 0.375, 0.625)
    """
    total = float(members.sum())
    if not total > 0.0:
        return None, None, None
    inside = covered * everyone
    low = np.maximum(0.0, inside - (everyone - members))
    high = np.minimum(members, inside)
    return (
        float((covered * members).sum()) / total,
        float(low.sum()) / total,
        float(high.sum()) / total,
    )


def covered_statements(assignment: str, covered: Floats, residents: Residents) -> list[Statement]:
    """State the covered share of every group.

    Parameters
    ----------
    assignment : str
    covered : array, shape (n,)
        Share of the ground of each zone with residents.
    residents : Residents
    """
    made = []
    for place, group in enumerate(residents.groups):
        members, everyone = residents.members[place], residents.everyone[place]
        value, low, high = covered_bounds(members, everyone, covered)
        ends = None if low is None or high is None else (low, high)
        kept = estimate(
            value,
            ends,
            Method("duncan_davis_bounds"),
            members.sum(),
            Denominator("members_in_zones_with_residents", {"group": group.name}),
            1.0,
        )
        made.append(Statement(Subject(group.name, assignment), "covered", kept))
    return made
