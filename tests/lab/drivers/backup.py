# SPDX-License-Identifier: Apache-2.0
"""A backup driver that is not one of Cinder's own, for the situation ``other-driver``."""

from cinder import interface
from cinder.backup.drivers import posix


@interface.backupdriver
class OtherBackupDriver(posix.PosixBackupDriver):
    """Does what the posix driver does, under a name that no other cinder-backup of the lab accepts as its own."""
