# SPDX-License-Identifier: Apache-2.0
"""Whether Cinder can take a reset at all."""

import dataclasses
import datetime

import pytest

from backup_reset_panel.core.plan.preflight import Clearance
from backup_reset_panel.core.plan.preflight import preflight
from backup_reset_panel.core.verdict.table import judge
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
DISABLED = dataclasses.replace(service(enabled=False), disabled_reason="disk swap")
#: Clearance, whether no cinder-backup of the whole cloud takes resets, services, zone of the backup.
CASES = [
    (CLEAR, False, UP, "nova"),
    (CLEAR, False, ONE_OF_TWO_UP, "nova"),
    (CLEAR, False, (service(zone="other"),), None),
    (CLEAR, False, (service(zone="other"),), ""),
    (BLOCK, True, (), "nova"),
    (BLOCK, True, (), None),
    (BLOCK, False, (service(zone="other"),), "nova"),
    (BLOCK, False, (service(up=False), service("node-2", zone="other")), "nova"),
    (BLOCK, True, (service(enabled=False),), "nova"),
    (BLOCK, True, (service(enabled=False), service("node-2", up=False)), "nova"),
    (BLOCK, True, ALL_DOWN, "nova"),
    (BLOCK, True, (service(up=False, seen=ago(seconds=301)),), "nova"),
    (BLOCK, True, (NEVER_SEEN,), "nova"),
    (WARN, True, (service(up=False, seen=ago(seconds=300)),), "nova"),
    (WARN, True, (service(up=False), service("node-2", up=False, seen=ago(seconds=90))), "nova"),
    (WARN, True, (service(up=False, seen=NOW + datetime.timedelta(minutes=9)),), "nova"),
    (WARN, False, (service(up=False, seen=ago(seconds=90)), service("node-2", zone="other")), "nova"),
    (WARN, False, TIMED_OUT, "nova"),
]


def flown(**so):
    seen = evidence(**so)
    return preflight(seen, judge(seen), NOW)


@pytest.mark.parametrize(("clearance", "everywhere", "services", "zone"), CASES)
def test_reset_is_held_back_only_on_clear_evidence(clearance, everywhere, services, zone):
    flight = flown(services=services, availability_zone=zone)
    assert flight.clearance is clearance
    assert (flight.text is None) == (clearance is CLEAR)
    assert flight.is_everywhere is everywhere


def test_unread_backup_is_not_held_back():
    assert flown(backup=TIMED_OUT).clearance is WARN


def test_blocked_reset_names_the_host_to_start_and_what_that_start_does():
    told = str(flown(services=(service("node-0", up=False), service("node-1", up=False))).text)
    assert "Start it on node-1, node-0." in told
    assert "Starting it sets this backup to Error" in told


def test_service_that_runs_and_is_called_down_may_not_reach_its_store():
    assert "If it runs there, it may not reach its backup store" in str(flown(services=ALL_DOWN).text)


def test_blocked_complete_backup_is_told_of_its_rescue_afterwards():
    told = str(flown(services=ALL_DOWN, object_count=128).text)
    assert "can be made Available again from Error afterwards" in told


def test_disabled_services_are_told_with_their_reason_and_the_command_that_enables_them():
    told = str(flown(services=(DISABLED, service("node 2", zone="nova", enabled=False))).text)
    assert "is disabled: node-1 (disk swap), node 2." in told
    assert "openstack volume service set --enable node-1 cinder-backup" in told


def test_disabled_services_that_run_are_named_where_there_are_any_since_enabling_another_leads_nowhere():
    told = str(flown(services=(DISABLED, service("node-2", zone="nova", enabled=False, up=False))).text)
    assert "is disabled: node-1 (disk swap)." in told
    told = str(flown(services=(service("node-2", zone="nova", enabled=False, up=False), DISABLED)).text)
    assert "cinder-manage service remove cinder-backup node-1" in told


def test_zone_without_a_service_is_told_with_the_zones_that_have_one():
    told = str(flown(services=(service(zone="west"), service(zone="east"))).text)
    assert "in zone nova" in told
    assert "belong to: east, west." in told
    assert "storage_availability_zone" in told


def test_cloud_without_cinder_backup_is_told_so():
    assert "There is no cinder-backup in this cloud" in str(flown(services=()).text)


def test_block_says_nothing_of_a_start_that_does_nothing():
    assert "Starting it" not in str(flown(services=ALL_DOWN, status="error_deleting").text)
