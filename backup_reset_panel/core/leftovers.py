# SPDX-License-Identifier: Apache-2.0
"""Left-overs: volumes and snapshots that a backup's end should have freed or deleted, and that no backup holds now.

From what create and restore set and their ends give back (29.0.0 ``backup/api.py``, ``backup/manager.py``,
``volume/driver.py``). What holds something is read after it: a backup that begins in between keeps its volume from
being called a left-over. The API marks the volume a moment before it writes the backup's row, so what has changed
within SETTLED is none yet. Unknown is not no: what could not be asked is counted, and not listed.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import re
from collections.abc import Iterable
from collections.abc import Mapping

from backup_reset_panel.core import statuses
from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume

#: What has changed more recently is not called a left-over.
SETTLED = datetime.timedelta(minutes=5)

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
#: How Cinder names what it makes for one backup (29.0.0 ``volume/driver.py`` ``_create_temp_snapshot``,
#: ``_create_temp_volume``), with the id of the volume that is backed up. Users may take such names too.
_TEMPORARY = re.compile(f"backup-(?:vol|snap)-({_UUID})")
#: By this they are looked for.
VOLUME_NAME, SNAPSHOT_NAME = "backup-vol-", "backup-snap-"


class Kind(enum.Enum):
    """What it is: a source volume, a volume that a restore wrote to, one that a restore ended on in error, a source
    snapshot, or what Cinder made for one backup that is gone.
    """

    VOLUME = "volume"
    TARGET = "target"
    ERROR_RESTORING = "error_restoring"
    SNAPSHOT = "snapshot"
    TEMP_VOLUME = "temp_volume"
    TEMP_SNAPSHOT = "temp_snapshot"

    @property
    def is_snapshot(self) -> bool:
        """Whether it is a snapshot."""
        return self in (Kind.SNAPSHOT, Kind.TEMP_SNAPSHOT)

    @property
    def is_temporary(self) -> bool:
        """Whether Cinder made it for one backup: then it is deleted, and not freed."""
        return self in (Kind.TEMP_VOLUME, Kind.TEMP_SNAPSHOT)


#: Cinder's rule for what is done about it (29.0.0 ``policies/volume_actions.py``, ``policies/snapshot_actions.py``).
_POLICIES = {
    (False, False): "volume_extension:volume_admin_actions:reset_status",
    (True, False): "volume_extension:snapshot_admin_actions:reset_status",
    (False, True): "volume_extension:volume_admin_actions:force_delete",
    (True, True): "volume_extension:snapshot_admin_actions:force_delete",
}


@dataclasses.dataclass(frozen=True)
class LeftOver:
    """One left-over.

    :param status: as it was read
    :param touched: when Cinder wrote to it last
    :param after: the status to set, empty: it is deleted
    """

    kind: Kind
    id: str
    name: str | None
    project_id: str | None
    status: str
    touched: datetime.datetime
    after: str

    @property
    def label(self) -> str:
        """Its name, or its id where it has none, as it may stand in a text."""
        return isolated(self.name or self.id)

    @property
    def policy(self) -> str:
        """Cinder's rule for what is done about it."""
        return _POLICIES[self.kind.is_snapshot, self.kind.is_temporary]


@dataclasses.dataclass(frozen=True)
class Holders:
    """What may hold volumes and snapshots, read after them.

    :param at_work: every backup of the cloud that is being created or restored
    :param into: id of a volume to whether a backup is being restored into it, or Unknown; what is not in it is not
        restored into
    :param temporary: id of what is named like a temporary one to whether it is one (it counts for no quota), or Unknown
    :param recorded: id of a temporary one to whether a backup that is still there names it as its own, or Unknown
    """

    at_work: tuple[Backup, ...] = ()
    into: Mapping[str, bool | Unknown] = dataclasses.field(default_factory=dict)
    temporary: Mapping[str, bool | Unknown] = dataclasses.field(default_factory=dict)
    recorded: Mapping[str, bool | Unknown] = dataclasses.field(default_factory=dict)


def source_of(record: Volume | Snapshot) -> str | None:
    """The id of the volume for whose backup something was made, by its name; None: it is not named so."""
    match = _TEMPORARY.fullmatch(record.name or "")
    return match[1] if match else None


def touched(record: Volume | Snapshot) -> datetime.datetime | None:
    """When Cinder wrote to it last, None if it says neither that nor when it was made."""
    return record.updated_at or record.created_at


def is_settled(record: Volume | Snapshot, now: datetime.datetime) -> bool:
    """Whether it has not changed for long enough to be judged."""
    last = touched(record)
    return last is not None and now - last >= SETTLED


def is_made_for_work(record: Volume | Snapshot, at_work: Iterable[Backup]) -> bool:
    """Whether something that is named like a temporary one may be that of a backup in progress."""
    source = source_of(record)
    return any(backup.volume_id == source and backup.status == statuses.CREATING for backup in at_work)


def judge(record: Volume | Snapshot, holders: Holders, now: datetime.datetime) -> LeftOver | Unknown | None:
    """Whether a volume or snapshot is a left-over.

    :returns: LeftOver; None: it is none; Unknown: that could not be told
    """
    if not is_settled(record, now):
        return None
    kind = _kind(record, holders)
    if kind is None or not known(kind):
        return kind
    is_held = _is_held(kind, record, holders)
    if not known(is_held):
        return is_held
    last = touched(record)
    if is_held or last is None:
        return None
    return LeftOver(kind, record.id, record.name, record.project_id, record.status or "", last, _after(kind, record))


def _kind(record: Volume | Snapshot, holders: Holders) -> Kind | Unknown | None:
    is_snapshot = isinstance(record, Snapshot)
    if source_of(record):
        is_temporary = holders.temporary.get(record.id, False)
        if not known(is_temporary):
            return is_temporary
        if is_temporary:
            return Kind.TEMP_SNAPSHOT if is_snapshot else Kind.TEMP_VOLUME
    if is_snapshot:
        return Kind.SNAPSHOT if record.status == statuses.BACKING_UP else None
    return _VOLUMES.get(record.status or "")


_VOLUMES = {
    statuses.BACKING_UP: Kind.VOLUME,
    statuses.RESTORING_BACKUP: Kind.TARGET,
    statuses.ERROR_RESTORING: Kind.ERROR_RESTORING,
}


def _is_held(kind: Kind, record: Volume | Snapshot, holders: Holders) -> bool | Unknown:
    """A create holds its volume, or its snapshot if it was made from one, a restore its target."""
    creating = [backup for backup in holders.at_work if backup.status == statuses.CREATING]
    if kind is Kind.VOLUME:
        return any(backup.volume_id == record.id and not backup.snapshot_id for backup in creating)
    if kind is Kind.SNAPSHOT:
        return any(backup.snapshot_id == record.id for backup in creating)
    if kind.is_temporary:
        return is_made_for_work(record, creating) or holders.recorded.get(record.id, False)
    return holders.into.get(record.id, False)


def _after(kind: Kind, record: Volume | Snapshot) -> str:
    """What its end would have set; ``in-use`` is taken only with attachments (29.0.0 ``admin_actions.py``)."""
    if kind.is_temporary:
        return ""
    if kind is Kind.TARGET:
        return statuses.ERROR_RESTORING
    if isinstance(record, Volume) and record.attachments:
        return statuses.IN_USE
    return statuses.AVAILABLE
