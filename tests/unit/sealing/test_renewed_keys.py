"""Another key of a log: named by the one before, and by nobody else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.unit.sealing.test_looks import KEY, Kept, codes

from veedor.sealing import Checkpoint, KeyRenewed, copy_log, verify
from veedor.sealing.keys import raw

SECOND, THIRD, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n in (1, 2, 3))
ORIGIN = "example.org/looks"


class Renewed(Kept):
    """Entries that are signed by whichever key is said."""

    key = KEY

    def sign_by(self, key):
        self.key = key

    def add(self, kind, **about):
        return super().add(kind, key=self.key, **about)

    def renew(self, key):
        number = self.add(KeyRenewed, public_key=raw(key.public_key()).hex())
        self.sign_by(key)
        return number

    def copy(self, folder, key):
        copy_log(self.leaves, ORIGIN, folder, key, KEY.public_key())
        return folder


@pytest.fixture
def twice(tmp_path):
    """A log of three keys, and a checkpoint of each."""
    kept, old = Renewed(), []
    purpose = kept.purpose()
    for key in (SECOND, THIRD):
        kept.look(purpose)
        old.append(kept.head.checkpoint(kept.key).text)
        kept.renew(key)
    kept.look(purpose)
    return kept, old


def test_who_knows_a_log_by_its_first_key_goes_on(twice, tmp_path):
    kept, old = twice
    log = kept.copy(tmp_path / "log", THIRD)
    checked = verify(log, public_key=KEY.public_key(), remembered=old)
    assert checked.holds, codes(checked)
    told = [one.arguments for one in checked.notices if one.code == "log_key_renewed"]
    assert [one["entry"] for one in told] == [2, 4]
    assert codes(verify(log, public_key=THIRD.public_key())) == ["log_key_of_another"]


@pytest.mark.parametrize("key", [KEY, SECOND, THIEF], ids=["first", "second", "thief"])
def test_a_key_that_was_replaced_signs_nothing_more(twice, tmp_path, key):
    kept, _ = twice
    kept.sign_by(key)
    kept.look(0)
    log = kept.copy(tmp_path / "log", THIRD)
    assert codes(verify(log)) == ["log_not_signed"]
    given = Checkpoint.signed(ORIGIN, 6, kept.head.frontier.root(), key)
    kept_by = verify(kept.copy(tmp_path / "again", key), remembered=[given.text])
    assert "log_remembered_by_another_key" in codes(kept_by)


def test_nobody_but_the_key_in_force_names_another(tmp_path):
    for thief in (THIEF, KEY):
        kept = Renewed()
        purpose = kept.purpose()
        kept.renew(SECOND)
        kept.sign_by(thief)
        kept.renew(THIEF)
        kept.look(purpose)
        log = kept.copy(tmp_path / str(thief is KEY), SECOND)
        assert codes(verify(log)) == ["log_not_signed", "log_not_signed"]


def test_a_first_key_that_is_put_in_the_place_of_the_first_is_seen(twice, tmp_path):
    kept, _ = twice
    log = tmp_path / "log"
    copy_log(kept.leaves, ORIGIN, log, THIRD, SECOND.public_key())
    assert "log_not_signed" in codes(verify(log))
