# SPDX-License-Identifier: Apache-2.0
"""Who could still be at work, in which words, and what the start of the host last asked would do."""

import dataclasses
import datetime

import pytest

from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import age
from backup_reset_panel.core.liveness import answering
from backup_reset_panel.core.liveness import could_have
from backup_reset_panel.core.liveness import delete_may_be_queued
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.liveness import is_long_running
from backup_reset_panel.core.liveness import is_seen
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.liveness_texts import hosts_to_look_at
from backup_reset_panel.core.liveness_texts import life_text
from backup_reset_panel.core.liveness_texts import seen
from backup_reset_panel.core.plan.restart import blocked_advice
from backup_reset_panel.core.plan.restart import restart_advice
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.verdict.table import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import FROZEN
from tests.unit.core.examples import JUST_DOWN
from tests.unit.core.examples import NOW
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence
from tests.unit.core.examples import pending
from tests.unit.core.examples import service

ELSEWHERE = (service(up=False), service("node-3", zone="other"))
NOT_UP, NOT_LISTED = Unknown(Gap.NOT_UP), Unknown(Gap.NOT_LISTED)
RUNNING, OVERDUE, OUT_OF_SIGHT, NOBODY, CANNOT_TELL = (
    Life.RUNNING,
    Life.OVERDUE,
    Life.OUT_OF_SIGHT,
    Life.NOBODY,
    Life.CANNOT_TELL,
)

#: Who is asked last, and what the services say.
LIVES = [
    (RUNNING, {"services": UP}),
    (RUNNING, {"services": FROZEN}),
    (RUNNING, {"services": (service(enabled=False),)}),
    (RUNNING, {"services": ONE_OF_TWO_UP, "last_host": "node-2"}),
    (RUNNING, {"services": ELSEWHERE, "last_host": "node-3"}),
    (RUNNING, {"services": UP, "last_host": None, "taken_up": False}),
    (RUNNING, {"services": UP, "last_host": None, "taken_up": TIMED_OUT}),
    (OUT_OF_SIGHT, {"services": ONE_OF_TWO_UP}),
    (OUT_OF_SIGHT, {"services": ONE_OF_TWO_UP, "last_host": NOT_UP}),
    (OUT_OF_SIGHT, {"services": UP, "last_host": NOT_LISTED}),
    (OUT_OF_SIGHT, {"services": UP, "last_host": "node-9"}),
    (OUT_OF_SIGHT, {"services": UP, "last_host": None}),
    (OUT_OF_SIGHT, {"services": ELSEWHERE, "availability_zone": None}),
    (OUT_OF_SIGHT, {"services": UP, "availability_zone": "renamed", "last_host": NOT_LISTED}),
    (OUT_OF_SIGHT, {"services": JUST_DOWN}),
    (NOBODY, {"services": ALL_DOWN}),
    (NOBODY, {"services": ()}),
    (NOBODY, {"services": (), "last_host": NOT_LISTED}),
    (NOBODY, {"services": ELSEWHERE}),
    (NOBODY, {"services": (dataclasses.replace(service(up=False), updated_at=None),)}),
    (NOBODY, {"services": (), "last_host": None, "taken_up": False}),
    (CANNOT_TELL, {"services": TIMED_OUT}),
    (CANNOT_TELL, {"services": NOT_ASKED}),
    (CANNOT_TELL, {"services": UP, "last_host": TIMED_OUT}),
    (CANNOT_TELL, {"services": UP, "last_host": NOT_ASKED}),
    (CANNOT_TELL, {"services": ONE_OF_TWO_UP, "last_host": Unknown(Gap.CONTROLS_FAILED)}),
]


@pytest.mark.parametrize("status", ["creating", "restoring", "deleting"])
@pytest.mark.parametrize(("expected", "so"), LIVES)
def test_job_may_live_wherever_nothing_speaks_against_it(so, expected, status):
    young = {"created_at": ago(minutes=2), "updated_at": ago(minutes=2)}
    assert life(evidence(status=status, **young, **so)) is expected


@pytest.mark.parametrize("status", ["available", "error", "error_deleting", None])
def test_settled_status_has_no_job(status):
    settled = evidence(status=status, services=UP)
    assert life(settled) is Life.IDLE
    assert life_text(settled) is None


#: How long a job may take while the host last asked is up.
AGES = [
    (RUNNING, {"updated_at": ago(hours=23, minutes=59)}),
    (OVERDUE, {"updated_at": ago(hours=24)}),
    (RUNNING, {"updated_at": ago(minutes=9), **WHOLE}),
    (OVERDUE, {"updated_at": ago(minutes=10), **WHOLE}),
    (RUNNING, {"updated_at": ago(hours=5), "status": "restoring", **WHOLE}),
    (RUNNING, {"updated_at": ago(hours=5), "status": "deleting", **WHOLE}),
    (RUNNING, {"created_at": ago(minutes=14), "taken_up": False}),
    (OVERDUE, {"created_at": ago(minutes=15), "taken_up": False}),
    # The API bumps updated_at on every reset: of what nobody took up, only when it was asked for counts.
    (OVERDUE, {"created_at": ago(minutes=15), "updated_at": ago(seconds=1), "taken_up": False}),
    (OVERDUE, {"created_at": None, "updated_at": None}),
    (OVERDUE, {"created_at": None, "updated_at": None, "taken_up": False}),
    (RUNNING, {"updated_at": None, "created_at": ago(hours=23)}),
]


@pytest.mark.parametrize(("expected", "so"), AGES)
def test_job_whose_host_is_up_runs_until_it_takes_too_long(expected, so):
    assert life(evidence(services=UP, **so)) is expected


def test_site_sets_how_long_a_job_may_take():
    rules = Rules(long_running=datetime.timedelta(hours=2), complete_unchanged=datetime.timedelta(days=1))
    assert life(evidence(services=UP), rules) is Life.OVERDUE
    assert life(evidence(services=UP, **WHOLE), rules) is Life.RUNNING
    patient = Rules(not_taken_up=datetime.timedelta(days=1))
    assert life(evidence(services=UP, taken_up=False), patient) is Life.RUNNING


@pytest.mark.parametrize(
    ("expected", "so"),
    [
        (True, {"services": UP, "updated_at": ago(days=3)}),
        (False, {"services": UP, "updated_at": ago(hours=3)}),
        (False, {"services": UP, "updated_at": ago(days=3), **WHOLE}),
        (False, {"services": UP, "updated_at": ago(days=3), "taken_up": False}),
        (False, {"services": ONE_OF_TWO_UP, "updated_at": ago(days=3)}),
        (True, {"services": UP, "updated_at": ago(days=3), "status": "restoring", **WHOLE}),
    ],
)
def test_only_a_job_that_any_would_outlast_is_long_running(expected, so):
    assert is_long_running(evidence(**so)) is expected


def test_age_counts_from_the_last_change_or_from_the_beginning():
    assert age(evidence()) == datetime.timedelta(hours=3, minutes=12)
    assert age(evidence(updated_at=None)) == datetime.timedelta(hours=4)
    assert age(evidence(taken_up=False)) == datetime.timedelta(hours=4)
    assert age(evidence(updated_at=None, created_at=None)) is None
    assert age(evidence(backup=None)) is None


def test_services_of_the_zone_are_those_that_the_api_picks_from_and_disabled_ones():
    services = (service("a"), service("b", zone="other"), service("c", enabled=False))
    assert [one.host for one in in_zone(evidence(services=services))] == ["a", "c"]
    assert len(in_zone(evidence(services=services, availability_zone=""))) == 3
    assert in_zone(evidence(services=TIMED_OUT)) == ()
    assert in_zone(evidence(services=services, backup=None)) == ()


def test_anyone_could_have_a_backup_of_whose_zone_nothing_is_left():
    services = (service("a"), service("b", zone="other"))
    assert [one.host for one in could_have(evidence(services=services, availability_zone="renamed"))] == ["a", "b"]
    assert [one.host for one in could_have(evidence(services=services))] == ["a"]
    assert could_have(evidence(services=TIMED_OUT)) == ()


def test_host_last_asked_is_found_in_any_zone_and_may_be_listed_no_more():
    assert last_asked(evidence(services=ELSEWHERE, last_host="node-3")).zone == "other"
    assert last_asked(evidence(services=UP, last_host="node-9")) is None
    assert last_asked(evidence(services=UP, last_host=TIMED_OUT)) is None


@pytest.mark.parametrize(
    ("expected", "one"),
    [
        (True, service()),
        (True, service(up=False, seen=ago(seconds=59))),
        (False, service(up=False, seen=ago(seconds=60))),
        (True, service(up=False, seen=NOW + datetime.timedelta(minutes=5))),
        (False, dataclasses.replace(service(up=False), updated_at=None)),
    ],
)
def test_service_was_seen_as_long_as_cinder_would_call_it_up(expected, one):
    assert is_seen(one, NOW) is expected


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
    ("hosts", "so"),
    [
        (("node-1",), {"services": UP}),
        (("node-1", "node-2"), {"services": ONE_OF_TWO_UP}),
        (("node-1",), {"services": ALL_DOWN}),
        (("node-1",), {"services": TIMED_OUT}),
        ((), {"services": ONE_OF_TWO_UP, "last_host": NOT_UP}),
        ((), {"services": ONE_OF_TWO_UP, "last_host": NOT_LISTED}),
        (("node-2",), {"services": ONE_OF_TWO_UP, "last_host": None}),
        ((), {"services": (), "last_host": None}),
    ],
)
def test_administrator_is_sent_to_every_host_that_may_have_the_job(hosts, so):
    assert tuple(map(str, hosts_to_look_at(evidence(**so)))) == hosts


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
    ({"services": UP}, "on node-1 (last seen 4 s ago), the host last asked, is up and probably working"),
    ({"services": UP, "updated_at": ago(days=2)}, "is up and may still be working on it."),
    ({"services": ONE_OF_TWO_UP}, "The host last asked is node-1 (last seen 3 h 0 min ago). If its process is only"),
    ({"services": UP, "last_host": "node-9"}, "is node-9 (not among Cinder's services)."),
    ({"services": UP, "last_host": NOT_LISTED}, "is a host that Cinder no longer lists. If its process"),
    (
        {"services": ALL_DOWN},
        "No cinder-backup that could have it is up. If one is only frozen, its job will continue.",
    ),
    ({"services": TIMED_OUT}, "Whether a cinder-backup is working on it could not be determined."),
    ({"services": UP, "last_host": TIMED_OUT}, "could not be determined."),
    ({"taken_up": False, "created_at": ago(minutes=2), "services": UP}, "it may be waiting for its turn."),
    ({"taken_up": False, "services": UP}, "the request is lost, or is waiting at a host that does not answer."),
]


@pytest.mark.parametrize(("so", "words"), TOLD)
def test_sentence_about_the_job_names_hosts_and_times(so, words):
    assert words in str(life_text(evidence(**so)))


def advice(**so):
    at_hand = evidence(**so)
    told = restart_advice(at_hand, judge(at_hand))
    return told and str(told)


def test_complete_backup_is_to_be_rescued_before_its_host_is_started():
    assert advice(object_count=128) == (
        "cinder-backup on node-1: last seen 3 h 0 min ago. "
        "Do this before you start it: when it starts, Cinder would set this complete backup to Error."
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("creating", "Starting it sets this backup to Error and frees its volume and snapshot."),
        ("restoring", "Starting it sets this backup to Available and the restored volume to Error Restoring."),
        ("deleting", "Starting it continues the deletion"),
        ("error", "Starting it deletes a temporary volume or snapshot"),
    ],
)
def test_start_of_the_host_last_asked_is_foretold(status, words):
    assert words in advice(status=status)


@pytest.mark.parametrize(
    "so",
    [
        {"services": UP},
        {"services": UP, "last_host": "node-9"},
        {"services": TIMED_OUT},
        {"last_host": None},
        {"last_host": TIMED_OUT},
        {"last_host": NOT_LISTED},
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


@pytest.mark.parametrize(
    ("expected", "target", "written"),
    [
        (OUT_OF_SIGHT, "error", ago(minutes=2)),
        (OUT_OF_SIGHT, "available", ago(seconds=115)),
        (RUNNING, "error", ago(minutes=1)),
        (RUNNING, "error", ago(hours=3)),
        (RUNNING, "error", None),
        (RUNNING, "", ago(minutes=2)),
    ],
)
def test_host_to_which_only_a_reset_of_ours_moved_it_is_no_sign_of_a_job(expected, target, written):
    sent = (pending(target, since=ago(minutes=2)),)
    seen_now = evidence(services=UP, updated_at=written, created_at=ago(minutes=4), pending=sent)
    assert life(seen_now) is expected
    assert ("by a reset that was not seen applied" in str(life_text(seen_now))) is (expected is OUT_OF_SIGHT)
