# SPDX-License-Identifier: Apache-2.0
"""Whether the backups that an incremental one builds on are all there and sound."""

from __future__ import annotations

import enum

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import deleting_mark
from backup_reset_panel.core.delete_signs import reason_sign
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup


class ChainState(enum.Enum):
    """What the chain walk proved: all sound, one certainly lost, or neither (Cinder itself checks none of it)."""

    SOUND = "sound"
    BROKEN = "broken"
    UNPROVED = "unproved"


def chain_state(evidence: Evidence) -> ChainState:
    """Judge the chain below an incremental backup.

    Children survive their parent: Cinder looks for them in the caller's project only (29.0.0 ``backup/api.py``
    ``delete``), so an administrator scoped to another project can delete a parent. A restore of the child then fails.

    :param evidence: Evidence of an incremental backup
    :returns: ChainState; SOUND only if every ancestor was found, down to a full one, and each is sound
    """
    chain = evidence.ancestors
    if not known(chain):
        return ChainState.UNPROVED
    if chain.end is ChainEnd.MISSING or any(_being_deleted(ancestor) for ancestor in chain.ancestors):
        return ChainState.BROKEN
    reaches_full = chain.end is ChainEnd.FULL and chain.ancestors and not chain.ancestors[-1].is_incremental
    if reaches_full and all(_sound(ancestor) for ancestor in chain.ancestors):
        return ChainState.SOUND
    return ChainState.UNPROVED


def weak_ancestor(evidence: Evidence) -> Backup | None:
    """The nearest ancestor that keeps the chain from being sound, or None (then the walk itself was not finished)."""
    ancestors = evidence.ancestors.ancestors if known(evidence.ancestors) else ()
    return next((ancestor for ancestor in ancestors if not _sound(ancestor)), None)


def _being_deleted(ancestor: Backup) -> bool:
    return ancestor.status in statuses.BEING_DELETED or deleting_mark(ancestor)


def _sound(ancestor: Backup) -> bool:
    """Readable for a restore of its child: usable status, real, and no sign that a delete was begun.

    A child that finished has read its parent's checksum file (29.0.0 ``chunkeddriver.py`` ``backup``), which is written
    after all chunks; so an incremental ancestor whose count is 0 (unchanged volume) is no gap. A full one with 0 is.
    """
    if ancestor.volume_id == statuses.NO_VOLUME or deleting_mark(ancestor) or reason_sign(ancestor):
        return False
    if ancestor.status == statuses.CREATING:
        return counted(ancestor)
    return ancestor.status in (statuses.AVAILABLE, statuses.RESTORING) and (
        counted(ancestor) or ancestor.is_incremental
    )
