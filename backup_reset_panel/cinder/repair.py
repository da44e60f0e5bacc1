# SPDX-License-Identifier: Apache-2.0
"""Repairing the volume or snapshot that a stuck backup holds, and marking what must not be forgotten."""

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.reads import read_snapshot
from backup_reset_panel.cinder.reads import read_volume
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.outcome import PERHAPS_SENT
from backup_reset_panel.core.outcome import RepairEnding
from backup_reset_panel.core.outcome import RepairOutcome
from backup_reset_panel.core.signs import RESET_FROM


def repair(cloud, step):
    """Set one volume or snapshot to its new status, if it still is as planned; read back what came of it.

    Cinder's own reset of a volume or snapshot is a plain database write, done before it answers (29.0.0
    ``api/contrib/admin_actions.py``).

    :param cloud: Cloud
    :param step: core.repairs.RepairStep
    :returns: RepairOutcome
    """
    read, manager = _reader(cloud, step)
    try:
        now = read(cloud, step.id)
    except CinderFault as exc:
        return RepairOutcome(step, RepairEnding.REFUSED, fault=exc.fault)
    if now.status != step.before or (step.after == "available" and getattr(now, "attachments", 0)):
        return RepairOutcome(step, RepairEnding.CHANGED, now.status)
    try:
        answer = asked(manager.reset_state, step.id, step.after)
    except CinderFault as exc:
        ending = RepairEnding.UNKNOWN if exc.fault.kind in PERHAPS_SENT else RepairEnding.REFUSED
        return RepairOutcome(step, ending, fault=exc.fault, request_id=exc.fault.request_id)
    request_id = next(iter(answer.request_ids), "")
    try:
        now = read(cloud, step.id)
    except CinderFault as exc:
        return RepairOutcome(step, RepairEnding.UNKNOWN, fault=exc.fault, request_id=request_id)
    ending = RepairEnding.DONE if now.status == step.after else RepairEnding.CHANGED
    return RepairOutcome(step, ending, now.status, request_id=request_id)


def _reader(cloud, step):
    if step.kind is RepairKind.SNAPSHOT:
        return read_snapshot, cloud.sends.volume_snapshots
    return read_volume, cloud.sends.volumes


def leave_mark(cloud, backup):
    """Note in the backup's metadata from which status it was reset; the verdict reads it later (``core.signs``).

    :returns: Fault where the cloud does not allow it, else None: the reset itself does not depend on it
    """
    metadata = dict(backup.metadata) | {RESET_FROM: backup.status}
    try:
        asked(cloud.sends.backups.update, backup.id, metadata=metadata)
    except CinderFault as exc:
        return exc.fault
    return None
