# SPDX-License-Identifier: Apache-2.0
"""Our actions on Horizon's Volume Backups table.

Horizon keeps one instance of each for all requests: no state may live on them. The row action makes no API call,
since stock JavaScript asks for every row in flight again and again.
"""

from __future__ import annotations

from typing import Any

from django import http
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.utils.translation import npgettext_lazy
from horizon import tables

from backup_reset_panel.core.notes import Text
from backup_reset_panel.web import policy


class UpdateBackupStatus(tables.LinkAction):
    """Opens the dialog for one backup; takes the place of the stock action, whose name it has."""

    name = "update_status"
    verbose_name = _("Update Backup Status")
    url = "horizon:admin:backup_reset:update_status"
    classes = ("ajax-modal",)
    icon = "pencil"
    policy_rules = policy.RESET_BACKUP

    def get_policy_target(self, request: http.HttpRequest, datum: Any = None) -> dict[str, str | None]:
        """The backup's project; the user's own where there is no row yet."""
        return policy.target(getattr(datum, "project_id", None)) if datum else {}


class UpdateBackupStatuses(tables.BatchAction):
    """Shows the plan of a bulk run for the ticked rows.

    The answer to the table's POST is the plan page itself: as a redirect the ids of a hundred rows would not fit into
    a URL, and some would not fit into a session cookie. ``preempt`` spares the reading of the whole table before it.
    """

    name = "update_statuses"
    icon = "pencil"
    preempt = True
    policy_rules = policy.RESET_BACKUP

    @staticmethod
    def action_present(count: int) -> Text:
        """The button's label. It has a context, since the row's action has the same words without a number: Python
        finds a text in one of the two forms only (3.11.2 ``gettext.GNUTranslations.gettext``).
        """
        return npgettext_lazy("button for the ticked rows", "Update Backup Status", "Update Backup Statuses", count)

    @staticmethod
    def action_past(count: int) -> Text:
        """Nothing is done by the button itself: the plan page does it."""
        return ngettext_lazy("Planned Update of Backup Status", "Planned Update of Backup Statuses", count)

    def handle(self, table: tables.DataTable, request: http.HttpRequest, obj_ids: list[str]) -> http.HttpResponse:
        """Answer with the plan page. A preempting action is not asked whether it is allowed, so this asks."""
        from backup_reset_panel.bulk import views

        policy.require(request, policy.RESET_BACKUP)
        return views.plan_page(request, ids=obj_ids)


class PlanOfHost(tables.Action):
    """Shows the plan of a bulk run for what needs attention of one host; the id of its row is the host's name."""

    name = "plan_of_host"
    verbose_name = _("Plan Updates")
    icon = "pencil"
    preempt = True
    policy_rules = policy.RESET_BACKUP

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.preempt = True

    def allowed(self, request: http.HttpRequest, datum: Any) -> bool:
        """Where something is in progress."""
        return datum is None or bool(datum.start.total)

    def single(self, table: tables.DataTable, request: http.HttpRequest, object_id: str) -> http.HttpResponse:
        """Answer with the plan page. A preempting action is not asked whether it is allowed, so this asks."""
        from backup_reset_panel.bulk import views

        policy.require(request, policy.RESET_BACKUP)
        return views.plan_page(request, query={"host": object_id})
