# SPDX-License-Identifier: Apache-2.0
"""Who could still be at work on a backup. A service that is not seen is not a job that is dead.

A frozen cinder-backup comes back and finishes what it began, over any reset (run against 29.0.0). ``host`` names the
host last asked, not always the one at work: every reset, delete, restore and export rewrites it (``backup/api.py``).
And reading being over is not the job being over: it still lets go of the volume, and then writes its status.
"""

from __future__ import annotations

import datetime
import enum

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import deleting_mark
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.rules import Rules

#: A heartbeat older than this is silence: services report every 10 s, yet count as up for 60 s.
SILENT_AFTER = datetime.timedelta(seconds=30)
#: Cinder's default of ``service_down_time``: for so long a service that died still counts as up.
DOWN_TIME = datetime.timedelta(seconds=60)


class Life(enum.Enum):
    """What can be said about a job on a backup; none of them is "dead", which no record can prove.

    IDLE: the status is none of a job. RUNNING: the host last asked is up, and it does not take too long yet. OVERDUE:
    the host last asked is up, but it takes too long. OUT_OF_SIGHT: the host last asked is not up; its process may come
    back, or run elsewhere. NOBODY: no cinder-backup that could have it is up, or was a moment ago. CANNOT_TELL: that
    could not be asked.
    """

    IDLE = "idle"
    RUNNING = "running"
    OVERDUE = "overdue"
    OUT_OF_SIGHT = "out_of_sight"
    NOBODY = "nobody"
    CANNOT_TELL = "cannot_tell"


def in_zone(evidence: Evidence) -> tuple[Service, ...]:
    """The cinder-backup services that Cinder would pick from: those of the backup's zone, or all if it has none.

    As the API picks them (29.0.0 ``backup/api.py`` ``_az_matched``), and disabled ones: they finish what they have.

    :returns: empty if the services or the backup could not be read
    """
    if not known(evidence.services) or not isinstance(evidence.backup, Backup):
        return ()
    zone = evidence.backup.availability_zone
    return tuple(service for service in evidence.services if not zone or service.zone == zone)


def could_have(evidence: Evidence) -> tuple[Service, ...]:
    """The services whose process may have the backup: those of its zone; all, where nothing is left of that zone.

    Zones are renamed (``storage_availability_zone``); a process goes on with what it had before.
    """
    services = evidence.services if known(evidence.services) else ()
    return in_zone(evidence) or tuple(services)


def last_asked(evidence: Evidence) -> Service | None:
    """The Service of the host last asked (``host``), or None: not known, NULL, or no longer listed.

    Any zone counts: ``backup_use_same_host`` and renamed zones can leave it elsewhere (29.0.0 ``backup/api.py``).
    """
    if not known(evidence.services) or not known(evidence.last_host):
        return None
    return next((service for service in evidence.services if service.host == evidence.last_host), None)


def is_seen(service: Service, now: datetime.datetime) -> bool:
    """Whether a service is up, or was heard of within the time for which Cinder calls it so."""
    return service.up or (service.updated_at is not None and now - service.updated_at < DOWN_TIME)


def life(evidence: Evidence, rules: Rules | None = None) -> Life:
    """Which Life fits.

    :param rules: None for the defaults
    """
    if evidence.status not in statuses.IN_FLIGHT:
        return Life.IDLE
    is_up = _host_is_up(evidence)
    if is_up is None:
        return Life.CANNOT_TELL
    if is_up:
        return Life.OVERDUE if takes_too_long(evidence, rules or Rules()) else Life.RUNNING
    is_anybody = any(is_seen(service, evidence.read_at) for service in could_have(evidence))
    return Life.OUT_OF_SIGHT if is_anybody else Life.NOBODY


def _host_is_up(evidence: Evidence) -> bool | None:
    """Whether the host last asked is up, None if that could not be asked.

    One that is gone from the list is not up. Where none was asked yet, anybody may be. One that only a reset of ours
    asked has no job by that: then nothing is known of a host that has.
    """
    if not known(evidence.services):
        return None
    if evidence.is_moved_by_reset:
        return False
    if isinstance(evidence.last_host, Unknown):
        return False if evidence.last_host.why in (Gap.NOT_UP, Gap.NOT_LISTED) else None
    if evidence.last_host is None and not says(evidence.taken_up, True):
        return any(service.up for service in could_have(evidence))
    asked = last_asked(evidence)
    return asked is not None and asked.up


def last_change(evidence: Evidence) -> datetime.datetime | None:
    """When a backup changed last: ``updated_at``, or ``created_at`` while that is NULL.

    Of one that nobody has taken up: when it was asked for.

    :returns: None if Cinder gave neither
    """
    backup = evidence.backup
    if not isinstance(backup, Backup):
        return None
    if says(evidence.taken_up, False):
        return backup.created_at or backup.updated_at
    return backup.updated_at or backup.created_at


def age(evidence: Evidence) -> datetime.timedelta | None:
    """How long ago that was, at the time of the reading; None if Cinder gave no time."""
    since = last_change(evidence)
    return None if since is None else evidence.read_at - since


def takes_too_long(evidence: Evidence, rules: Rules) -> bool:
    """Whether a job with its host up should be over: Cinder writes nothing while it copies (29.0.0
    ``chunkeddriver.py``), so only what is short by itself can be called late soon.
    """
    unchanged = age(evidence)
    return unchanged is None or unchanged >= _reasonable(evidence, rules)


def _reasonable(evidence: Evidence, rules: Rules) -> datetime.timedelta:
    if says(evidence.taken_up, False):
        return rules.not_taken_up
    is_copied = evidence.status == statuses.CREATING and counted(evidence.record)
    return rules.complete_unchanged if is_copied else rules.long_running


def is_long_running(evidence: Evidence, rules: Rules | None = None) -> bool:
    """Whether a job is overdue only because any job would be by now: it may well be a large one."""
    rules = rules or Rules()
    return life(evidence, rules) is Life.OVERDUE and _reasonable(evidence, rules) == rules.long_running


def answering(service: Service, now: datetime.datetime) -> bool:
    """Whether a service was heard of within SILENT_AFTER (29.0.0 ``service.py`` ``report_interval``).

    A heartbeat from the future, of a host whose clock is ahead, is taken for silence.
    """
    return service.up and service.updated_at is not None and abs(now - service.updated_at) <= SILENT_AFTER


def delete_may_be_queued(evidence: Evidence) -> bool:
    """Whether a delete may wait at a cinder-backup that does not answer, to be done whatever the status is by then.

    The message carries the whole backup with its old status; a reset does not disarm it (29.0.0 ``backup/manager.py``
    ``delete_backup`` checks the copy). Which host has it cannot be known, so all enabled ones of the zone must answer.
    """
    if not isinstance(evidence.backup, Backup):
        return False
    if evidence.status not in statuses.BEING_DELETED and not deleting_mark(evidence.backup):
        return False
    asked = last_asked(evidence)
    hosts = [service for service in in_zone(evidence) if service.enabled]
    return asked is None or not all(answering(service, evidence.read_at) for service in [asked, *hosts])
