# SPDX-License-Identifier: Apache-2.0
"""The one seam to the cloud: the only package that calls clients. Typed records go in and come out."""

from backup_reset_panel.cinder.apply import follow
from backup_reset_panel.cinder.apply import reset
from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.cinder.reads import read_project_name
from backup_reset_panel.cinder.reads import read_volume

__all__ = [
    "CinderFault",
    "Cloud",
    "follow",
    "read_backup",
    "read_project_name",
    "read_volume",
    "reset",
]
