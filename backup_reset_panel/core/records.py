# SPDX-License-Identifier: Apache-2.0
"""What Cinder told us, as plain typed records.

Made in ``backup_reset_panel.cinder`` from client objects; read everywhere else. A field that the cloud's release does
not show is None. Times are aware datetimes in UTC.
"""

from __future__ import annotations

import dataclasses
import datetime

from backup_reset_panel.core.bidi import isolated


@dataclasses.dataclass(frozen=True)
class Backup:
    """One row of Cinder's ``backups`` as its API shows it (``GET /v3/{project_id}/backups/{id}``)."""

    id: str
    name: str | None = None
    status: str | None = None
    project_id: str | None = None
    volume_id: str | None = None
    snapshot_id: str | None = None
    availability_zone: str | None = None
    container: str | None = None
    object_count: int | None = None
    size: int | None = None
    is_incremental: bool = False
    fail_reason: str | None = None
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Its name, or its id where it has none, as it may stand in a text."""
        return isolated(self.name or self.id)


@dataclasses.dataclass(frozen=True)
class Volume:
    """One volume; ``attachments`` counts the rows that Cinder shows as attached, ``host`` is its cinder-volume's."""

    id: str
    name: str | None = None
    status: str | None = None
    project_id: str | None = None
    attachments: int = 0
    host: str = ""
    updated_at: datetime.datetime | None = None
    created_at: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """One volume snapshot (``GET /v3/{project_id}/snapshots/{id}`` of Cinder)."""

    id: str
    name: str | None = None
    status: str | None = None
    project_id: str | None = None
    updated_at: datetime.datetime | None = None
    created_at: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Service:
    """One row of ``GET /os-services?binary=cinder-backup``; ``updated_at`` is its last heartbeat."""

    host: str
    zone: str | None = None
    enabled: bool = True
    up: bool = False
    updated_at: datetime.datetime | None = None
    disabled_reason: str | None = None


@dataclasses.dataclass(frozen=True)
class Message:
    """One of Cinder's user messages about a resource (``GET /messages``)."""

    id: str
    event_id: str
