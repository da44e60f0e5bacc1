# SPDX-License-Identifier: Apache-2.0
"""What else a stuck backup holds: its source volume or snapshot, or the volume that it is restored into.

A reset of the backup leaves them as they are, and after it not even a restart of cinder-backup frees them (29.0.0
``backup/manager.py`` ``reset_status``, ``_cleanup_incomplete_backup_operations``). Resetting them is a plain database
write, without a state machine (``api/contrib/admin_actions.py``): so each step says from which status on it is right.
"""

import dataclasses

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.unticked import untick_note

_RESET_VOLUME = "volume_extension:volume_admin_actions:reset_status"
_RESET_SNAPSHOT = "volume_extension:snapshot_admin_actions:reset_status"

BACKING_UP = "backing-up"

#: What Cinder itself gives a volume after a restore that died: an old one, and one made for the restore.
_TARGET_AFTER = {"restoring-backup": "error_restoring", "creating": "error"}


@dataclasses.dataclass(frozen=True)
class RepairStep:
    """One status to set, to be sent only if ``before`` still holds on a read just before.

    :param kind: RepairKind
    :param id: id of the volume or snapshot
    :param name: its name, or None
    :param project_id: its project, the target of the policy rule, or None
    :param before: the status that it must still have
    :param after: the status to set
    :param policy: Cinder's rule for it (29.0.0 ``policies/volume_actions.py``, ``policies/snapshot_actions.py``)
    :param ticked: whether it is done unless the administrator says no
    :param note: Note, why it is not ticked; None if it is
    """

    kind: RepairKind
    id: str
    name: str | None
    project_id: str | None
    before: str
    after: str
    policy: str
    ticked: bool = False
    note: Note | None = None


def repairs(evidence, verdict, ticks=frozenset(), rules=None):
    """The repair steps that the evidence calls for.

    What another backup in flight holds as well is not offered.

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param ticks: what the administrator has ticked (Tick); PROCESS_DEAD makes what a live job could touch ticked
    :param rules: Rules, or None for the defaults
    :returns: tuple of RepairStep; sources in Cinder 29.0.0 at the single steps
    """
    steps = [step for step in candidates(evidence) if not holders(step, evidence)]
    return tuple(_decide(step, evidence, verdict, ticks, rules) for step in steps)


def holders(step, evidence):
    """The other backups in flight that hold what a step would free; empty also if the others could not be read.

    A create holds its volume, or its snapshot if it was made from one, a restore its target (29.0.0 ``backup/api.py``).

    :param step: RepairStep
    :param evidence: Evidence
    :returns: tuple of Backup
    """
    others = evidence.other_holders if known(evidence.other_holders) else ()
    return tuple(other for other in others if _HOLDS[step.kind](other, evidence.backup))


def candidates(evidence):
    """What this backup's record says is still held, whoever else may hold it: RepairStep, none of them ticked.

    From what create and restore set and their ends give back (29.0.0 ``backup/api.py``, ``backup/manager.py``).
    """
    if not isinstance(evidence.backup, Backup):
        return ()
    steps = (_volume(evidence), _snapshot(evidence), _restore_target(evidence))
    return tuple(step for step in steps if step)


def is_repairable_alone(evidence, verdict):
    """Whether repair without a reset makes sense: no job by its status, or one that cinder-backup never took up.

    For the latter the repair is the cancel: a late create gives up when its volume is no longer ``backing-up`` (29.0.0
    ``backup/manager.py`` ``create_backup``).
    """
    return verdict.kind is Kind.NOT_TAKEN_UP or evidence.status in (
        statuses.AVAILABLE,
        statuses.ERROR,
        statuses.ERROR_DELETING,
    )


def _volume(evidence):
    """A create holds its volume unless it was made from a snapshot (29.0.0 ``backup/api.py`` ``create``).

    ``in-use`` is taken only with attachment rows (``admin_actions.py``); cinder-backup makes none of its own.
    """
    volume = evidence.volume
    if evidence.status == statuses.RESTORING or evidence.backup.snapshot_id or not known(volume) or volume is None:
        return None
    if volume.status != BACKING_UP:
        return None
    after = "in-use" if volume.attachments else "available"
    return RepairStep(RepairKind.VOLUME, volume.id, volume.name, volume.project_id, BACKING_UP, after, _RESET_VOLUME)


def _snapshot(evidence):
    """A create from a snapshot holds that snapshot only (29.0.0 ``backup/api.py`` ``create``)."""
    snapshot = evidence.snapshot
    if evidence.status == statuses.RESTORING or not evidence.backup.snapshot_id or not known(snapshot) or not snapshot:
        return None
    if snapshot.status != BACKING_UP:
        return None
    return RepairStep(
        RepairKind.SNAPSHOT,
        snapshot.id,
        snapshot.name,
        snapshot.project_id,
        BACKING_UP,
        "available",
        _RESET_SNAPSHOT,
    )


def _restore_target(evidence):
    """``restore_volume_id`` is never cleared, so only a target in one of two statuses is held by a restore.

    Those of ``restoring``; and of idle backups, whose restore was reset earlier without its target.
    """
    target = evidence.restore_target
    is_possible = evidence.status in (statuses.RESTORING, statuses.AVAILABLE, statuses.ERROR)
    if not is_possible or not known(target) or target is None or target.status not in _TARGET_AFTER:
        return None
    after = _TARGET_AFTER[target.status]
    return RepairStep(
        RepairKind.RESTORE_TARGET, target.id, target.name, target.project_id, target.status, after, _RESET_VOLUME
    )


_HOLDS = {
    RepairKind.VOLUME: lambda other, _mine: other.status == statuses.CREATING and not other.snapshot_id,
    RepairKind.SNAPSHOT: lambda other, mine: (
        other.status == statuses.CREATING and other.snapshot_id == mine.snapshot_id
    ),
    RepairKind.RESTORE_TARGET: lambda other, _mine: other.status == statuses.RESTORING,
}


def _decide(step, evidence, verdict, ticks, rules):
    note = untick_note(step, evidence, verdict, ticks, rules)
    return dataclasses.replace(step, ticked=note is None, note=note)
