# SPDX-License-Identifier: Apache-2.0
"""Settings of the plugin: ``BACKUP_RESET_PANEL`` in Horizon's local settings."""
