# SPDX-License-Identifier: Apache-2.0
"""What gives a begun delete away."""

import pytest

from backup_reset_panel.core.delete_signs import RESET_FROM
from backup_reset_panel.core.delete_signs import DeleteSign
from backup_reset_panel.core.delete_signs import delete_sign
from backup_reset_panel.core.records import Message
from tests.unit.core.examples import CREATE_FAILED
from tests.unit.core.examples import DELETE_FAILED
from tests.unit.core.examples import TIMED_OUT
from tests.unit.core.examples import evidence

WHOLE = {"status": "error", "object_count": 128}


def test_message_of_a_delete_is_a_sign():
    assert delete_sign(evidence(messages=(CREATE_FAILED, DELETE_FAILED), **WHOLE)) is DeleteSign.MESSAGE


@pytest.mark.parametrize("event_id", ["", "odd", "014", "VOLUME_VOLUME_BACKUP_013_014", "VOLUME_VOLUME_BACKUP_015_026"])
def test_message_of_anything_else_is_none(event_id):
    assert delete_sign(evidence(messages=(Message("m", event_id),), **WHOLE)) is None


def test_messages_that_could_not_be_read_are_no_sign():
    assert delete_sign(evidence(messages=TIMED_OUT, **WHOLE)) is None


@pytest.mark.parametrize("status", ["deleting", "error_deleting"])
def test_our_mark_is_a_sign_even_without_messages(status):
    marked = evidence(messages=TIMED_OUT, metadata=((RESET_FROM, status),), **WHOLE)
    assert delete_sign(marked) is DeleteSign.MARK


def test_mark_of_a_reset_from_creating_is_none():
    assert delete_sign(evidence(metadata=((RESET_FROM, "creating"),), **WHOLE)) is None


@pytest.mark.parametrize(
    "reason",
    [
        "Delete_backup aborted, expected backup status deleting but got error.",
        "Delete backup is aborted due to backup service is down.",
        "Delete backup aborted, the backup service currently configured [a] is not the backup service ... [b].",
        "Invalid backup: Delete backup is aborted due to backup service is down.",
    ],
)
@pytest.mark.parametrize("count", [0, 128])
def test_reason_of_a_delete_given_up_is_a_sign_whatever_was_recorded(reason, count):
    assert delete_sign(evidence(status="error", object_count=count, fail_reason=reason)) is DeleteSign.GIVEN_UP


@pytest.mark.parametrize(
    "reason",
    [
        "incomplete backup reset on manager restart",
        "Create backup aborted, expected volume status backing-up but got available.",
        "Invalid backup: Create backup aborted due to backup service is down.",
        "Restore backup aborted: expected backup status restoring but got error.",
        "Service not found for creating backup.",
        "Invalid backup: Volume size increased since the last backup. Do a full backup.",
        "",
        None,
    ],
)
def test_reason_that_no_delete_writes_is_none(reason):
    assert delete_sign(evidence(fail_reason=reason, **WHOLE)) is None


@pytest.mark.parametrize(
    "reason",
    [
        "Timed out waiting for a reply to message ID 8f1c",
        "Unexpected error while running command.\nCommand: sudo cinder-rootwrap lvremove -f vg/tmp-snap",
        "The request to terminate_connection failed",
        "Volume 1b1d could not be found.",
        "(pymysql.err.OperationalError) (2013, 'Lost connection to MySQL server during query')",
    ],
)
def test_reason_of_a_create_that_failed_to_let_go_after_all_data_was_written_is_none(reason):
    assert delete_sign(evidence(fail_reason=reason, **WHOLE)) is None


def test_foreign_reason_is_none_where_the_volume_tells_that_its_last_backup_failed():
    seen = evidence(fail_reason="odd", previous_status="error_backing-up", **WHOLE)
    assert delete_sign(seen) is None
    assert delete_sign(evidence(fail_reason="odd", previous_status=TIMED_OUT, **WHOLE)) is DeleteSign.FOREIGN_REASON


def test_drivers_own_words_are_a_sign_once_data_was_recorded():
    assert delete_sign(evidence(fail_reason="[Errno 21] Is a directory", **WHOLE)) is DeleteSign.FOREIGN_REASON


def test_drivers_own_words_are_none_while_nothing_was_recorded():
    failed = evidence(status="error", object_count=0, fail_reason="[Errno 28] No space left on device")
    assert delete_sign(failed) is None
