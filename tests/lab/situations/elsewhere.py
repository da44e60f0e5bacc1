# SPDX-License-Identifier: Apache-2.0
"""Backups that no cinder-backup that is up can do anything for."""

from tests.lab.situations import GONE
from tests.lab.situations import STRIKE
from tests.lab.situations import situation

OTHER_DRIVER = "tests.lab.drivers.backup.OtherBackupDriver"
OTHER_ZONE = "elsewhere"


@situation("other-driver", backup_driver=OTHER_DRIVER)
def other_driver(bench, count: int):
    """As creating-complete, but the cinder-backup that died ran another driver (one of the lab's own) than those that
    are up now: Cinder accepts a reset, and they ignore it.
    """
    records = bench.held_backups(count, "detach")
    yield STRIKE
    yield GONE
    return records


@situation("other-zone", lab_backup_zone=OTHER_ZONE)
def other_zone(bench, count: int):
    """As creating-complete, but the cinder-backup that died was alone in its availability zone, for which the backup
    was asked: Cinder answers a reset with 404 although a cinder-backup is up elsewhere.
    """
    records = bench.held_backups(count, "detach", availability_zone=OTHER_ZONE)
    yield STRIKE
    yield GONE
    return records
