# SPDX-License-Identifier: Apache-2.0
"""Whether Cinder can take a reset at all, before one is sent."""

from __future__ import annotations

import dataclasses
import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.plan.restart import blocked_advice
from backup_reset_panel.core.quoting import shell_word
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.verdict.types import Verdict

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

    :param text: lazy text for BLOCK and WARN, None for CLEAR
    :param is_everywhere: of BLOCK and WARN: whether none of the whole cloud takes resets, as far as is known
    """

    clearance: Clearance
    text: Text | None = None
    is_everywhere: bool = False


_UNREAD = _("The cinder-backup services could not be read, so it is not known whether Cinder can take this request.")
_JUST_DOWN = _("cinder-backup on {hosts} has not been heard of for a moment. Cinder may refuse this request.")
_ALL_DOWN = _(
    "No cinder-backup is up for this backup, so Cinder cannot take this request. Start it on {hosts}. If it runs "
    "there, it may not reach its backup store: see its log."
)
# Releases 28 and 29 answer that a service is enabled and change nothing (run on both); 26 and 27 do it.
_DISABLED = _(
    "Every cinder-backup that could take this request is disabled: {hosts}. Enable one (openstack volume service set "
    "--enable {host} cinder-backup), and look whether it is enabled then. If not, on a host of Cinder: cinder-manage "
    "service remove cinder-backup {host}. One that runs lists itself again within seconds."
)
_NO_ZONE = _(
    "No cinder-backup is in zone {zone}, so Cinder cannot take this request. Those that there are belong to: {zones}. "
    "Give one of them that zone again (storage_availability_zone in cinder.conf) until this is done."
)
_NONE = _("There is no cinder-backup in this cloud, so Cinder cannot take this request.")


def preflight(evidence: Evidence, verdict: Verdict, now: datetime.datetime) -> Preflight:
    """Look at the services that the API would pick from: enabled, in the backup's zone, or any if it has none.

    The API answers 404 if none of them is up (29.0.0 ``backup/api.py`` ``_get_any_available_backup_service``). Only
    clear evidence blocks: ``os-services`` calls a host with a fast clock down that the API would pick
    (``objects/service.py`` ``is_up``).
    """
    if not known(evidence.services) or not isinstance(evidence.backup, Backup):
        return Preflight(Clearance.WARN, _UNREAD)
    usable = [service for service in in_zone(evidence) if service.enabled]
    if any(service.up for service in usable):
        return Preflight(Clearance.CLEAR)
    is_everywhere = not any(each.up and each.enabled for each in evidence.services)
    if usable and not all(_long_down(service, now) for service in usable):
        return Preflight(Clearance.WARN, format_lazy(_JUST_DOWN, hosts=_names(evidence, usable)), is_everywhere)
    text, advice = _why_blocked(evidence, usable), blocked_advice(evidence, verdict)
    if advice is not None:
        text = format_lazy("{text} {advice}", text=text, advice=advice)
    return Preflight(Clearance.BLOCK, text, is_everywhere)


def _why_blocked(evidence: Evidence, usable: list[Service]) -> Text:
    if usable:
        return format_lazy(_ALL_DOWN, hosts=_names(evidence, usable))
    disabled = [service for service in in_zone(evidence) if service.up] or list(in_zone(evidence))
    if disabled:
        names = ", ".join(_with_reason(service) for service in disabled)
        return format_lazy(_DISABLED, hosts=names, host=shell_word(disabled[0].host))
    services = evidence.services if known(evidence.services) else ()
    zones = ", ".join(sorted({service.zone or "–" for service in services}))
    return format_lazy(_NO_ZONE, zone=evidence.record.availability_zone, zones=zones) if zones else _NONE


def _with_reason(service: Service) -> str:
    return f"{service.host} ({service.disabled_reason})" if service.disabled_reason else service.host


def _names(evidence: Evidence, usable: list[Service]) -> Text:
    """The host last asked first: only its own start cleans up what it left (29.0.0, see ``restart.py``)."""
    asked = last_asked(evidence)
    hosts = [service.host for service in usable]
    return ", ".join(dict.fromkeys([asked.host, *hosts] if asked and asked in usable else hosts))


def _long_down(service: Service, now: datetime.datetime) -> bool:
    return service.updated_at is None or now - service.updated_at > LONG_DOWN
