# SPDX-License-Identifier: Apache-2.0
"""The Stuck Backups page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import http
from django import shortcuts
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from horizon.tables.base import STRING_SEPARATOR
from horizon.utils import functions
from horizon.utils import http as horizon_http

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.core.triage import Tile
from backup_reset_panel.listing import page as listing
from backup_reset_panel.listing.filters import PROBLEM_ID
from backup_reset_panel.listing.filters import TILE_LABELS
from backup_reset_panel.listing.filters import FilterForm
from backup_reset_panel.listing.filters import Query
from backup_reset_panel.storage import entry
from backup_reset_panel.stuck import columns
from backup_reset_panel.stuck.tables import LongRunningTable
from backup_reset_panel.stuck.tables import StuckBackupsTable
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses
from backup_reset_panel.web import services
from backup_reset_panel.web.missing import missing
from backup_reset_panel.web.person import Person
from backup_reset_panel.web.timezones import InTheUsersTimeZone

_GIVEN = ("tile", "status", "q", "project", "zone", "host")


class StuckBackupsView(InTheUsersTimeZone):
    """What needs attention in the whole cloud: filters in the URL, a place in the list that no server remembers."""

    def get(self, request: http.HttpRequest) -> http.HttpResponse:
        """Show a page; its live part alone, and all of it, where the page's own JavaScript asks."""
        policy.require(request, policy.RESET_BACKUP)
        if horizon_http.is_ajax(request):
            context = self.context(request, is_whole=True)
            return responses.render(request, "backup_reset_panel/_stuck_live.html", context)
        return responses.whole(request, "backup_reset_panel/stuck.html", self.context(request, is_whole=False))

    def post(self, request: http.HttpRequest) -> http.HttpResponse:
        """A button of the table: Horizon's tables find out which one, and answer."""
        policy.require(request, policy.RESET_BACKUP)
        # Horizon's tables take the name of an action apart without looking whether it is one.
        is_action = STRING_SEPARATOR in request.POST.get("action", "")
        answer = StuckBackupsTable(request, data=[]).maybe_preempt() if is_action else None
        return answer or responses.private(shortcuts.redirect(request.get_full_path()))

    def context(self, request: http.HttpRequest, is_whole: bool) -> dict[str, Any]:
        """All that the templates show.

        :param is_whole: whether also what takes longer: the page is there sooner without, and asks for it at once
        """
        query, problem = Query.of(request.GET), None
        try:
            page = listing.read(cinder.Cloud.of(request), query, _page_size(request), is_whole)
        except cinder.CinderFault as exc:
            page, problem = listing.NOTHING, notices.of_fault(exc.fault)
        given = {name: request.GET[name] for name in _GIVEN if request.GET.get(name)}
        rows, below = page.rows, page.long_running
        has_store = entry.configured(getattr(request.user, "services_region", None) or "")
        return {
            "page_title": _("Stuck Backups"),
            "page": page,
            "problem": problem,
            "rows": rows,
            "long_running": below,
            "has_all": bool(rows or (below and query.tile is not Tile.NEEDS_ATTENTION)),
            "table": StuckBackupsTable(request, data=rows, has_store=has_store),
            "on_store_url": reverse("horizon:admin:backup_reset:stored") if has_store else "",
            "long_running_table": LongRunningTable(request, data=below, has_store=has_store),
            "tiles": tiles(page.counts, query.tile),
            "is_counted": page.is_whole,
            "elsewhere": columns.elsewhere(page.elsewhere, query),
            "is_elsewhere_cut": bool(page.elsewhere and page.elsewhere.is_cut),
            "is_unknown_id": _is_unknown_id(page, query),
            "tile": query.tile.value,
            "is_first_of_all": query.tile is Tile.NEEDS_ATTENTION and query.is_whole,
            "services": services.by_relevance(page.services),
            "services_summary": services.summary(page.services),
            "services_folded": known(page.services) and len(page.services) > services.SHOWN_AT_ONCE,
            "services_unread": not known(page.services),
            "missing": missing(page.missing),
            "filters": FilterForm(request.GET),
            "filter_problems": query.problems,
            "filter_problem_id": PROBLEM_ID,
            "cannot_match": _why_nothing_can_match(query),
            "is_tile_given": "tile" in given,
            "person": Person.of(request),
            "is_filtered": bool(set(given) - {"tile"}),
            "is_further": bool(query.after),
            "first_url": "?" + urlencode(given),
            "next_url": "?" + urlencode(given | {"after": page.next_after}) if page.next_after else "",
            "query_pairs": list(given.items()),
            "index_url": reverse("horizon:admin:backup_reset:index"),
            "bulk_url": reverse("horizon:admin:backup_reset:bulk"),
            "left_overs_url": reverse("horizon:admin:backup_reset:left_overs"),
            "hosts_url": reverse("horizon:admin:backup_reset:hosts"),
            "read_at": timezone.now(),
        }


def _page_size(request: http.HttpRequest) -> int:
    """How many rows the user wants to see: Horizon takes any number that the cookie holds, also zero and less."""
    wanted = int(functions.get_page_size(request))
    return wanted if wanted > 0 else max(1, settings.API_RESULT_PAGE_SIZE)


def _why_nothing_can_match(query: Query) -> Text | None:
    """Why a valid filter can match no backup whatever, or None."""
    if query.tile is Tile.VOLUME_LOCKED and not query.problems and not query.has_locked:
        return _("What is still locked cannot be looked for by host: Cinder does not show it.")
    if query.groups or query.problems or not query.status or query.tile is Tile.VOLUME_LOCKED:
        return None
    text = _("No backup can match: the tile “{tile}” has none in status “{status}”.")
    return format_lazy(text, tile=TILE_LABELS[query.tile], status=statuses.label(query.status))


def _is_unknown_id(page: listing.Page, query: Query) -> bool:
    """Whether it is known that no backup has the id that is looked for, nor any volume of a backup."""
    if not query.wanted_id or page.elsewhere is None or not page.elsewhere.is_known:
        return False
    return not (page.elsewhere.backups or page.rows or page.long_running)


def tiles(counts: dict[Tile, str], opened: Tile) -> list[dict[str, Any]]:
    """The tiles of the page, in order.

    :param opened: the one that is open
    """
    return [
        {"name": tile.value, "label": label, "count": counts.get(tile, ""), "is_open": tile is opened}
        for tile, label in TILE_LABELS.items()
    ]
