# SPDX-License-Identifier: Apache-2.0
"""Signs that somebody began to delete a backup: its data may be gone in part, whatever its record says."""

from __future__ import annotations

import enum
import re

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Message

#: Key in a backup's metadata under which we leave the status that we reset it from, so that it is not forgotten.
RESET_FROM = "backup_reset_panel.reset_from"

#: The action number of a delete in ``event_id``, "VOLUME_VOLUME_BACKUP_014_025" (29.0.0 ``message/message_field.py``).
_BACKUP_DELETE = "014"

#: Cinder puts these before the reason of an exception's text when it saves ``str(err)`` (``cinder/exception.py``).
_EXCEPTION_PREFIXES = ("Invalid backup: ", "Invalid volume: ", "Invalid snapshot: ")

#: Why a delete was given up before the driver was asked (29.0.0 ``backup/manager.py`` ``delete_backup``).
_DELETE_GIVEN_UP = ("Delete_backup aborted", "Delete backup is aborted", "Delete backup aborted")

#: What a start of cinder-backup writes as the reason of what it finds in ``creating`` (29.0.0 ``_cleanup_one_backup``).
CLEANED_UP = "incomplete backup reset on manager restart"

#: Fail reasons that a delete never writes (29.0.0 ``backup/manager.py``, ``backup/chunkeddriver.py``,
#: ``scheduler/manager.py``).
_NOT_OF_A_DELETE = (
    CLEANED_UP,
    "Create backup aborted",
    "Restore backup aborted",
    "Service not found for creating backup.",
    "Volume size increased since the last backup",
    "Hash block size has changed since the last backup",
    "Chunk size is not multiple of block size",
)

#: What goes wrong between services, or on the host when a create lets go of its volume after all data was written
#: (29.0.0 ``_detach_device``, ``_cleanup_temp_volumes_snapshots_when_backup_created``): a delete talks to its store
#: alone.
_OF_LETTING_GO = re.compile(
    r"Timed out waiting for a reply|MessagingTimeout|MessageDeliveryFailure|MessageUndeliverable|"
    r"^Unexpected error while running command|terminate_connection|remove_export|disconnect_volume|"
    r"^(Volume|Snapshot) \S+ could not be found|RPC|amqp|AMQP|DBConnectionError|DBDeadlock|Lost connection to MySQL"
)


class DeleteSign(enum.Enum):
    """What gives a begun delete away (29.0.0 ``backup/manager.py`` ``delete_backup``), or our own mark does."""

    MARK = "mark"
    MESSAGE = "message"
    GIVEN_UP = "given_up"
    FOREIGN_REASON = "foreign_reason"


def delete_sign(evidence: Evidence) -> DeleteSign | None:
    """The strongest sign that a delete of this backup was begun, or None.

    A driver that fails while deleting leaves plain ``error`` with the object count of a whole backup (29.0.0
    ``backup/manager.py`` ``delete_backup``). Its user message expires (``message_ttl``, 30 days); the last failure
    overwrites ``fail_reason``. So None is no proof that there was no delete.

    :param evidence: Evidence whose ``backup`` is a Backup
    """
    backup = evidence.record
    if deleting_mark(backup):
        return DeleteSign.MARK
    if known(evidence.messages) and any(_is_of_delete(message) for message in evidence.messages):
        return DeleteSign.MESSAGE
    sign = reason_sign(backup)
    if sign is DeleteSign.FOREIGN_REASON and says(evidence.previous_status, statuses.ERROR_BACKING_UP):
        # The volume tells that its last backup failed, which no delete writes there (``continue_backup``).
        return None
    return sign


def deleting_mark(backup: Backup) -> bool:
    """Whether we noted in its metadata that it was reset while being deleted (Cinder shows that from 3.43 on)."""
    return dict(backup.metadata).get(RESET_FROM) in statuses.BEING_DELETED


def reason_sign(backup: Backup) -> DeleteSign | None:
    """What ``fail_reason`` alone gives away: GIVEN_UP, FOREIGN_REASON or None.

    A text counts only if deleting can write it and finishing a create cannot, and only where objects were recorded: a
    create that failed before that has no whole data to lose (29.0.0 ``backup/manager.py`` ``update_backup_error``).
    """
    reason = _bare(backup.fail_reason or "")
    if reason.startswith(_DELETE_GIVEN_UP):
        return DeleteSign.GIVEN_UP
    is_of_create = reason.startswith(_NOT_OF_A_DELETE) or _OF_LETTING_GO.search(reason)
    return DeleteSign.FOREIGN_REASON if reason and counted(backup) and not is_of_create else None


def _bare(reason: str) -> str:
    for prefix in _EXCEPTION_PREFIXES:
        reason = reason.removeprefix(prefix)
    return reason


def _is_of_delete(message: Message) -> bool:
    return message.event_id.split("_")[-2:-1] == [_BACKUP_DELETE]
