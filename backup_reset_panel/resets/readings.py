# SPDX-License-Identifier: Apache-2.0
"""What readings of contents found, remembered for everybody: whoever opens the dialog next is to hear of it.

A comfort: the dialog that had it read carries it along by itself. Without a cache that is all.
"""

from __future__ import annotations

from backup_reset_panel.core.storage import kept
from backup_reset_panel.core.storage.deepen import deepened
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.web import cache

SECONDS = 24 * 3600


def remember(region: str, found: Finding) -> None:
    """Keep what a reading found for a day."""
    cache.put(_key(region, found.backup_id), kept.to_json(found), SECONDS)


def with_remembered(region: str, found: Finding) -> Finding:
    """A finding of level 1 with what was read before, where that still holds; else as it is."""
    values = cache.get(_key(region, found.backup_id))
    if values is None:
        return found
    try:
        made = deepened(found, kept.from_json(values))
    except (KeyError, TypeError, ValueError):
        # Of another release.
        return found
    return found if any(issue.code is Code.READ_BEFORE for issue in made.issues) else made


def _key(region: str, backup_id: str) -> str:
    return f"backup_reset_panel.read.{cache.place(region)}.{backup_id}"
