"""Small cells: marked always, and for publication suppressed so that no sum gives them back.

Rates give away two sums each, of cells that are not in the table: what is asked here is whether
a hidden denominator can be worked out exactly. Of tables of counts, `veedor.statistics.suppression`
also asks how closely a hidden count is held.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import structs

from veedor.arrays import Floats
from veedor.audits.alerts.counting import CELLS
from veedor.audits.alerts.rates import RATES
from veedor.audits.alerts.statements import ALL
from veedor.audits.audit import Statement
from veedor.statistics.codes import Method

Layout = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

#: Numbers out of fewer than this are small: marked always, and for publication suppressed.
SMALL = 30
SUPPRESSED = Method("suppressed")
_DERIVED = {
    "lr_pos": ("tpr", "fpr"), "lr_neg": ("fnr", "tnr"), "auc": ("tpr", "fpr"),
    "ppv_at_base_rate": ("tpr", "fpr", "fpir", "fnir_rank1"),
    "false_per_true_at": ("tpr", "fpr", "fpir", "fnir_rank1"), "false_per_true": ("ppv",),
    "threshold_at_fpir": ("fpir",), "ppv_if_unresolved": ("ppv",),
    "alerts_per_hour": ("alerts",), "alerts_per_camera_hour": ("alerts",),
    "false_alerts_per_hour": ("false_alerts",), "false_alerts_per_camera_hour": ("false_alerts",),
}  # fmt: skip
#: Numbers over all groups rest on the rate before this ending, or on both errors of searches.
_OVER_GROUPS = re.compile(r"(\w+?)_(?:widest_gap|max_over_geomean)|(?:garbe|fdr_fair)_a[\d.]+")
_NON_MATED, _MATED = ("wrong", "quiet"), ("first", "listed", "missed")
_PASSED = ("true", "false", "unresolved", "passed")
#: What is published -> the cells whose sums are its numerator and its denominator. Cells are what
#: everything published of one table adds up from.
_DECISIONS = {
    "n": (CELLS, CELLS),
    **{cell: ((cell,), CELLS) for cell in CELLS[:4]},
    **{name: (rate.counted, rate.out_of) for name, rate in RATES.items()},
}
_SEARCHES = {
    "n": (_NON_MATED + _MATED, _NON_MATED + _MATED),
    "n_mated": (_MATED, _NON_MATED + _MATED),
    "n_nonmated": (_NON_MATED, _NON_MATED + _MATED),
    "fpir": (("wrong",), _NON_MATED),
    "fnir_rank1": (("listed", "missed"), _MATED),
    "fnir_rank5": (("missed",), _MATED),
    "fta_rate": (("failed",), _NON_MATED + _MATED),
    "selectivity": (("returned",), _NON_MATED),
}
_DEPLOYMENTS = {
    "n": (_PASSED, _PASSED),
    "transactions": (_PASSED, _PASSED),
    "tp": (("true",), _PASSED),
    "fp": (("false",), _PASSED),
    "true_alerts": (("true",), _PASSED),
    "false_alerts": (("false",), _PASSED),
    "unresolved_alerts": (("unresolved",), _PASSED),
    "alerts": (_PASSED[:3], _PASSED),
    "engagements": (("engaged",), _PASSED),
    "stops_after_false_alert": (("stopped",), _PASSED),
    "ppv": (("true",), ("true", "false")),
    "fdr": (("false",), ("true", "false")),
    "alert_rate": (_PASSED[:3], _PASSED),
    "false_alerts_per_transaction": (("false",), _PASSED),
    "true_alerts_per_transaction": (("true",), _PASSED),
    "stops_per_false_alert": (("stopped",), ("false",)),
    "engagements_per_alert": (("engaged",), _PASSED[:3]),
}
LAYOUTS = {"decisions": _DECISIONS, "searches": _SEARCHES, "deployments": _DEPLOYMENTS}
_PLAIN = {
    *("n", "tp", "fp", "fn", "tn", "n_mated", "n_nonmated", "transactions", "alerts"),
    *("true_alerts", "false_alerts", "unresolved_alerts", "engagements"),
    "stops_after_false_alert",
}
_RATES = {name for layout in LAYOUTS.values() for name in layout} - _PLAIN


def is_small(row: Statement, k: int = SMALL) -> bool:
    """Whether a rate's denominator is below k.

    Examples
    --------
    >>> from veedor.audits.alerts.statements import state
    >>> [is_small(state("all", None, "a", "fpr", 0.1, 2, n)) for n in (0, 29, 30)]
    [False, True, False]
    """
    return row.statistic in _RATES and row.out_of is not None and 0 < row.out_of < k


def suppress(
    rows: Sequence[Statement], k: int = SMALL, table: str = "decisions"
) -> list[Statement]:
    """Empty the rows of small cells, and as many more as keep them from being worked out.

    A rate out of fewer than k is suppressed, and so is a count of fewer than k decisions in a group
    of fewer than k. Then, as long as a suppressed number is a sum or difference of published ones
    (all is the sum of the groups; positives are tp + fn, and so on), a published number that takes
    part in it is suppressed too, of the smallest group that has one. Ratios, differences and
    predictive values of a suppressed rate go with it.

    Parameters
    ----------
    rows : sequence of Statement
    k : int
    table : str
        ``decisions``, ``searches`` or ``deployments``.

    Returns
    -------
    list of Statement
        In the same order; a suppressed one keeps its names and has the method ``suppressed``.
    """
    parts: dict[tuple[str, float | None], list[int]] = {}
    for n, row in enumerate(rows):
        parts.setdefault((row.subject.subset, row.subject.threshold), []).append(n)
    gone: set[tuple[str, str]] = set()
    while True:
        # A rate has a row for each interval, threshold and subset: all stand and fall together.
        hidden = {
            n for here in parts.values() for n in _hidden(rows, here, k, LAYOUTS[table], gone)
        }
        found = {(rows[n].subject.group, rows[n].statistic) for n in hidden}
        if found <= gone:
            break
        gone |= found
    return [_emptied(row) if _goes(row, gone) else row for row in rows]


def _emptied(row: Statement) -> Statement:
    held = row.estimate
    made = structs.replace(held, value=None, low=None, high=None, n=0, method=SUPPRESSED)
    return structs.replace(row, estimate=made, numerator=None, out_of=None)


def _hidden(
    rows: Sequence[Statement],
    here: Sequence[int],
    k: int,
    layout: Layout,
    gone: set[tuple[str, str]],
) -> set[int]:
    """Rows of one part that must not be published."""
    base = [n for n in here if rows[n].statistic in layout and rows[n].estimate.value is not None]
    groups = sorted({rows[n].subject.group for n in base} - {ALL})
    whole = {
        rows[n].subject.group: rows[n].estimate.value or 0.0
        for n in base
        if rows[n].statistic == "n"
    }
    hidden = {
        n
        for n in base
        if is_small(rows[n], k)
        or (rows[n].subject.group, rows[n].statistic) in gone
        or (rows[n].statistic in _PLAIN and 0 < whole.get(rows[n].subject.group, 0.0) < k)
    }
    if not groups:
        return hidden
    vectors = {n: _vectors(rows[n], groups, layout) for n in base}
    while True:
        published = [n for n in base if n not in hidden]
        kept = [vector for n in published for vector in vectors[n]]
        owner = [n for n in published for _ in vectors[n]]
        worked_out = _worked_out(hidden, vectors, kept)
        if worked_out is None:
            return hidden
        taking_part = {owner[i] for i in worked_out if rows[owner[i]].subject.group != ALL}
        taking_part = taking_part or {owner[i] for i in worked_out}
        # One other group that goes whole keeps more in sight than parts of all.
        hidden.add(
            min(
                taking_part,
                key=lambda n: (whole.get(rows[n].subject.group, 0.0), rows[n].out_of or 0.0, n),
            )
        )


def _vectors(row: Statement, groups: Sequence[str], layout: Layout) -> list[Floats]:
    """Numerator and denominator of a row as sums of the groups' cells."""
    cells = sorted({cell for pair in layout.values() for part in pair for cell in part})
    member = np.array([float(row.subject.group in (ALL, group)) for group in groups])
    numerator, denominator = (
        np.array([float(cell in part) for cell in cells]) for part in layout[row.statistic]
    )
    parts = (numerator,) if row.statistic in _PLAIN else (numerator, denominator)
    return [np.outer(member, part).ravel() for part in parts]


def _worked_out(
    hidden: set[int], vectors: dict[int, list[Floats]], kept: Sequence[Floats]
) -> list[int] | None:
    """Places of the published numbers that give a hidden denominator away, None if none do."""
    if not kept:
        return None
    matrix = np.array(kept).T
    for n in sorted(hidden):
        for vector in vectors[n]:
            solution = np.linalg.lstsq(matrix, vector, rcond=None)[0]
            if np.abs(matrix @ solution - vector).max() < 1e-8:
                return [int(i) for i in np.flatnonzero(np.abs(solution) > 1e-9)]
    return None


def _goes(row: Statement, gone: set[tuple[str, str]]) -> bool:
    """Whether a row is hidden, or rests on a rate that is."""
    over_groups = _OVER_GROUPS.fullmatch(row.statistic)
    if over_groups:
        resting = (over_groups[1],) if over_groups[1] else ("fpir", "fnir_rank1")
        return any(metric in resting for _, metric in gone)
    match = re.fullmatch(r"(\w+?)_(?:ratio|diff)_vs_(.*)", row.statistic, flags=re.DOTALL)
    if match:
        sides = ((row.subject.group, match[1]), (match[2], match[1]))
        return any(side in gone for side in sides)
    names = next(
        (rates for name, rates in _DERIVED.items() if row.statistic.startswith(name)),
        (row.statistic,),
    )  # the longer of two names that begin alike stands first
    return any((row.subject.group, name) in gone for name in names)
