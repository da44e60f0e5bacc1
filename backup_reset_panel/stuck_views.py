# SPDX-License-Identifier: Apache-2.0
"""The Stuck Backups page."""

from urllib.parse import urlencode

from django import shortcuts
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic
from horizon.tables.base import STRING_SEPARATOR
from horizon.utils import functions
from horizon.utils import http as horizon_http

from backup_reset_panel import cinder
from backup_reset_panel import listing
from backup_reset_panel import pieces
from backup_reset_panel import policies
from backup_reset_panel import present
from backup_reset_panel import services
from backup_reset_panel.core import statuses
from backup_reset_panel.core import wording
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.query import PROBLEM_ID
from backup_reset_panel.query import TILE_LABELS
from backup_reset_panel.query import FilterForm
from backup_reset_panel.query import Query
from backup_reset_panel.tables import LongRunningTable
from backup_reset_panel.tables import StuckBackupsTable
from backup_reset_panel.zone import InTheUsersZone

_GIVEN = ("tile", "status", "q", "project", "zone", "host")


class StuckBackupsView(InTheUsersZone, generic.View):
    """What needs a hand in the whole cloud: filters in the URL, a place in the list that no server remembers."""

    def get(self, request):
        """Show a page; its live part alone where the page's own JavaScript asks."""
        policies.require(request, policies.RESET_BACKUP)
        if horizon_http.is_ajax(request):
            return pieces.render(request, "backup_reset_panel/_stuck_live.html", self.context(request))
        return pieces.whole(request, "backup_reset_panel/stuck.html", self.context(request))

    def post(self, request):
        """A button of the table: Horizon's tables find out which one, and answer."""
        policies.require(request, policies.RESET_BACKUP)
        # Horizon's tables take the name of an action apart without looking whether it is one.
        is_action = STRING_SEPARATOR in request.POST.get("action", "")
        answer = StuckBackupsTable(request, data=[]).maybe_preempt() if is_action else None
        return answer or pieces.private(shortcuts.redirect(request.get_full_path()))

    def context(self, request):
        """All that the templates show."""
        query, problem = Query.of(request.GET), None
        try:
            page = listing.read(cinder.Cloud(request), query, _page_size(request))
        except cinder.CinderFault as exc:
            page, problem = listing.NOTHING, wording.of_fault(exc.fault)
        given = {name: request.GET[name] for name in _GIVEN if request.GET.get(name)}
        # What may be live stands below the line on every tile: it has no tick box, so "all" cannot tick it.
        found = [*page.rows, *page.long_running]
        rows = [row for row in found if Tile.LONG_RUNNING not in row.tiles]
        below = [row for row in found if Tile.LONG_RUNNING in row.tiles]
        return {
            "page_title": _("Stuck Backups"),
            "page": page,
            "problem": problem,
            "rows": rows,
            "long_running": below,
            "has_all": bool(rows or (below and query.tile is not Tile.NEEDS_A_HAND)),
            "table": StuckBackupsTable(request, data=rows),
            "long_running_table": LongRunningTable(request, data=below),
            "tiles": present.tiles(page.counts, query.tile),
            "tile": query.tile.value,
            "services": services.by_relevance(page.services),
            "services_summary": services.summary(page.services),
            "services_folded": known(page.services) and len(page.services) > services.SHOWN_AT_ONCE,
            "services_unread": not known(page.services),
            "missing": ", ".join(page.missing),
            "filters": FilterForm(request.GET),
            "filter_problems": query.problems,
            "filter_problem_id": PROBLEM_ID,
            "cannot_match": _why_nothing_can_match(query),
            "is_filtered": bool(set(given) - {"tile"}),
            "is_further": bool(query.after),
            "first_url": "?" + urlencode(given),
            "next_url": "?" + urlencode(given | {"after": page.next_after}) if page.next_after else "",
            "query_pairs": list(given.items()),
            "index_url": reverse("horizon:admin:backup_reset:index"),
            "bulk_url": reverse("horizon:admin:backup_reset:bulk"),
            "read_at": timezone.now(),
        }


def _page_size(request):
    """How many rows the user wants to see: Horizon takes any number that the cookie holds, also zero and less."""
    wanted = functions.get_page_size(request)
    return wanted if wanted > 0 else max(1, settings.API_RESULT_PAGE_SIZE)


def _why_nothing_can_match(query):
    """Why a valid filter can match no backup whatever, or None."""
    if query.groups or query.problems:
        return None
    return _("No backup can match: the tile “{tile}” has none in status “{status}”.").format(
        tile=TILE_LABELS[query.tile], status=statuses.label(query.status)
    )
