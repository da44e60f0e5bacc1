# SPDX-License-Identifier: Apache-2.0
"""The one seam to the cloud: the only package that calls clients. Typed records go in and come out."""

from backup_reset_panel.cinder.apply import carry_out
from backup_reset_panel.cinder.apply import follow
from backup_reset_panel.cinder.apply import look
from backup_reset_panel.cinder.apply import reset
from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.collect import begin
from backup_reset_panel.cinder.collect import collect
from backup_reset_panel.cinder.many import others_at_work
from backup_reset_panel.cinder.many import read_changed
from backup_reset_panel.cinder.many import read_many
from backup_reset_panel.cinder.many import read_services
from backup_reset_panel.cinder.many import side_by_side
from backup_reset_panel.cinder.many import with_holders
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.cinder.reads import read_project_name
from backup_reset_panel.cinder.reads import read_volume
from backup_reset_panel.cinder.regions import Region
from backup_reset_panel.cinder.repair import leave_mark
from backup_reset_panel.cinder.repair import repair
from backup_reset_panel.cinder.survey import survey

__all__ = [
    "CinderFault",
    "Cloud",
    "Region",
    "begin",
    "carry_out",
    "collect",
    "follow",
    "leave_mark",
    "look",
    "others_at_work",
    "read_backup",
    "read_changed",
    "read_many",
    "read_project_name",
    "read_services",
    "read_volume",
    "repair",
    "reset",
    "side_by_side",
    "survey",
    "with_holders",
]
