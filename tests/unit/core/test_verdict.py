# SPDX-License-Identifier: Apache-2.0
"""The table of verdicts: what each record proves, whatever the services and the volume do meanwhile."""

import dataclasses

import pytest

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import RESET_FROM
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.verdict.table import ROWS
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Level
from backup_reset_panel.core.verdict.types import Permission
from tests.unit.core.examples import ALL_DOWN
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import CREATE_FAILED
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import FROZEN
from tests.unit.core.examples import ONE_OF_TWO_UP
from tests.unit.core.examples import PARENT_GONE
from tests.unit.core.examples import POSIX
from tests.unit.core.examples import SWIFT
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import UP
from tests.unit.core.examples import WHOLE
from tests.unit.core.examples import ago
from tests.unit.core.examples import evidence
from tests.unit.core.examples import held_volume
from tests.unit.core.examples import parent

CREATING, RESTORING, ERROR = statuses.CREATING, statuses.RESTORING, statuses.ERROR
DELETING, ERROR_DELETING, AVAILABLE = statuses.DELETING, statuses.ERROR_DELETING, statuses.AVAILABLE
INCREMENTAL = {"is_incremental": True}
CHAIN_LOST = Chain((parent(),), ChainEnd.LOST)
PARENT_IN_ERROR = Chain((parent(status=ERROR),), ChainEnd.FULL)

GOOD, WARN, BAD, UNKNOWN = Level.GOOD, Level.WARN, Level.BAD, Level.UNKNOWN
NO, YES, OVERRIDE, CONFIRM = Permission.NO, Permission.YES, Permission.OVERRIDE, Permission.CONFIRM
#: What is asked in vain for good: not for this user, or not in this cloud.
REFUSED, CONTROLS = Unknown(Gap.REFUSED), Unknown(Gap.CONTROLS_FAILED)

# row, colour, what the record leads to, "available", the backup's status, and what else is so
TABLE = [
    (1, UNKNOWN, Advice.NONE, NO, CREATING, {"backup": TIMED_OUT}),
    (1, UNKNOWN, Advice.NONE, NO, CREATING, {"backup": None}),
    (2, WARN, Advice.REMOVE, NO, CREATING, {"taken_up": False}),
    (2, WARN, Advice.REPAIR, NO, ERROR, {"taken_up": False, **WHOLE}),
    (2, WARN, Advice.REMOVE, NO, DELETING, {"taken_up": False}),
    (2, WARN, Advice.REMOVE, NO, RESTORING, {"taken_up": False}),
    (2, WARN, Advice.REPAIR, NO, None, {"taken_up": False}),
    (2, WARN, Advice.REMOVE, NO, CREATING, {"taken_up": False, "volume_id": statuses.NO_VOLUME}),
    (3, BAD, Advice.ERROR, OVERRIDE, CREATING, {"volume_id": statuses.NO_VOLUME, **WHOLE}),
    (3, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"volume_id": statuses.NO_VOLUME, **WHOLE}),
    (3, BAD, Advice.ERROR, OVERRIDE, AVAILABLE, {"volume_id": statuses.NO_VOLUME, **WHOLE}),
    (5, GOOD, Advice.NONE, NO, AVAILABLE, WHOLE),
    (5, GOOD, Advice.NONE, NO, AVAILABLE, {"object_count": None, "driver": TIMED_OUT, "taken_up": TIMED_OUT}),
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
    (8, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"driver": CONTROLS, **WHOLE}),
    (8, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"driver": "x.cinder.backup.drivers.posix", **WHOLE}),
    (8, UNKNOWN, Advice.LEAVE, OVERRIDE, ERROR, {"driver": REFUSED, **WHOLE}),
    (8, WARN, Advice.AVAILABLE, YES, RESTORING, {"driver": CEPH}),
    (8, WARN, Advice.AVAILABLE, YES, RESTORING, {"driver": REFUSED, **INCREMENTAL}),
    (9, BAD, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": PARENT_GONE, **INCREMENTAL, **WHOLE}),
    (9, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": REFUSED, **INCREMENTAL, **WHOLE}),
    (9, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": CHAIN_LOST, **INCREMENTAL, **WHOLE}),
    (9, UNKNOWN, Advice.ERROR, OVERRIDE, CREATING, {"ancestors": PARENT_IN_ERROR, **INCREMENTAL, **WHOLE}),
    (9, BAD, Advice.LEAVE, OVERRIDE, ERROR, {"ancestors": PARENT_GONE, **INCREMENTAL, **WHOLE}),
    (9, WARN, Advice.AVAILABLE, OVERRIDE, RESTORING, {"ancestors": PARENT_GONE, **INCREMENTAL, **WHOLE}),
    (9, WARN, Advice.AVAILABLE, OVERRIDE, RESTORING, {"ancestors": REFUSED, **INCREMENTAL}),
    (10, GOOD, Advice.AVAILABLE, YES, CREATING, WHOLE),
    (10, GOOD, Advice.AVAILABLE, YES, CREATING, {**INCREMENTAL, **WHOLE}),
    (10, GOOD, Advice.AVAILABLE, YES, CREATING, {"taken_up": REFUSED, "volume": None, **WHOLE}),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, WHOLE),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, {**INCREMENTAL, **WHOLE}),
    (11, WARN, Advice.LEAVE, CONFIRM, ERROR, {"messages": REFUSED, **WHOLE}),
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

# What was asked and not answered in time, where that is what the verdict would rest on.
LATE = [
    (CREATING, {"taken_up": TIMED_OUT, **WHOLE}),
    (CREATING, {"taken_up": TIMED_OUT, "volume_id": statuses.NO_VOLUME}),
    (CREATING, {"driver": TIMED_OUT, **WHOLE}),
    (CREATING, {"driver": Unknown(Gap.FAILED), **WHOLE}),
    (CREATING, {"ancestors": TIMED_OUT, **INCREMENTAL, **WHOLE}),
    (RESTORING, {"driver": TIMED_OUT, **WHOLE}),
    (RESTORING, {"ancestors": TIMED_OUT, **INCREMENTAL}),
    (ERROR, {"driver": TIMED_OUT, **WHOLE}),
    (ERROR, {"messages": TIMED_OUT, **WHOLE}),
    (DELETING, {"taken_up": TIMED_OUT}),
    (None, {"taken_up": TIMED_OUT}),
]
# What was not answered in time, and is not needed.
NOT_MISSED = [
    (4, DELETING, {"driver": TIMED_OUT, "messages": TIMED_OUT}),
    (7, ERROR, {"messages": TIMED_OUT, "fail_reason": "[Errno 21] Is a directory", **WHOLE}),
    (10, CREATING, {"messages": TIMED_OUT, "ancestors": TIMED_OUT, **WHOLE}),
    (16, ERROR, {"messages": TIMED_OUT}),
]

SERVICES = {"up": UP, "another up": ONE_OF_TWO_UP, "down": ALL_DOWN, "frozen": FROZEN, "none": (), "unknown": REFUSED}
VOLUMES = {
    "backing-up": held_volume(),
    "attached": held_volume(attachments=2),
    "free": held_volume(status="available"),
    "gone": None,
    "unknown": TIMED_OUT,
}


def facts(verdict):
    return verdict.row, verdict.level, verdict.by_record, verdict.available


CASES = [
    pytest.param((row, level, advice, available), {"status": status, **so}, id=f"row {row}: {status} {so}"[:60])
    for row, level, advice, available, status, so in TABLE
]


@pytest.mark.parametrize("services", SERVICES.values(), ids=SERVICES.keys())
@pytest.mark.parametrize("volume", VOLUMES.values(), ids=VOLUMES.keys())
@pytest.mark.parametrize(("proved", "so"), CASES)
def test_record_proves_what_the_table_says_whoever_may_be_at_work(proved, so, volume, services):
    verdict = judge(evidence(**{"volume": volume, "services": services, **so}))
    row, level, advice, available = proved
    if verdict.life is Life.RUNNING:
        level = Level.LIVE
    assert facts(verdict) == (row, level, advice, available)
    assert verdict.recommended is (Advice.WAIT if verdict.life is Life.RUNNING else advice)


@pytest.mark.parametrize(("status", "so"), LATE)
def test_what_was_not_answered_in_time_is_no_verdict(status, so):
    verdict = judge(evidence(status=status, **so))
    assert verdict.kind is Kind.NOT_ANSWERED
    assert (verdict.level, verdict.recommended) == (UNKNOWN, Advice.NONE)


@pytest.mark.parametrize(("row", "status", "so"), NOT_MISSED)
def test_what_is_not_needed_may_be_missing(row, status, so):
    assert judge(evidence(status=status, **so)).row == row


@pytest.mark.parametrize("so", [{"services": TIMED_OUT}, {"services": UP, "last_host": TIMED_OUT}])
@pytest.mark.parametrize("record", [WHOLE, {}, {"status": RESTORING, **WHOLE}])
def test_nothing_is_recommended_while_it_could_not_be_asked_in_time_who_may_be_at_work(so, record):
    verdict = judge(evidence(**so, **record))
    assert verdict.recommended is Advice.NONE
    assert verdict.level is not GOOD


@pytest.mark.parametrize("so", [{"services": REFUSED}, {"services": UP, "last_host": CONTROLS}])
def test_who_may_be_at_work_can_be_hidden_for_good_and_the_record_still_counts(so):
    verdict = judge(evidence(**so, **WHOLE))
    assert (verdict.life, verdict.recommended, verdict.level) == (Life.CANNOT_TELL, Advice.AVAILABLE, GOOD)


YOUNG = {"created_at": ago(minutes=2), "updated_at": ago(minutes=2)}


@pytest.mark.parametrize(
    "so",
    [{}, WHOLE, {"status": RESTORING, **WHOLE}, {"status": DELETING}, {"driver": CEPH}, {"driver": TIMED_OUT}],
)
def test_running_job_is_blue_and_to_be_waited_for_whatever_its_record(so):
    verdict = judge(evidence(services=UP, **YOUNG, **so))
    assert (verdict.life, verdict.level, verdict.recommended) == (Life.RUNNING, Level.LIVE, Advice.WAIT)
    assert str(verdict.headline) == "Probably still running: cinder-backup on node-1 is up. Wait."


def test_request_that_waits_for_its_turn_is_to_be_waited_for():
    verdict = judge(evidence(services=UP, taken_up=False, **YOUNG))
    assert (verdict.level, verdict.recommended, verdict.by_record) == (Level.LIVE, Advice.WAIT, Advice.REMOVE)
    assert "waiting for its turn" in str(verdict.headline)


def test_what_a_running_jobs_record_proves_is_kept_for_the_fold():
    verdict = judge(evidence(services=UP, **YOUNG, **WHOLE))
    assert str(verdict.reasons[0]).startswith("Complete.")


@pytest.mark.parametrize("status", [CREATING, ERROR, RESTORING])
def test_incremental_in_a_list_is_left_to_be_opened(status):
    verdict = judge(evidence(status=status, ancestors=NOT_ASKED, **INCREMENTAL, **WHOLE))
    assert (verdict.kind, verdict.level, verdict.recommended) == (Kind.CHAIN_NOT_ASKED, UNKNOWN, Advice.NONE)
    assert verdict.available is OVERRIDE


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
@pytest.mark.parametrize("so", [{}, WHOLE, INCREMENTAL, {"driver": TIMED_OUT}, {"taken_up": REFUSED}])
@pytest.mark.parametrize(("available", "services", "last_host"), DELETES)
def test_begun_delete_can_be_overridden_only_while_all_its_services_answer(status, so, available, services, last_host):
    old = {"created_at": ago(days=3), "updated_at": ago(days=2)}
    verdict = judge(evidence(status=status, services=services, last_host=last_host, **old, **so))
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


@pytest.mark.parametrize(
    ("said", "so"),
    [
        ("gone or was being deleted", {"ancestors": PARENT_GONE}),
        ("could not be verified", {"ancestors": REFUSED}),
        ("could not be verified", {"ancestors": PARENT_IN_ERROR}),
    ],
)
@pytest.mark.parametrize("status", [CREATING, RESTORING])
def test_headline_about_a_chain_claims_no_more_than_was_found(said, so, status):
    assert said in str(judge(evidence(status=status, **so, **INCREMENTAL, **WHOLE)).headline)


def test_rows_are_those_of_the_design_in_its_order():
    numbers = [row.number for row in ROWS]
    of_the_store = [number for number in numbers if number > 16]
    assert of_the_store == sorted(of_the_store)
    begin = numbers.index(of_the_store[0])
    assert numbers[begin : begin + len(of_the_store)] == of_the_store
    assert numbers[begin - 1] == 7
    numbers = [number for number in numbers if number <= 16]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 17))
    assert [row.kind for row in ROWS] == list(Kind)


def test_table_of_this_test_covers_every_row():
    assert {row for row, *_rest in TABLE} | {4} == set(range(1, 17))


@pytest.mark.parametrize(("proved", "so"), CASES)
def test_reasons_name_no_dead_process_and_advise_no_restore(proved, so):
    verdict = judge(evidence(**{"services": ALL_DOWN, **so}))
    told = " ".join(str(text) for text in (verdict.headline, *verdict.reasons))
    assert "not running" not in told
    assert "to be sure" not in told
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
    assert "someone tried to delete it earlier" in str(verdict.headline)


def test_weak_ancestor_is_named():
    verdict = judge(evidence(ancestors=PARENT_IN_ERROR, **INCREMENTAL, **WHOLE))
    assert any("weekly-01" in str(reason) for reason in verdict.reasons)


def test_verdict_is_a_value():
    seen = evidence(**WHOLE)
    assert judge(seen) == judge(dataclasses.replace(seen))


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"driver": SWIFT}, True),
        ({"driver": POSIX}, False),
        ({"driver": NOT_ASKED, "container": "volumebackups"}, True),
        ({"driver": NOT_ASKED, "container": "ab/cd/abcd1234"}, False),
        ({"driver": NOT_ASKED, "container": None}, False),
    ],
)
def test_delete_that_may_leave_objects_in_swift_says_so(changes, is_told):
    reasons = judge(evidence(status="deleting", id="abcd1234", **changes)).reasons
    assert any("leaves all objects" in str(reason) for reason in reasons) is is_told
