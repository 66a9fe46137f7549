"""Passwords are hashed one at a time; who cannot be heard is told so, and counts for nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress

import pytest

from veedor.web.accounts.turns import TURNS, CrowdedError, Turns


def taken(turns, seconds=0.0):
    """Have a turn for a while; whether there was one."""
    try:
        with turns.taken():
            time.sleep(seconds)
    except CrowdedError:
        return False
    return True


def test_one_of_many_threads_is_in_one_waits_and_the_others_go_at_once():
    turns, inside, most, heard = Turns(), 0, 0, []

    def one():
        nonlocal inside, most
        with suppress(CrowdedError), turns.taken():
            inside += 1
            most = max(most, inside)
            time.sleep(0.3)
            inside -= 1
            heard.append(1)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, len(heard)) == (1, 2)
    assert taken(turns)


def test_another_process_keeps_it_out_until_it_ends_or_is_killed():
    turns = Turns(patience_s=0.2)
    told, tell = os.pipe()
    other = os.fork()
    if not other:
        with turns.taken():
            os.write(tell, b"in")
            time.sleep(60)
        os._exit(0)
    assert os.read(told, 2) == b"in"
    assert not taken(turns)
    os.kill(other, signal.SIGKILL)
    os.waitpid(other, 0)
    assert taken(turns)
    os.close(told)
    os.close(tell)


def test_an_error_in_a_turn_gives_it_back():
    turns = Turns()
    for _ in range(3):
        with pytest.raises(ValueError, match="mine"), turns.taken():
            raise ValueError("mine")
    assert taken(turns)


@pytest.mark.parametrize("known", [True, False])
def test_a_sign_in_that_is_not_heard_is_told_and_is_no_attempt(client_of, user, logged, known):
    from axes.models import AccessAttempt

    client = client_of("visitor")
    who = user("analyst").email if known else "nobody@example.org"
    given = {"login": who, "password": "not the password"}
    with TURNS.taken(), TURNS._room:  # one is in, and one waits
        answer = client.post("/accounts/login/", given)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Demasiadas" in answer.text
    assert not AccessAttempt.objects.exists()
    assert '"event": "crowded"' in logged.getvalue()
    assert who not in logged.getvalue()
    assert client.post("/accounts/login/", given).status_code == 200
