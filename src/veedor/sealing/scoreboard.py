"""How the promises of many logs went, judged together: all logs of all publishers are one family.

A publisher who keeps ten logs, or a hundred forecasters in one, has more chances that one of them
looks good. So every gain of every log is a comparison of one family: more promises, of anyone,
make it harder for each to be called better. Nothing is ordered by how it went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from veedor.sealing import clock
from veedor.sealing.clock import instant, written
from veedor.sealing.findings import SCORED, LogFindings, PromiseFound
from veedor.sealing.names import brief
from veedor.verification import Judged, judge_family


class Rounds(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of a log by category, forecaster and reference, as they were found at one time.

    Parameters
    ----------
    category, forecaster : str
    reference : str or None
        What it was held against; None where nothing was promised.
    promised, late, scored : int
        All; those sealed after their period had begun; those scored, of the others.
    due : tuple of str
        Of each promise that is neither late nor scored, the instant from which it may be scored.
    beside : int
        Promises that overlap an earlier one of the same maker and category: any of them could be
        shown alone.
    worse_than_reference : int
        Of those scored.
    gain : Judged or None
        All rounds pooled, as `LogFindings.together` has it.
    """

    category: str
    forecaster: str
    reference: str | None
    promised: int
    late: int
    scored: int
    due: tuple[str, ...]
    beside: int
    worse_than_reference: int
    gain: Judged | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`Rounds` at a time: `promised` = late + scored + never_scored + not_due.

    `gain` is judged in the family of all logs: its `comparisons` are all of them.
    """

    category: str
    forecaster: str
    reference: str | None
    promised: int
    late: int
    scored: int
    never_scored: int
    not_due: int
    beside: int
    worse_than_reference: int
    gain: Judged | None


def due_of(promise: PromiseFound) -> str:
    """Instant (UTC) from which a promise may be scored."""
    days = np.timedelta64(promise.revisions.wait_days, "D")
    return written(instant(promise.ends) + days)


def rounds_of(found: LogFindings) -> tuple[Rounds, ...]:
    """Gather the promises of a log, by name."""
    beside = Counter(one.named.entry for one in found.beside)
    gains = {(one.category, one.forecaster, one.reference): one for one in found.together}
    groups: dict[tuple[str, str, str | None], list[PromiseFound]] = {}
    for promise in found.promises:
        key = (promise.category, promise.forecaster, promise.reference)
        groups.setdefault(key, []).append(promise)
    made = []
    for (category, forecaster, reference), group in groups.items():
        in_time = [one for one in group if not one.late]
        pooled = None if reference is None else gains.get((category, forecaster, reference))
        made.append(
            Rounds(
                category=brief(category),
                forecaster=brief(forecaster),
                reference=None if reference is None else brief(reference),
                promised=len(group),
                late=len(group) - len(in_time),
                scored=sum(one.state == SCORED for one in in_time),
                due=tuple(sorted(due_of(one) for one in in_time if one.state != SCORED)),
                beside=sum(beside[one.entry] for one in group),
                worse_than_reference=0 if pooled is None else pooled.worse_than_reference,
                gain=None if pooled is None else pooled.gain,
            )
        )
    return tuple(sorted(made, key=lambda one: (one.category, one.forecaster, one.reference or "")))


def scoreboard(logs: Sequence[Sequence[Rounds]]) -> list[tuple[Standing, ...]]:
    """Judge the promises of all logs as one family, as of now, in the order given.

    Parameters
    ----------
    logs : sequence of sequence of Rounds
        Of every log that was ever published, withdrawn ones too: a family that loses its failures
        would make the rest look better than it is.
    """
    now = clock.now()
    judged = iter(judge_family([one.gain for log in logs for one in log if one.gain is not None]))
    return [
        tuple(_standing(one, None if one.gain is None else next(judged), now) for one in log)
        for log in logs
    ]


def _standing(rounds: Rounds, gain: Judged | None, now: np.datetime64) -> Standing:
    never = sum(bool(instant(due) <= now) for due in rounds.due)
    return Standing(
        category=rounds.category,
        forecaster=rounds.forecaster,
        reference=rounds.reference,
        promised=rounds.promised,
        late=rounds.late,
        scored=rounds.scored,
        never_scored=never,
        not_due=len(rounds.due) - never,
        beside=rounds.beside,
        worse_than_reference=rounds.worse_than_reference,
        gain=gain,
    )
