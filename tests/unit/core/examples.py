# SPDX-License-Identifier: Apache-2.0
"""Evidence to test with: a whole, ordinary one, from which each test changes what it is about."""

import dataclasses
import datetime

from backup_reset_panel.core.evidence import NOT_ASKED
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.pending import Pending
from backup_reset_panel.core.pending import Stage
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.rules import Tick

NOW = datetime.datetime(2026, 8, 21, 12, 0, tzinfo=datetime.timezone.utc)
POSIX = "cinder.backup.drivers.posix.PosixBackupDriver"
SWIFT = "cinder.backup.drivers.swift.SwiftBackupDriver"
CEPH = "cinder.backup.drivers.ceph.CephBackupDriver"
TIMED_OUT = Unknown(Gap.TIMED_OUT)
#: All its data was recorded.
WHOLE = {"object_count": 128}
#: The word that no process works on it any more.
DEAD = frozenset({Tick.PROCESS_DEAD})
DELETE_FAILED = Message("m-1", "VOLUME_VOLUME_BACKUP_014_025")
CREATE_FAILED = Message("m-2", "VOLUME_VOLUME_BACKUP_013_020")


def ago(**length):
    """The moment that long before the reading."""
    return NOW - datetime.timedelta(**length)


def service(host="node-1", *, up=True, seen=None, zone="nova", enabled=True):
    """A cinder-backup that was last heard of at ``seen``: 4 s ago if up, 3 h ago if not."""
    seen = seen or (ago(seconds=4) if up else ago(hours=3))
    return Service(host, zone=zone, enabled=enabled, up=up, updated_at=seen)


UP = (service(),)
ONE_OF_TWO_UP = (service(up=False), service("node-2"))
ALL_DOWN = (service(up=False),)
JUST_DOWN = (service(up=False, seen=ago(seconds=50)),)
FROZEN = (service(up=True, seen=ago(seconds=45)),)


def backup(**changes):
    """A full backup in ``creating`` of which nothing was recorded yet, asked for four hours ago."""
    ordinary = {
        "id": "b-1",
        "name": "nightly-07",
        "status": "creating",
        "project_id": "p-1",
        "volume_id": "v-1",
        "availability_zone": "nova",
        "container": "v-1/20260821",
        "object_count": 0,
        "created_at": ago(hours=4),
        "updated_at": ago(hours=3, minutes=12),
    }
    return Backup(**{**ordinary, **changes})


def parent(**changes):
    """A sound full backup that an incremental one builds on."""
    return backup(**{"id": "b-0", "name": "weekly-01", "status": "available", "object_count": 128, **changes})


SOUND = Chain((parent(),), ChainEnd.FULL)
PARENT_GONE = Chain((), ChainEnd.MISSING)


def held_volume(**changes):
    """The source volume, still ``backing-up``, attached to nothing."""
    return Volume(**{"id": "v-1", "name": "db-data", "status": "backing-up", "project_id": "p-1", **changes})


def held_snapshot(**changes):
    """The source snapshot, still ``backing-up``."""
    return Snapshot(**{"id": "s-1", "name": "before-upgrade", "status": "backing-up", **changes})


def target(**changes):
    """The volume that a restore writes into."""
    return Volume(**{"id": "v-2", "name": "db-restored", "status": "restoring-backup", "project_id": "p-1", **changes})


def pending(target="error", stage=Stage.ACCEPTED, **changes):
    """A reset of ours that was sent a minute ago and not seen applied."""
    ordinary = {"since": ago(minutes=1), "owner": "w-1", "by": "ada", "host": "node-2", "request_id": "req-1"}
    return Pending(target, stage, **{**ordinary, **changes})


#: What distinguishes a backup; everything else that is given to ``evidence`` is a source.
_OF_BACKUP = {field.name for field in dataclasses.fields(Backup)}


def evidence(**changes):
    """Evidence with every source answered: written by the Swift driver, node-1 last asked and down, node-2 up.

    :param changes: fields of Backup or of Evidence
    """
    mine = {name: value for name, value in changes.items() if name in _OF_BACKUP}
    sources = {name: value for name, value in changes.items() if name not in _OF_BACKUP}
    ordinary = {
        "backup": backup(**mine),
        "read_at": NOW,
        "taken_up": True,
        "driver": SWIFT,
        "last_host": "node-1",
        "volume": held_volume(),
        "previous_status": "available",
        "snapshot": None,
        "restore_target": None,
        "was_restored": False,
        "ancestors": SOUND if mine.get("is_incremental") else NOT_ASKED,
        "children": (),
        "messages": (),
        "services": ONE_OF_TWO_UP,
        "temp_volume": False,
        "temp_snapshot": False,
        "other_holders": (),
        "pending": (),
    }
    return Evidence(**{**ordinary, **sources})
