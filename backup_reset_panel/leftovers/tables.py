# SPDX-License-Identifier: Apache-2.0
"""The table of the Left-overs page, and the same as CSV."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable
from typing import Any

from django import http
from django.urls import reverse
from django.utils import formats
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from horizon import tables

from backup_reset_panel.core import leftover_texts
from backup_reset_panel.core import statuses
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.quoting import csv_cell
from backup_reset_panel.web import policy
from backup_reset_panel.web.unshared_tables import UnsharedTable

_NOTHING = "–"
COLUMNS = (
    "kind",
    "id",
    "name",
    "project_id",
    "status",
    "unchanged_since",
    "why",
    "repair",
    "region",
    "read_at",
    "is_whole",
)


def rules_of(found: LeftOver) -> policy.Rules:
    """The policy rule for what is done about it."""
    return (("volume", found.policy),)


def url_of(found: LeftOver) -> str:
    """The address of its dialog."""
    table = "snapshots" if found.kind.is_snapshot else "volumes"
    return reverse("horizon:admin:backup_reset:left_over", args=(table, found.id))


def name(found: LeftOver) -> str:
    """Its name and id."""
    return format_html("<bdi>{}</bdi><br><small><code>{}</code></small>", found.name or _NOTHING, found.id)


def age(found: LeftOver) -> str:
    """How long nothing has changed; the moment itself in the user's zone on hover."""
    return format_html(
        '<span data-seconds="-{}"><time datetime="{}" title="{}">{}</time></span>',
        int(found.touched.timestamp()),
        found.touched.isoformat(),
        formats.date_format(timezone.localtime(found.touched), "Y-m-d H:i:s e"),
        span(timezone.now() - found.touched),
    )


def as_csv(found: Iterable[LeftOver], region: str, read_at: datetime.datetime, is_whole: bool) -> str:
    """All of them, a line each, for a change ticket: no cell is a formula.

    :param is_whole: whether all that there are were found; each line says so
    """
    whole = "yes" if is_whole else "no"
    rows = []
    for each in found:
        told = (leftover_texts.reason(each.kind), leftover_texts.remedy(each), region, read_at.isoformat())
        cells = (
            each.kind.value,
            each.id,
            each.name,
            each.project_id,
            each.status,
            each.touched.isoformat(),
            *told,
            whole,
        )
        rows.append([cell or "" for cell in cells])
    return csv_text(COLUMNS, rows)


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A CSV with a line of names: no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([csv_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


class Release(tables.LinkAction):
    """Opens the dialog of one left-over."""

    name = "release"
    verbose_name = _("Free or Delete")
    classes = ("ajax-modal",)
    icon = "pencil"

    def get_link_url(self, datum: Any = None) -> str:
        """The address of its dialog."""
        return url_of(datum)

    def allowed(self, request: http.HttpRequest, datum: Any) -> bool:
        """Where the user may do what is done about it."""
        return datum is not None and policy.may(request, rules_of(datum), datum.project_id)


class LeftOverRow(tables.Row):
    """A row that Horizon's JavaScript does not ask for again and again."""

    ajax = False


class LeftOversTable(UnsharedTable, tables.DataTable):
    """Left-overs, the oldest first."""

    kind = tables.Column(lambda found: leftover_texts.kind_label(found.kind), verbose_name=_("What"))
    name_ = tables.Column(name, verbose_name=_("Name and ID"))
    project = tables.Column(
        lambda found: format_html("<small>{}</small>", found.project_id or _NOTHING), verbose_name=_("Project ID")
    )
    status = tables.Column(lambda found: statuses.volume_label(found.status), verbose_name=_("Status"))
    age = tables.Column(age, verbose_name=_("No change for"), attrs={"data-type": "timesince"})
    why = tables.Column(lambda found: leftover_texts.reason(found.kind), verbose_name=_("Why it is one"))
    remedy = tables.Column(leftover_texts.remedy, verbose_name=_("Repair"))

    class Meta:
        name = "left_overs"
        verbose_name = _("Left-overs")
        row_class = LeftOverRow
        row_actions = (Release,)
        multi_select = False
        footer = False

    def get_object_display(self, datum: LeftOver) -> str:
        """The name by which Horizon speaks of a row."""
        return datum.label

    def get_object_id(self, datum: LeftOver) -> str:
        """The id of the volume or snapshot."""
        return datum.id
