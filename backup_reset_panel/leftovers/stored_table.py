# SPDX-License-Identifier: Apache-2.0
"""The table of backups without a record, and its CSV. No row has a button: nothing is deleted from here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import formats
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from horizon import tables

from backup_reset_panel.core.durations import span
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.storage.texts import amount
from backup_reset_panel.core.storage.unrecorded import Unrecorded
from backup_reset_panel.leftovers.tables import LeftOverRow
from backup_reset_panel.leftovers.tables import csv_text
from backup_reset_panel.web.unshared_tables import UnsharedTable

_NOTHING = "–"
COLUMNS = (
    "backup_id",
    "volume_id",
    "account",
    "container",
    "prefix",
    "begun",
    "last_written",
    "objects",
    "bytes",
    "region",
    "read_at",
    "is_whole",
)


def as_csv(rows: Iterable[Unrecorded], region: str, read_at: datetime.datetime, is_whole: bool) -> str:
    """All of them, a line each; ``is_whole``: whether that is all of the store."""
    end = (region, read_at.isoformat(), "yes" if is_whole else "no")
    return csv_text(COLUMNS, ((*_cells(row), *end) for row in rows))


def _cells(row: Unrecorded) -> tuple[Any, ...]:
    prefix, place = row.prefix, row.prefix.place
    begun, written = (each.isoformat() if each else "" for each in (prefix.begun, row.written))
    where = (prefix.backup_id, prefix.volume_id, place.account, place.container, prefix.prefix)
    return (*where, begun, written, *("" if each is None else each for each in (row.objects, row.size)))


def _ids(row: Unrecorded) -> str:
    volume = format_html(str(_("of volume {id}")), id=format_html("<code>{}</code>", row.prefix.volume_id))
    return format_html("<code>{}</code><br><small>{}</small>", row.prefix.backup_id, volume)


def _where(row: Unrecorded) -> str:
    place = row.prefix.place
    account = format_html("{} · ", place.account) if place.account else ""
    return format_html("<small>{}<bdi>{}</bdi><br><bdi>{}</bdi></small>", account, place.container, row.prefix.prefix)


def _size(row: Unrecorded) -> Text:
    return _NOTHING if row.size is None else amount(row.size)


def _written(row: Unrecorded) -> Text:
    at = row.written or row.prefix.begun
    if at is None:
        return _NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        formats.date_format(timezone.localtime(at), "Y-m-d H:i:s e"),
        span(timezone.now() - at),
    )


class UnrecordedTable(UnsharedTable, tables.DataTable):
    """Backups without a record, the oldest first."""

    ids = tables.Column(_ids, verbose_name=_("Backup ID"))
    where = tables.Column(_where, verbose_name=_("Where on the store"))
    size = tables.Column(_size, verbose_name=_("Size"))
    objects = tables.Column(
        lambda row: _NOTHING if row.objects is None else str(row.objects), verbose_name=_("Objects")
    )
    written = tables.Column(_written, verbose_name=_("Last written before"))

    class Meta:
        name = "unrecorded"
        verbose_name = _("Backups without a record")
        row_class = LeftOverRow
        multi_select = False
        footer = False

    def get_object_display(self, datum: Unrecorded) -> str:
        """The name by which Horizon speaks of a row."""
        return datum.prefix.backup_id

    def get_object_id(self, datum: Unrecorded) -> str:
        """Where it is: a backup can be there twice."""
        return f"{datum.prefix.place.container}/{datum.prefix.prefix}"
