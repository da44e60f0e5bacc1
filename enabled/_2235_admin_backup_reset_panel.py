# SPDX-License-Identifier: Apache-2.0
"""Switch the plugin on: copy this file to openstack_dashboard/local/enabled."""

PANEL = "backup_reset"
PANEL_DASHBOARD = "admin"
PANEL_GROUP = "volume"
ADD_PANEL = "backup_reset_panel.panel.BackupReset"
ADD_INSTALLED_APPS = ["backup_reset_panel"]
