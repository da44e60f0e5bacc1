# SPDX-License-Identifier: Apache-2.0
"""What needs a hand, what is only slow, and on which tile each is counted."""

import datetime

import pytest

from backup_reset_panel.core.signs import RESET_FROM
from backup_reset_panel.core.triage import Ages
from backup_reset_panel.core.triage import Need
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.core.triage import age
from backup_reset_panel.core.triage import need
from backup_reset_panel.core.triage import tiles
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import NOW
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import ago
from tests.unit.core.examples import backup
from tests.unit.core.examples import evidence

HAND, WAS_COMPLETE, ERROR, DELETING, LONG = Tile
WHOLE = {"object_count": 128}
YOUNG = {"created_at": ago(minutes=2), "updated_at": None}

LISTED = [
    (Need.SERVICE_DOWN, {HAND}, {"services": ALL_DOWN}),
    (Need.SERVICE_DOWN, {HAND}, {"services": ONE_OF_TWO_UP}),
    (Need.SERVICE_DOWN, {HAND}, {"services": UP, "last_host": "node-9"}),
    (Need.SERVICE_DOWN, {HAND}, {"services": (), "last_host": TIMED_OUT}),
    (Need.SERVICE_DOWN, {HAND}, {"services": ALL_DOWN, **YOUNG}),
    (Need.SERVICE_DOWN, {HAND}, {"services": ALL_DOWN, "taken_up": False, **YOUNG}),
    (Need.SERVICE_DOWN, {HAND}, {"services": ALL_DOWN, "status": "restoring"}),
    (Need.SERVICE_DOWN, {HAND, DELETING}, {"services": ALL_DOWN, "status": "deleting"}),
    (Need.NOT_TAKEN_UP, {HAND}, {"services": UP, "taken_up": False}),
    (Need.NOT_TAKEN_UP, {HAND}, {"services": UP, "taken_up": False, "updated_at": ago(minutes=15)}),
    (Need.NOT_TAKEN_UP, {HAND}, {"services": TIMED_OUT, "taken_up": False, "updated_at": None}),
    (None, set(), {"services": UP, "taken_up": False, "updated_at": ago(minutes=14)}),
    (None, set(), {"services": UP, "taken_up": False, **YOUNG}),
    (Need.COMPLETE_UNCHANGED, {HAND}, {"services": UP, **WHOLE}),
    (Need.COMPLETE_UNCHANGED, {HAND}, {"services": UP, "updated_at": ago(minutes=10), **WHOLE}),
    (Need.COMPLETE_UNCHANGED, {HAND}, {"services": TIMED_OUT, **WHOLE}),
    (None, set(), {"services": UP, "updated_at": ago(minutes=9), **WHOLE}),
    (None, set(), {"services": UP, "status": "restoring", **WHOLE}),
    (None, set(), {"services": UP}),
    (None, set(), {"services": TIMED_OUT}),
    (None, {LONG}, {"services": UP, "updated_at": ago(hours=24)}),
    (None, {LONG}, {"services": TIMED_OUT, "updated_at": ago(days=3)}),
    (None, {LONG}, {"services": UP, "status": "restoring", "updated_at": ago(days=3)}),
    (None, {LONG, DELETING}, {"services": UP, "status": "deleting", "updated_at": ago(days=3)}),
    (None, set(), {"services": UP, "updated_at": ago(hours=23, minutes=59)}),
    (Need.COMPLETE_UNCHANGED, {HAND}, {"services": UP, "updated_at": ago(days=3), **WHOLE}),
    (None, {DELETING}, {"services": ALL_DOWN, "status": "error_deleting"}),
    (None, {ERROR}, {"status": "error"}),
    (None, {ERROR, WAS_COMPLETE}, {"status": "error", **WHOLE}),
    (None, {ERROR}, {"status": "error", "messages": (DELETE_FAILED,), **WHOLE}),
    (None, {ERROR}, {"status": "error", "metadata": ((RESET_FROM, "deleting"),), **WHOLE}),
    (None, {ERROR}, {"status": "error", "fail_reason": "[Errno 21] Is a directory", **WHOLE}),
    (None, set(), {"status": "available", "services": ALL_DOWN, **WHOLE}),
    (Need.NO_STATUS, {HAND}, {"status": None}),
    (Need.NO_STATUS, {HAND}, {"status": "backing-up", "services": UP}),
]


@pytest.mark.parametrize(("why", "on", "so"), LISTED)
def test_page_lists_what_needs_a_hand_and_does_not_cry_wolf(why, on, so):
    seen = evidence(**so)
    found = need(seen)
    assert (found and found.code) is why
    assert tiles(seen) == on


def test_need_says_for_how_long():
    told = str(need(evidence(services=UP, taken_up=False)).text)
    assert told == "No cinder-backup has taken it up for 3 h 12 min."


def test_site_sets_its_own_ages():
    patient = Ages(
        not_taken_up=datetime.timedelta(days=9),
        complete=datetime.timedelta(days=9),
        long_running=datetime.timedelta(hours=1),
    )
    assert tiles(evidence(services=UP, taken_up=False), patient) == {LONG}
    assert tiles(evidence(services=UP, **WHOLE), patient) == {LONG}


def test_age_counts_from_the_last_change_or_from_the_beginning():
    assert age(backup(), NOW) == datetime.timedelta(hours=3, minutes=12)
    assert age(backup(updated_at=None), NOW) == datetime.timedelta(hours=4)
    assert age(backup(updated_at=None, created_at=None), NOW) is None


def test_backup_without_any_time_is_never_called_long_running():
    assert tiles(evidence(services=UP, updated_at=None, created_at=None)) == set()
