# SPDX-License-Identifier: Apache-2.0
"""The Hosts page: what each cinder-backup has in progress, and what its start would do to that."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import http
from django import shortcuts
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from horizon.tables.base import STRING_SEPARATOR
from horizon.utils import http as horizon_http

from backup_reset_panel import cinder
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness_texts import seen
from backup_reset_panel.core.outcome import notices
from backup_reset_panel.hosts import page
from backup_reset_panel.hosts.tables import HostsTable
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses
from backup_reset_panel.web import services
from backup_reset_panel.web.missing import missing
from backup_reset_panel.web.timezones import InTheUsersTimeZone


class HostsView(InTheUsersTimeZone):
    """All cinder-backup hosts, with a filter in the URL."""

    def get(self, request: http.HttpRequest) -> http.HttpResponse:
        """Show them; for the fold of the Stuck Backups page, whose JavaScript asks, those with backups in progress."""
        policy.require(request, policy.RESET_BACKUP)
        if horizon_http.is_ajax(request):
            context = self.context(request, show=page.BUSY)
            return responses.render(request, "backup_reset_panel/_hosts_fold.html", context)
        return responses.whole(request, "backup_reset_panel/hosts.html", self.context(request))

    def post(self, request: http.HttpRequest) -> http.HttpResponse:
        """A button of the table: Horizon's tables find out which one, and answer."""
        policy.require(request, policy.RESET_BACKUP)
        # Horizon's tables take the name of an action apart without looking whether it is one.
        is_action = STRING_SEPARATOR in request.POST.get("action", "")
        answer = HostsTable(request, data=[]).maybe_preempt() if is_action else None
        return answer or responses.private(shortcuts.redirect(request.get_full_path()))

    def context(self, request: http.HttpRequest, show: str = "") -> dict[str, Any]:
        """All that the templates show.

        :param show: which hosts, whatever the filter says
        """
        filters = page.FilterForm(request.GET)
        is_valid = filters.is_valid()
        text, show = filters.cleaned_data.get("q", ""), show or filters.cleaned_data.get("show", "")
        found, problem = page.Page(), None
        try:
            found = page.read(cinder.Cloud.of(request), text)
        except cinder.CinderFault as exc:
            problem = notices.of_fault(exc.fault)
        loads = found.shown(text, show) if is_valid else []
        now = timezone.now()
        return {
            "page_title": _("cinder-backup Hosts"),
            "page": found,
            "problem": problem,
            "filters": filters,
            "is_valid": is_valid,
            "is_filtered": bool(text or show),
            "summary": services.summary(found.services),
            "is_none": known(found.services) and not found.services,
            "missing": missing(found.missing),
            "causes": [(load, seen(load.service, now) if load.service else None) for load in found.causes],
            "loads": loads,
            "not_listed": len(found.filtered(text, show)) - len(loads) if is_valid else 0,
            "all_url": "?" + urlencode({"q": text, "show": page.ALL}),
            "table": HostsTable(request, data=loads),
            "hosts_url": reverse("horizon:admin:backup_reset:hosts"),
            "index_url": reverse("horizon:admin:backup_reset:index"),
            "read_at": now,
        }
