# SPDX-License-Identifier: Apache-2.0
"""What the other vendor adds to the table."""

from horizon import tables


class ArchiveBackup(tables.LinkAction):
    name = "archive_backup"
    verbose_name = "Archive Backup"
    url = "horizon:admin:backups:detail"


class ExportBackups(tables.LinkAction):
    name = "export_backups"
    verbose_name = "Export Backups"
    url = "horizon:admin:backups:index"
