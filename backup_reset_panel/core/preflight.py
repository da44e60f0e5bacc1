# SPDX-License-Identifier: Apache-2.0
"""Whether Cinder can take a reset at all, before one is sent."""

import dataclasses
import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.restart import blocked_advice

#: Down for longer than this is clear evidence: five times the default ``service_down_time`` of 60 s.
LONG_DOWN = datetime.timedelta(seconds=300)


class Clearance(enum.Enum):
    """BLOCK: send nothing. WARN: say so and send. CLEAR: a service is up (``os-services``)."""

    BLOCK = "block"
    WARN = "warn"
    CLEAR = "clear"


@dataclasses.dataclass(frozen=True)
class Preflight:
    """What the services say about sending a reset now.

    :param clearance: Clearance
    :param text: lazy text for BLOCK and WARN, None for CLEAR
    :param start: names of the hosts of which one must be started, the host last asked first; empty unless BLOCK. From
        ``os-services`` (29.0.0 ``api/v3/services.py``)
    """

    clearance: Clearance
    text: str | None = None
    start: tuple[str, ...] = ()


_UNREAD = _("The cinder-backup services could not be read, so nobody knows whether Cinder can take this request.")
_JUST_DOWN = _("cinder-backup on {hosts} was not heard of for a moment. Cinder may refuse this request.")
_NONE = _("No cinder-backup is enabled in zone {zone}, so Cinder cannot take this request.")
_NONE_ANYWHERE = _("No cinder-backup is enabled, so Cinder cannot take this request.")
_ALL_DOWN = _("No cinder-backup is up for this backup, so Cinder cannot take this request. Start it on {hosts}.")


def preflight(evidence, verdict, now):
    """Look at the services that the API would pick from: enabled, in the backup's zone, or any if it has none.

    The API answers 404 if none of them is up (29.0.0 ``backup/api.py`` ``_get_any_available_backup_service``). Only
    clear evidence blocks: ``os-services`` calls a host with a fast clock down that the API would pick
    (``objects/service.py`` ``is_up``).

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param now: aware datetime
    :returns: Preflight
    """
    if not known(evidence.services) or not isinstance(evidence.backup, Backup):
        return Preflight(Clearance.WARN, _UNREAD)
    usable = [service for service in in_zone(evidence) if service.enabled]
    if any(service.up for service in usable):
        return Preflight(Clearance.CLEAR)
    hosts = _to_start(evidence, usable)
    if usable and not all(_long_down(service, now) for service in usable):
        return Preflight(Clearance.WARN, format_lazy(_JUST_DOWN, hosts=", ".join(hosts)))
    if usable:
        text = format_lazy(_ALL_DOWN, hosts=", ".join(hosts))
    else:
        text = format_lazy(
            _NONE if evidence.backup.availability_zone else _NONE_ANYWHERE, zone=evidence.backup.availability_zone
        )
    advice = blocked_advice(evidence, verdict)
    return Preflight(
        Clearance.BLOCK, format_lazy("{text} {advice}", text=text, advice=advice) if advice else text, hosts
    )


def _to_start(evidence, usable):
    """The host last asked first: only its own start cleans up what it left (29.0.0, see ``restart.py``)."""
    asked = last_asked(evidence)
    first = [asked.host] if asked else []
    return tuple(dict.fromkeys(first + [service.host for service in usable]))


def _long_down(service, now):
    return service.updated_at is None or now - service.updated_at > LONG_DOWN
