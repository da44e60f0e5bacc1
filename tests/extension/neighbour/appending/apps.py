# SPDX-License-Identifier: Apache-2.0
from django import apps


class AppendingConfig(apps.AppConfig):
    name = "tests.extension.neighbour.appending"

    def ready(self):
        from openstack_dashboard.dashboards.admin.backups import tables

        from tests.extension.neighbour.actions import ArchiveBackup
        from tests.extension.neighbour.actions import ExportBackups

        table = tables.AdminBackupsTable
        table._meta.row_actions = (*table._meta.row_actions, ArchiveBackup)
        table._meta.table_actions = (*table._meta.table_actions, ExportBackups)
        for action in (ArchiveBackup, ExportBackups):
            table.base_actions[action.name] = action()
