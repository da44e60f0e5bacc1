# SPDX-License-Identifier: Apache-2.0
"""The History page: who reset what, when, and what came of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django import http
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from horizon.utils import functions

from backup_reset_panel.core.history import COLUMNS
from backup_reset_panel.core.history import LONGEST_HOST
from backup_reset_panel.core.history import Entry
from backup_reset_panel.history import backlog
from backup_reset_panel.history import settings
from backup_reset_panel.history import store
from backup_reset_panel.history.bounded import Unavailable
from backup_reset_panel.history.tables import HistoryTable
from backup_reset_panel.web import policy
from backup_reset_panel.web import responses
from backup_reset_panel.web.timezones import InTheUsersTimeZone

LOG = logging.getLogger(__name__)

_GIVEN = ("backup", "user", "host")


class HistoryForm(forms.Form):
    """The page's filters, in its URL."""

    backup = forms.CharField(required=False, label=_("Backup ID"), max_length=COLUMNS["backup_id"])
    user = forms.CharField(required=False, label=_("User name or ID"), max_length=COLUMNS["user_name"])
    host = forms.CharField(required=False, label=_("Host"), max_length=LONGEST_HOST)
    after = forms.CharField(required=False, label=_("Place in the list"), widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__({name: data[name] for name in self.base_fields if name in data})
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control", "placeholder": field.label}


class HistoryView(InTheUsersTimeZone):
    """Newest first; filters and the place in the list are in the URL."""

    def get(self, request: http.HttpRequest) -> http.HttpResponse:
        """Show a page; where no history is kept, how to keep one."""
        policy.require(request, policy.RESET_BACKUP)
        kept = settings.kept()
        context: dict[str, Any] = {
            "page_title": _("History"),
            "index_url": reverse("horizon:admin:backup_reset:index"),
            "history_url": reverse("horizon:admin:backup_reset:history"),
            "missing_database": settings.missing_database(),
            "kept": kept,
        }
        if kept:
            context |= self.context(request, kept)
        return responses.whole(request, "backup_reset_panel/history.html", context)

    def context(self, request: http.HttpRequest, kept: settings.Kept) -> dict[str, Any]:
        """What the page shows where a history is kept."""
        form = HistoryForm(request.GET)
        page, problem = store.Page([]), ""
        if form.is_valid():
            page, problem = _read(kept, _query(request, form.cleaned_data), _page_size(request))
        rows = [row for row in page.rows if policy.may(request, policy.RESET_BACKUP, row.backup_project_id or None)]
        given = {name: request.GET[name] for name in _GIVEN if request.GET.get(name)}
        return {
            "filters": form,
            "problem": problem,
            "rows": rows,
            "table": HistoryTable(request, data=rows),
            "waiting": _waiting(request),
            "lost": backlog.lost(),
            "is_filtered": bool(given),
            "is_further": bool(request.GET.get("after")),
            "first_url": "?" + urlencode(given),
            "next_url": "?" + urlencode(given | {"after": page.next_after}) if page.next_after else "",
        }


def _page_size(request: http.HttpRequest) -> int:
    """How many rows the user wants to see: Horizon takes any number that the cookie holds, also zero and less."""
    wanted = int(functions.get_page_size(request))
    return min(wanted, 1000) if wanted > 0 else max(1, django_settings.API_RESULT_PAGE_SIZE)


def _region(request: http.HttpRequest) -> str:
    return request.user.services_region or ""  # type: ignore[union-attr]


def _query(request: http.HttpRequest, given: Mapping[str, str]) -> store.Query:
    return store.Query(_region(request), given["backup"], given["user"], given["host"], given["after"])


def _read(kept: settings.Kept, query: store.Query, size: int) -> tuple[store.Page, str]:
    """A page, and why it could not be read: "no_table" or "unavailable"; empty where it could."""
    try:
        return store.read(kept, query, size), ""
    except Unavailable as exc:
        LOG.warning("The history's database %r: %s", kept.database, exc)
    try:
        return store.Page([]), "unavailable" if store.is_migrated(kept) else "no_table"
    except Unavailable:
        return store.Page([]), "unavailable"


def _waiting(request: http.HttpRequest) -> list[Entry]:
    """What the database did not take yet, of this region and of projects that the user may see."""
    found = [change for part in backlog.read().values() for change in part if isinstance(change, Entry)]
    return [
        each
        for each in found
        if (each.record["region"] or "") == _region(request)
        and policy.may(request, policy.RESET_BACKUP, each.record["backup_project_id"])
    ]
