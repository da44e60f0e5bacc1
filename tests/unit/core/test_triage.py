# SPDX-License-Identifier: Apache-2.0
"""What needs attention, what is only slow, what is not known; and on which tile each is counted."""

import datetime

import pytest

from backup_reset_panel.core.delete_signs import RESET_FROM
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.triage import Need
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.triage import is_judged
from backup_reset_panel.core.triage import is_locked
from backup_reset_panel.core.triage import need
from backup_reset_panel.core.triage import tiles
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import FROZEN
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_snapshot
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import service
from tests.unit.core.examples import target

ATTENTION, LOCKED, WAS_COMPLETE, ERROR, DELETING, LONG = Tile
FREE = {"volume": held_volume(status="available")}
OF_SNAPSHOT = {"snapshot_id": "s-1", "snapshot": held_snapshot(), **FREE}
YOUNG = {"created_at": ago(minutes=2), "updated_at": None}
NOT_UP, NOT_LISTED = Unknown(Gap.NOT_UP), Unknown(Gap.NOT_LISTED)

LISTED = [
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": ALL_DOWN}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": ONE_OF_TWO_UP}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": ONE_OF_TWO_UP, "last_host": NOT_UP}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": UP, "last_host": "node-9"}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": UP, "last_host": NOT_LISTED}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": (service("n", zone="other"),), "last_host": NOT_LISTED}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": (), "last_host": NOT_LISTED}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": ALL_DOWN, **YOUNG}),
    (Need.NOT_TAKEN_UP, {ATTENTION}, {"services": ALL_DOWN, "taken_up": False, **YOUNG}),
    (Need.HOST_NOT_UP, {ATTENTION}, {"services": ALL_DOWN, "status": "restoring"}),
    (Need.HOST_NOT_UP, {ATTENTION, DELETING}, {"services": ALL_DOWN, "status": "deleting"}),
    (Need.NOT_TAKEN_UP, {ATTENTION}, {"services": UP, "taken_up": False}),
    (Need.NOT_TAKEN_UP, {ATTENTION}, {"services": UP, "taken_up": False, "created_at": ago(minutes=15)}),
    (Need.NOT_TAKEN_UP, {ATTENTION}, {"services": TIMED_OUT, "taken_up": False}),
    (None, set(), {"services": UP, "taken_up": False, "created_at": ago(minutes=14)}),
    (None, set(), {"services": UP, "taken_up": False, **YOUNG}),
    (Need.COMPLETE_UNCHANGED, {ATTENTION}, {"services": UP, **WHOLE}),
    (Need.COMPLETE_UNCHANGED, {ATTENTION}, {"services": FROZEN, **WHOLE}),
    (Need.COMPLETE_UNCHANGED, {ATTENTION}, {"services": UP, "updated_at": ago(minutes=10), **WHOLE}),
    (Need.COMPLETE_UNCHANGED, {ATTENTION}, {"services": TIMED_OUT, **WHOLE}),
    (None, set(), {"services": UP, "updated_at": ago(minutes=9), **WHOLE}),
    (None, set(), {"services": UP, "status": "restoring", **WHOLE}),
    (None, set(), {"services": UP}),
    (None, set(), {"services": TIMED_OUT}),
    (None, {LONG}, {"services": UP, "updated_at": ago(hours=24)}),
    (None, {LONG}, {"services": UP, "status": "restoring", "updated_at": ago(days=3)}),
    (None, {LONG, DELETING}, {"services": UP, "status": "deleting", "updated_at": ago(days=3)}),
    (None, set(), {"services": UP, "updated_at": ago(hours=23, minutes=59)}),
    (Need.COMPLETE_UNCHANGED, {ATTENTION}, {"services": UP, "updated_at": ago(days=3), **WHOLE}),
    (None, {DELETING}, {"services": ALL_DOWN, "status": "error_deleting", **FREE}),
    (None, {ERROR}, {"status": "error", **FREE}),
    (None, {ERROR, WAS_COMPLETE}, {"status": "error", **FREE, **WHOLE}),
    (None, {ERROR}, {"status": "error", "messages": (DELETE_FAILED,), **FREE, **WHOLE}),
    (None, {ERROR}, {"status": "error", "metadata": ((RESET_FROM, "deleting"),), **FREE, **WHOLE}),
    (None, {ERROR}, {"status": "error", "fail_reason": "[Errno 21] Is a directory", **FREE, **WHOLE}),
    (Need.VOLUME_LOCKED, {ATTENTION, LOCKED, ERROR}, {"status": "error"}),
    (Need.VOLUME_LOCKED, {ATTENTION, LOCKED, ERROR, WAS_COMPLETE}, {"status": "error", **WHOLE}),
    (Need.VOLUME_LOCKED, {ATTENTION, LOCKED, DELETING}, {"status": "error_deleting"}),
    (Need.VOLUME_LOCKED, {ATTENTION, LOCKED}, {"status": "available"}),
    (Need.VOLUME_LOCKED, {ATTENTION, LOCKED}, {"status": "available", "restore_target": target(), **FREE}),
    (Need.VOLUME_LOCKED, {ATTENTION, LOCKED, ERROR}, {"status": "error", **OF_SNAPSHOT}),
    (None, {ERROR}, {"status": "error", "other_holders": (backup(id="b-2"),)}),
    (None, {ERROR}, {"status": "error", "other_holders": NOT_ASKED}),
    (None, {ERROR}, {"status": "error", "other_holders": TIMED_OUT}),
    (None, set(), {"status": "available", "services": ALL_DOWN, **FREE, **WHOLE}),
    (Need.NO_STATUS, {ATTENTION}, {"status": None}),
    (Need.NO_STATUS, {ATTENTION}, {"status": "backing-up", "services": UP}),
]


@pytest.mark.parametrize(("why", "on", "so"), LISTED)
def test_page_lists_what_needs_attention_and_does_not_cry_wolf(why, on, so):
    seen = evidence(**so)
    found = need(seen)
    assert (found and found.code) is why
    assert tiles(seen) == on


def test_need_says_for_how_long():
    told = str(need(evidence(services=UP, taken_up=False)).text)
    assert told == "No cinder-backup has taken it up for 4 h 0 min."


@pytest.mark.parametrize(
    ("judged", "so"),
    [
        (True, {"services": UP}),
        (True, {"services": ALL_DOWN}),
        (True, {"last_host": NOT_UP}),
        (True, {"last_host": NOT_LISTED}),
        (False, {"services": TIMED_OUT}),
        (False, {"services": UP, "last_host": TIMED_OUT}),
        (False, {"services": UP, "last_host": NOT_ASKED}),
        (False, {"services": TIMED_OUT, "updated_at": ago(days=3)}),
        # What needs attention whoever may be at work is known to.
        (True, {"services": TIMED_OUT, **WHOLE}),
        (True, {"services": TIMED_OUT, "taken_up": False}),
        (True, {"services": TIMED_OUT, "status": "error"}),
    ],
)
def test_backup_of_which_it_could_not_be_asked_who_works_on_it_is_not_judged(judged, so):
    assert is_judged(evidence(**so)) is judged


@pytest.mark.parametrize(
    ("locked", "so"),
    [
        (True, {}),
        (False, FREE),
        (False, {"volume": TIMED_OUT}),
        (False, {"other_holders": NOT_ASKED}),
        (False, {"other_holders": (backup(id="b-2"),)}),
    ],
)
def test_only_what_was_looked_at_and_is_held_by_nobody_else_counts_as_locked(locked, so):
    assert is_locked(evidence(status="error", **so)) is locked


def test_site_sets_its_own_ages():
    patient = Rules(
        not_taken_up=datetime.timedelta(days=9),
        complete_unchanged=datetime.timedelta(days=9),
        long_running=datetime.timedelta(hours=1),
    )
    assert tiles(evidence(services=UP, taken_up=False), patient) == set()
    assert tiles(evidence(services=UP, **WHOLE), patient) == set()
    assert tiles(evidence(services=UP), patient) == {LONG}


def test_backup_without_any_time_cannot_be_said_to_be_in_time():
    assert tiles(evidence(services=UP, updated_at=None, created_at=None)) == {LONG}
