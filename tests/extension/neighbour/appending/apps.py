# SPDX-License-Identifier: Apache-2.0
from django import apps


class AppendingConfig(apps.AppConfig):
    name = "tests.extension.neighbour.appending"

    def ready(self):
        from openstack_dashboard.dashboards.admin.backups import tables

        from tests.extension.neighbour.actions import ArchiveBackup

        table = tables.AdminBackupsTable
        table._meta.row_actions = (*table._meta.row_actions, ArchiveBackup)
        table.base_actions[ArchiveBackup.name] = ArchiveBackup()
