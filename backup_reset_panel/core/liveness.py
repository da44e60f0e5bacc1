# SPDX-License-Identifier: Apache-2.0
"""Who could still be at work on a backup. A service that is not seen is not a job that is dead.

A frozen cinder-backup comes back and finishes what it began, over any reset (run against 29.0.0). ``host`` names the
host last asked, not always the one at work: every reset, delete, restore and export rewrites it (``backup/api.py``).
"""

import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.signs import deleting_mark
from backup_reset_panel.core.spans import span

#: A heartbeat older than this is silence: services report every 10 s, yet count as up for 60 s (``service_down_time``).
SILENT_AFTER = datetime.timedelta(seconds=30)


class Life(enum.Enum):
    """What can be said about a job on a backup; none of them is "dead", which no record can prove.

    IDLE: the status is none of a job. NOT_TAKEN_UP: waiting or lost before cinder-backup. MAY_RUN: the host last asked
    is up, or is not known while one in the zone is up. LAST_HOST_DOWN: the host last asked is not seen, another one in
    the zone is up. NONE_UP: none in the zone is seen. CANNOT_TELL: the services could not be read. "Up" is what
    ``os-services`` says (29.0.0 ``api/v3/services.py``): heard of within 60 s.
    """

    IDLE = "idle"
    NOT_TAKEN_UP = "not_taken_up"
    MAY_RUN = "may_run"
    LAST_HOST_DOWN = "last_host_down"
    NONE_UP = "none_up"
    CANNOT_TELL = "cannot_tell"


def in_zone(evidence):
    """The cinder-backup services that could work on this backup: those of its zone, or all if it has none.

    As the API picks them (29.0.0 ``backup/api.py`` ``_az_matched``), and disabled ones: they finish what they have.

    :returns: tuple of Service; empty if the services or the backup could not be read
    """
    if not known(evidence.services) or not isinstance(evidence.backup, Backup):
        return ()
    zone = evidence.backup.availability_zone
    return tuple(service for service in evidence.services if not zone or service.zone == zone)


def last_asked(evidence):
    """The Service of the host last asked (``host``), or None: not known, NULL, or no longer listed.

    Any zone counts: ``backup_use_same_host`` and renamed zones can leave it elsewhere (29.0.0 ``backup/api.py``).
    """
    if not known(evidence.services):
        return None
    return next((service for service in evidence.services if service.host == evidence.last_host), None)


def life(evidence):
    """Which Life fits; see there. Up to 60 s after a kill Cinder still calls a service up (``service_down_time``).

    :param evidence: Evidence
    """
    if evidence.status not in statuses.IN_FLIGHT:
        return Life.IDLE
    return Life.NOT_TAKEN_UP if says(evidence.taken_up, False) else host_state(evidence)


def host_state(evidence):
    """What the services alone say: MAY_RUN, LAST_HOST_DOWN, NONE_UP or CANNOT_TELL (29.0.0 ``os-services``).

    :param evidence: Evidence
    :returns: Life
    """
    if not known(evidence.services):
        return Life.CANNOT_TELL
    asked = last_asked(evidence)
    if asked and asked.up:
        return Life.MAY_RUN
    if not any(service.up for service in in_zone(evidence)):
        return Life.NONE_UP
    host_is_named = known(evidence.last_host) and evidence.last_host
    return Life.LAST_HOST_DOWN if host_is_named else Life.MAY_RUN


def may_be_live(evidence):
    """Whether nothing speaks against a job that is at work right now (Life MAY_RUN or CANNOT_TELL).

    False is no proof of the contrary: only an administrator can know that a process is dead (29.0.0, see above).
    """
    return life(evidence) in (Life.MAY_RUN, Life.CANNOT_TELL)


def answering(service, now):
    """Whether a service was heard of within SILENT_AFTER (29.0.0 ``service.py`` ``report_interval``).

    A heartbeat from the future, of a host whose clock is ahead, is taken for silence.

    :param service: Service
    :param now: aware datetime
    """
    return service.up and service.updated_at is not None and abs(now - service.updated_at) <= SILENT_AFTER


def delete_may_be_queued(evidence):
    """Whether a delete may wait at a cinder-backup that does not answer, to be done whatever the status is by then.

    The message carries the whole backup with its old status; a reset does not disarm it (29.0.0 ``backup/manager.py``
    ``delete_backup`` checks the copy). Which host has it cannot be known, so all enabled ones of the zone must answer.
    """
    if not isinstance(evidence.backup, Backup):
        return False
    was_deleting = evidence.status in (statuses.DELETING, statuses.ERROR_DELETING) or deleting_mark(evidence.backup)
    if not was_deleting:
        return False
    asked = last_asked(evidence)
    hosts = [service for service in in_zone(evidence) if service.enabled]
    return asked is None or not all(answering(service, evidence.read_at) for service in [asked, *hosts])


def seen(service, now):
    """When a service was last heard of, in words: "last seen 41 s ago" (its ``updated_at`` in ``os-services``, 29.0.0).

    :param service: Service
    :param now: aware datetime
    :returns: lazy text
    """
    if service.updated_at is None:
        return _("never seen")
    return format_lazy(_("last seen {time} ago"), time=span(now - service.updated_at))


def life_text(evidence):
    """The sentence of the dialog about who may be at work, or None where no job can be.

    It names hosts and times, never "not running" (29.0.0: a frozen service is "down" and alive).

    :returns: lazy text or None
    """
    state = life(evidence)
    if state is Life.IDLE:
        return None
    asked = last_asked(evidence)
    names = {
        "host": evidence.last_host if known(evidence.last_host) else "",
        "seen": seen(asked, evidence.read_at) if asked else _("no longer listed"),
    }
    if state is Life.MAY_RUN and not asked:
        return format_lazy(_("A cinder-backup of its zone is up and may be at work on it."), **names)
    return format_lazy(_LIFE_TEXTS[state], **names)


_LIFE_TEXTS = {
    Life.NOT_TAKEN_UP: _("No cinder-backup has taken it up: the request is waiting or lost."),
    Life.MAY_RUN: _("cinder-backup on {host}, the host last asked, is up ({seen}) and may be at work on it."),
    Life.LAST_HOST_DOWN: _(
        "cinder-backup on {host}, the host last asked: {seen}. If it is only frozen, its job will go on."
    ),
    Life.NONE_UP: _("No cinder-backup of its zone is seen. If one is only frozen, its job will go on."),
    Life.CANNOT_TELL: _("The cinder-backup services could not be read: a job may be at work on it."),
}
