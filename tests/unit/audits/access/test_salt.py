import copy
import hashlib
import pickle

import pyarrow as pa
import pytest

from veedor.audits.access.salt import VARIABLE, Salt
from veedor.errors import StudyError, UnreadableError

SECRET = b"nobody uses this one, it is made up"


@pytest.mark.parametrize(
    ("secret", "good"),
    [
        (b"0123456789abcdef", True), (b"0123456789abcde", False), (b"  0123456789abcde \n", False),
        (b"abcde" * 9, False), (b"abcdef" * 9, True), (b"", False),
    ],
)  # fmt: skip
def test_a_secret_that_can_be_guessed_is_refused(secret, good):
    if good:
        assert Salt(secret)
        return
    with pytest.raises(StudyError, match="secret") as told:
        Salt(secret, "salt.txt")
    assert secret.decode().strip() not in str(told.value) or not secret.strip()


def test_it_comes_from_a_file_or_the_environment_and_else_nothing_is_hashed(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(StudyError, match="no salt"):
        Salt.given()
    path = tmp_path / "salt.txt"
    path.write_bytes(SECRET + b"\n")
    monkeypatch.setenv(VARIABLE, SECRET.decode())
    text = pa.array(["ABC123"])
    assert Salt.given(path).digests(text) == Salt.given().digests(text)
    with pytest.raises((StudyError, UnreadableError)):
        Salt.given(tmp_path / "none.txt")


def test_it_is_nowhere_to_be_read_and_not_copied():
    salt = Salt(SECRET)
    assert SECRET.decode() not in repr(salt) + str(salt) + repr(vars(Salt))
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            copied(salt)


def test_the_hash_is_keyed_blake2():
    person = b"veedor access"
    key = hashlib.blake2b(SECRET, person=person).digest()
    expected = hashlib.blake2b(b"ABC123", key=key, digest_size=8, person=person).digest()
    assert Salt(SECRET).digests(pa.array(["ABC123"])).tobytes() == expected


def test_nothing_and_the_empty_text_are_alike_and_texts_are_not():
    digests = Salt(SECRET).digests(pa.array(["", None, "a", "b"], pa.string()))
    assert digests[0] == digests[1] and len({*digests.tolist()}) == 3
    assert Salt(SECRET).digests(pa.array([], pa.string())).size == 0
