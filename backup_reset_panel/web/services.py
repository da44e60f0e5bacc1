# SPDX-License-Identifier: Apache-2.0
"""The cinder-backup services of a cloud, as pages show them: in which order, how many, and when each was last seen."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness_texts import seen
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.records import Service

#: More than these are folded up.
SHOWN_AT_ONCE = 6

_NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


Services = tuple[Service, ...] | Unknown


def by_place(services: Services, now: datetime.datetime | None = None) -> list[tuple[Service, Text]]:
    """(Service, when it was last seen in words) pairs by zone and host; none where they could not be read.

    :param now: None for the present
    """
    return _with_last_seen(services, now, _place)


def by_relevance(services: Services, now: datetime.datetime | None = None) -> list[tuple[Service, Text]]:
    """As ``by_place``, but those that are down come first, and the one seen last before the others: what is stuck is
    most likely its.
    """
    return _with_last_seen(services, now, lambda service: (service.up, _silence(service), _place(service)))


def summary(services: Services) -> str:
    """How many there are of each state: "2 up, 32 down"; empty where they could not be read."""
    if not known(services):
        return ""
    up = sum(service.up for service in services)
    disabled = sum(not service.enabled for service in services)
    text = _("{up} up, {down} down, {disabled} disabled") if disabled else _("{up} up, {down} down")
    return text.format(up=up, down=len(services) - up, disabled=disabled)


def _with_last_seen(
    services: Services, now: datetime.datetime | None, key: Callable[[Service], Any]
) -> list[tuple[Service, Text]]:
    if not known(services):
        return []
    moment = now or timezone.now()
    return [(service, seen(service, moment)) for service in sorted(services, key=key)]


def _silence(service: Service) -> float:
    """How long it has not been seen, as a number to sort by; 0 for all that are up."""
    return 0 if service.up else -(service.updated_at or _NEVER).timestamp()


def _place(service: Service) -> tuple[list[Any], list[Any]]:
    return natural(service.zone or ""), natural(service.host)


def natural(text: str) -> list[Any]:
    """A key that sorts node-2 before node-10."""
    return [int(part) if part.isdecimal() else part.casefold() for part in re.split(r"(\d+)", text)]
