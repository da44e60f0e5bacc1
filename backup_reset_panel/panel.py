# SPDX-License-Identifier: Apache-2.0
"""The panel that holds our URLs, in the admin dashboard's Volume group."""

from __future__ import annotations

import horizon
from django.utils.translation import gettext_lazy as _
from openstack_dashboard import api

from backup_reset_panel import releases
from backup_reset_panel.web import policy


class BackupReset(horizon.Panel):
    """Registered under the same condition as Horizon's own Backups panel, which it belongs to."""

    name = _("Stuck Backups")
    slug = "backup_reset"
    permissions = (
        (
            "openstack.services.block-storage",
            "openstack.services.block-store",
            "openstack.services.volume",
            "openstack.services.volumev3",
        ),
    )
    policy_rules = policy.RESET_BACKUP

    @staticmethod
    def can_register() -> bool:
        """Whether the operator switched volume backups on (``OPENSTACK_CINDER_FEATURES``), in a Horizon that the
        plugin could be loaded into.
        """
        return releases.usable() and bool(api.cinder.volume_backup_supported(None))
