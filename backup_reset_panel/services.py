# SPDX-License-Identifier: Apache-2.0
"""The cinder-backup services of a cloud, as pages show them: in which order, how many, and when each was last seen."""

import datetime
import re

from django.utils import timezone
from django.utils.translation import gettext as _

from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import seen

#: More than these are folded up.
SHOWN_AT_ONCE = 6

_NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def by_place(services, now=None):
    """(Service, when it was last seen in words) pairs by zone and host; none where they could not be read.

    :param services: tuple of Service, or Unknown
    :param now: aware datetime, None for the present
    """
    return _with_last_seen(services, now, _place)


def by_relevance(services, now=None):
    """Likewise, but those that are down come first, the one that was seen last before the others: what is stuck is most
    likely its.
    """
    return _with_last_seen(services, now, lambda service: (service.up, _silence(service), _place(service)))


def summary(services):
    """How many there are of each state: "2 up, 32 down"; empty where they could not be read.

    :param services: tuple of Service, or Unknown
    """
    if not known(services):
        return ""
    up = sum(service.up for service in services)
    disabled = sum(not service.enabled for service in services)
    text = _("{up} up, {down} down, {disabled} disabled") if disabled else _("{up} up, {down} down")
    return text.format(up=up, down=len(services) - up, disabled=disabled)


def _with_last_seen(services, now, key):
    if not known(services):
        return []
    now = now or timezone.now()
    return [(service, seen(service, now)) for service in sorted(services, key=key)]


def _silence(service):
    """How long it has not been seen, as a number to sort by; all that are up are as good as each other."""
    return 0 if service.up else -(service.updated_at or _NEVER).timestamp()


def _place(service):
    return _natural(service.zone or ""), _natural(service.host)


def _natural(text):
    """A key that sorts node-2 before node-10."""
    return [int(part) if part.isdecimal() else part.casefold() for part in re.split(r"(\d+)", text)]
