# SPDX-License-Identifier: Apache-2.0
"""Our actions on Horizon's Volume Backups table.

Horizon keeps one instance of each for all requests: no state may live on them. The row action makes no API call, since stock
JavaScript asks for every row in flight again and again.
"""

from django.utils.translation import gettext_lazy as _
from horizon import tables

from backup_reset_panel import policies


class UpdateBackupStatus(tables.LinkAction):
    """Opens the dialog for one backup; takes the place of the stock action, whose name it has."""

    name = "update_status"
    verbose_name = _("Update Backup Status")
    url = "horizon:admin:backup_reset:update_status"
    classes = ("ajax-modal",)
    icon = "pencil"
    policy_rules = policies.RESET_BACKUP

    def get_policy_target(self, request, datum=None):
        """The backup's project; the user's own where there is no row yet."""
        return policies.target(getattr(datum, "project_id", None)) if datum else {}
