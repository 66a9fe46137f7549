"""An access log: appended to without the entries before, copied out, verified, read and audited."""

import json

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veedor.cli.app import main
from veedor.errors import SealError
from veedor.report.words import words_in
from veedor.report.words.looks import PURPOSES
from veedor.report.words.sealing import problem
from veedor.sealing import (
    AccountChange,
    Head,
    Look,
    Promise,
    Pseudonyms,
    Purpose,
    Witnessed,
    committed,
    copy_log,
    findings,
    verify,
    write_looks,
)
from veedor.sealing.accesses import PURPOSE_KINDS
from veedor.sealing.clock import written
from veedor.sealing.manifests import this_code

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
START = np.datetime64("2026-11-30T12:00", "us")
_HOUR = np.timedelta64(1, "h")
_SECOND, _MICROSECOND = np.timedelta64(1, "s"), np.timedelta64(1, "us")
KEYS = Pseudonyms(KEY)


class Kept:
    """Entries as a database keeps them."""

    def __init__(self):
        self.head, self.leaves, self.at = Head.of_new("example.org/looks"), [], START

    def add(self, kind, after=_SECOND, key=KEY, **about):
        self.at = self.at + after
        made = kind(written_at=written(self.at), code=this_code(), **about)
        entry, self.head = self.head.then(made, key)
        self.leaves.append(entry.leaf)
        return entry.manifest.number

    def purpose(self, account="1", project="p", **more):
        about = {
            "office": "Defensoría",
            "role": "auditor",
            "purpose": "case",
            "case": KEYS.case("Exp. 12/26"),
            "words": committed("what is asked", bytes(32)),
        }
        keys = {"account": KEYS.account(account), "project": KEYS.project(project)}
        return self.add(Purpose, **(about | keys | more))

    def look(self, purpose, account="1", project="p", **more):
        about = {"office": "Defensoría", "role": "auditor", "thing": "result", "sha256": "0" * 64}
        keys = {"account": KEYS.account(account), "project": KEYS.project(project)}
        return self.add(Look, purpose=purpose, **(about | keys | more))

    def account(self, change, account="1", **more):
        about = {"office": "Defensoría", "role": "auditor", "project": None, "by": None}
        return self.add(
            AccountChange, change=change, account=KEYS.account(account), **(about | more)
        )

    def witnessed(self, **more):
        about = {"size": self.head.frontier.size, "root": self.head.frontier.root().hex()}
        return self.add(Witnessed, **({"witness": "mail"} | about | more))

    def copied(self, folder):
        copy_log(self.leaves, "example.org/looks", folder, KEY)
        return folder


@pytest.fixture
def kept():
    return Kept()


def codes(checked):
    return [one.what.code for one in checked.problems]


def test_an_access_log_verifies_and_is_as_long_as_was_appended(kept, tmp_path):
    kept.account("invited")
    first = kept.purpose()
    for _ in range(2_100):
        kept.look(first)
    kept.witnessed()
    log = kept.copied(tmp_path / "log")
    checked = verify(log)
    assert checked.holds
    assert len(checked.log.tree) == 2_103
    assert checked.log.tree.root() == kept.head.frontier.root()
    assert [path.name for path in sorted((log / "batches").iterdir())] == [
        "00000000.json",
        "00001000.json",
        "00002000.json",
    ]
    found = findings(checked)
    assert (found.looks.purposes, found.looks.changes, found.looks.witnessed) == (1, 1, 1)
    assert found.looks.told.accounts is None  # one account is fewer than ten
    assert found.looks.told.looks is None
    assert not found.looks.unknown
    assert {one.code for one in found.proven} >= {"log_looks_under_purposes", "log_witnessed"}
    assert "log_files_as_promised" not in {one.code for one in found.proven}


def test_a_copy_made_later_begins_with_the_same_bytes(kept, tmp_path):
    number = kept.purpose()
    for _ in range(1_500):
        kept.look(number)
    early = kept.copied(tmp_path / "early")
    old = (early / "checkpoint").read_text()
    kept.look(number)
    late = kept.copied(tmp_path / "late")
    name = "batches/00000000.json"
    assert (early / name).read_bytes() == (late / name).read_bytes()
    assert verify(late, remembered=[old]).holds
    assert codes(verify(early, remembered=[(late / "checkpoint").read_text()])) == ["log_cut_short"]


def test_a_look_is_under_a_purpose_for_eight_hours_and_no_longer(kept, tmp_path):
    number = kept.purpose()
    declared = kept.at
    kept.look(number, after=8 * _HOUR)
    assert verify(kept.copied(tmp_path / "in_force")).holds
    kept.look(number, after=_MICROSECOND)
    assert kept.at - declared > 8 * _HOUR
    assert codes(verify(kept.copied(tmp_path / "over"))) == ["log_look_too_late"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"purpose": 7}, "log_look_without_purpose"),
        ({"purpose": 0}, "log_look_without_purpose"),
        ({"account": "2"}, "log_look_for_another_account"),
        ({"project": "q"}, "log_look_for_another_project"),
    ],
)
def test_a_look_under_no_purpose_of_its_own_is_a_problem(kept, tmp_path, wrong, code):
    kept.account("invited")
    number = kept.purpose()
    kept.look(**({"purpose": number} | wrong))
    checked = verify(kept.copied(tmp_path / "log"))
    assert codes(checked) == [code]
    assert checked.problems[0].where.arguments == {"entry": 2}
    for language in ("en", "es"):
        assert "{" not in problem(words_in(language), checked.problems[0])


def test_an_ended_account_looks_no_more_until_it_is_let_in_again(kept, tmp_path):
    kept.account("invited")
    number = kept.purpose()
    kept.account("ended")
    kept.look(number)
    assert codes(verify(kept.copied(tmp_path / "ended"))) == ["log_look_after_the_end"]
    other = Kept()
    other.account("ended")
    other.account("invited")
    other.look(other.purpose())
    assert verify(other.copied(tmp_path / "again")).holds


@pytest.mark.parametrize("wrong", [{"root": "1" * 64}, {"size": 9}])
def test_a_checkpoint_that_no_witness_can_have_is_a_problem(kept, tmp_path, wrong):
    kept.purpose()
    kept.witnessed(**wrong)
    assert codes(verify(kept.copied(tmp_path / "log"))) == ["log_witness_of_others"]


def test_an_entry_that_is_taken_out_or_changed_is_found(kept, tmp_path):
    number = kept.purpose()
    for _ in range(3):
        kept.look(number)
    whole = list(kept.leaves)
    del kept.leaves[2]
    taken = verify(kept.copied(tmp_path / "taken"))
    assert {"log_out_of_place", "log_does_not_follow"} <= set(codes(taken))
    kept.leaves = [one.replace(b'"result"', b'"export"') for one in whole]
    changed = verify(kept.copied(tmp_path / "changed"))
    assert "log_not_signed" in codes(changed)


def test_promises_and_looks_do_not_mix(kept, kept_log, tmp_path):
    promise = next(
        one for one in verify(kept_log).log.entries if isinstance(one.manifest, Promise)
    ).manifest
    about = {name: getattr(promise, name) for name in promise.__struct_fields__}
    for name in ("number", "previous", "written_at", "code"):
        del about[name]
    kept.purpose()
    kept.add(Promise, **about)
    assert "log_promise_among_looks" in codes(verify(kept.copied(tmp_path / "one")))
    other = Kept()
    other.add(Promise, **about)
    other.purpose()
    assert "log_looks_among_promises" in codes(verify(other.copied(tmp_path / "other")))


def test_a_clock_that_is_behind_appends_nothing(kept):
    kept.purpose()
    with pytest.raises(SealError, match="order of their times"):
        kept.purpose(after=-2 * _SECOND)


def test_what_is_counted_hides_few_people(kept, tmp_path):
    for account in range(25):
        kept.account("invited", str(account), office="Council" if account < 22 else "Newsroom")
    for account in range(25):
        office = "Council" if account < 22 else "Newsroom"
        kind = "case" if account < 12 else "audit"
        number = kept.purpose(str(account), office=office, purpose=kind)
        for _ in range(4):
            kept.look(number, str(account), office=office)
    told = findings(verify(kept.copied(tmp_path / "log"))).looks.told
    # Three accounts of one office of two would be the rest of the other and the whole.
    assert (told.accounts, told.looks) == (25, 100)
    assert [(one.name, one.accounts, one.looks) for one in told.offices] == [
        ("Council", None, None),
        ("Newsroom", None, None),
    ]
    assert [(one.name, one.accounts, one.looks) for one in told.kinds] == [
        ("audit", 13, 52),
        ("case", 12, 48),
    ]


def test_a_stranger_verifies_and_audits_the_looks(kept, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(3)
    for account in range(12):
        kept.account("invited", str(account))
    for day in range(20):
        for account in range(12):
            number = kept.purpose(str(account), after=2 * _HOUR)
            for _ in range(int(rng.integers(1, 4))):
                digest = rng.bytes(32).hex()
                kept.look(number, str(account), sha256=digest, after=np.timedelta64(day + 9, "m"))
    kept.copied(tmp_path / "log")

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        return left.value.code

    for language, said in (("en", "Who looked"), ("es", "Quién miró")):
        asked = ("--report", "page.html", "--looks", "looks.csv", "--lang", language)
        assert run("log", "verify", "log", *asked) == 0
        assert said in (tmp_path / "page.html").read_text()
        assert KEYS.account("1") not in (tmp_path / "page.html").read_text()
    numbers = json.loads((tmp_path / "page.json").read_text())
    looks = numbers["looks"]["told"]["looks"]
    assert looks == sum(one["looks"] for one in numbers["looks"]["told"]["offices"])
    assert run("audit", "init", "looks.csv", "--out", "audit.toml") == 0
    proposed = (tmp_path / "audit.toml").read_text()
    assert "veedor audit access looks.csv" in proposed
    (tmp_path / "salt.txt").write_text("0123456789abcdef" * 4)
    asked = ("--kind", "own", "--time-zone", "UTC", "--salt", "salt.txt", "--out", "access")
    capsys.readouterr()
    assert run("audit", "access", "looks.csv", *asked) == 0
    assert f"12 users looked {looks} times" in capsys.readouterr().out


def test_looks_are_written_only_of_an_access_log_that_holds(kept, kept_log, tmp_path):
    kept.look(kept.purpose(), after=9 * _HOUR)
    log = kept.copied(tmp_path / "looks")
    for folder, place in (
        (log, tmp_path / "a.csv"),
        (kept_log, tmp_path / "b.csv"),
    ):
        with pytest.raises(SealError, match="an access log that verifies"):
            write_looks(verify(folder), place)
        assert not place.exists()
    good = Kept()
    good.look(good.purpose())
    folder = good.copied(tmp_path / "good")
    with pytest.raises(SealError, match="outside"):
        write_looks(verify(folder), folder / "looks.csv")


def test_keys_tell_no_one_but_the_keeper_who_or_what_it_was():
    other = Pseudonyms(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert KEYS.account("1") != other.account("1")
    assert len({KEYS.account("1"), KEYS.project("1"), KEYS.case("1"), KEYS.account("2")}) == 4
    assert KEYS.case("EXP-2026-00017") == KEYS.case("exp 2026/00017")
    assert KEYS.case("-") != KEYS.case("/")
    assert committed("a", bytes(32)) != committed("a", bytes(31) + b"\x01")
    with pytest.raises(ValueError, match="31 bytes"):
        committed("a", bytes(31))


def test_every_kind_of_purpose_has_words():
    assert tuple(PURPOSES) == PURPOSE_KINDS
