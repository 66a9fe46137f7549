"""Logs that others wrote: of before results held codes, and with scorings that nobody computed.

`earlier_log.zip` was sealed and scored by the build of before: scores without and with an
interval, gains, capture rates, revised outcomes.
"""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
import rfc8785

from veedor.report.sealed import sealed_document
from veedor.report.words import words_in
from veedor.report.words.logs import verified
from veedor.sealing import create_key, findings, read_log, verify
from veedor.sealing.batches import Entry, encode_batch
from veedor.sealing.checkpoints import Checkpoint
from veedor.sealing.keys import public_pem
from veedor.sealing.manifests import Scoring
from veedor.sealing.merkle import Tree, leaf_hash


@pytest.fixture
def log(tmp_path) -> Path:
    with zipfile.ZipFile(Path(__file__).with_name("earlier_log.zip")) as packed:
        packed.extractall(tmp_path)
    return tmp_path / "log"


def test_it_verifies_and_says_what_it_said(log):
    verdict = verify(log)
    assert verdict.problems == ()
    scorings = [one for rounds in verdict.scorings.values() for _, one in rounds]
    assert len(scorings) == 10
    found = {one.entry: one for one in findings(verdict).promises}
    assert [one.state for one in found.values()] == ["scored"] * 5
    gain = found[3].scorings[0].results.information_gain
    assert gain.gain.value == pytest.approx(0.146, abs=5e-4)
    assert gain.gain.low == pytest.approx(0.127, abs=5e-4)
    assert gain.gain.method.code == "expanded_percentile_or_chance"
    assert gain.gain.method.arguments == {"blocks": 8}
    assert sum(gain.incidents) == gain.gain.n


def _signed_again(log, change):
    """The holder of a key writes the whole log again, each scoring changed."""
    old, key = read_log(log), create_key(log.with_name("another.key"))
    shutil.rmtree(log / "batches")
    (log / "batches").mkdir()
    tree, last = Tree(), None
    for entry in old.entries:
        said = json.loads(entry.message)
        if isinstance(entry.manifest, Scoring):
            change(said["results"])
        message = rfc8785.dumps(said | {"previous": tree.root().hex()})
        signed = Entry(entry.manifest, message, key.sign(message))
        place = log / "batches" / f"{len(tree):08d}.json"
        tree.append(leaf_hash(signed.leaf))
        last = Checkpoint.signed(old.head.origin, len(tree), tree.root(), key)
        place.write_bytes(encode_batch([signed.leaf], last))
    (log / "public-key.pem").write_bytes(public_pem(key.public_key()))
    (log / "checkpoint").write_text(last.text, encoding="utf-8")


def _score(results):
    return next(iter(results["scores"].values()))


def _gain(results):
    return results["information_gain"] or _score(results)


CHANGES = {
    "a value": lambda r: _score(r).update(value=1.01 * _score(r)["value"]),
    "an end": lambda r: _gain(r).update(low=0.2),
    "a level": lambda r: _score(r).update(level=0.9),
    "a number": lambda r: _score(r).update(n=1 + _score(r)["n"]),
    "incidents": lambda r: r.update(incidents=1 + r["incidents"]),
    "blocks": lambda r: _score(r).update(
        method="none: 5 blocks (weeks, or longer periods) are too few"
    ),
    "another method": lambda r: _score(r).update(
        method="expanded percentile bootstrap of 8 blocks (weeks, or longer periods)."
    ),
    "words of their own": lambda r: _score(r).update(method="Ana Paz, DNI 30.123.456"),
    "another denominator": lambda r: _score(r).update(denominator="all incidents of the city"),
    "other cells": lambda r: _score(r).update(denominator="cells x periods: 7 x 1"),
    "more": lambda r: r.update(note="x"),
    "more of a score": lambda r: _score(r).update(note="x"),
    "less": lambda r: r.pop("capture_rate"),
    "another score": lambda r: r["scores"].update(better=_score(r)),
    "gains": lambda r: _gain(r).setdefault("by_period", {"gain": []}).update(gain=[1.0]),
    "places": lambda r: (r["capture_rate"] or [_score(r)])[0].update(value=0.9),
}


def test_signed_again_as_it_is_it_verifies(log):
    _signed_again(log, lambda results: None)
    assert verify(log).problems == ()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_holder_of_a_key_who_changes_it_is_found_out(log, change):
    _signed_again(log, change)
    assert not verify(log).holds


STRANGE = {
    "a code": lambda r: _any(r).update(method={"code": "nope", "arguments": {}}),
    "a denominator": lambda r: _any(r).update(denominator={"code": "\x1b[31m", "arguments": {}}),
    "no arguments": lambda r: _any(r).update(method={"code": "none_few_blocks", "arguments": {}}),
    "a score": lambda r: r["scores"].update({"{0}\u202e": _any(r)}),
    "many gains": lambda r: r["information_gain"] and _by_period(r).update(gain=[1.0] * 9),
    "no incidents": lambda r: r["information_gain"] and r["information_gain"].update(incidents=[]),
}


def _any(results):
    return next(iter(results["scores"].values()))


def _by_period(results):
    return results["information_gain"]["by_period"]


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_a_score_that_is_not_confirmed_is_shown_nowhere(kept_log, change):
    _signed_again(kept_log, change)
    verdict = verify(kept_log)
    found = findings(verdict)
    assert not found.holds
    confirmed = [one.results is not None for row in found.promises for one in row.scorings]
    assert not all(confirmed)
    words = words_in("en")
    page = sealed_document(found, words)
    assert page.cover is not None
    assert page.cover.finding.startswith("This log does not hold")
    told = verified(words, page, verdict, found, None, None)
    assert any("not confirmed" in str(one.tables) for one in told.details)
