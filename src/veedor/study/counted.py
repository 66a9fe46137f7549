"""What results say of a study of counts: what was counted, known at each cut-off, and left out."""

from __future__ import annotations

import msgspec

from veedor.backtest import Plan
from veedor.forecasts import area_layers
from veedor.record import AreaRecord, CountedOutcomes
from veedor.spacetime.periods import local_iso
from veedor.study.counts_read import CountsRead, EditionOut
from veedor.study.left_out import LeftOut
from veedor.study.prepared import PreparedCounts
from veedor.verification import LevelScores, Trial, score_levels
from veedor.verification.levels import Vintage


class KnownThen(msgspec.Struct, frozen=True, kw_only=True):
    """What forecasts from one cut-off were made of.

    Parameters
    ----------
    cutoff : str
        Local ISO 8601.
    edition : EditionOut
        Of which `last_span` is the last one used.
    published_before : bool
        Whether that edition had been published by the cut-off. If not it is the first one at hand,
        cut as late as its own last span was published: later revisions are in it.
    """

    cutoff: str
    edition: EditionOut
    published_before: bool


class StudyCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What only a study of counts by area has.

    Parameters
    ----------
    read : CountsRead
    units : dict of str to str
        What a count of each category counts: of `veedor.areas.Unit`.
    codes : dict of str to tuple of str
        Codes that each category sums.
    known : tuple of KnownThen
        By origin.
    left_out : tuple of LeftOut
    """

    read: CountsRead
    units: dict[str, str]
    codes: dict[str, tuple[str, ...]]
    known: tuple[KnownThen, ...]
    left_out: tuple[LeftOut, ...]


def level_scores(plan: Plan, trial: Trial, seed: int) -> tuple[LevelScores, ...]:
    """Score forecasts of counts at every level of areas, by first and latest editions apart.

    None of single incidents, which have neither levels nor editions.
    """
    record = plan.task(trial.category).record
    if not isinstance(record, AreaRecord):
        return ()
    cells, periods = plan.cells, plan.periods
    published: dict[Vintage, CountedOutcomes] = {
        "first": record.first_published().outcomes(trial.category, periods, cells),
        "latest": record.outcomes(trial.category, periods, cells),
    }
    layers = area_layers(record.areas, [str(code) for code in cells.cell_id], trial.category)
    return score_levels(trial, layers, published, seed=seed)


def study_counts(prepared: PreparedCounts, plan: Plan) -> StudyCounts:
    """Say what was counted, and what was known of it at each cut-off."""
    record, areas = prepared.record, prepared.record.areas
    known = []
    for cutoff in plan.cutoffs:
        then = record.until(cutoff)
        edition = EditionOut.of(then.areas, then.areas.latest)
        known.append(
            KnownThen(
                cutoff=local_iso(cutoff, record.zone),
                edition=msgspec.structs.replace(edition, last_span=then.areas.spans.labels[-1]),
                published_before=then.replayed,
            )
        )
    codes = {one.name: one.values for one in record.categories}
    return StudyCounts(
        read=CountsRead.of(areas),
        units={name: areas.offences[areas.offence_of(of[0])].unit for name, of in codes.items()},
        codes=codes,
        known=tuple(known),
        left_out=prepared.left_out,
    )
