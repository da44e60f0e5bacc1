# SPDX-License-Identifier: Apache-2.0
"""Which backups need a hand, which are only slow, and on which tile of the page each is counted.

The page must not cry wolf: Cinder writes nothing while a backup is copied (29.0.0 ``chunkeddriver.py``: ``updated_at``
stands still), so age alone never proves that one is stuck.
"""

import dataclasses
import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import host_state
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.signs import delete_sign
from backup_reset_panel.core.spans import span


@dataclasses.dataclass(frozen=True)
class Ages:
    """After how long something counts as odd; a site may set them. They touch no Cinder behaviour.

    :param not_taken_up: timedelta without being taken up by a cinder-backup
    :param complete: timedelta without a change though all data is written
    :param long_running: timedelta of a job whose service is up
    """

    not_taken_up: datetime.timedelta = datetime.timedelta(minutes=15)
    complete: datetime.timedelta = datetime.timedelta(minutes=10)
    long_running: datetime.timedelta = datetime.timedelta(hours=24)


class Tile(enum.Enum):
    """The tiles of the page, each a filter on what Cinder tells; a backup can be on two."""

    NEEDS_A_HAND = "needs_a_hand"
    WAS_COMPLETE = "was_complete"
    ERROR = "error"
    DELETING = "deleting"
    LONG_RUNNING = "long_running"


class Need(enum.Enum):
    """Why a backup needs a hand; for Cinder's part see ``need``."""

    NO_STATUS = "no_status"
    SERVICE_DOWN = "service_down"
    NOT_TAKEN_UP = "not_taken_up"
    COMPLETE_UNCHANGED = "complete_unchanged"


_TEXTS = {
    Need.NO_STATUS: _("It has no status that is known here."),
    Need.SERVICE_DOWN: _("The cinder-backup that was last asked for it is not up."),
    Need.NOT_TAKEN_UP: _("No cinder-backup has taken it up for {age}."),
    Need.COMPLETE_UNCHANGED: _("All its data is written, and nothing has changed for {age}."),
}

_KNOWN = (*statuses.IN_FLIGHT, statuses.AVAILABLE, statuses.ERROR, statuses.ERROR_DELETING)


def age(backup, now):
    """How long a backup has not changed: since ``updated_at``, or ``created_at`` while that is NULL (29.0.0 models).

    :param backup: Backup
    :param now: aware datetime
    :returns: timedelta, None if Cinder gave neither
    """
    since = backup.updated_at or backup.created_at
    return None if since is None else now - since


def need(evidence, ages=None):
    """Why a backup needs a hand, or None.

    In flight, and: its service is down (only a start of that very host would heal it, 29.0.0
    ``_cleanup_incomplete_backup_operations``), or it was never taken up for long, or its data is complete and nothing
    more happens. A status that is NULL or unknown needs one as well.

    :param evidence: Evidence; ``taken_up``, ``last_host`` and ``services`` are enough, each may be Unknown
    :param ages: Ages, None for the defaults
    :returns: Note with a code of Need, or None
    """
    ages = ages or Ages()
    if evidence.status not in _KNOWN:
        return Note(Need.NO_STATUS, _TEXTS[Need.NO_STATUS])
    if evidence.status not in statuses.IN_FLIGHT:
        return None
    unchanged = age(evidence.backup, evidence.read_at)
    code = _need_in_flight(evidence, unchanged, ages)
    return Note(code, format_lazy(_TEXTS[code], age=span(unchanged or datetime.timedelta()))) if code else None


def _need_in_flight(evidence, unchanged, ages):
    """The rule for a backup in flight; ``unchanged`` is None where Cinder gave no time, which counts as long."""
    if says(evidence.taken_up, False) and (unchanged is None or unchanged >= ages.not_taken_up):
        return Need.NOT_TAKEN_UP
    if host_state(evidence) in (Life.LAST_HOST_DOWN, Life.NONE_UP):
        return Need.SERVICE_DOWN
    is_complete = evidence.status == statuses.CREATING and counted(evidence.backup)
    if is_complete and (unchanged is None or unchanged >= ages.complete):
        return Need.COMPLETE_UNCHANGED
    return None


def is_long_running(evidence, ages=None):
    """Whether a job is at it for long with its service up (or not known): below the line, never ticked by "all".

    A backup in flight whose service is up began after that service's last start, or waits behind
    ``backup_max_operations`` (29.0.0 ``backup/manager.py``).

    :param evidence: Evidence
    :param ages: Ages, None for the defaults
    """
    if evidence.status not in statuses.IN_FLIGHT or need(evidence, ages):
        return False
    unchanged = age(evidence.backup, evidence.read_at)
    return unchanged is not None and unchanged >= (ages or Ages()).long_running


def tiles(evidence, ages=None):
    """The tiles that a backup is counted on; none: it is healthy as far as is known, and not listed.

    An error with an object count was complete once, or failed while being deleted (29.0.0 ``delete_backup``).

    :param evidence: Evidence with a Backup
    :param ages: Ages, None for the defaults
    :returns: frozenset of Tile
    """
    is_error = evidence.status == statuses.ERROR
    rules = {
        Tile.NEEDS_A_HAND: need(evidence, ages) is not None,
        Tile.WAS_COMPLETE: is_error and counted(evidence.backup) and delete_sign(evidence) is None,
        Tile.ERROR: is_error,
        Tile.DELETING: evidence.status in (statuses.DELETING, statuses.ERROR_DELETING),
        Tile.LONG_RUNNING: is_long_running(evidence, ages),
    }
    return frozenset(tile for tile, applies in rules.items() if applies)
