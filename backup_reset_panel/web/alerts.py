# SPDX-License-Identifier: Apache-2.0
"""Bootstrap's names for what our levels mean."""

from backup_reset_panel.core.verdict.types import Level

ALERTS = {
    Level.GOOD: "success",
    Level.WARN: "warning",
    Level.BAD: "danger",
    Level.UNKNOWN: "warning",
    Level.LIVE: "info",
}
