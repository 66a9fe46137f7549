"""Signs that a break is one of the recording, not of what is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from veedor.patterns.breaks import Shift
from veedor.statistics.codes import Finding

#: Breaks at most so many periods apart happen together.
TOGETHER = 2
_MOST_OF_THEM = 0.75


def recording_signs(
    shift: Shift,
    category: str,
    by_category: Mapping[str, Sequence[Shift]],
    of_recording: Mapping[str, Sequence[Shift]],
) -> tuple[Finding, ...]:
    """Say what else broke when a category did.

    Parameters
    ----------
    shift : Shift
        A break of `category`, anywhere.
    category : str
    by_category : mapping of str to sequence of Shift
        Breaks of every category, all places together, `category` too.
    of_recording : mapping of str to sequence of Shift
        Breaks of what describes the recording, by code: the share without a place, the share of
        exact times, the delay of reports.

    Returns
    -------
    tuple of Finding
        Empty if nothing else broke within 2 periods: no sign, which is no proof.

        - ``all_categories_shifted``: three quarters of the other categories, at least two, broke
          the same way.
        - ``category_shifted_back``: another category broke the opposite way by about as many
          incidents, as when incidents are given another code.
        - the code of a series of the recording, which broke too.

    Examples
    --------
    >>> rise = Shift(9, 1.0, 2.0, 2.0, 1.8, 2.2, 10.0)
    >>> fall = Shift(10, 1.0, 0.8, 0.8, 0.7, 0.9, -11.0)
    >>> found = {"theft": [rise], "robbery": [fall]}
    >>> [sign.code for sign in recording_signs(rise, "theft", found, {"share_late": [rise]})]
    ['category_shifted_back', 'share_late']
    """
    signs = []
    others = {name: found for name, found in by_category.items() if name != category}
    alike = sum(
        any(_together(one, shift) and one.change * shift.change > 0 for one in found)
        for found in others.values()
    )
    if alike >= max(2, _MOST_OF_THEM * len(others)):
        signs.append(Finding("all_categories_shifted"))
    for name, found in others.items():
        if any(_together(one, shift) and _cancels(one, shift) for one in found):
            signs.append(Finding("category_shifted_back", {"category": name}))
    for name, found in of_recording.items():
        if any(_together(one, shift) for one in found):
            signs.append(Finding(name))
    return tuple(signs)


def _together(one: Shift, other: Shift) -> bool:
    return abs(one.at - other.at) <= TOGETHER


def _cancels(one: Shift, other: Shift) -> bool:
    smaller = min(abs(one.change), abs(other.change))
    return one.change * other.change < 0 and abs(one.change + other.change) < 0.5 * smaller
