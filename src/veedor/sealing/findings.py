"""A verdict as a dictionary: what is proven, what is not, every promise and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from veedor.sealing import clock
from veedor.sealing.checking import Verdict
from veedor.sealing.clock import instant, written
from veedor.sealing.keys import fingerprint
from veedor.sealing.manifests import OWN_CLOCK, Promise
from veedor.sealing.names import visible
from veedor.sealing.rounds import due_at
from veedor.sealing.scores import GAIN
from veedor.statistics import BlockBootstrap
from veedor.verification import ImpliedGain, judge, judge_family

NEVER, WAITING, SCORED = "due, and never scored", "not due yet", "scored"


def findings(verdict: Verdict) -> dict[str, Any]:
    """Return everything that `verify` found, JSON-ready.

    Returns
    -------
    dict
        ``holds``, ``problems``, ``notices``, ``proven`` and ``not_proven`` (sentences),
        ``authority_checked`` (whether timestamps were held against certificates), ``log``,
        ``promises`` with their ``scorings``, and ``together``: for each category, forecaster and
        reference all rounds at once, late ones left out, by the first scoring of each.

    Notes
    -----
    `together` pools the gains of all rounds and resamples weeks; its interval needs six.
    """
    now = clock.now()
    promises = [_promise(verdict, number, now) for number in verdict.promises]
    log = verdict.log
    found = {
        "schema_version": 2,
        "as_of": written(now),
        "holds": verdict.holds,
        "log": {
            "name": log.head.origin if log.head else None,
            "key_sha256": fingerprint(log.key) if log.key else None,
            "entries": len(log.tree),
            "checkpoint": log.head.text if log.head else None,
        },
        "problems": [{"where": one.where, "what": one.what} for one in verdict.problems],
        "notices": list(verdict.notices),
        "proven": _proven(verdict) if verdict.holds else [],
        "not_proven": _not_proven(verdict),
        "authority_checked": verdict.authority_checked,
        "promises": promises,
        "together": _together(promises),
    }
    return dict(_visible(found))


def _visible(value: Any) -> Any:
    """Write characters that cannot be seen as their codes, in every text of a stranger's log.

    The checkpoint is as it is: it was parsed strictly, and has lines.
    """
    if isinstance(value, dict):
        return {
            visible(key): part if key == "checkpoint" else _visible(part)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_visible(part) for part in value]
    return visible(value) if isinstance(value, str) else value


def _promise(verdict: Verdict, number: int, now: np.datetime64) -> dict[str, Any]:
    promise = verdict.promises[number]
    scorings = verdict.scorings[number]
    existed = verdict.existed_by.get(number)
    reference = next(
        (n for n, p in verdict.promises.items() if p.forecast.sha256 == promise.reference), None
    )
    return {
        "entry": number,
        "category": promise.category,
        "forecaster": promise.forecaster,
        "version": promise.version,
        "promised_by": promise.promised_by,
        "promised_at": promise.written_at,
        "existed_by": None if existed is None else written(existed),
        "late": promise.late,
        "begins": promise.periods.edges[0],
        "ends": promise.periods.edges[-1],
        "data_cutoff": promise.data_cutoff,
        "cells": promise.cells_count,
        "promised_scores": promise.scores,
        "reference_entry": reference,
        "reference": None if reference is None else verdict.promises[reference].forecaster,
        "revisions": msgspec.to_builtins(promise.revisions),
        "state": _state(promise, bool(scorings), now),
        "scorings": [
            {
                "entry": entry,
                "round": scoring.round,
                "written_at": scoring.written_at,
                "outcomes_sha256": scoring.outcomes.sha256,
                "results": scoring.results,
            }
            for entry, scoring in scorings
        ],
    }


def _state(promise: Promise, scored: bool, now: np.datetime64) -> str:
    if scored:
        return SCORED
    return NEVER if due_at(promise) <= now else WAITING


def _proven(verdict: Verdict) -> list[str]:
    """What follows from a log without problems."""
    log, entries = verdict.log, len(verdict.log.tree)
    key = fingerprint(log.key) if log.key else ""
    checked, seen = verdict.authority_checked, len(verdict.existed_by)
    scorings = sum(len(one) for one in verdict.scorings.values())
    told = [
        f"Every entry ({entries}) was signed by the holder of one key, {key}, and so was every "
        f"checkpoint ({len(log.batches)}). Nothing in the log was changed since.",
        "Every entry stands where it was appended: each names the tree head before it, is in the "
        "newest tree (inclusion proofs), and every checkpoint follows from the one before "
        "(consistency proofs).",
        "Every forecast, its cells and all counts are the files that were promised, by their "
        "hashes, and the manifests say of them what they hold.",
    ]
    if scorings:
        told.append(
            f"Every scoring ({scorings}) was computed again from the counts and the forecasts, by "
            "what was promised, and agrees."
        )
    if verdict.remembered:
        told.append(
            "The log begins with exactly the entries of the checkpoint that you kept: nothing was "
            "taken out or rewritten since you kept it."
        )
    if verdict.key_given:
        told.append("The key is the one that you brought.")
    if checked and seen:
        told.append(
            f"{seen} of {entries} entries existed by the time that an authority which you trust "
            "put to them."
        )
    return told


def _not_proven(verdict: Verdict) -> list[str]:
    """What no log by itself proves, and what this one leaves open."""
    promises = verdict.promises
    own = sum(promise.time_source == OWN_CLOCK for promise in promises.values())
    told = []
    if own:
        told.append(
            f"When {own} of {len(promises)} promises were made: own clock only. Whoever holds the "
            "key could have set that clock."
        )
    if verdict.existed_by and not verdict.authority_checked:
        told.append(
            f"That the timestamps of {len(verdict.existed_by)} entries are an authority's: "
            "timestamp present, authority not checked. Give its certificate with --tsa-root."
        )
    if not verdict.remembered:
        told.append(
            "That this is the only log. Whoever holds the key can write another from the start, "
            "and a log cut short is a log: only a checkpoint that you, or a witness, kept from "
            "before shows it. Keep this one with --remember."
        )
    if not verdict.key_given:
        told.append(
            "Whose key it is. Compare its fingerprint with one that its holder has published "
            "elsewhere, or give the key with --public-key."
        )
    told += [
        "That no other forecasts were promised in other logs, of which only the better is shown.",
        "That the counts are what was recorded, or that what was recorded is what happened: the "
        "log keeps counts, and the records stay with who holds them.",
        "That a forecast was made by the software or from the data that it names.",
    ]
    return told


def _together(promises: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for promise in promises:
        if promise["reference"] is not None:
            key = (promise["category"], promise["forecaster"], promise["reference"])
            groups.setdefault(key, []).append(promise)
    found = [_group(*key, group) for key, group in groups.items()]
    told = [one for one in found if one["gain"] is not None]
    for one, judged in zip(told, judge_family([one["gain"] for one in told]), strict=True):
        one["gain"] = judged.to_dict()
    return found


def _group(
    category: str, forecaster: str, reference: str, group: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    in_time = [one for one in group if not one["late"]]
    rounds = [(one, one["scorings"][0]["results"][GAIN]) for one in in_time if one["scorings"]]
    rounds = [(one, gain) for one, gain in rounds if gain is not None]
    gains, incidents, starts = [], [], []
    if_reference, if_forecast = [], []
    for one, gain in rounds:
        gains += gain["by_period"]["gain"]
        incidents += gain["by_period"]["incidents"]
        if_reference += gain["by_period"]["variance_if_reference"]
        if_forecast += gain["by_period"]["variance_if_forecast"]
        begins, periods = instant(one["begins"]), len(gain["by_period"]["gain"])
        span = (instant(one["ends"]) - begins) / periods
        starts += [begins + k * span for k in range(periods)]
    estimate = None
    if rounds:
        weeks = np.floor((np.array(starts) - min(starts)) / np.timedelta64(7, "D") + 1e-2)
        bootstrap = BlockBootstrap(
            np.unique(weeks, return_inverse=True)[1], np.random.default_rng(1)
        )
        nothing = np.zeros(len(gains))
        estimate = judge(
            bootstrap,
            np.array(gains),
            np.array(incidents, dtype=np.float64),
            ImpliedGain(nothing, nothing, np.array(if_reference), np.array(if_forecast), nothing),
            of="incidents recorded in the cells, in all rounds that were scored",
        )
    return {
        "category": category,
        "forecaster": forecaster,
        "reference": reference,
        "promised": len(group),
        "late": len(group) - len(in_time),
        "scored": sum(one["state"] == SCORED for one in in_time),
        "never_scored": sum(one["state"] == NEVER for one in in_time),
        "waiting": sum(one["state"] == WAITING for one in in_time),
        "worse_than_reference": sum((gain["value"] or 0.0) < 0.0 for _, gain in rounds),
        "gain": estimate,
    }
