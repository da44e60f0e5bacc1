# SPDX-License-Identifier: Apache-2.0
"""The tables of the Stuck Backups page."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from horizon import tables
from horizon.forms import ThemableCheckboxInput
from horizon.tables.base import Cell

from backup_reset_panel import actions
from backup_reset_panel.core import statuses
from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.listing import page as listing
from backup_reset_panel.stuck import columns
from backup_reset_panel.web.unshared_tables import UnsharedTable

_ADVICE = {
    Advice.AVAILABLE: statuses.label(statuses.AVAILABLE),
    Advice.ERROR: statuses.label(statuses.ERROR),
    Advice.LEAVE: _("Leave as it is"),
    Advice.REPAIR: _("Free the volume"),
    Advice.REMOVE: _("Free the volume, remove"),
    Advice.WAIT: _("Wait"),
    Advice.NONE: _("Open to see"),
}


def advice(row: listing.Row) -> Text:
    """What is recommended."""
    return _ADVICE[Advice.REPAIR if row.is_locked else row.verdict.recommended]


class StuckRow(tables.Row):
    """A row that Horizon's JavaScript does not ask for again and again: the page has one request of its own for all."""

    ajax = False


class StuckCell(Cell):
    """A cell whose tick box, if it has one, says which backup it is for."""

    def get_data(self, datum: listing.Row, column: tables.Column, row: tables.Row) -> Any:
        """As Horizon's, whose tick boxes have no name for those who do not see the row."""
        if column.auto != "multi_select":
            return super().get_data(datum, column, row)
        table = row.table
        label = format_lazy(_("Select {name}"), name=table.get_object_display(datum))
        attrs = {"class": "table-row-multi-select", "aria-label": label}
        widget = ThemableCheckboxInput(check_test=lambda value: False)
        data = widget.render("object_ids", table.get_object_id(datum), attrs)
        table._data_cache[column][table.get_object_id(datum)] = data
        return data


class StuckBackupsTable(UnsharedTable, tables.DataTable):
    """What needs attention, the longest unchanged first."""

    # Not by "link": Horizon would escape the cell's own markup.
    name_ = tables.Column(columns.name, verbose_name=_("Name"), classes=("backup-reset-name",))
    project = tables.Column(columns.project, verbose_name=_("Project"))
    status = tables.Column(lambda row: statuses.label(row.status), verbose_name=_("Status"))
    # Horizon's script sorts by the number of seconds that the cell brings along.
    age = tables.Column(columns.age, verbose_name=_("No change for"), attrs={"data-type": "timesince"})
    verdict = tables.Column(columns.verdict, verbose_name=_("Verdict"), classes=("backup-reset-verdict",))
    on_store = tables.Column(columns.on_store, verbose_name=_("On storage"), classes=("backup-reset-on-store",))
    service = tables.Column(columns.service, verbose_name=_("Host last asked"), classes=("backup-reset-service",))
    volume = tables.Column(columns.volume, verbose_name=_("Volume"))
    recommended = tables.Column(advice, verbose_name=_("Recommended"))

    class Meta:
        name = "stuck_backups"
        verbose_name = _("Stuck Backups")
        row_class = StuckRow
        cell_class = StuckCell
        table_actions = (actions.UpdateBackupStatuses,)
        row_actions = (actions.UpdateBackupStatus,)
        pagination_param = "after"
        footer = False

    def __init__(self, *args: Any, has_store: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_store:
            self.columns.pop("on_store")

    def get_object_display(self, datum: listing.Row) -> str:
        """The name by which Horizon speaks of a row."""
        return isolated(datum.name)

    def get_object_id(self, datum: listing.Row) -> str:
        """The backup's id."""
        return datum.id


class LongRunningTable(StuckBackupsTable):
    """Below the line: may be live, so never ticked by "all"."""

    class Meta:
        name = "long_running_backups"
        verbose_name = _("Long running, may be live")
        row_class = StuckRow
        row_actions = (actions.UpdateBackupStatus,)
        multi_select = False
        footer = False
