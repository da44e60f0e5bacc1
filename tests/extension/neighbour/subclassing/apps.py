# SPDX-License-Identifier: Apache-2.0
from django import apps


class SubclassingConfig(apps.AppConfig):
    name = "tests.extension.neighbour.subclassing"

    def ready(self):
        from openstack_dashboard.dashboards.admin.backups import tables
        from openstack_dashboard.dashboards.admin.backups import views

        from tests.extension.neighbour.actions import ArchiveBackup
        from tests.extension.neighbour.actions import ExportBackups

        present = views.AdminBackupsView.table_class

        class ArchivingTable(present):
            class Meta(present.Meta):
                row_actions = (*present.Meta.row_actions, ArchiveBackup)
                table_actions = (*present.Meta.table_actions, ExportBackups)

        views.AdminBackupsView.table_class = tables.AdminBackupsTable = ArchivingTable
