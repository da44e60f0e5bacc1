# SPDX-License-Identifier: Apache-2.0
"""The table of the Hosts page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils import timezone
from django.utils.html import format_html
from django.utils.html import format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from horizon import tables

from backup_reset_panel import actions
from backup_reset_panel.core import hosts
from backup_reset_panel.core import statuses
from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.liveness_texts import seen
from backup_reset_panel.core.notes import Text
from backup_reset_panel.web import policy
from backup_reset_panel.web.unshared_tables import UnsharedTable

_NOTHING = "–"


def state(load: hosts.Load) -> str:
    """Whether it is up, when it was last seen, and why it is disabled."""
    service = load.service
    if service is None:
        return format_html('<span class="text-danger">{}</span>', gettext("not in the list of services"))
    colour, word = (
        ("success", pgettext("State of a service", "up"))
        if service.up
        else ("danger", pgettext("State of a service", "down"))
    )
    heard = seen(service, timezone.now())
    at = formats.date_format(timezone.localtime(service.updated_at), "Y-m-d H:i:s e") if service.updated_at else ""
    told = format_html('<span class="text-{}">{}</span>, <span title="{}">{}</span>', colour, word, at, heard)
    if service.enabled:
        return told
    return format_html(
        "{}<br><small>{} <bdi>{}</bdi></small>",
        told,
        pgettext("State of a service", "disabled"),
        service.disabled_reason or "",
    )


def in_progress(load: hosts.Load) -> Text:
    """How many backups it was asked for last, by status; never zero where that is not known."""
    start = load.start
    if not start.total:
        return "0" if load.is_known else gettext("not known")
    parts = [
        (start.creating, statuses.CREATING),
        (start.restoring, statuses.RESTORING),
        (start.deleting, statuses.DELETING),
    ]
    named = format_html_join(", ", "{} {}", ((count, statuses.label(status)) for count, status in parts if count))
    total = str(start.total) if load.is_known else gettext("at least {count}").format(count=start.total)
    return format_html("{}<br><small>{}</small>", total, named)


def on_start(load: hosts.Load) -> Text:
    """What its start would do."""
    told = hosts.effects(load)
    if not told:
        return gettext("Nothing.") if load.is_known else gettext("Not known.")
    return format_html_join("", "<div>{}</div>", ((text,) for text in told))


class ShowBackups(tables.LinkAction):
    """Leads to what needs attention of a host, on the Stuck Backups page."""

    name = "show"
    verbose_name = _("Show Backups")
    policy_rules = policy.RESET_BACKUP

    def get_link_url(self, datum: Any = None) -> str:
        """The page with its filter set."""
        return f"{reverse('horizon:admin:backup_reset:index')}?{urlencode({'host': datum.host})}"

    def allowed(self, request: Any, datum: Any) -> bool:
        """Where there may be some."""
        return bool(datum and (datum.start.total or not datum.is_known))


class HostRow(tables.Row):
    """A row that Horizon's JavaScript does not ask for again and again."""

    ajax = False


class HostsTable(UnsharedTable, tables.DataTable):
    """Every cinder-backup host, by zone and name."""

    host = tables.Column(lambda load: format_html("<bdi>{}</bdi>", load.host), verbose_name=_("Host"))
    zone = tables.Column(
        lambda load: format_html("<bdi>{}</bdi>", (load.service and load.service.zone) or _NOTHING),
        verbose_name=_("Availability Zone"),
    )
    state = tables.Column(state, verbose_name=_("State"))
    in_progress = tables.Column(in_progress, verbose_name=_("In progress"))
    on_start = tables.Column(on_start, verbose_name=_("Its start would"), classes=("backup-reset-verdict",))

    class Meta:
        name = "hosts"
        verbose_name = _("cinder-backup hosts")
        row_class = HostRow
        row_actions = (actions.PlanOfHost, ShowBackups)
        multi_select = False
        footer = False

    def get_object_display(self, datum: hosts.Load) -> Text:
        """The name by which Horizon speaks of a row."""
        return format_lazy(_("cinder-backup on {host}"), host=isolated(datum.host))

    def get_object_id(self, datum: hosts.Load) -> str:
        """The host's name."""
        return datum.host
