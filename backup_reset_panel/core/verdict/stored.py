# SPDX-License-Identifier: Apache-2.0
"""The rows of the table that a backup's own data on its store decides; its record is not asked any more."""

from __future__ import annotations

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import on_store
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Level
from backup_reset_panel.core.verdict.types import Permission
from backup_reset_panel.core.verdict.types import Row


def _being_written(evidence: Evidence) -> bool:
    """A part was written a moment ago: a job is alive, whatever the services say of its host."""
    return evidence.status == statuses.CREATING and on_store(evidence, State.BEING_WRITTEN)


def _whole(evidence: Evidence) -> bool:
    """The manifest is written after all parts (29.0.0 ``chunkeddriver.py``), and they are there."""
    return evidence.status == statuses.CREATING and on_store(evidence, State.WHOLE)


def _damaged(evidence: Evidence) -> bool:
    """Damage is proved by the store itself, never by a store that does not answer."""
    return evidence.status in (statuses.CREATING, statuses.ERROR) and on_store(evidence, State.DAMAGED)


def _was_whole(evidence: Evidence) -> bool:
    """It is whole now; a delete that waits in a queue would still be carried out."""
    return evidence.status == statuses.ERROR and on_store(evidence, State.WHOLE)


ROWS = (
    Row(17, Kind.BEING_WRITTEN, _being_written, Level.LIVE, Advice.WAIT, Permission.OVERRIDE),
    Row(18, Kind.WHOLE, _whole, Level.GOOD, Advice.AVAILABLE, Permission.YES),
    Row(19, Kind.DAMAGED, _damaged, Level.BAD, Advice.ERROR, Permission.OVERRIDE),
    Row(20, Kind.WAS_WHOLE, _was_whole, Level.WARN, Advice.LEAVE, Permission.CONFIRM),
)
