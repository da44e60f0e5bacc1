# SPDX-License-Identifier: Apache-2.0
from openstack_dashboard.dashboards.admin.backups import tables
from openstack_dashboard.dashboards.admin.backups import views

from tests.extension.neighbour.actions import ArchiveBackup
from tests.extension.neighbour.actions import ExportBackups


class ArchivingTable(tables.AdminBackupsTable):
    class Meta(tables.AdminBackupsTable.Meta):
        row_actions = (*tables.AdminBackupsTable.Meta.row_actions, ArchiveBackup)
        table_actions = (*tables.AdminBackupsTable.Meta.table_actions, ExportBackups)


class BackupsView(views.AdminBackupsView):
    table_class = ArchivingTable


class BackupDetailView(views.AdminBackupDetailView):
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["actions"] = ArchivingTable(self.request).render_row_actions(context["backup"])
        return context
