# SPDX-License-Identifier: Apache-2.0
"""Where Django looks for the models of an application."""

from backup_reset_panel.history.models import PastReset

__all__ = ["PastReset"]
