# SPDX-License-Identifier: Apache-2.0
"""What became of a reset, as far as it was seen."""

from __future__ import annotations

import dataclasses

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import CLEANED_UP
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Held
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume


def untouched(before: Backup, now: Backup) -> bool:
    """Whether nothing but the status differs between two reads of one backup.

    A reset writes the status and nothing else (29.0.0 ``backup/manager.py`` ``reset_status``), so a new fail reason,
    object count or container is somebody else's doing. ``updated_at`` proves nothing: the API bumps it on acceptance.
    """
    return (before.fail_reason, before.object_count, before.container) == (
        now.fail_reason,
        now.object_count,
        now.container,
    )


def cleaned_up(before: Backup, now: Backup) -> bool:
    """Whether all that differs is what a start of cinder-backup does to a backup in ``creating``: an error, so called.

    It cleans up what names its host before it takes a message (29.0.0 ``backup/manager.py`` ``init_host``). So a reset
    that waits in its queue is applied after that.
    """
    is_its_reason = before.status == statuses.CREATING and now.fail_reason == CLEANED_UP != before.fail_reason
    return is_its_reason and untouched(dataclasses.replace(before, fail_reason=CLEANED_UP), now)


def held(evidence: Evidence) -> Held | None:
    """What a job on this backup would set free before it ends, as it is now; None where nothing could tell.

    :param evidence: Evidence on which the reset is sent
    """
    backup, target = evidence.record, evidence.restore_target
    if evidence.status == statuses.RESTORING or isinstance(target, Volume):
        return Held.of(RepairKind.RESTORE_TARGET, target) if isinstance(target, Volume) else None
    if evidence.status == statuses.ERROR and evidence.was_restored is not False:
        # A restore may live on under a reset; it would free a volume that is not known, and nothing of this one's.
        return None
    if backup.volume_id and backup.volume_id != statuses.NO_VOLUME and evidence.volume is None:
        # No create can end without its volume.
        return Held(RepairKind.VOLUME, backup.volume_id, "")
    if isinstance(evidence.snapshot, Snapshot):
        return Held.of(RepairKind.SNAPSHOT, evidence.snapshot)
    if isinstance(evidence.volume, Volume) and not backup.snapshot_id:
        return Held.of(RepairKind.VOLUME, evidence.volume)
    return None


def job_could_have_left(before: Backup, target: str) -> bool:
    """Whether a job on a backup could end in the status that is asked for, without any other trace in its record.

    A create ends in ``available``, also over a reset to ``error``, and a restore does so however it goes. A create that
    fails leaves a fail reason, a delete as well; but the same words as the last time are no trace (29.0.0
    ``backup/manager.py``).
    """
    if target == statuses.AVAILABLE:
        return before.status not in statuses.BEING_DELETED
    return before.status in statuses.IN_FLIGHT and bool(before.fail_reason)


@dataclasses.dataclass(frozen=True)
class Look:
    """What a look at a backup showed.

    :param backup: as read, None: Cinder says that it is gone
    :param held: what it held, as it is now; None: gone, or not asked; Unknown: not read
    """

    backup: Backup | None
    held: Held | Unknown | None = None


def is_ours(sent: Outcome, look: Look) -> bool | None:
    """Whether a job could not have brought the backup to its target: then this reset did, or one like it.

    A job writes to what it holds before it writes its last status (29.0.0 ``_finish_backup``, ``restore_backup``): what
    nobody has written to since was not set free by it. Its status alone would not do: another backup may hold it now.

    :returns: None if that could not be looked at this time
    """
    if not job_could_have_left(sent.before, sent.target):
        return True
    if sent.held is None or sent.target != statuses.AVAILABLE:
        return False
    if not sent.held.status:
        return True
    if isinstance(look.held, Unknown):
        return None
    return look.held == sent.held


def observe(sent: Outcome, look: Look) -> Ending:
    """Name the ending from what the backup was and what it is now."""
    now, before = look.backup, sent.before
    if now is None:
        return Ending.DELETED_MEANWHILE
    if sent.target != statuses.ERROR and cleaned_up(before, now):
        before = dataclasses.replace(now, status=statuses.ERROR)
    if not untouched(before, now):
        return Ending.SETTLED_OTHERWISE
    if now.status == sent.target:
        ours = is_ours(sent, look)
        return sent.ending if ours is None else (Ending.APPLIED if ours else Ending.REACHED)
    return sent.ending if now.status == before.status else Ending.SETTLED_OTHERWISE


def with_look(sent: Outcome, look: Look) -> Outcome:
    """An open Outcome after one more look at the backup; what was not known to be accepted stays so until it shows."""
    ending = observe(sent, look)
    fault = sent.fault if ending is Ending.UNKNOWN else None
    return _settled(dataclasses.replace(sent, ending=ending, now=look.backup, fault=fault))


def _settled(outcome: Outcome) -> Outcome:
    """A repair that waited for a reset is not sent behind the administrator's back: it is told as left."""
    if outcome.is_open:
        return outcome
    repairs = tuple(
        dataclasses.replace(each, ending=RepairEnding.LEFT) if each.ending is RepairEnding.WAITING else each
        for each in outcome.repairs
    )
    return dataclasses.replace(outcome, repairs=repairs)
