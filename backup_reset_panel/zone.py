# SPDX-License-Identifier: Apache-2.0
"""The user's time zone, also where Horizon does not set it."""

from django.utils import timezone
from horizon.utils import functions


class InTheUsersZone:
    """A view that tells times: Horizon's middleware (25.3 to 27.0) sets the zone for whole pages only, and leaves
    requests of JavaScript with that of whoever was served last.
    """

    def dispatch(self, request, *args, **kwargs):
        """Answer in the zone that the user has chosen."""
        timezone.activate(functions.get_timezone(request))
        return super().dispatch(request, *args, **kwargs)
