# SPDX-License-Identifier: Apache-2.0
"""Start-up: extend Horizon's Volume Backups table, register the system checks, keep the audit log."""

from __future__ import annotations

import logging
import sys

from django import apps

from backup_reset_panel import releases

LOG = logging.getLogger(__name__)
#: A command that shows no page and is run every few minutes: to load Horizon's pages is most of what it would do.
WITHOUT_PAGES = "backup_reset_check"


class BackupResetPanelConfig(apps.AppConfig):
    """The Django application; Horizon loads it through ADD_INSTALLED_APPS of the enabled file."""

    name = "backup_reset_panel"
    verbose_name = "Backup Reset Panel"
    #: Pinned: with a site's own DEFAULT_AUTO_FIELD, the history's table would want a new migration.
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Called by Django once, when every application is there.

        A Horizon that is too old, or that lacks something that the plugin imports, is left as it was. So is one that is
        only started for the check for cron.
        """
        if sys.argv[1:2] == [WITHOUT_PAGES]:
            return
        if releases.too_old():
            LOG.error("Horizon %s is too old for backup_reset_panel, which is left out.", releases.present())
            return
        # They need the app registry, so they cannot be imported with this module.
        try:
            from backup_reset_panel import checks  # noqa: F401  (importing registers the checks)
            from backup_reset_panel import extension
            from backup_reset_panel import urls  # noqa: F401  (Horizon would fail over it later, with all its pages)
            from backup_reset_panel.resets import audit_log
        except (ImportError, AttributeError) as exc:
            releases.problem = exc
            LOG.exception("backup_reset_panel could not be loaded, and is left out.")
            return
        extension.install()
        audit_log.keep()
