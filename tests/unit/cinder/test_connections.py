# SPDX-License-Identifier: Apache-2.0
"""Connections to the cloud: few, fair, and closed."""

import concurrent.futures
import threading
import time

import pytest
import requests
import urllib3

from backup_reset_panel.cinder import connections
from backup_reset_panel.cinder import hanging
from backup_reset_panel.cinder.hanging import IN_A_ROW


@pytest.fixture
def lanes(server):
    """The connections of this process to the server; those that are left open are closed at the end."""
    made = connections.lanes(server.url)
    yield made
    for lane in made._idle:
        lane.adapter.close()
    del connections._LANES["http", server.url.removeprefix("http://")]


@pytest.fixture
def threads():
    """Function: starts calls side by side, each in a thread of its own; gives back their futures."""
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        yield lambda calls: [pool.submit(call) for call in calls]


def getting(server, path, person="ada", patience=10):
    """A call that asks the server for a path with a session of its own, and gives back the answer's text."""

    def get():
        with connections.session(person, patience) as session:
            return session.get(server.url + path, timeout=10).text

    return get


def wait_for(lanes, condition):
    """Wait until something is so. Who begins to wait for a connection tells nobody, so it is looked at often."""
    end = time.monotonic() + 10
    with lanes._changed:
        while not condition():
            assert time.monotonic() < end
            lanes._changed.wait(0.02)


def test_process_never_has_more_than_eight_connections_and_everybody_is_served(server, lanes, threads):
    server.gate.clear()
    people = [f"person-{number % 10}" for number in range(40)]
    calls = threads([getting(server, f"/held/{number}", person) for number, person in enumerate(people)])
    wait_for(lanes, lambda: len(lanes._waiting) == 40 - connections.MOST)
    assert server.wait_for(lambda it: it.open_now == connections.MOST)
    assert server.most_open == connections.MOST
    server.gate.set()
    assert sorted(each.result(20) for each in calls) == sorted(f"/held/{number}" for number in range(40))


def test_no_more_than_four_stay_open_a_moment_after(server, lanes, threads):
    for each in threads([getting(server, f"/{number}", f"person-{number}") for number in range(20)]):
        each.result(20)
    assert server.wait_for(lambda it: it.open_now <= connections.MOST_IDLE)


def test_who_asks_much_waits_for_their_own_and_nobody_else_does(server, lanes, threads):
    server.gate.clear()
    hanging = threads([getting(server, f"/held/{number}") for number in range(12)])
    assert server.wait_for(lambda it: it.open_now == connections.MOST_A_PERSON)
    assert getting(server, "/quick", "grace")() == "/quick"
    assert server.open_now <= connections.MOST_A_PERSON + 1
    server.gate.set()
    assert [each.result(20) for each in hanging] == [f"/held/{number}" for number in range(12)]


def test_who_finds_no_connection_free_in_time_is_told_and_sent_nothing(server, lanes, threads):
    server.gate.clear()
    hanging = threads([getting(server, "/held") for _number in range(connections.MOST_A_PERSON)])
    assert server.wait_for(lambda it: it.open_now == connections.MOST_A_PERSON)
    with pytest.raises(connections.NoneFree):
        getting(server, "/late", patience=0.05)()
    server.gate.set()
    for each in hanging:
        each.result(20)
    assert server.served == connections.MOST_A_PERSON
    assert getting(server, "/late")() == "/late"


def test_one_connection_serves_one_after_the_other(server, lanes):
    for number in range(5):
        getting(server, f"/{number}")()
    assert server.most_open == 1


def test_connection_that_was_idle_for_long_is_replaced(server, lanes):
    getting(server, "/first")()
    (lane,) = lanes._idle
    lane.used_at -= connections.IDLE_SECONDS + 0.1
    getting(server, "/second")()
    assert server.wait_for(lambda it: it.open_now == 1)
    assert server.served == 2


def test_exchange_that_broke_leaves_nothing_to_the_next(server, lanes):
    with pytest.raises(requests.exceptions.RequestException):
        getting(server, "/broken")()
    assert getting(server, "/next")() == "/next"
    assert lanes._taken == {}


def test_answer_that_was_cut_off_is_never_taken_for_all_of_it(server, lanes, monkeypatch):
    """Not even on the urllib3 of OpenStack 2025.1 and 2025.2, which takes what came for all."""
    trusting = property(lambda response: False, lambda response, value: None)
    monkeypatch.setattr(urllib3.response.HTTPResponse, "enforce_content_length", trusting, raising=False)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        getting(server, "/broken")()


def test_two_peoples_sessions_share_no_header_and_no_cookie(server, lanes):
    with connections.session("ada", 1) as mine, connections.session("grace", 1) as hers:
        mine.headers["X-Auth-Token"] = "mine"
        mine.cookies.set("of", "mine")
        assert "X-Auth-Token" not in hers.headers
        assert not hers.cookies
        assert mine.get(server.url + "/x", timeout=5).text == "/x"
        sent = hers.get(server.url + "/y", timeout=5).request
        assert "X-Auth-Token" not in sent.headers
        assert "Cookie" not in sent.headers


def test_each_server_has_connections_of_its_own():
    assert connections.lanes("http://one.example:1/a") is connections.lanes("http://one.example:1/b")
    assert connections.lanes("http://one.example:1") is not connections.lanes("https://one.example:1")
    assert connections.lanes("http://one.example:1") is not connections.lanes("http://two.example:1")


def test_turn_goes_to_the_first_who_may_have_one():
    lanes = connections.Lanes()
    order, inside = [], []
    done = threading.Event()

    def take(person):
        with lanes.take(person, 10):
            order.append(person)
            inside.append(person)
            done.wait(10)

    workers = []
    for person in ["ada"] * 6 + ["grace"] * 3:
        workers.append(threading.Thread(target=take, args=(person,)))
        workers[-1].start()
    wait_for(lanes, lambda: len(order) == 7)
    assert sorted(order) == ["ada"] * 4 + ["grace"] * 3
    done.set()
    for worker in workers:
        worker.join(10)
    assert sorted(order) == ["ada"] * 6 + ["grace"] * 3
    for lane in lanes._idle:
        lane.adapter.close()


def test_server_that_hangs_is_sent_little_however_many_ask(server, lanes, threads, monkeypatch):
    # As ever a moment is shorter than what is waited for an answer, or each who asks would be the next to find out.
    monkeypatch.setattr(hanging, "A_MOMENT", 0.02)
    server.gate.clear()

    def get():
        with connections.session("ada", 1) as session, pytest.raises(requests.exceptions.RequestException):
            session.get(server.url + "/held", timeout=0.1)

    for each in threads([get] * 40):
        each.result(20)
    given_up = sum(lanes.unanswered._in_a_row.values())
    assert IN_A_ROW <= given_up <= IN_A_ROW + connections.MOST_A_PERSON + 1
    server.gate.set()
    assert getting(server, "/held")() == "/held"
