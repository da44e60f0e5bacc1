# SPDX-License-Identifier: Apache-2.0
"""Single questions about one backup's hidden columns, asked when something was sent."""

from __future__ import annotations

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.drivers import drivers
from backup_reset_panel.cinder.evidence.hosts import last_hosts
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Source


def read_host(cloud: Cloud, backup: Backup) -> str | None:
    """The host that was asked last about a backup: after a reset was accepted, the one that has it.

    :returns: None if that could not be found out
    """
    batch = Batch.of((), [backup])
    try:
        found = Interview(cloud).run(last_hosts(batch, [backup]))[0][Source.LAST_HOST][backup.id]
    except CinderFault:
        return None
    return found if isinstance(found, str) else None


def was_never_taken_up(cloud: Cloud, backup: Backup) -> bool:
    """Whether it is proved that no cinder-backup ever took a backup up (``service`` is NULL)."""
    batch = Batch.of((), [backup])
    try:
        found = Interview(cloud).run(drivers(batch, [backup]))[0][Source.TAKEN_UP][backup.id]
    except CinderFault:
        return False
    return says(found, False)
