# SPDX-License-Identifier: Apache-2.0
"""A kind of request that hangs is asked no more than it takes to find out that it answers again."""

import concurrent.futures
import contextlib
import threading

import pytest
import requests

from backup_reset_panel.cinder import hanging
from backup_reset_panel.cinder.hanging import Hangs
from backup_reset_panel.cinder.hanging import Unanswered
from backup_reset_panel.cinder.hanging import kind_of

LIST, SERVICES = "GET /v3/backups/detail", "GET /v3/os-services"
LATE = requests.exceptions.ReadTimeout()


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 1000.0
        self.read_by = set()
        self.read = threading.Condition()

    def __call__(self):
        with self.read:
            self.read_by.add(threading.get_ident())
            self.read.notify_all()
        return self.now

    def wait_for_another(self):
        """Wait until a thread that is not this one looks at it."""
        mine = {threading.get_ident()}
        with self.read:
            assert self.read.wait_for(lambda: self.read_by - mine, 10)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock, monkeypatch):
    monkeypatch.setattr(hanging, "A_MOMENT", 0.05)
    return Unanswered(clock)


@pytest.fixture
def another():
    """Somebody else, who asks in a thread of their own."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        yield pool


def asked(server, kind):
    """Ask once, and be answered."""
    with server.asking(kind):
        return "answered"


def give_up(server, kind, times=1, exc=LATE):
    for _time in range(times):
        with pytest.raises(type(exc)), server.asking(kind):
            raise exc


def met_by(another, server, clock, exc):
    """Somebody asks while the first finds out, which ends with an exception; Future of what they get."""
    with contextlib.suppress(type(exc)), server.asking(LIST):
        waiting = another.submit(asked, server, LIST)
        clock.wait_for_another()
        raise exc
    return waiting


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://c/v3/os-services?binary=cinder-backup", "GET /v3/os-services"),
        ("http://c/v3/0123456789abcdef0123456789abcdef/backups/detail?limit=2", "GET /v3/backups/detail"),
        ("http://c/v3/backups/0d6a9f0e-3f1c-4b1e-9a56-6d3f1b8f2a11", "GET /v3/backups"),
        ("http://c/v3/backups/0d6a9f0e-3f1c-4b1e-9a56-6d3f1b8f2a11/action", "GET /v3/backups/action"),
    ],
)
def test_requests_for_the_same_of_another_are_of_one_kind(url, kind):
    assert kind_of("GET", url) == kind


def test_what_hangs_is_asked_by_one_at_a_time_and_the_others_are_told_in_a_moment(server):
    give_up(server, LIST, hanging.IN_A_ROW)
    with server.asking(LIST), pytest.raises(Hangs), server.asking(LIST):
        pass


def test_who_comes_after_that_moment_is_told_at_once(server, clock, monkeypatch):
    monkeypatch.setattr(hanging, "A_MOMENT", 3600)
    give_up(server, LIST, hanging.IN_A_ROW)
    with server.asking(LIST):
        clock.now += hanging.A_MOMENT
        with pytest.raises(Hangs), server.asking(LIST):
            pass


def test_who_comes_while_the_first_finds_out_is_answered_once_that_one_is(server, clock, another, monkeypatch):
    monkeypatch.setattr(hanging, "A_MOMENT", 3600)
    give_up(server, LIST, hanging.IN_A_ROW)
    with server.asking(LIST):
        waiting = another.submit(asked, server, LIST)
        clock.wait_for_another()
    assert waiting.result(10) == "answered"


def test_one_who_waited_finds_out_where_the_first_was_refused(server, clock, another, monkeypatch):
    monkeypatch.setattr(hanging, "A_MOMENT", 3600)
    give_up(server, LIST, hanging.IN_A_ROW)
    refused = requests.exceptions.ConnectionError("refused")
    assert met_by(another, server, clock, refused).result(10) == "answered"


def test_one_who_waited_is_told_where_the_first_gave_up(server, clock, another, monkeypatch):
    monkeypatch.setattr(hanging, "A_MOMENT", 3600)
    give_up(server, LIST, hanging.IN_A_ROW)
    assert isinstance(met_by(another, server, clock, LATE).exception(10), Hangs)


def test_where_all_take_turns_who_waits_is_answered_after_the_first(server, clock, another, monkeypatch):
    monkeypatch.setattr(hanging, "A_MOMENT", 3600)
    give_up(server, LIST, hanging.MOST_GIVEN_UP)
    give_up(server, SERVICES, hanging.IN_A_ROW)
    with server.asking(LIST):
        waiting = another.submit(asked, server, SERVICES)
        clock.wait_for_another()
    assert waiting.result(10) == "answered"


def test_who_asks_alone_always_finds_out_whether_it_answers_again(server):
    give_up(server, LIST, 3 * hanging.IN_A_ROW)
    with server.asking(LIST):
        pass
    with server.asking(LIST), server.asking(LIST), server.asking(LIST):
        pass


def test_a_few_that_are_late_are_no_reason_to_ask_less(server):
    give_up(server, LIST, hanging.IN_A_ROW - 1)
    with server.asking(LIST), server.asking(LIST):
        pass
    give_up(server, LIST, hanging.IN_A_ROW - 1)
    with server.asking(LIST), server.asking(LIST):
        pass


def test_another_kind_is_asked_as_ever(server):
    give_up(server, SERVICES, hanging.IN_A_ROW)
    with server.asking(LIST), server.asking(LIST):
        pass


def test_where_much_hangs_all_that_does_takes_turns(server):
    give_up(server, LIST, hanging.MOST_GIVEN_UP)
    give_up(server, SERVICES, hanging.IN_A_ROW)
    with server.asking(LIST), pytest.raises(Hangs), server.asking(SERVICES):
        pass
    with server.asking(SERVICES):
        pass


def test_what_was_given_up_long_ago_is_over(server, clock):
    give_up(server, LIST, hanging.MOST_GIVEN_UP)
    give_up(server, SERVICES, hanging.IN_A_ROW)
    clock.now += hanging.KEPT_SECONDS + 1
    with server.asking(LIST), server.asking(SERVICES):
        pass


@pytest.mark.parametrize("exc", [requests.exceptions.ConnectionError("refused"), requests.exceptions.ConnectTimeout()])
def test_what_never_left_leaves_nothing_hanging(server, exc):
    give_up(server, LIST, hanging.IN_A_ROW, exc)
    with server.asking(LIST), server.asking(LIST):
        pass


def test_answer_that_stops_half_way_hangs_like_one_that_does_not_come(server):
    exc = requests.exceptions.ConnectionError("HTTPConnectionPool(host='c', port=1): Read timed out.")
    give_up(server, LIST, hanging.IN_A_ROW, exc)
    with server.asking(LIST), pytest.raises(Hangs), server.asking(LIST):
        pass
