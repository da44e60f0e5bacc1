# SPDX-License-Identifier: Apache-2.0
"""Whether Cinder can take a reset at all."""

import dataclasses
import datetime

import pytest

from backup_reset_panel.core.preflight import Clearance
from backup_reset_panel.core.preflight import preflight
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import NOW
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence
from tests.unit.core.examples import service

BLOCK, WARN, CLEAR = Clearance.BLOCK, Clearance.WARN, Clearance.CLEAR
NEVER_SEEN = dataclasses.replace(service(up=False), updated_at=None)

CASES = [
    (CLEAR, UP, "nova"),
    (CLEAR, ONE_OF_TWO_UP, "nova"),
    (CLEAR, (service(zone="other"),), None),
    (CLEAR, (service(zone="other"),), ""),
    (BLOCK, (), "nova"),
    (BLOCK, (), None),
    (BLOCK, (service(zone="other"),), "nova"),
    (BLOCK, (service(enabled=False),), "nova"),
    (BLOCK, ALL_DOWN, "nova"),
    (BLOCK, (service(up=False, seen=ago(seconds=301)),), "nova"),
    (BLOCK, (NEVER_SEEN,), "nova"),
    (WARN, (service(up=False, seen=ago(seconds=300)),), "nova"),
    (WARN, (service(up=False), service("node-2", up=False, seen=ago(seconds=90))), "nova"),
    (WARN, (service(up=False, seen=NOW + datetime.timedelta(minutes=9)),), "nova"),
    (WARN, TIMED_OUT, "nova"),
]


def flown(**so):
    seen = evidence(**so)
    return preflight(seen, judge(seen), NOW)


@pytest.mark.parametrize(("clearance", "services", "zone"), CASES)
def test_reset_is_held_back_only_on_clear_evidence(clearance, services, zone):
    flight = flown(services=services, availability_zone=zone)
    assert flight.clearance is clearance
    assert (flight.text is None) == (clearance is CLEAR)


def test_unread_backup_is_not_held_back():
    assert flown(backup=TIMED_OUT).clearance is WARN


def test_blocked_reset_names_the_host_to_start_and_what_that_start_does():
    flight = flown(services=(service("node-0", up=False), service("node-1", up=False)))
    assert flight.start == ("node-1", "node-0")
    told = str(flight.text)
    assert "Start it on node-1, node-0." in told
    assert "Its start sets this backup to Error" in told


def test_blocked_complete_backup_is_told_of_its_rescue_afterwards():
    told = str(flown(services=ALL_DOWN, object_count=128).text)
    assert "can be made Available again from Error afterwards" in told


def test_block_without_any_service_names_the_zone():
    assert "in zone nova" in str(flown(services=()).text)
    assert "No cinder-backup is enabled, so" in str(flown(services=(), availability_zone=None).text)


def test_disabled_host_last_asked_can_still_be_started():
    assert flown(services=(service(up=False, enabled=False),)).start == ("node-1",)


def test_block_says_nothing_of_a_start_that_does_nothing():
    told = str(flown(services=ALL_DOWN, status="error_deleting").text)
    assert told.endswith("Start it on node-1.")
