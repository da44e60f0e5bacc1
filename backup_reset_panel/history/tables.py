# SPDX-License-Identifier: Apache-2.0
"""The table of the History page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils import formats
from django.utils import timezone
from django.utils.html import format_html
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from horizon import tables

from backup_reset_panel.core.notes import Text
from backup_reset_panel.history import texts
from backup_reset_panel.history.models import PastReset
from backup_reset_panel.history.names import in_words
from backup_reset_panel.web.unshared_tables import UnsharedTable

_NOTHING = "–"


def moment(at: datetime.datetime) -> str:
    """A moment in the user's zone; in UTC on hover."""
    utc = at.astimezone(datetime.timezone.utc)
    here = formats.date_format(timezone.localtime(at), "Y-m-d H:i:s e")
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', utc.isoformat(), formats.date_format(utc, "Y-m-d H:i:s"), here
    )


def _who(row: PastReset) -> str:
    return format_html(
        '<bdi title="{}">{}</bdi><br><small>{}</small>', row.user_id, row.user_name, row.from_address or _NOTHING
    )


def _backup(row: PastReset) -> str:
    if not row.backup_id:
        return _NOTHING
    url = reverse("horizon:admin:backups:detail", args=(row.backup_id,))
    return format_html('<a href="{}"><small>{}</small></a>', url, row.backup_id)


def _verdict(row: PastReset) -> Text:
    return in_words(row.verdict)


def _outcome(row: PastReset) -> str:
    if row.seen_at is None:
        return format_html("{}", texts.outcome(row))
    return format_html("{}<br><small>{}</small>", texts.outcome(row), moment(row.seen_at))


def _also(row: PastReset) -> str:
    return _lines(texts.also(row))


def _host(row: PastReset) -> str:
    return format_html("<bdi>{}</bdi>", row.host or _NOTHING)


def _request_ids(row: PastReset) -> str:
    return _lines(texts.request_ids(row))


def _line(row: PastReset) -> str:
    return format_html(
        '<details class="backup-reset-fold"><summary>{}</summary><code>{}</code></details>', _("Show"), row.line
    )


def _lines(found: Iterable[str]) -> str:
    return format_html_join(mark_safe("<br>"), "<small>{}</small>", ((each,) for each in found)) or _NOTHING  # nosec B308


class HistoryTable(UnsharedTable, tables.DataTable):
    """What was done, the newest first."""

    at = tables.Column(lambda row: moment(row.at), verbose_name=_("Time"))
    who = tables.Column(_who, verbose_name=pgettext_lazy("Who made a change", "User"))
    backup = tables.Column(_backup, verbose_name=_("Backup ID"))
    change = tables.Column(texts.change, verbose_name=pgettext_lazy("From one status to another", "Change"))
    verdict = tables.Column(_verdict, verbose_name=_("Verdict"))
    outcome = tables.Column(_outcome, verbose_name=_("Outcome"))
    also = tables.Column(_also, verbose_name=_("Also freed"))
    host = tables.Column(_host, verbose_name=_("Host"))
    request_ids = tables.Column(_request_ids, verbose_name=_("Request IDs"))
    line = tables.Column(_line, verbose_name=_("Audit line"))

    class Meta:
        name = "history"
        verbose_name = _("History")
        multi_select = False
        footer = False

    def get_object_display(self, datum: PastReset) -> str:
        """The name by which Horizon speaks of a row."""
        return datum.backup_id or datum.volume_id

    def get_object_id(self, datum: PastReset) -> str:
        """The number of the row."""
        return str(datum.pk)
