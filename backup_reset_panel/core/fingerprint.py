# SPDX-License-Identifier: Apache-2.0
"""Whether a backup is still what the administrator decided on."""

from __future__ import annotations

import enum
from typing import Any

from backup_reset_panel.core.records import Backup

#: What a decision rests on. A reset itself writes only ``status`` (29.0.0 ``backup/manager.py`` ``reset_status``).
GUARDED = ("status", "object_count", "fail_reason", "container")


class Change(enum.Enum):
    """How something differs from what was shown; with anything but NONE nothing is sent.

    TOUCHED: only ``updated_at`` moved, as when another reset was accepted and not yet applied (29.0.0
    ``backup/api.py`` saves on acceptance). CHANGED: something in the record that the decision rests on.
    OTHER_DECISION: the record is the same, but what else is known leads elsewhere. OTHER_REGION: the administrator
    works in another region now. NO_MARK: what has to be noted before could not be. READ_BEFORE: what was read of its
    contents is out of date.
    """

    NONE = "none"
    TOUCHED = "touched"
    CHANGED = "changed"
    ON_STORE = "on_store"
    READ_BEFORE = "read_before"
    OTHER_DECISION = "other_decision"
    OTHER_REGION = "other_region"
    NO_MARK = "no_mark"


def fingerprint(backup: Backup) -> dict[str, Any]:
    """What a dialog carries from its opening to its submit: what a create, restore or delete writes on its way.

    :returns: values that JSON gives back as they were
    """
    touched = backup.updated_at.isoformat() if backup.updated_at else None
    return {name: getattr(backup, name) for name in GUARDED} | {"updated_at": touched}


def changed(shown: Any, now: Backup) -> Change:
    """Compare a backup with what was shown of it.

    :param shown: a ``fingerprint``; anything malformed counts as CHANGED
    :param now: as just read
    :returns: NONE, TOUCHED or CHANGED; ``updated_at`` is bumped by the API's acceptance of any reset (run on 29.0.0)
    """
    current = fingerprint(now)
    if shown == current:
        return Change.NONE
    is_alike = isinstance(shown, dict) and {**shown, "updated_at": None} == {**current, "updated_at": None}
    return Change.TOUCHED if is_alike else Change.CHANGED
