# SPDX-License-Identifier: Apache-2.0
"""Start-up: extend Horizon's Volume Backups table, register the system checks, keep the audit log."""

from __future__ import annotations

from django import apps


class BackupResetPanelConfig(apps.AppConfig):
    """The Django application; Horizon loads it through ADD_INSTALLED_APPS of the enabled file."""

    name = "backup_reset_panel"
    verbose_name = "Backup Reset Panel"
    #: Pinned: with a site's own DEFAULT_AUTO_FIELD, the history's table would want a new migration.
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Called by Django once, when every application is there."""
        # They need the app registry, so they cannot be imported with this module.
        from backup_reset_panel import checks  # noqa: F401  (importing registers the checks)
        from backup_reset_panel import extension
        from backup_reset_panel.resets import audit_log

        extension.install()
        audit_log.keep()
