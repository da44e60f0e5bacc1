# SPDX-License-Identifier: Apache-2.0
"""Twenty people, and a Cinder that is slow: few connections, few threads, and nobody waits for somebody else's work.

What is counted are connections and threads, not seconds.
"""

import concurrent.futures
import threading

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openstack_auth import utils as auth_utils

from backup_reset_panel.cinder import client
from backup_reset_panel.cinder import connections
from backup_reset_panel.cinder import hanging
from backup_reset_panel.cinder.threads import POOL
from tests import people as people_of_tests
from tests.fake_cinder import CINDER
from tests.fake_cinder import COMPLETE
from tests.fake_cinder import KEYSTONE
from tests.fake_cinder import FakeCinder
from tests.served_cinder import ServedCinder
from tests.views.conftest import AJAX

PEOPLE = [f"person-{number}" for number in range(20)]


@pytest.fixture
def served(monkeypatch):
    """A Cinder on loopback; its connections are closed at the end."""
    with ServedCinder(FakeCinder()) as made:
        monkeypatch.setattr(people_of_tests, "CINDER", made.url(CINDER))
        monkeypatch.setattr(people_of_tests, "KEYSTONE", made.url(KEYSTONE))
        yield made
        made.gate.set()
        assert POOL.wait_until_idle(30)
    assert [each for each in made.failures if not isinstance(each, OSError)] == []
    for each in [key for key in connections._LANES if key[1].endswith(f":{made.server_port}")]:
        for lane in connections._LANES.pop(each)._idle:
            lane.adapter.close()


@pytest.fixture
def people(served, monkeypatch, settings):
    """Twenty administrators with browsers of their own: name to test client. The token of each is their name."""
    settings.POLICY_CHECK_FUNCTION = "openstack_auth.policy.check"
    users = {name: people_of_tests.person("admin", "member", "reader") for name in PEOPLE}
    for name, user in users.items():
        user.id = user.username = name
        user.token.id = name
    monkeypatch.setattr(auth_utils, "get_user", lambda request: users[request.headers["x-person"]])
    cache.clear()
    clients = {name: Client(headers={"x-person": name}, raise_request_exception=True) for name in PEOPLE}
    # Horizon imports all of its pages with the first request.
    assert clients[PEOPLE[0]].get(dialog(served), headers=AJAX).status_code == 200
    return clients


@pytest.fixture
def open_all():
    """Function: open addresses side by side, given as (test client, address) pairs; their futures."""
    with concurrent.futures.ThreadPoolExecutor(60, thread_name_prefix="browser") as pool:
        yield lambda wanted: [pool.submit(person.get, address, headers=AJAX) for person, address in wanted]


def dialog(served):
    """The address of the dialog of one more complete backup."""
    with served.lock:
        backup = served.cloud.add_backup(**COMPLETE)
    return reverse("horizon:admin:backup_reset:update_status", args=[backup["id"]])


def ours():
    """The threads that ask Cinder, by name; those of stores and of the history have bounds of their own."""
    return [each.name for each in threading.enumerate() if each.name.startswith("backup-reset-panel_")]


def is_complete(future):
    answer = future.result(60)
    return answer.status_code == 200 and b'data-verdict="complete"' in answer.content


def test_twenty_people_take_eight_connections_and_eight_threads_whatever_they_open(served, people, open_all):
    before = len(ours())
    served.holds = lambda token: not served.gate.is_set()
    index = reverse("horizon:admin:backup_reset:index")
    wanted = [(person, dialog(served)) for person in people.values() for _dialog in range(2)]
    futures = open_all([*wanted, *((people[name], index) for name in PEOPLE[:4])])
    assert served.wait_for(lambda it: it.most_open > connections.MOST_A_PERSON)
    assert len(ours()) <= max(before, connections.MOST)
    served.gate.set()
    assert {each.result(60).status_code for each in futures} == {200}
    # The server sees a moment later that one was closed.
    assert served.most_open <= connections.MOST + connections.MOST_IDLE
    assert len(ours()) <= max(before, connections.MOST)
    assert served.wait_for(lambda it: it.open_now <= connections.MOST_IDLE)


def test_threads_do_not_grow_from_one_rush_to_the_next(served, people, open_all):
    counts = []
    for _rush in range(3):
        for each in open_all([(person, dialog(served)) for person in people.values()]):
            assert each.result(60).status_code == 200
        assert POOL.wait_until_idle(30)
        counts.append(len([each for each in threading.enumerate() if not each.name.startswith("browser")]))
        assert served.wait_for(lambda it: it.open_now <= connections.MOST_IDLE)
    assert len(ours()) <= connections.MOST + 12
    assert counts[-1] <= counts[0] + connections.MOST


def test_cinder_that_answers_nothing_is_left_with_few_requests_however_many_ask(served, people, open_all, monkeypatch):
    monkeypatch.setattr(client, "READ_SECONDS", 0.2)
    served.holds = lambda token: True
    before = len(ours())
    for _rush in range(3):
        for each in open_all([(person, dialog(served)) for person in people.values()]):
            assert each.result(60).status_code == 200
    # Given up by us, but not by Cinder. cinder-api serves a hundred.
    assert served.most_open <= connections.MOST + connections.MOST_IDLE + hanging.MOST_GIVEN_UP
    assert len(ours()) <= max(before, connections.MOST)


def test_nobody_waits_for_one_whose_every_request_hangs(served, people, open_all, monkeypatch):
    # None is given up meanwhile: what hangs for everybody is hanging.py's, and has tests of its own.
    monkeypatch.setattr(client, "READ_SECONDS", 60)
    unlucky, *others = people
    served.holds = lambda token: token == unlucky
    hanging = open_all([(people[unlucky], dialog(served)) for _dialog in range(10)])
    assert served.wait_for(lambda it: it.open_now == connections.MOST_A_PERSON)
    # One after the other, so that only the unlucky one stands in their way.
    for name in others:
        (answer,) = open_all([(people[name], dialog(served))])
        assert is_complete(answer), name
    served.gate.set()
    assert {each.result(60).status_code for each in hanging} == {200}
