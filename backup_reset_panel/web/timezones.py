# SPDX-License-Identifier: Apache-2.0
"""The user's time zone, also where Horizon does not set it."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

from django import http
from django.utils import timezone
from django.views import generic
from horizon.utils import functions


class InTheUsersTimeZone(generic.View):
    """A view that shows times: Horizon's middleware (25.3 to 27.0) sets the zone for whole pages only, and leaves
    requests of JavaScript with that of whoever was served last.
    """

    def dispatch(self, request: http.HttpRequest, *args: Any, **kwargs: Any) -> http.HttpResponseBase:
        """Answer in the zone that the user has chosen."""
        timezone.activate(_zone_of(request))
        return super().dispatch(request, *args, **kwargs)


def _zone_of(request: http.HttpRequest) -> datetime.tzinfo:
    """The time zone that the user's cookie names; the site's own where that names no known one."""
    try:
        return zoneinfo.ZoneInfo(functions.get_timezone(request))
    except (LookupError, ValueError, OSError):
        # Not in the database, no name of one at all, or a folder of the database.
        return timezone.get_default_timezone()
