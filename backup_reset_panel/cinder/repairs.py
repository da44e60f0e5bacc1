# SPDX-License-Identifier: Apache-2.0
"""Freeing the volume or snapshot that a stuck backup holds, and marking what must not be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.evidence.holders import at_work_on
from backup_reset_panel.cinder.evidence.holders import restored_into
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.reads import read_snapshot
from backup_reset_panel.cinder.reads import read_volume
from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import RESET_FROM
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.outcome.types import PERHAPS_SENT
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.repairs import holds
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume


def repair(cloud: Cloud, step: RepairStep, backup: Backup) -> RepairOutcome:
    """Set one volume or snapshot to its new status, if it still is as planned; read back what came of it.

    Cinder's own reset of a volume or snapshot is a plain database write, done before it answers (29.0.0
    ``api/contrib/admin_actions.py``).

    :param backup: the one that holds it; another that came to hold it meanwhile keeps it
    """
    read, manager = _reader(cloud, step)
    try:
        now = read(cloud, step.id)
    except CinderFault as exc:
        return RepairOutcome(step, RepairEnding.REFUSED, fault=exc.fault)
    is_attached = step.after == statuses.AVAILABLE and isinstance(now, Volume) and now.attachments > 0
    if now.status != step.before or is_attached or is_held_by_another(cloud, step, backup):
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


def left_alone(cloud: Cloud, step: RepairStep) -> RepairOutcome:
    """What became of something that is not set free by us any more: its job may have done so, and nothing is sent."""
    read, _manager = _reader(cloud, step)
    try:
        now = read(cloud, step.id)
    except CinderFault as exc:
        return RepairOutcome(step, RepairEnding.LEFT, fault=exc.fault)
    return RepairOutcome(step, RepairEnding.LEFT if now.status == step.before else RepairEnding.CHANGED, now.status)


def _reader(cloud: Cloud, step: RepairStep) -> tuple[Callable[[Cloud, str], Volume | Snapshot], Any]:
    if step.kind is RepairKind.SNAPSHOT:
        return read_snapshot, cloud.sends.volume_snapshots
    return read_volume, cloud.sends.volumes


def is_held_by_another(cloud: Cloud, step: RepairStep, backup: Backup) -> bool:
    """Whether another backup in flight holds what a step would free, or that cannot be told now.

    A volume can be freed and taken by the next backup within a moment, and look the same.
    """
    others = Interview(cloud).run([_holders(step, backup)])[0]
    if not known(others):
        return True
    return any(other.id != backup.id and holds(other, step.kind, backup) for other in others)


def _holders(step: RepairStep, backup: Backup) -> Asking:
    if step.kind is RepairKind.RESTORE_TARGET:
        found = yield from restored_into({step.id})
        return found[step.id]
    volume_id = backup.volume_id or ""
    found = yield from at_work_on({volume_id})
    return found[volume_id]


def leave_mark(cloud: Cloud, backup: Backup) -> Fault | None:
    """Note in the backup's metadata from which status it is reset; the verdict reads it later (``delete_signs``).

    :returns: Fault where that was not taken
    """
    metadata = dict(backup.metadata) | {RESET_FROM: backup.status}
    try:
        asked(cloud.sends.backups.update, backup.id, metadata=metadata)
    except CinderFault as exc:
        return exc.fault
    return None
