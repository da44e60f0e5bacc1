# SPDX-License-Identifier: Apache-2.0
"""Who could still be at work, in which words, and what the start of the host last asked would do."""

import dataclasses
import datetime

import pytest

from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import answering
from backup_reset_panel.core.liveness import delete_may_be_queued
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.liveness import life_text
from backup_reset_panel.core.liveness import may_be_live
from backup_reset_panel.core.liveness import seen
from backup_reset_panel.core.restart import blocked_advice
from backup_reset_panel.core.restart import restart_advice
from backup_reset_panel.core.spans import span
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import NOW
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence
from tests.unit.core.examples import service

ELSEWHERE = (service(up=False), service("node-3", zone="other"))

LIVES = [
    ({"services": UP}, Life.MAY_RUN),
    ({"services": ALL_DOWN}, Life.NONE_UP),
    ({"services": ()}, Life.NONE_UP),
    ({"services": ELSEWHERE}, Life.NONE_UP),
    ({"services": ELSEWHERE, "availability_zone": None}, Life.LAST_HOST_DOWN),
    ({"services": ONE_OF_TWO_UP}, Life.LAST_HOST_DOWN),
    ({"services": ONE_OF_TWO_UP, "last_host": "node-2"}, Life.MAY_RUN),
    ({"services": ELSEWHERE, "last_host": "node-3"}, Life.MAY_RUN),
    ({"services": UP, "last_host": "node-9"}, Life.LAST_HOST_DOWN),
    ({"services": UP, "last_host": None}, Life.MAY_RUN),
    ({"services": UP, "last_host": TIMED_OUT}, Life.MAY_RUN),
    ({"services": TIMED_OUT}, Life.CANNOT_TELL),
    ({"services": UP, "taken_up": False}, Life.NOT_TAKEN_UP),
    ({"services": UP, "taken_up": TIMED_OUT}, Life.MAY_RUN),
    ({"services": (service(enabled=False),)}, Life.MAY_RUN),
]


@pytest.mark.parametrize("status", ["creating", "restoring", "deleting"])
@pytest.mark.parametrize(("so", "expected"), LIVES)
def test_job_may_live_wherever_nothing_speaks_against_it(so, expected, status):
    at_work = evidence(status=status, **so)
    assert life(at_work) is expected
    assert may_be_live(at_work) is (expected in (Life.MAY_RUN, Life.CANNOT_TELL))


@pytest.mark.parametrize("status", ["available", "error", "error_deleting", None])
def test_settled_status_has_no_job(status):
    settled = evidence(status=status, services=UP)
    assert life(settled) is Life.IDLE
    assert life_text(settled) is None


def test_services_of_the_zone_are_those_that_the_api_picks_from_and_disabled_ones():
    services = (service("a"), service("b", zone="other"), service("c", enabled=False))
    assert [one.host for one in in_zone(evidence(services=services))] == ["a", "c"]
    assert len(in_zone(evidence(services=services, availability_zone=""))) == 3
    assert in_zone(evidence(services=TIMED_OUT)) == ()
    assert in_zone(evidence(services=services, backup=None)) == ()


def test_host_last_asked_is_found_in_any_zone_and_may_be_listed_no_more():
    assert last_asked(evidence(services=ELSEWHERE, last_host="node-3")).zone == "other"
    assert last_asked(evidence(services=UP, last_host="node-9")) is None
    assert last_asked(evidence(services=UP, last_host=TIMED_OUT)) is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (service(seen=ago(seconds=4)), True),
        (service(seen=ago(seconds=30)), True),
        (service(seen=ago(seconds=31)), False),
        (service(seen=NOW + datetime.timedelta(minutes=5)), False),
        (service(up=False, seen=ago(seconds=4)), False),
    ],
)
def test_service_answers_only_if_it_was_just_heard_of(one, expected):
    assert answering(one, NOW) is expected


def test_service_that_never_reported_does_not_answer():
    assert not answering(dataclasses.replace(service(), updated_at=None), NOW)


@pytest.mark.parametrize("missing", [None, TIMED_OUT])
def test_no_delete_is_feared_for_a_backup_that_was_not_read(missing):
    assert not delete_may_be_queued(evidence(backup=missing, services=ALL_DOWN))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ({"seconds": -3}, "0 s"),
        ({"seconds": 41}, "41 s"),
        ({"seconds": 59.9}, "59 s"),
        ({"seconds": 60}, "1 min"),
        ({"minutes": 59, "seconds": 59}, "59 min"),
        ({"hours": 1}, "1 h 0 min"),
        ({"hours": 3, "minutes": 12}, "3 h 12 min"),
        ({"hours": 24}, "1 d 0 h"),
        ({"days": 2, "hours": 4, "minutes": 50}, "2 d 4 h"),
    ],
)
def test_length_of_time_in_words(length, words):
    assert str(span(datetime.timedelta(**length))) == words


def test_last_sight_of_a_service_in_words():
    assert str(seen(service(seen=ago(seconds=41)), NOW)) == "last seen 41 s ago"
    assert str(seen(dataclasses.replace(service(), updated_at=None), NOW)) == "never seen"


TOLD = [
    (UP, "node-1", "cinder-backup on node-1, the host last asked, is up (last seen 4 s ago) and may be at work on it."),
    (
        ONE_OF_TWO_UP,
        "node-1",
        "the host last asked: last seen 3 h 0 min ago. If it is only frozen, its job will go on.",
    ),
    (UP, "node-9", "cinder-backup on node-9, the host last asked: no longer listed."),
    (ALL_DOWN, "node-1", "No cinder-backup of its zone is seen. If one is only frozen, its job will go on."),
    (UP, TIMED_OUT, "A cinder-backup of its zone is up and may be at work on it."),
    (TIMED_OUT, "node-1", "The cinder-backup services could not be read: a job may be at work on it."),
]


@pytest.mark.parametrize(("services", "last_host", "words"), TOLD)
def test_sentence_about_the_job_names_hosts_and_times(services, last_host, words):
    assert words in str(life_text(evidence(services=services, last_host=last_host)))


def advice(**so):
    at_hand = evidence(**so)
    told = restart_advice(at_hand, judge(at_hand))
    return told and str(told)


def test_complete_backup_is_to_be_rescued_before_its_host_is_started():
    assert advice(object_count=128) == (
        "cinder-backup on node-1: last seen 3 h 0 min ago. "
        "Do this before you start it: on its start Cinder would set this complete backup to Error."
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("creating", "Its start sets this backup to Error and frees its volume and snapshot by itself."),
        ("restoring", "Its start sets this backup to Available and the restored volume to Error restoring by itself."),
        ("deleting", "Its start goes on with the deletion"),
        ("error", "Its start deletes a temporary volume or snapshot"),
    ],
)
def test_start_of_the_host_last_asked_is_foretold(status, words):
    assert words in advice(status=status)
    assert "no longer listed. " + words in advice(status=status, services=UP, last_host="node-9")


@pytest.mark.parametrize(
    "so",
    [
        {"services": UP},
        {"services": TIMED_OUT},
        {"last_host": None},
        {"last_host": TIMED_OUT},
        {"status": "available"},
        {"status": "error_deleting"},
    ],
)
def test_nothing_is_foretold_where_no_start_is_due_or_known(so):
    assert advice(**so) is None


def test_blocked_complete_backup_can_be_rescued_after_the_start():
    complete = evidence(object_count=128, services=ALL_DOWN)
    told = str(blocked_advice(complete, judge(complete)))
    assert "sets this backup to Error" in told
    assert "can be made Available again from Error afterwards" in told
