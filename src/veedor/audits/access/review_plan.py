"""Which look-ups people should read: a random part that gives rates, and a targeted one.

Rows are named by their file, the header there that they stand behind, and their place behind it;
no user, key or case is.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Ints
from veedor.audits.access.authorised import Listed
from veedor.audits.access.explained import Explained, between, in_shift
from veedor.audits.access.first_lookups import Repeats
from veedor.audits.access.ground import Ground
from veedor.audits.access.log import Release
from veedor.audits.access.reasons import Reasons
from veedor.audits.access.results import PlannedRow, ReviewPlan, Stratum
from veedor.statistics.stratified import share_when_none_found

Strata = npt.NDArray[np.int8]
#: Look-ups that each stratum gets at least, where it has them.
_LEAST = 10
#: Reasons that a look-up must have to be targeted.
_REASONS = 2
#: Parts that a stratum is made of.
_YES, _NO, _OPEN = np.int8(0), np.int8(1), np.int8(2)


def review_plan(
    ground: Ground,
    rng: np.random.Generator,
    *,
    lists: Listed | None,
    rules: Explained | None,
    reasons: Reasons | None,
    repeats: Repeats | None,
) -> ReviewPlan:
    """Draw a stratified random sample with known chances, and list others that stand out.

    Strata are by whether a rule explains a look-up (without rules, whether its reason is vague),
    and whether it is a first one of its key. Each gets 10, and what is left goes by their sizes.
    Only the random part gives rates. If nothing is wrong in it, the share that is wrong is below
    ``if_none`` with the confidence asked for, in whatever stratum it lies: see
    `share_when_none_found`.
    """
    names, of = _strata(ground, rules, reasons, repeats)
    sizes = np.bincount(of, minlength=len(names))
    taken = allocated(sizes, ground.settings.review)
    strata, rows = [], []
    for number, name in enumerate(names):
        if not taken[number]:
            continue
        drawn = np.flatnonzero(of == number)
        drawn = np.sort(rng.choice(drawn, int(taken[number]), replace=False))
        chance = float(taken[number] / sizes[number])
        strata.append(Stratum(name, int(sizes[number]), int(taken[number]), chance))
        rows += [_row(ground, int(row), "random", name, chance, ()) for row in drawn]
    rows += _targeted(ground, rng, names, of, lists, rules, repeats)
    return ReviewPlan(tuple(strata), tuple(rows), _if_none(ground, strata), ground.settings.seed)


def _strata(
    ground: Ground, rules: Explained | None, reasons: Reasons | None, repeats: Repeats | None
) -> tuple[list[str], Strata]:
    """Names of the strata, and which each look-up is in."""
    of = np.zeros(len(ground), np.int8)
    names = ["lookups"]
    if rules is not None:
        of = np.where(rules.by >= 0, _YES, np.where(rules.by == -1, _NO, _OPEN))
        names = ["explained", "unexplained", "cannot_tell"]
    elif reasons is not None:
        of = np.where(reasons.readable, reasons.widest.view(np.int8), _OPEN)
        names = ["reason_stated", "reason_vague", "reason_not_read"]
    if repeats is not None:
        again = np.where(repeats.known, (~repeats.first).view(np.int8), _OPEN)
        parts = ("first", "again", "key_not_known")
        of = of * np.int8(3) + again
        names = [f"{name}+{part}" for name in names for part in parts]
    return names, of


def allocated(sizes: Ints, wanted: int) -> Ints:
    """Share a sample out: as many of each stratum as it must have, the rest by size.

    Examples
    --------
    >>> allocated(np.array([900, 90, 5, 0]), 100).tolist()
    [79, 16, 5, 0]
    """
    wanted = min(wanted, int(sizes.sum()))
    some = int((sizes > 0).sum())
    least = np.minimum(sizes, min(_LEAST, wanted // max(some, 1)))
    left = sizes - least
    rest = wanted - int(least.sum())
    if rest <= 0 or not left.sum():
        return least
    exact = rest * left / left.sum()
    more = np.floor(exact).astype(np.int64)
    order = np.argsort(more - exact, kind="stable")
    more[order[: rest - int(more.sum())]] += 1
    found: Ints = least + more
    return found


def _targeted(
    ground: Ground,
    rng: np.random.Generator,
    names: list[str],
    of: Strata,
    lists: Listed | None,
    rules: Explained | None,
    repeats: Repeats | None,
) -> list[PlannedRow]:
    """Look-ups with two or more of what stands out, those with the most first, else by lot."""
    flags = _flags(ground, lists, rules, repeats)
    if not flags or not ground.settings.targeted:
        return []
    many = np.zeros(len(ground), np.int8)
    for _, flag in flags:
        many += flag
    rows = np.flatnonzero(many >= min(_REASONS, len(flags)))
    rows = rows[np.argsort(-many[rows] + rng.random(len(rows)) * 0.5)][: ground.settings.targeted]
    return [
        _row(
            ground, int(row), "targeted", names[of[row]], None,
            tuple(name for name, flag in flags if flag[row]),
        )
        for row in np.sort(rows)
    ]  # fmt: skip


def _flags(
    ground: Ground, lists: Listed | None, rules: Explained | None, repeats: Repeats | None
) -> list[tuple[str, Bools]]:
    found: list[tuple[str, Bools]] = []
    if lists is not None:
        found.append(("outside_list", lists.judged & ~lists.inside & ~lists.later))
    if rules is not None:
        unexplained = rules.by == -1
        if repeats is not None:
            unexplained &= repeats.first
        found.append(("unexplained", unexplained))
    if (shift := in_shift(ground)) is not None:
        found.append(("off_shift", shift == 0))
    if (hours := ground.settings.working_hours) is not None:
        begins, ends = (round(hour * 60.0) for hour in hours)
        found.append(("off_hours", between(ground.minute, begins, ends) == 0))
    windows = ground.settings.windows_above
    limits = {"devices": ground.settings.devices_above}
    if windows:
        limits["window_days"] = max(windows)
    for name, limit in limits.items():
        column = ground.log.numbers.get(name)
        if column is not None and not column.constant and column.known.any():
            found.append((f"{name}_above", column.values > limit))
    return found


def _row(
    ground: Ground, row: int, part: str, stratum: str, chance: float | None, why: tuple[str, ...]
) -> PlannedRow:
    release = ground.log.releases[int(ground.log.release[row])]
    header = release.part if _stacked(ground, release) else None
    return PlannedRow(part, release.name, header, int(ground.log.row[row]), stratum, chance, why)


def _stacked(ground: Ground, release: Release) -> bool:
    """Whether the file of an export holds others, below it or on other sheets."""
    return any(one.part > 1 and one.sha256 == release.sha256 for one in ground.log.releases)


def _if_none(ground: Ground, strata: list[Stratum]) -> float | None:
    """Upper end, one-sided, of the share of what was not found once."""
    if not strata:
        return None
    lookups, sampled = ([one.lookups for one in strata], [one.sampled for one in strata])
    return share_when_none_found(lookups, sampled, 2.0 * ground.settings.level - 1.0)
