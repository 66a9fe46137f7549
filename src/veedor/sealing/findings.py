"""A verdict as numbers and codes: what is proven, what is not, every promise and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec
import numpy as np

from veedor.sealing import clock
from veedor.sealing.checking import CheckedLog
from veedor.sealing.clock import instant, written
from veedor.sealing.keys import fingerprint
from veedor.sealing.looked import LooksFound, found_looks, not_proven_looks, proven_looks
from veedor.sealing.manifests import OWN_CLOCK, Promise, Revisions
from veedor.sealing.names import visible
from veedor.sealing.problems import Problem
from veedor.sealing.rivals import PromiseBeside
from veedor.sealing.rounds import due_at
from veedor.sealing.scores import PromisedGain, PromiseScores
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator, Finding
from veedor.verification import ImpliedGain, Judged, judge, judge_family

NEVER, NOT_DUE, SCORED = "never_scored", "not_due", "scored"
SCHEMA_VERSION = 5
_WEEK = np.timedelta64(7, "D")
_Any = TypeVar("_Any")


class LogAbout(msgspec.Struct, frozen=True, kw_only=True):
    """The log: its name, the hash of its key, its size and its newest checkpoint."""

    name: str | None
    key_sha256: str | None
    entries: int
    checkpoint: str | None


class ScoringFound(msgspec.Struct, frozen=True, kw_only=True):
    """A scoring, the round of its promise that it is, and the counts it was made from.

    `results` are None where they could not be computed again, or came out otherwise: a problem
    says so, and what a log states and nobody can confirm is shown nowhere as a score.
    """

    entry: int
    round: int
    written_at: str
    outcomes_sha256: str
    results: PromiseScores | None


class PromiseFound(msgspec.Struct, frozen=True, kw_only=True):
    """A promise and its scorings.

    `existed_by` is by the word of an authority, None without; `state` is ``"scored"``,
    ``"not_due"`` or ``"never_scored"``, though it is due.
    """

    entry: int
    category: str
    forecaster: str
    version: str
    promised_by: str
    promised_at: str
    existed_by: str | None
    late: bool
    begins: str
    ends: str
    data_cutoff: str | None
    cells: int
    promised_scores: list[str]
    reference_entry: int | None
    reference: str | None
    revisions: Revisions
    state: str
    scorings: tuple[ScoringFound, ...]

    @property
    def first_gain(self) -> PromisedGain | None:
        """The gain of its first scoring."""
        first = self.scorings[0].results if self.scorings else None
        return None if first is None else first.information_gain


class RoundsTogether(msgspec.Struct, frozen=True, kw_only=True):
    """All rounds of a category, forecaster and reference; late ones are left out.

    `gain` pools the gains of the first scoring of every round and resamples weeks: its interval
    needs six. None where nothing was scored.
    """

    category: str
    forecaster: str
    reference: str
    promised: int
    late: int
    scored: int
    never_scored: int
    not_due: int
    worse_than_reference: int
    gain: Judged | None


class LogFindings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that `verify` found; `looks` are None for a log of promises."""

    schema_version: int
    as_of: str
    holds: bool
    log: LogAbout
    problems: tuple[Problem, ...]
    notices: tuple[Finding, ...]
    beside: tuple[PromiseBeside, ...]
    proven: tuple[Finding, ...]
    not_proven: tuple[Finding, ...]
    authority_checked: bool
    promises: tuple[PromiseFound, ...]
    together: tuple[RoundsTogether, ...]
    looks: LooksFound | None


def findings(verdict: CheckedLog) -> LogFindings:
    """Return everything that `verify` found.

    Characters that cannot be seen are written as their codes, in every text of a stranger's log.
    The checkpoint is as it is: it was parsed strictly, and has lines.
    """
    now = clock.now()
    log = verdict.log
    promises = tuple(_seen(_promise(verdict, number, now)) for number in verdict.promises)
    looks = None if verdict.looks is None else _seen(found_looks(verdict.looks))
    return LogFindings(
        schema_version=SCHEMA_VERSION,
        as_of=written(now),
        holds=verdict.holds,
        log=LogAbout(
            name=visible(log.head.origin) if log.head else None,
            key_sha256=fingerprint(log.key) if log.key else None,
            entries=len(log.tree),
            checkpoint=log.head.text if log.head else None,
        ),
        problems=verdict.problems,
        notices=verdict.notices,
        beside=verdict.beside,
        proven=_proven(verdict, looks) if verdict.holds else (),
        not_proven=_not_proven(verdict, looks),
        authority_checked=verdict.authority_checked,
        promises=promises,
        together=_together(promises),
        looks=looks,
    )


def _seen(value: _Any) -> _Any:
    """Write characters that cannot be seen as their codes, in every text."""
    if isinstance(value, msgspec.Struct):
        parts = {name: _seen(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **parts)
    if isinstance(value, dict):
        return {_seen(key): _seen(part) for key, part in value.items()}  # type: ignore[return-value]
    if isinstance(value, list | tuple):
        return type(value)([_seen(part) for part in value])
    return visible(value) if isinstance(value, str) else value  # type: ignore[return-value]


def _promise(verdict: CheckedLog, number: int, now: np.datetime64) -> PromiseFound:
    promise = verdict.promises[number]
    existed = verdict.existed_by.get(number)
    reference = next(
        (n for n, p in verdict.promises.items() if p.forecast.sha256 == promise.reference), None
    )
    scorings = tuple(
        ScoringFound(
            entry=entry,
            round=scoring.round,
            written_at=scoring.written_at,
            outcomes_sha256=scoring.outcomes.sha256,
            results=scoring.results if entry in verdict.agreed else None,
        )
        for entry, scoring in verdict.scorings[number]
    )
    return PromiseFound(
        entry=number,
        category=promise.category,
        forecaster=promise.forecaster,
        version=promise.version,
        promised_by=promise.promised_by,
        promised_at=promise.written_at,
        existed_by=None if existed is None else written(existed),
        late=promise.late,
        begins=promise.periods.edges[0],
        ends=promise.periods.edges[-1],
        data_cutoff=promise.data_cutoff,
        cells=promise.cells_count,
        promised_scores=promise.scores,
        reference_entry=reference,
        reference=None if reference is None else verdict.promises[reference].forecaster,
        revisions=promise.revisions,
        state=_state(promise, bool(scorings), now),
        scorings=scorings,
    )


def _state(promise: Promise, scored: bool, now: np.datetime64) -> str:
    if scored:
        return SCORED
    return NEVER if due_at(promise) <= now else NOT_DUE


def _proven(verdict: CheckedLog, looks: LooksFound | None) -> tuple[Finding, ...]:
    """What follows from a log without problems."""
    log, entries = verdict.log, len(verdict.log.tree)
    scorings = sum(len(one) for one in verdict.scorings.values())
    key = fingerprint(log.key) if log.key else ""
    found = [
        Finding("log_signed", {"entries": entries, "key": key, "checkpoints": len(log.batches)}),
        Finding("log_in_order"),
        *([Finding("log_files_as_promised")] if looks is None else proven_looks(looks)),
    ]
    if scorings:
        found.append(Finding("log_scorings_agree", {"scorings": scorings}))
    if verdict.remembered:
        found.append(Finding("log_begins_as_remembered"))
    if verdict.key_given:
        found.append(Finding("log_key_as_given"))
    if verdict.authority_checked and verdict.existed_by:
        found.append(
            Finding(
                "log_existed_by_authority", {"seen": len(verdict.existed_by), "entries": entries}
            )
        )
    return tuple(found)


def _not_proven(verdict: CheckedLog, looks: LooksFound | None) -> tuple[Finding, ...]:
    """What no log by itself proves, and what this one leaves open."""
    promises = verdict.promises
    own = sum(promise.time_source == OWN_CLOCK for promise in promises.values())
    found = []
    if own:
        found.append(Finding("log_own_clock", {"own": own, "promises": len(promises)}))
    if verdict.existed_by and not verdict.authority_checked:
        found.append(Finding("log_authority_not_checked", {"entries": len(verdict.existed_by)}))
    if not verdict.remembered:
        found.append(Finding("log_may_be_another"))
    if not verdict.key_given:
        found.append(Finding("log_key_of_whom"))
    if looks is not None:
        return (*found, *not_proven_looks(looks))
    found += [
        Finding("log_others_may_exist"),
        Finding("log_counts_not_records"),
        Finding("log_software_not_shown"),
    ]
    return tuple(found)


def _together(promises: Sequence[PromiseFound]) -> tuple[RoundsTogether, ...]:
    groups: dict[tuple[str, str, str], list[PromiseFound]] = {}
    for promise in promises:
        if promise.reference is not None:
            key = (promise.category, promise.forecaster, promise.reference)
            groups.setdefault(key, []).append(promise)
    found = [_group(*key, group) for key, group in groups.items()]
    judged = iter(judge_family([one.gain for one in found if one.gain is not None]))
    return tuple(
        one if one.gain is None else msgspec.structs.replace(one, gain=next(judged))
        for one in found
    )


def _group(
    category: str, forecaster: str, reference: str, group: Sequence[PromiseFound]
) -> RoundsTogether:
    in_time = [one for one in group if not one.late]
    rounds = [(one, gain) for one in in_time if (gain := one.first_gain) is not None]
    return RoundsTogether(
        category=category,
        forecaster=forecaster,
        reference=reference,
        promised=len(group),
        late=len(group) - len(in_time),
        scored=sum(one.state == SCORED for one in in_time),
        never_scored=sum(one.state == NEVER for one in in_time),
        not_due=sum(one.state == NOT_DUE for one in in_time),
        worse_than_reference=sum((gain.gain.value or 0.0) < 0.0 for _, gain in rounds),
        gain=_pooled(rounds) if rounds else None,
    )


def _pooled(rounds: Sequence[tuple[PromiseFound, PromisedGain]]) -> Judged:
    """Judge the gains of all rounds, week by week."""
    starts = []
    for one, gain in rounds:
        begins, periods = instant(one.begins), len(gain.incidents)
        span = (instant(one.ends) - begins) / periods
        starts += [begins + k * span for k in range(periods)]
    weeks = np.floor((np.array(starts) - min(starts)) / _WEEK + 1e-2)
    bootstrap = BlockBootstrap(np.unique(weeks, return_inverse=True)[1], np.random.default_rng(1))
    gains, if_reference, if_forecast = (
        np.concatenate([getattr(gain.by_period, name) for _, gain in rounds])
        for name in ("gain", "variance_if_reference", "variance_if_forecast")
    )
    incidents = np.concatenate([np.asarray(gain.incidents, dtype=np.float64) for _, gain in rounds])
    nothing = np.zeros(len(gains))
    return judge(
        bootstrap,
        gains,
        incidents,
        ImpliedGain(nothing, nothing, if_reference, if_forecast, nothing),
        of=Denominator("incidents_of_scored_rounds"),
    )
