# SPDX-License-Identifier: Apache-2.0
"""Which backups need attention, which are only slow, and on which tile of the page each is counted.

The page must not raise false alarms: Cinder writes nothing while a backup is copied (29.0.0 ``chunkeddriver.py``:
``updated_at`` stands still), so age alone never proves that one is stuck. And what was not asked is not called healthy.
"""

from __future__ import annotations

import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import delete_sign
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import age
from backup_reset_panel.core.liveness import is_long_running
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.liveness import takes_too_long
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.repairs import holders
from backup_reset_panel.core.rules import Rules


class Tile(enum.Enum):
    """The tiles of the page, each a filter on what Cinder tells; a backup can be on two."""

    NEEDS_ATTENTION = "needs_attention"
    VOLUME_LOCKED = "volume_locked"
    WAS_COMPLETE = "was_complete"
    ERROR = "error"
    DELETING = "deleting"
    LONG_RUNNING = "long_running"


class Need(enum.Enum):
    """Why a backup needs attention."""

    NO_STATUS = "no_status"
    HOST_NOT_UP = "host_not_up"
    RESET_NOT_APPLIED = "reset_not_applied"
    NOT_TAKEN_UP = "not_taken_up"
    COMPLETE_UNCHANGED = "complete_unchanged"
    VOLUME_LOCKED = "volume_locked"


_TEXTS = {
    Need.NO_STATUS: _("Its status is unknown."),
    Need.HOST_NOT_UP: _("The cinder-backup that was last asked for it is not up."),
    Need.RESET_NOT_APPLIED: _("A reset of it was sent, and was not seen applied."),
    Need.NOT_TAKEN_UP: _("No cinder-backup has taken it up for {age}."),
    Need.COMPLETE_UNCHANGED: _("All its data is written, and nothing has changed for {age}."),
    Need.VOLUME_LOCKED: _("Its volume or snapshot is still locked, though no backup is using it."),
}

_KNOWN = (*statuses.IN_FLIGHT, statuses.AVAILABLE, statuses.ERROR, statuses.ERROR_DELETING)


def need(evidence: Evidence, rules: Rules | None = None) -> Note | None:
    """Why a backup needs attention, or None.

    In flight, and: a reset of it waits or was lost, or its host is not up (only a start of that very host would heal
    it, 29.0.0 ``_cleanup_incomplete_backup_operations``), or it was never taken up for long, or its data is complete
    and nothing more happens. Whatever its status: it is over, and what it held is still locked. A status that is NULL
    or unknown needs attention as well.

    :param evidence: Evidence; ``taken_up``, ``last_host``, ``services`` and ``volume`` are enough, each may be Unknown
    :param rules: None for the defaults
    :returns: Note with a code of Need, or None
    """
    code = _need(evidence, rules or Rules())
    if code is None:
        return None
    return Note(code, format_lazy(_TEXTS[code], age=span(age(evidence) or datetime.timedelta())))


def _need(evidence: Evidence, rules: Rules) -> Need | None:
    if evidence.status not in _KNOWN:
        return Need.NO_STATUS
    state = life(evidence, rules)
    if state is Life.IDLE:
        return Need.VOLUME_LOCKED if is_locked(evidence) else None
    is_late = state in (Life.OVERDUE, Life.CANNOT_TELL) and takes_too_long(evidence, rules)
    if is_late and says(evidence.taken_up, False):
        return Need.NOT_TAKEN_UP
    if state in (Life.OUT_OF_SIGHT, Life.NOBODY):
        if says(evidence.taken_up, False):
            return Need.NOT_TAKEN_UP
        return Need.RESET_NOT_APPLIED if evidence.is_moved_by_reset else Need.HOST_NOT_UP
    is_complete = evidence.status == statuses.CREATING and counted(evidence.record)
    return Need.COMPLETE_UNCHANGED if is_late and is_complete else None


def is_locked(evidence: Evidence) -> bool:
    """Whether something is known to be locked that this backup held, and that no other one holds.

    Only what was looked at counts: lists of the page read the volume, and who else works on it, for few.
    """
    if not known(evidence.other_holders):
        return False
    return any(not holders(step, evidence) for step in candidates(evidence))


def is_judged(evidence: Evidence, rules: Rules | None = None) -> bool:
    """Whether it is known whether a backup needs attention."""
    return life(evidence, rules) is not Life.CANNOT_TELL or need(evidence, rules) is not None


def tiles(evidence: Evidence, rules: Rules | None = None) -> frozenset[Tile]:
    """The tiles that a backup is counted on; none: it is healthy as far as is known, and not listed.

    An error with an object count was complete once, or failed while being deleted (29.0.0 ``delete_backup``).

    :param evidence: Evidence with a Backup
    :param rules: None for the defaults
    """
    is_error = evidence.status == statuses.ERROR
    needed = need(evidence, rules)
    rules_of = {
        Tile.NEEDS_ATTENTION: needed is not None,
        Tile.VOLUME_LOCKED: needed is not None and needed.code is Need.VOLUME_LOCKED,
        Tile.WAS_COMPLETE: is_error and counted(evidence.record) and delete_sign(evidence) is None,
        Tile.ERROR: is_error,
        Tile.DELETING: evidence.status in statuses.BEING_DELETED,
        Tile.LONG_RUNNING: is_long_running(evidence, rules),
    }
    return frozenset(tile for tile, applies in rules_of.items() if applies)
