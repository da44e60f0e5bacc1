# SPDX-License-Identifier: Apache-2.0
"""The table of verdicts: what each record proves, whatever the services and the volume do meanwhile."""

import dataclasses

import pytest

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.kinds import Advice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import Level
from backup_reset_panel.core.kinds import Permission
from backup_reset_panel.core.signs import RESET_FROM
from backup_reset_panel.core.verdict import ROWS
from backup_reset_panel.core.verdict import judge
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import CREATE_FAILED
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import FROZEN
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import PARENT_GONE
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import parent

CREATING, RESTORING, ERROR = statuses.CREATING, statuses.RESTORING, statuses.ERROR
DELETING, ERROR_DELETING, AVAILABLE = statuses.DELETING, statuses.ERROR_DELETING, statuses.AVAILABLE
INCREMENTAL = {"is_incremental": True}
WHOLE = {"object_count": 128}
CHAIN_LOST = Chain((parent(),), ChainEnd.LOST)
PARENT_IN_ERROR = Chain((parent(status=ERROR),), ChainEnd.FULL)

GOOD, WARN, BAD, UNKNOWN = Level.GOOD, Level.WARN, Level.BAD, Level.UNKNOWN
NO, YES, OVERRIDE, CONFIRM = Permission.NO, Permission.YES, Permission.OVERRIDE, Permission.CONFIRM

# row, colour, recommended, "available", the backup's status, and what else is so
TABLE = [
    (1, UNKNOWN, Advice.NONE, NO, CREATING, {"backup": TIMED_OUT}),
    (1, UNKNOWN, Advice.NONE, NO, CREATING, {"backup": None}),
    (2, WARN, Advice.REPAIR, NO, CREATING, {"taken_up": False}),
    (2, WARN, Advice.REPAIR, NO, ERROR, {"taken_up": False, **WHOLE}),
    (2, WARN, Advice.REPAIR, NO, DELETING, {"taken_up": False}),
    (2, WARN, Advice.REPAIR, NO, RESTORING, {"taken_up": False}),
    (2, WARN, Advice.REPAIR, NO, None, {"taken_up": False}),
    (2, WARN, Advice.REPAIR, NO, CREATING, {"taken_up": False, "volume_id": statuses.NO_VOLUME}),
    (3, BAD, Advice.ERROR, OVERRIDE, CREATING, {"volume_id": statuses.NO_VOLUME, **WHOLE}),
    (3, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"volume_id": statuses.NO_VOLUME, **WHOLE}),
    (3, BAD, Advice.ERROR, OVERRIDE, AVAILABLE, {"volume_id": statuses.NO_VOLUME, **WHOLE}),
    (5, GOOD, Advice.NONE, NO, AVAILABLE, WHOLE),
    (5, GOOD, Advice.NONE, NO, AVAILABLE, {"object_count": None, "driver": TIMED_OUT}),
    (6, UNKNOWN, Advice.ERROR, OVERRIDE, None, WHOLE),
    (6, UNKNOWN, Advice.ERROR, OVERRIDE, "", WHOLE),
    (6, UNKNOWN, Advice.ERROR, OVERRIDE, "deleted", WHOLE),
    (6, UNKNOWN, Advice.ERROR, OVERRIDE, "backing-up", WHOLE),
    (7, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"messages": (CREATE_FAILED, DELETE_FAILED), **WHOLE}),
    (7, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"messages": (DELETE_FAILED,), "driver": FOREIGN}),
    (7, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"fail_reason": "[Errno 21] Is a directory", **WHOLE}),
    (7, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"fail_reason": "Delete backup aborted, the backup service ..."}),
    (8, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"driver": CEPH}),
    (8, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"driver": FOREIGN, **WHOLE}),
    (8, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"driver": TIMED_OUT, **WHOLE}),
    (8, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"driver": "x.cinder.backup.drivers.posix", **WHOLE}),
    (8, UNKNOWN, Advice.LEAVE, OVERRIDE, ERROR, {"driver": TIMED_OUT, **WHOLE}),
    (8, WARN, Advice.AVAILABLE, YES, RESTORING, {"driver": CEPH}),
    (8, WARN, Advice.AVAILABLE, YES, RESTORING, {"driver": TIMED_OUT, **INCREMENTAL}),
    (9, BAD, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": PARENT_GONE, **INCREMENTAL, **WHOLE}),
    (9, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": TIMED_OUT, **INCREMENTAL, **WHOLE}),
    (9, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": CHAIN_LOST, **INCREMENTAL, **WHOLE}),
    (9, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": PARENT_IN_ERROR, **INCREMENTAL, **WHOLE}),
    (9, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"ancestors": PARENT_GONE, **INCREMENTAL, **WHOLE}),
    (9, WARN, Advice.AVAILABLE, OVERRIDE, RESTORING, {"ancestors": PARENT_GONE, **INCREMENTAL, **WHOLE}),
    (9, WARN, Advice.AVAILABLE, OVERRIDE, RESTORING, {"ancestors": TIMED_OUT, **INCREMENTAL}),
    (10, GOOD, Advice.AVAILABLE, YES, CREATING, WHOLE),
    (10, GOOD, Advice.AVAILABLE, YES, CREATING, {**INCREMENTAL, **WHOLE}),
    (10, GOOD, Advice.AVAILABLE, YES, CREATING, {"taken_up": TIMED_OUT, "volume": None, **WHOLE}),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, WHOLE),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, {**INCREMENTAL, **WHOLE}),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, {"messages": TIMED_OUT, **WHOLE}),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, {"fail_reason": "incomplete backup reset on manager restart", **WHOLE}),
    (12, GOOD, Advice.AVAILABLE, YES, RESTORING, WHOLE),
    (12, GOOD, Advice.AVAILABLE, YES, RESTORING, {**INCREMENTAL, **WHOLE}),
    (12, WARN, Advice.AVAILABLE, YES, RESTORING, {"fail_reason": "[Errno 21] Is a directory", **WHOLE}),
    (13, WARN, Advice.AVAILABLE, YES, RESTORING, INCREMENTAL),
    (13, WARN, Advice.AVAILABLE, YES, RESTORING, {"object_count": None, **INCREMENTAL}),
    (14, BAD, Advice.ERROR, OVERRIDE, RESTORING, {}),
    (14, BAD, Advice.ERROR, OVERRIDE, RESTORING, {"object_count": None}),
    (15, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, INCREMENTAL),
    (15, UNKNOWN, Advice.LEAVE, OVERRIDE, ERROR, INCREMENTAL),
    (16, BAD, Advice.ERROR, OVERRIDE, CREATING, {}),
    (16, BAD, Advice.ERROR, OVERRIDE, CREATING, {"object_count": None}),
    (16, BAD, Advice.LEAVE, OVERRIDE, ERROR, {}),
    (16, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"fail_reason": "[Errno 28] No space left on device"}),
]

SERVICES = {"up": UP, "another up": ONE_OF_TWO_UP, "down": ALL_DOWN, "frozen": FROZEN, "none": (), "unknown": TIMED_OUT}
VOLUMES = {
    "backing-up": held_volume(),
    "attached": held_volume(attachments=2),
    "free": held_volume(status="available"),
    "gone": None,
    "unknown": TIMED_OUT,
}


def facts(verdict):
    return verdict.row, verdict.level, verdict.recommended, verdict.available


CASES = [
    pytest.param((row, level, advice, available), {"status": status, **so}, id=f"row {row}: {status} {so}"[:60])
    for row, level, advice, available, status, so in TABLE
]


@pytest.mark.parametrize("services", SERVICES.values(), ids=SERVICES.keys())
@pytest.mark.parametrize("volume", VOLUMES.values(), ids=VOLUMES.keys())
@pytest.mark.parametrize(("proved", "so"), CASES)
def test_record_proves_what_the_table_says(proved, so, volume, services):
    seen = evidence(**{"volume": volume, "services": services, **so})
    assert facts(judge(seen)) == proved


# A backup that is being deleted: whether "available" can be forced depends on who could still hold the delete.
DELETES = [
    (OVERRIDE, UP, "node-1"),
    (NO, ALL_DOWN, "node-1"),
    (NO, FROZEN, "node-1"),
    (NO, ONE_OF_TWO_UP, "node-1"),
    (NO, ONE_OF_TWO_UP, "node-2"),
    (NO, TIMED_OUT, "node-1"),
    (NO, (), "node-1"),
    (NO, UP, "node-9"),
    (NO, UP, None),
    (NO, UP, TIMED_OUT),
]


@pytest.mark.parametrize("status", [DELETING, ERROR_DELETING])
@pytest.mark.parametrize("so", [{}, WHOLE, INCREMENTAL, {"driver": TIMED_OUT}, {"taken_up": TIMED_OUT}])
@pytest.mark.parametrize(("available", "services", "last_host"), DELETES)
def test_begun_delete_can_be_overridden_only_while_all_its_services_answer(status, so, available, services, last_host):
    verdict = judge(evidence(status=status, services=services, last_host=last_host, **so))
    assert facts(verdict) == (4, BAD, Advice.ERROR, available)


@pytest.mark.parametrize(("available", "services", "last_host"), DELETES)
def test_backup_marked_as_reset_from_deleting_is_no_freer_than_it_was(available, services, last_host):
    marked = evidence(
        status=ERROR, services=services, last_host=last_host, metadata=((RESET_FROM, ERROR_DELETING),), **WHOLE
    )
    assert facts(judge(marked)) == (7, BAD, Advice.LEAVE, available)


def test_restoring_backup_keeps_the_status_that_it_had_whatever_was_marked_before():
    marked = evidence(status=RESTORING, services=ALL_DOWN, metadata=((RESET_FROM, DELETING),), **WHOLE)
    assert facts(judge(marked)) == (12, WARN, Advice.AVAILABLE, YES)


def test_rows_are_numbered_in_order_and_have_a_kind_each():
    assert [row.number for row in ROWS] == list(range(1, 17))
    assert [row.kind for row in ROWS] == list(Kind)


def test_table_of_this_test_covers_every_row_and_colour():
    assert {row for row, *_rest in TABLE} | {4} == set(range(1, 17))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UNREADABLE])
def test_reasons_name_no_dead_process(kind):
    rows = [so | {"status": status} for row, _l, _r, _a, status, so in TABLE if ROWS[row - 1].kind is kind]
    rows = rows or [{"status": DELETING}]
    for so in rows:
        verdict = judge(evidence(**{"services": ALL_DOWN, **so}))
        told = " ".join(str(text) for text in (verdict.headline, *verdict.reasons))
        assert "not running" not in told
        assert "{" not in told


def test_complete_says_that_objects_were_not_read_back():
    reasons = [str(reason) for reason in judge(evidence(**WHOLE)).reasons]
    assert any("not read back" in reason for reason in reasons)


def test_complete_on_posix_warns_of_a_host_that_lost_power():
    on_posix = judge(evidence(driver="cinder.backup.drivers.posix.PosixBackupDriver", **WHOLE))
    on_swift = judge(evidence(**WHOLE))
    assert any("lost power" in str(reason) for reason in on_posix.reasons)
    assert not any("lost power" in str(reason) for reason in on_swift.reasons)


@pytest.mark.parametrize(
    ("noted", "so", "expected"),
    [
        ("error_backing-up", {}, "saw this backup, or a later one of the volume, fail"),
        ("backing-up", INCREMENTAL, "probably complete"),
        ("backing-up", {"driver": CEPH}, "probably complete"),
    ],
)
def test_previous_status_of_the_volume_adds_a_reason_and_no_recommendation(noted, so, expected):
    without = judge(evidence(previous_status=None, **so))
    verdict = judge(evidence(previous_status=noted, **so))
    assert any(expected in str(reason) for reason in verdict.reasons)
    assert facts(verdict) == facts(without)


def test_restoring_backup_with_an_old_sign_of_a_delete_says_so():
    verdict = judge(evidence(status=RESTORING, fail_reason="Delete_backup aborted, expected ...", **WHOLE))
    assert "a delete of it was tried" in str(verdict.headline)


def test_weak_ancestor_is_named():
    verdict = judge(evidence(ancestors=PARENT_IN_ERROR, **INCREMENTAL, **WHOLE))
    assert any("weekly-01" in str(reason) for reason in verdict.reasons)


def test_verdict_is_a_value():
    seen = evidence(**WHOLE)
    assert judge(seen) == judge(dataclasses.replace(seen))
