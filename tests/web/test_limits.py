"""How much is answered in a minute: counted by address or account, over all processes."""

from __future__ import annotations

import os
import time

import msgspec
import pytest
from django.test import Client, override_settings

from veedor.web.site.rates import Rates


@pytest.fixture
def limited():
    """Serve the test's site with limits of this minute."""
    from django.conf import settings

    def of(proxies: int = 0, **limits: int):
        site = settings.VEEDOR_SITE
        said = site.settings
        changed = msgspec.structs.replace(
            said,
            limits=msgspec.structs.replace(said.limits, **limits),
            site=msgspec.structs.replace(said.site, proxies=proxies),
        )
        return override_settings(VEEDOR_SITE=msgspec.structs.replace(site, settings=changed))

    return of


def statuses(client, address: str, n: int, **more) -> list[int]:
    """Ask so many times."""
    return [client.get(address, **more).status_code for _ in range(n)]


def test_a_bucket_holds_so_many_and_is_filled_evenly():
    rates = Rates(64)
    assert [rates.wait("a", 3, now=0.0) for _ in range(3)] == [0.0] * 3
    assert rates.wait("a", 3, now=0.0) == pytest.approx(20.0)
    assert rates.wait("a", 3, now=19.9) == pytest.approx(0.1)
    assert rates.wait("a", 3, now=20.0) == 0.0
    assert rates.wait("a", 3, now=20.0) == pytest.approx(20.0)
    assert rates.wait("b", 3, now=20.0) == 0.0
    later = [rates.wait("a", 3, now=1_000.0) for _ in range(4)]
    assert later == [0.0, 0.0, 0.0, pytest.approx(20.0)]  # no more than a bucket was saved up


def test_a_full_table_forgets_who_is_furthest_from_their_bound():
    rates = Rates(8)  # one row
    for n in range(7):
        assert rates.wait(f"visitor {n}", 10, now=0.0) == 0.0
    for _ in range(9):
        rates.wait("greedy", 10, now=0.0)
    for n in range(50):
        assert rates.wait(f"another {n}", 10, now=0.0) == 0.0
    rates.wait("greedy", 10, now=0.0)
    assert rates.wait("greedy", 10, now=0.0) > 0.0


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_processes_count_together():
    rates, asked, processes = Rates(), 100, 4
    reading, writing = os.pipe()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            let = sum(not rates.wait("who", 200, now=0.0) for _ in range(asked))
            os.write(writing, bytes([let]))
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    os.close(writing)
    assert sum(os.read(reading, processes)) == 200
    os.close(reading)


def test_counting_costs_a_request_next_to_nothing():
    rates = Rates()
    best = min(_seconds(rates) for _ in range(5))
    assert best < 300e-6


def _seconds(rates: Rates) -> float:
    began = time.perf_counter()
    for n in range(200):
        rates.wait(f"who {n}", 600)
    return (time.perf_counter() - began) / 200


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Demasiados pedidos"), ("en", "Too many requests")]
)
def test_a_visitor_who_asks_too_much_is_told_when_to_ask_again(limited, language, said):
    client = Client(headers={"accept-language": language})
    with limited(pages=3):
        assert statuses(client, "/published/", 3) == [200] * 3
        answer = client.get("/published/")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "20"
    assert answer.headers["Cache-Control"] == "no-store"
    assert said in answer.text
    assert "20" in answer.text


def test_what_has_no_view_is_counted_too(limited):
    with limited(pages=3):
        assert statuses(Client(), "/no-such-page/", 5) == [404, 404, 404, 429, 429]


def test_an_account_is_counted_by_itself_wherever_it_asks_from(limited, client_of):
    with limited(pages=4):
        one = client_of("analyst")
        assert statuses(one, "/", 3) == [200] * 3
        assert statuses(one, "/", 2, REMOTE_ADDR="203.0.113.9") == [200, 429]
        assert client_of("auditor").get("/").status_code == 200
        assert client_of("visitor").get("/").status_code == 200


def test_only_what_our_own_proxy_says_counts(limited):
    with limited(pages=2):
        told = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(3)]
        assert [Client().get("/", **one).status_code for one in told] == [200, 200, 429]
    with limited(pages=2, proxies=1):
        told = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}, 198.51.100.7"} for n in range(3)]
        assert [Client().get("/", **one).status_code for one in told] == [200, 200, 429]
        other = {"HTTP_X_FORWARDED_FOR": "203.0.113.1, 198.51.100.8"}
        assert Client().get("/", **other).status_code == 200


def test_the_api_answers_a_problem(limited):
    with limited(api=2, pages=1):
        assert statuses(Client(), "/api/promises.json", 2) == [200, 200]
        answer = Client().get("/api/promises.json")
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "30"
    assert answer.json()["status"] == 429


def test_files_and_exports_have_bounds_of_their_own(limited, client_of):
    from tests.web.working import state_purpose

    client = client_of("analyst")
    state_purpose(client)
    file = "/projects/propio/jobs/trabajo/report/"
    with limited(files=2, exports=1):
        assert statuses(client, file, 3) == [200, 200, 429]
        assert client.get("/").status_code == 200
        exports = statuses(client_of("auditor"), "/looks/log/export", 2)
    assert exports[1] == 429 != exports[0]


def test_without_a_limit_nothing_is_counted(limited):
    with limited(pages=0):
        assert set(statuses(Client(), "/", 20)) == {200}


def test_who_is_locked_out_is_told_when_to_try_again():
    from tests.web.signing_in import password

    client = Client()
    last = [password(client, "analyst", "a wrong password") for _ in range(5)][-1]
    assert (last.status_code, last.headers["Retry-After"]) == (429, "900")


def test_a_copy_of_all_that_is_public_is_not_stopped(limited):
    from veedor.web.pages.jinja import COPY

    with limited(pages=1):
        answers = [Client().get("/published/", **{COPY: True}).status_code for _ in range(3)]
        forged = [Client().get("/published/", headers={COPY: "1"}).status_code for _ in range(2)]
    assert answers == [200] * 3
    assert forged == [200, 429]
