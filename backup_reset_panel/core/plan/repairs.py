# SPDX-License-Identifier: Apache-2.0
"""What else a stuck backup holds: its source volume or snapshot, or the volume that it is restored into.

A reset of the backup leaves them as they are, and after it not even a restart of cinder-backup frees them (29.0.0
``backup/manager.py`` ``reset_status``, ``_cleanup_incomplete_backup_operations``). Resetting them is a plain database
write, without a state machine (``api/contrib/admin_actions.py``): so each step says from which status on it is right.

None of them is a default. A frozen create that was reset and whose volume was freed went on to ``available`` with
mixed data; one that still let go of its volume set ``available`` over a new attachment (both run on 29.0.0). So each
takes the administrator's word that no process works on the backup any more.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from collections.abc import Set

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import on_store
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.storage.types import State

_RESET_VOLUME = "volume_extension:volume_admin_actions:reset_status"
_RESET_SNAPSHOT = "volume_extension:snapshot_admin_actions:reset_status"

#: What Cinder itself gives a volume after a restore that died: an old one, and one made for the restore.
_TARGET_AFTER = {statuses.RESTORING_BACKUP: statuses.ERROR_RESTORING, statuses.CREATING: statuses.ERROR}


class Separate(enum.Enum):
    """Why a repair takes a tick of its own."""

    HOLDERS_UNKNOWN = "holders_unknown"
    STATUS_DIFFERS = "status_differs"


_TEXTS = {
    Separate.HOLDERS_UNKNOWN: _("Whether another backup holds it too could not be determined."),
    Separate.STATUS_DIFFERS: _(
        "Its attachments say {after}, but Cinder noted {noted} as its status before the backup."
    ),
}


def repairs(evidence: Evidence, ticks: Set[Tick] = frozenset()) -> tuple[RepairStep, ...]:
    """The repairs that the evidence calls for; what another backup in flight holds as well is not offered, nor anything
    while its store shows that a job is writing.

    :param ticks: what the administrator has ticked: with PROCESS_DEAD they are done
    """
    if on_store(evidence, State.BEING_WRITTEN):
        return ()
    steps = [step for step in candidates(evidence) if not holders(step, evidence)]
    return tuple(_decide(step, evidence, ticks) for step in steps)


def _decide(step: RepairStep, evidence: Evidence, ticks: Set[Tick]) -> RepairStep:
    note = _separate(step, evidence)
    return dataclasses.replace(step, ticked=Tick.PROCESS_DEAD in ticks and note is None, note=note)


def _separate(step: RepairStep, evidence: Evidence) -> Note | None:
    noted = evidence.previous_status
    if not known(evidence.other_holders):
        return Note(Separate.HOLDERS_UNKNOWN, _TEXTS[Separate.HOLDERS_UNKNOWN])
    if step.kind is RepairKind.VOLUME and _differs(noted, step.after):
        labels = {"after": statuses.volume_label(step.after), "noted": statuses.volume_label(str(noted))}
        return Note(Separate.STATUS_DIFFERS, format_lazy(_TEXTS[Separate.STATUS_DIFFERS], **labels))
    return None


def _differs(noted: str | Unknown | None, after: str) -> bool:
    """``previous_status`` is the status before the backup, set by the API (29.0.0 ``backup/api.py`` ``create``)."""
    return noted in (statuses.AVAILABLE, statuses.IN_USE) and noted != after


def holders(step: RepairStep, evidence: Evidence) -> tuple[Backup, ...]:
    """The other backups in flight that hold what a step would free; empty also if the others could not be read.

    A create holds its volume, or its snapshot if it was made from one, a restore its target (29.0.0 ``backup/api.py``).
    """
    others = evidence.other_holders if known(evidence.other_holders) else ()
    return tuple(other for other in others if holds(other, step.kind, evidence.record))


def holds(other: Backup, kind: RepairKind, mine: Backup) -> bool:
    """Whether another backup in flight holds what a repair of that kind would free for this one."""
    return _HOLDS[kind](other, mine)


def candidates(evidence: Evidence) -> tuple[RepairStep, ...]:
    """What this backup's record says is still held, whoever else may hold it: none of them ticked.

    From what create and restore set and their ends give back (29.0.0 ``backup/api.py``, ``backup/manager.py``).
    """
    if not isinstance(evidence.backup, Backup):
        return ()
    steps = (_volume(evidence), _snapshot(evidence), _restore_target(evidence))
    return tuple(step for step in steps if step)


def are_unread(evidence: Evidence) -> bool:
    """Whether it could not be read whether something is held: unknown is not no."""
    answers = (evidence.volume, evidence.snapshot, evidence.restore_target)
    return any(isinstance(answer, Unknown) and answer.why is not Gap.NOT_ASKED for answer in answers)


def is_repairable_alone(evidence: Evidence) -> bool:
    """Whether repair without a reset makes sense: no job by its status, or one that cinder-backup never took up."""
    return says(evidence.taken_up, False) or evidence.status in (
        statuses.AVAILABLE,
        statuses.ERROR,
        statuses.ERROR_DELETING,
    )


def _volume(evidence: Evidence) -> RepairStep | None:
    """A create holds its volume unless it was made from a snapshot (29.0.0 ``backup/api.py`` ``create``).

    ``in-use`` is taken only with attachment rows (``admin_actions.py``); cinder-backup makes none of its own.
    """
    volume = evidence.volume
    if evidence.status == statuses.RESTORING or evidence.record.snapshot_id or not known(volume) or volume is None:
        return None
    if volume.status != statuses.BACKING_UP:
        return None
    after = statuses.IN_USE if volume.attachments else statuses.AVAILABLE
    return RepairStep(
        RepairKind.VOLUME, volume.id, volume.name, volume.project_id, statuses.BACKING_UP, after, _RESET_VOLUME
    )


def _snapshot(evidence: Evidence) -> RepairStep | None:
    """A create from a snapshot holds that snapshot only (29.0.0 ``backup/api.py`` ``create``)."""
    snapshot = evidence.snapshot
    if evidence.status == statuses.RESTORING or not evidence.record.snapshot_id or not known(snapshot) or not snapshot:
        return None
    if snapshot.status != statuses.BACKING_UP:
        return None
    return RepairStep(
        RepairKind.SNAPSHOT,
        snapshot.id,
        snapshot.name,
        snapshot.project_id,
        statuses.BACKING_UP,
        statuses.AVAILABLE,
        _RESET_SNAPSHOT,
    )


def _restore_target(evidence: Evidence) -> RepairStep | None:
    """``restore_volume_id`` is never cleared, so only a target in one of two statuses is held by a restore.

    Those of ``restoring``; and of idle backups, whose restore was reset earlier without its target.
    """
    target = evidence.restore_target
    is_possible = evidence.status in statuses.MAY_HAVE_TARGET
    if not is_possible or not known(target) or target is None or target.status not in _TARGET_AFTER:
        return None
    after = _TARGET_AFTER[target.status]
    return RepairStep(
        RepairKind.RESTORE_TARGET, target.id, target.name, target.project_id, target.status, after, _RESET_VOLUME
    )


def _creates_from_volume(other: Backup, _mine: Backup) -> bool:
    return other.status == statuses.CREATING and not other.snapshot_id


def _creates_from_same_snapshot(other: Backup, mine: Backup) -> bool:
    return other.status == statuses.CREATING and other.snapshot_id == mine.snapshot_id


def _restores(other: Backup, _mine: Backup) -> bool:
    return other.status == statuses.RESTORING


_HOLDS: dict[RepairKind, Callable[[Backup, Backup], bool]] = {
    RepairKind.VOLUME: _creates_from_volume,
    RepairKind.SNAPSHOT: _creates_from_same_snapshot,
    RepairKind.RESTORE_TARGET: _restores,
}
