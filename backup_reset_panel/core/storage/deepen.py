# SPDX-License-Identifier: Apache-2.0
"""What a reading of contents adds to a look that was taken later: as much as still holds."""

from __future__ import annotations

import dataclasses

from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.core.storage.types import Weight


def deepened(found: Finding, read: Finding | None) -> Finding:
    """A finding with what was read before.

    What was read counts as long as manifests and listings are what they were then. Damage that was read stands also
    where the store does not tell now: nothing speaks against it. Soundness that was read does not.

    :param found: of level 1, taken now
    :param read: that a reading ended with; None: there was none
    """
    if read is None or read.backup_id != found.backup_id or found.state in (State.DAMAGED, State.BEING_WRITTEN):
        return found
    if found.version and found.version == read.version:
        return _with(found, read)
    if found.state is State.WHOLE:
        return dataclasses.replace(found, issues=(*found.issues, Issue(Code.READ_BEFORE)))
    return _with(found, read) if read.state is State.DAMAGED else found


def _with(found: Finding, read: Finding) -> Finding:
    told = (issue for issue in read.issues if issue.weight in (Weight.DAMAGE, Weight.NOTE))
    return dataclasses.replace(
        found,
        issues=tuple(dict.fromkeys((*told, *found.issues))),
        depth=read.depth,
        parts_read=read.parts_read,
        bytes_read=read.bytes_read,
        read_at=read.read_at,
        seconds_read=read.seconds_read,
    )
