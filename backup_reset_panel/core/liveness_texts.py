# SPDX-License-Identifier: Apache-2.0
"""The words about who could still be at work on a backup: hosts and times, never "not running"."""

from __future__ import annotations

import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core.durations import span
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import could_have
from backup_reset_panel.core.liveness import is_seen
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.rules import Rules


def seen(service: Service, now: datetime.datetime) -> Text:
    """When a service was last heard of, in words: "last seen 41 s ago" (its ``updated_at`` in ``os-services``)."""
    if service.updated_at is None:
        return _("never seen")
    return format_lazy(_("last seen {time} ago"), time=span(now - service.updated_at))


def host_name(evidence: Evidence) -> Text:
    """The name of the host last asked, or what is known instead."""
    if isinstance(evidence.last_host, str):
        return evidence.last_host
    if isinstance(evidence.last_host, Unknown) and evidence.last_host.why is Gap.NOT_LISTED:
        # Translators: stands where the name of a host would stand, in several sentences; so do the next two.
        return _("a host that Cinder no longer lists")
    if isinstance(evidence.last_host, Unknown) and evidence.last_host.why is Gap.NOT_UP:
        return _("a host that is not up")
    return _("a host that is not known")


def hosts_to_look_at(evidence: Evidence) -> tuple[str, ...]:
    """Where the process may be: on the host last asked, or on another that is up or was a moment ago.

    :returns: names, the likeliest first; none where that of the host last asked is not known, so that it may be any
    """
    if isinstance(evidence.last_host, Unknown):
        return ()
    others = [service.host for service in could_have(evidence) if is_seen(service, evidence.read_at)]
    first = [] if evidence.last_host is None else [evidence.last_host]
    return tuple(dict.fromkeys([*first, *others]))


def life_text(evidence: Evidence, rules: Rules | None = None) -> Text | None:
    """The sentence about who may be at work, or None where no job can be.

    It names hosts and times, never "not running" (29.0.0: a frozen service is "down" and alive).
    """
    state = life(evidence, rules)
    if state is Life.IDLE:
        return None
    if says(evidence.taken_up, False):
        return _NOT_TAKEN_UP[state is Life.RUNNING]
    asked = last_asked(evidence)
    told = seen(asked, evidence.read_at) if asked else _("not among Cinder's services")
    host = host_name(evidence)
    if isinstance(evidence.last_host, str):
        host = format_lazy(_HOST, host=host, seen=told)
    if evidence.is_moved_by_reset and state is not Life.CANNOT_TELL:
        return format_lazy(_MOVED, host=host)
    return format_lazy(_TEXTS[state], host=host)


_HOST = _("{host} ({seen})")
_NOT_TAKEN_UP = {
    True: _("No cinder-backup has taken it up yet: it may be waiting for its turn."),
    False: _("No cinder-backup has taken it up: the request is lost, or is waiting at a host that does not answer."),
}
_MOVED = _(
    "The host last asked is {host}, by a reset that was not seen applied. Which host had its job before that, "
    "Cinder does not tell."
)
_TEXTS = {
    Life.RUNNING: _("cinder-backup on {host}, the host last asked, is up and probably working on it."),
    Life.OVERDUE: _("cinder-backup on {host}, the host last asked, is up and may still be working on it."),
    Life.OUT_OF_SIGHT: _(
        "The host last asked is {host}. If its process is only frozen, its job will continue; and another "
        "host that is up may have it."
    ),
    Life.NOBODY: _("No cinder-backup that could have it is up. If one is only frozen, its job will continue."),
    Life.CANNOT_TELL: _("Whether a cinder-backup is working on it could not be determined."),
}
