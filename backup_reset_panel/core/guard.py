# SPDX-License-Identifier: Apache-2.0
"""Whether a backup is still what the administrator decided on."""

import enum

from backup_reset_panel.core.records import Backup

#: What a decision rests on. A reset itself writes only ``status`` (29.0.0 ``backup/manager.py`` ``reset_status``).
GUARDED = ("status", "object_count", "fail_reason", "container")


class Change(enum.Enum):
    """How a backup differs from what was shown.

    NONE: not at all. TOUCHED: only ``updated_at`` moved, as when another reset was accepted and not yet applied (29.0.0
    ``backup/api.py`` saves on acceptance). CHANGED: something that the decision rests on. GONE: it is deleted.
    """

    NONE = "none"
    TOUCHED = "touched"
    CHANGED = "changed"
    GONE = "gone"


def fingerprint(backup):
    """What a dialog carries from its opening to its submit.

    The fields are those that a create, restore or delete writes on its way (29.0.0 ``backup/manager.py``).

    :param backup: Backup
    :returns: list of str, int or None that JSON gives back as it was: GUARDED in order, then ``updated_at``
    """
    touched = backup.updated_at.isoformat() if backup.updated_at else None
    return [*(getattr(backup, name) for name in GUARDED), touched]


def changed(shown, now):
    """Compare a backup with what was shown of it. With anything but NONE nothing is sent and the new facts are shown.

    :param shown: a ``fingerprint``; anything malformed counts as CHANGED
    :param now: Backup as just read, or None if Cinder says that it is gone
    :returns: Change; ``updated_at`` is bumped by the API's acceptance of any reset (run on 29.0.0)
    """
    if not isinstance(now, Backup):
        return Change.GONE
    current = fingerprint(now)
    if list(shown) == current:
        return Change.NONE
    return Change.TOUCHED if list(shown)[:-1] == current[:-1] else Change.CHANGED
