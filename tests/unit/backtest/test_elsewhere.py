"""What a worker gets and hands back: all that a task needs, and nothing of where it was asked."""

import pickle

from tests.asking import run_here

from veedor.files.sealed import key


class Elsewhere:
    """An executor whose worker sees no file of the asking machine: all goes as bytes, both ways."""

    def __init__(self):
        self.sent = []

    def run(self, function, shared, tasks, *, together=None):
        known = pickle.dumps((function, shared))
        self.sent.append(known)
        function, shared = pickle.loads(known)
        for task in tasks:
            self.sent.append(pickle.dumps(task))
            yield pickle.loads(pickle.dumps(function(shared, pickle.loads(self.sent[-1]))))


def test_a_run_elsewhere_gives_the_same_bytes(small_study, tmp_path):
    run_here(small_study)
    run_here(small_study, Elsewhere(), into=tmp_path / "results")
    here, there = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*.*")
            if path.is_file() and path.name != "manifest.json"
        }
        for folder in (small_study / "results", tmp_path / "results")
    )
    assert here == there


def test_neither_folders_nor_the_key_of_the_seals_are_sent(small_study, tmp_path):
    executor = Elsewhere()
    run_here(small_study, executor, into=tmp_path / "results")
    sent = b"".join(executor.sent)
    assert key() not in sent
    assert str(tmp_path).encode() not in sent
    assert str(small_study).encode() not in sent
