# SPDX-License-Identifier: Apache-2.0
"""The one seam to the cloud: the only package that calls clients. Typed records go in and come out."""

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.batch import IMPOSSIBLE
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.collect import collect
from backup_reset_panel.cinder.evidence.collect import first_questions
from backup_reset_panel.cinder.hosts import read_host
from backup_reset_panel.cinder.hosts import was_never_taken_up
from backup_reset_panel.cinder.in_progress import Whose
from backup_reset_panel.cinder.in_progress import whose
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.left_overs import LeftOvers
from backup_reset_panel.cinder.left_overs import leftovers
from backup_reset_panel.cinder.left_overs import read_leftover
from backup_reset_panel.cinder.lists import BackupList
from backup_reset_panel.cinder.lists import Survey
from backup_reset_panel.cinder.lists import goes_on
from backup_reset_panel.cinder.lists import survey
from backup_reset_panel.cinder.locked import Hold
from backup_reset_panel.cinder.locked import Locked
from backup_reset_panel.cinder.locked import still_locked
from backup_reset_panel.cinder.looks import look
from backup_reset_panel.cinder.looks import look_at_many
from backup_reset_panel.cinder.looks import still_held
from backup_reset_panel.cinder.many import Gathered
from backup_reset_panel.cinder.many import gather
from backup_reset_panel.cinder.many import place
from backup_reset_panel.cinder.names import project_names
from backup_reset_panel.cinder.questions import NEWEST_FIRST
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.questions import ProjectName
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.cinder.recorded import Places
from backup_reset_panel.cinder.recorded import not_listed
from backup_reset_panel.cinder.recorded import places
from backup_reset_panel.cinder.recorded import unrecorded
from backup_reset_panel.cinder.release import release
from backup_reset_panel.cinder.repairs import leave_mark
from backup_reset_panel.cinder.repairs import left_alone
from backup_reset_panel.cinder.repairs import repair
from backup_reset_panel.cinder.resets import Watch
from backup_reset_panel.cinder.resets import carry_out
from backup_reset_panel.cinder.resets import follow
from backup_reset_panel.cinder.resets import force_delete
from backup_reset_panel.cinder.resets import reset
from backup_reset_panel.cinder.resets import was_taken_up
from backup_reset_panel.cinder.threads import FairPool
from backup_reset_panel.cinder.threads import side_by_side

__all__ = [
    "IMPOSSIBLE",
    "NEWEST_FIRST",
    "BackupList",
    "Batch",
    "CinderFault",
    "Cloud",
    "FairPool",
    "Gathered",
    "Hold",
    "Interview",
    "LeftOvers",
    "Listed",
    "Locked",
    "Places",
    "ProjectName",
    "Survey",
    "Watch",
    "Whose",
    "carry_out",
    "collect",
    "first_questions",
    "follow",
    "force_delete",
    "gather",
    "goes_on",
    "leave_mark",
    "left_alone",
    "leftovers",
    "look",
    "look_at_many",
    "not_listed",
    "place",
    "places",
    "project_names",
    "read_backup",
    "read_host",
    "read_leftover",
    "release",
    "repair",
    "reset",
    "side_by_side",
    "still_held",
    "still_locked",
    "survey",
    "unrecorded",
    "was_never_taken_up",
    "was_taken_up",
    "whose",
]
