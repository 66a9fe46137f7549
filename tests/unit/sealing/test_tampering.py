"""Whatever is changed in a log is caught, and named."""

import base64
import json
import shutil

import msgspec
import numpy as np
import pytest
import rfc8785

from veedor.report.words import words_in
from veedor.report.words.sealing import problem
from veedor.sealing import create_key, findings, read_log, seal, verify
from veedor.sealing.batches import Entry, encode_batch
from veedor.sealing.checkpoints import Checkpoint
from veedor.sealing.merkle import Tree, leaf_hash
from veedor.statistics.codes import Finding

EACH = 250


def _files(log):
    return sorted(path for path in log.rglob("*") if path.is_file())


def _batches(log):
    return sorted((log / "batches").iterdir())


def _flipped(log, rng):
    files = _files(log)
    path = files[rng.integers(len(files))]
    data = bytearray(path.read_bytes())
    data[rng.integers(len(data))] ^= 1 << rng.integers(8)
    path.write_bytes(data)
    return path


def _truncated(log, rng):
    files = _files(log)
    path = files[rng.integers(len(files))]
    data = path.read_bytes()
    path.write_bytes(data[: rng.integers(len(data))])
    return path


def _dropped_file(log, rng):
    files = _files(log)
    files[rng.integers(len(files))].unlink()


def _dropped_batches_renumbered(log, rng):
    paths = _batches(log)
    gone = rng.integers(len(paths))
    texts = [path.read_bytes() for n, path in enumerate(paths) if n != gone]
    for path in paths:
        path.unlink()
    number = 0
    for text in texts:
        (log / "batches" / f"{number:08d}.json").write_bytes(text)
        number += len(json.loads(text)["entries"])


def _dropped_entry(log, rng):
    path = _batches(log)[rng.integers(len(_batches(log)))]
    batch = json.loads(path.read_bytes())
    del batch["entries"][rng.integers(len(batch["entries"]))]
    path.write_bytes(rfc8785.dumps(batch) + b"\n")
    return path


def _reordered_batches(log, rng):
    one, two = rng.choice(len(_batches(log)), 2, replace=False)
    first, second = _batches(log)[one], _batches(log)[two]
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(a)


def _reordered_entries(log, rng):
    path = _batches(log)[rng.integers(len(_batches(log)))]
    batch = json.loads(path.read_bytes())
    batch["entries"].reverse()
    path.write_bytes(rfc8785.dumps(batch) + b"\n")
    return path


def _backdated(log, rng):
    path = _batches(log)[rng.integers(len(_batches(log)))]
    batch = json.loads(path.read_bytes())
    entry = batch["entries"][rng.integers(len(batch["entries"]))]
    entry["manifest"]["written_at"] = f"2026-11-{rng.integers(1, 20):02d}T00:00:00.000000Z"
    path.write_bytes(rfc8785.dumps(batch) + b"\n")
    return path


def _added(log, rng):
    name = ["batches/00000099.json", "files/x.parquet", "notes.txt", "batches/x"][rng.integers(4)]
    (log / name).write_bytes(b"{}")
    return log / name


def _replaced(log, rng):
    """Another's log, whole and sound, in this one's place."""
    key = create_key(log.with_name(f"{rng.integers(1 << 62)}.key"))
    _resigned(log, key, lambda number: number)


def _rewritten_by_the_holder(log, rng):
    """The same key, and another history: an entry left out, all signed again."""
    from veedor.sealing import load_key

    gone = rng.integers(len(read_log(log).entries) - 1)
    _resigned(log, load_key(log.parent / "log.key"), lambda number: None if number == gone else 0)


def _cut_short(log, rng):
    """The last batches gone, and the checkpoint of then put in place."""
    paths = _batches(log)
    left = rng.integers(1, len(paths))
    for path in paths[left:]:
        path.unlink()
    text = json.loads(paths[left - 1].read_bytes())["checkpoint"]
    (log / "checkpoint").write_text(text, encoding="utf-8")


def _resigned(log, key, keep):
    """Write a log again, entry by entry, signed with a key: sound in itself."""
    from veedor.sealing.keys import public_pem

    old = read_log(log)
    shutil.rmtree(log / "batches")
    (log / "batches").mkdir()
    tree, last = Tree(), None
    for entry in (e for n, e in enumerate(old.entries) if keep(n) is not None):
        number = len(tree)
        manifest = msgspec.structs.replace(
            entry.manifest, number=number, previous=tree.root().hex()
        )
        signed = Entry.signed(manifest, key)
        tree.append(leaf_hash(signed.leaf))
        last = Checkpoint.signed(old.head.origin, len(tree), tree.root(), key)
        (log / "batches" / f"{number:08d}.json").write_bytes(encode_batch([signed.leaf], last))
    (log / "public-key.pem").write_bytes(public_pem(key.public_key()))
    (log / "checkpoint").write_text(last.text, encoding="utf-8")


TAMPERINGS = [
    _flipped,
    _flipped,
    _flipped,
    _truncated,
    _truncated,
    _dropped_file,
    _dropped_batches_renumbered,
    _dropped_entry,
    _reordered_batches,
    _reordered_entries,
    _backdated,
    _added,
    _replaced,
    _rewritten_by_the_holder,
    _cut_short,
]


@pytest.mark.parametrize("part", range(4))
def test_random_tamperings_are_caught_and_named(kept_log, part):
    """A thousand in all."""
    rng = np.random.default_rng(part)
    remembered = (kept_log / "checkpoint").read_text(encoding="utf-8")
    assert verify(kept_log, remembered=[remembered]).holds
    for number in range(EACH):
        log = kept_log.with_name("tampered")
        shutil.copytree(kept_log, log)
        before = {path.relative_to(log): path.read_bytes() for path in _files(log)}
        tampering = TAMPERINGS[rng.integers(len(TAMPERINGS))]
        touched = tampering(log, rng)
        after = {path.relative_to(log): path.read_bytes() for path in _files(log)}
        if after != before:
            verdict = verify(log, remembered=[remembered])
            told = [problem(words_in("en"), one) for one in verdict.problems]
            assert told, (part, number, tampering.__name__, touched)
            if touched is not None:
                assert any(touched.name in line for line in told), (tampering.__name__, told)
        shutil.rmtree(log)


@pytest.mark.parametrize("how", ["another's", "the holder's", "cut short"])
def test_what_is_sound_in_itself_is_caught_by_what_one_kept(kept_log, log_key, how):
    """Alone, nothing shows it, and `verify` says so; a checkpoint kept from before does."""
    remembered = (kept_log / "checkpoint").read_text(encoding="utf-8")
    key = read_log(kept_log).key
    if how == "another's":
        _replaced(kept_log, np.random.default_rng(0))
    elif how == "the holder's":
        _resigned(kept_log, log_key, lambda number: None if number == 9 else number)
    else:
        _cut_short(kept_log, np.random.default_rng(0))
    alone = verify(kept_log)
    assert alone.holds
    assert "log_may_be_another" in {one.code for one in findings(alone).not_proven}
    told = [one.where for one in verify(kept_log, remembered=[remembered]).problems]
    assert told == [Finding("log_remembered_of", {"entries": 10})]
    by_key = verify(kept_log, public_key=key).problems
    expected = [Finding("log_file", {"file": "public-key.pem"})]
    assert [one.where for one in by_key] == expected * (how == "another's")


def test_a_log_that_only_grew_is_consistent_with_every_checkpoint_of_it(kept_log):
    texts = [json.loads(path.read_bytes())["checkpoint"] for path in _batches(kept_log)]
    verdict = verify(kept_log, remembered=texts)
    assert verdict.holds
    assert verdict.remembered == len(texts)


def test_a_malleable_base64_is_another_form(kept_log):
    """The last letter before the padding has spare bits: both spell the same signature."""
    text = (kept_log / "checkpoint").read_text(encoding="utf-8")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stem, last = text.rstrip("\n=")[:-1], text.rstrip("\n=")[-1]
    other = letters[letters.index(last) ^ 1]
    changed = stem + other + text[len(stem) + 1 :]
    signature = changed.split(" ")[-1]
    assert base64.b64decode(signature) == base64.b64decode(text.split(" ")[-1])
    (kept_log / "checkpoint").write_text(changed, encoding="utf-8")
    expected = [Finding("log_file", {"file": "checkpoint"})]
    assert [one.where for one in verify(kept_log).problems] == expected


@pytest.mark.parametrize(
    "field",
    ["category", "forecaster", "data_cutoff", "cells_count", "late", "time_source", "reference"],
)
def test_a_promise_that_misstates_its_forecast_is_caught_though_signed(
    tmp_path, time, forecast, log_key, field
):
    """The holder of the key signs, hashes and appends it all; the forecast says otherwise."""
    log = tmp_path / "log"
    seal([forecast("Tilted")], log, log_key)
    entry = read_log(log).entries[0]
    wrong = {
        "category": "arson",
        "forecaster": "Another",
        "data_cutoff": "2026-11-01T00:00:00.000000Z",
        "cells_count": 7,
        "late": True,
        "time_source": "RFC 3161 token at the end of the batch",
        "reference": "0" * 64,
    }
    manifest = msgspec.structs.replace(entry.manifest, **{field: wrong[field]})
    signed = Entry.signed(manifest, log_key)
    tree = Tree([leaf_hash(signed.leaf)])
    head = Checkpoint.signed(read_log(log).head.origin, 1, tree.root(), log_key)
    (log / "batches" / "00000000.json").write_bytes(encode_batch([signed.leaf], head))
    (log / "checkpoint").write_text(head.text, encoding="utf-8")
    problems = verify(log).problems
    assert problems
    assert all(one.where.arguments["entry"] == 0 for one in problems)


def test_scores_that_were_made_up_are_caught_though_signed(kept_log, log_key):
    """The holder raises a gain, and signs the log again from there."""
    log = read_log(kept_log)
    path = kept_log / "batches" / "00000008.json"
    tree = Tree(leaf_hash(entry.leaf) for entry in log.entries[:8])
    leaves = []
    for entry in log.entries[8:]:
        results = entry.manifest.results
        half = msgspec.structs.replace(
            results.scores["crps"], value=results.scores["crps"].value / 2
        )
        results = msgspec.structs.replace(results, scores=results.scores | {"crps": half})
        manifest = msgspec.structs.replace(
            entry.manifest, results=results, previous=tree.root().hex()
        )
        signed = Entry.signed(manifest, log_key)
        leaves.append(signed.leaf)
        tree.append(leaf_hash(signed.leaf))
    head = Checkpoint.signed(log.head.origin, len(tree), tree.root(), log_key)
    path.write_bytes(encode_batch(leaves, head))
    (kept_log / "checkpoint").write_text(head.text, encoding="utf-8")
    told = [one.what for one in verify(kept_log).problems]
    assert len(told) == 2
    assert {one.code for one in told} == {"log_scores_differ"}
    assert all(one.arguments["at"] == "scores.crps.value" for one in told)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"checkpoint":"","entries":[]}\n',
        b"\xff\xfe",
        b'{"checkpoint":1e999,"entries":null}',
    ],
)
def test_hostile_batches_are_problems_not_crashes(kept_log, text):
    (kept_log / "batches" / "00000000.json").write_bytes(text)
    assert any("00000000.json" in one.where.arguments["file"] for one in verify(kept_log).problems)


def test_a_path_is_no_hash(kept_log, log_key):
    entry = read_log(kept_log).entries[0]
    kept = msgspec.structs.replace(entry.manifest.cells, sha256="../../../../etc/passwd")
    signed = Entry.signed(msgspec.structs.replace(entry.manifest, cells=kept), log_key)
    batch = json.loads((kept_log / "batches" / "00000000.json").read_bytes())
    batch["entries"][0] = json.loads(signed.leaf)
    (kept_log / "batches" / "00000000.json").write_bytes(rfc8785.dumps(batch) + b"\n")
    assert any(
        "manifest that this version knows" in one.what.arguments["error"]
        for one in verify(kept_log).problems
        if one.what.code == "log_fails"
    )
