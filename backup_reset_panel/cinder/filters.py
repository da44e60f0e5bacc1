# SPDX-License-Identifier: Apache-2.0
"""How lists are asked for several things at once."""

from __future__ import annotations

from backup_reset_panel.core import statuses

#: What several statuses have in common, and no other status of Cinder has (29.0.0 ``BackupStatus``). Asked for by LIKE,
#: they cost one list: each is a pass through the whole table of backups.
SHARED: dict[tuple[str, ...], str] = {
    (statuses.CREATING, statuses.RESTORING): "re",
    (statuses.DELETING, statuses.ERROR_DELETING): statuses.DELETING,
    (*statuses.IN_FLIGHT, statuses.ERROR_DELETING): "ing",
}


def in_statuses(wanted: tuple[str, ...]) -> dict[str, str]:
    """The search options for backups in some statuses: one, or some that have a text to themselves; none: in any."""
    if not wanted:
        return {}
    return {"status": wanted[0]} if len(wanted) == 1 else {"status~": SHARED[wanted]}
