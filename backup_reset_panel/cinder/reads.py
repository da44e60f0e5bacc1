# SPDX-License-Identifier: Apache-2.0
"""Reading single records, typed."""

from __future__ import annotations

import datetime
from typing import Any

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume


def moment(text: str | None) -> datetime.datetime | None:
    """Cinder's time stamp as an aware datetime in UTC, None for none.

    Cinder writes naive UTC, with or without microseconds ("2026-08-21T15:28:59.000000").
    """
    if not text:
        return None
    parsed = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.timezone.utc)


def id_of(raw: Any) -> str:
    """The id of a client's record; a record without one is not Cinder's.

    Asked as an attribute a record that lacks it would be read anew, and ``to_dict`` copies all of it.
    """
    found = vars(raw).get("id")
    if not found:
        raise CinderFault(Fault(FaultKind.GARBLED))
    return str(found)


def to_backup(raw: Any) -> Backup:
    """The Backup record of a python-cinderclient ``VolumeBackup``."""
    return Backup(
        id=id_of(raw),
        name=getattr(raw, "name", None),
        status=getattr(raw, "status", None),
        project_id=getattr(raw, "os-backup-project-attr:project_id", None),
        volume_id=getattr(raw, "volume_id", None),
        snapshot_id=getattr(raw, "snapshot_id", None),
        availability_zone=getattr(raw, "availability_zone", None),
        container=getattr(raw, "container", None),
        object_count=getattr(raw, "object_count", None),
        size=getattr(raw, "size", None),
        is_incremental=bool(getattr(raw, "is_incremental", False)),
        fail_reason=getattr(raw, "fail_reason", None),
        created_at=moment(getattr(raw, "created_at", None)),
        updated_at=moment(getattr(raw, "updated_at", None)),
        metadata=tuple(sorted((getattr(raw, "metadata", None) or {}).items())),
    )


def to_volume(raw: Any) -> Volume:
    """The Volume record of a python-cinderclient ``Volume``."""
    return Volume(
        id=id_of(raw),
        name=getattr(raw, "name", None),
        status=getattr(raw, "status", None),
        project_id=getattr(raw, "os-vol-tenant-attr:tenant_id", None),
        attachments=len(getattr(raw, "attachments", None) or ()),
        host=str(getattr(raw, "os-vol-host-attr:host", None) or "").partition("@")[0],
        updated_at=moment(getattr(raw, "updated_at", None)),
        created_at=moment(getattr(raw, "created_at", None)),
    )


def to_snapshot(raw: Any) -> Snapshot:
    """The Snapshot record of a python-cinderclient ``Snapshot``."""
    return Snapshot(
        id=id_of(raw),
        name=getattr(raw, "name", None),
        status=getattr(raw, "status", None),
        project_id=getattr(raw, "os-extended-snapshot-attributes:project_id", None),
        updated_at=moment(getattr(raw, "updated_at", None)),
        created_at=moment(getattr(raw, "created_at", None)),
    )


def to_service(raw: Any) -> Service:
    """The Service record of a python-cinderclient ``Service``."""
    return Service(
        host=raw.host,
        zone=getattr(raw, "zone", None),
        enabled=getattr(raw, "status", None) == "enabled",
        up=getattr(raw, "state", None) == "up",
        updated_at=moment(getattr(raw, "updated_at", None)),
        disabled_reason=getattr(raw, "disabled_reason", None),
    )


def to_message(raw: Any) -> Message:
    """The Message record of a python-cinderclient ``Message``."""
    return Message(id_of(raw), getattr(raw, "event_id", None) or "")


def read_backup(cloud: Cloud, backup_id: str) -> Backup:
    """Read one backup of any project.

    :raises CinderFault: any kind but NO_SERVICE; NO_SUCH_BACKUP when it is gone or the id is malformed
    """
    return to_backup(asked(cloud.reads.backups.get, backup_id))


def read_volume(cloud: Cloud, volume_id: str) -> Volume:
    """Read one volume of any project.

    :raises CinderFault: any kind but NO_SERVICE; NO_SUCH_BACKUP stands for "no such volume" here
    """
    return to_volume(asked(cloud.reads.volumes.get, volume_id))


def read_snapshot(cloud: Cloud, snapshot_id: str) -> Snapshot:
    """Read one snapshot of any project.

    :raises CinderFault: any kind but NO_SERVICE; NO_SUCH_BACKUP stands for "no such snapshot" here
    """
    return to_snapshot(asked(cloud.reads.volume_snapshots.get, snapshot_id))
