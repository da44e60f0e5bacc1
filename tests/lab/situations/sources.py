# SPDX-License-Identifier: Apache-2.0
"""Backups from something else than a volume that lies there."""

import uuid

from tests.lab import wait
from tests.lab.situations import GONE
from tests.lab.situations import STRIKE
from tests.lab.situations import situation


def attach(bench, volume_id: str, to_server: bool = True) -> str:
    """Attach a volume and return the attachment's id.

    :param to_server: as a compute service would do it; else to a bare host, which may let go without asking Nova
    """
    connector = {"host": "server-host", "ip": "127.0.0.1", "platform": "x86_64", "os_type": "linux", "multipath": False}
    attachment = bench.cinder.attachments.create(volume_id, connector, str(uuid.uuid4()) if to_server else None)
    bench.cinder.attachments.complete(attachment["id"])
    bench.wait_volume(volume_id, "in-use")
    return attachment["id"]


def held_in_use(bench, count: int, to_server: bool = True) -> list[dict]:
    """Start backups of attached volumes that come to stand at gate "detach"; return their records.

    :param to_server: see ``attach``
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        attachment_id = attach(bench, volume_id, to_server)
        bench.hold(volume_id, "detach")
        backup_id = bench.start_backup(volume_id, force=True)
        digest = bench.digest(volume_id)
        records.append(
            bench.record(backup_id=backup_id, volume_id=volume_id, attachment_id=attachment_id, sha256=digest)
        )
    for record in records:
        bench.wait_held(record["volume_id"], "detach")
    return records


@situation("in-use-volume")
def in_use_volume(bench, count: int):
    """As creating-complete, for a volume that is attached to a server: Cinder backs up a temporary copy, which is
    left over (temp_volume_id is set); the volume stays in backing-up, still attached.
    """
    records = held_in_use(bench, count)
    yield STRIKE
    yield GONE
    return records


@situation("from-snapshot")
def from_snapshot(bench, count: int):
    """As creating-complete, for a snapshot of a volume: the snapshot stays in backing-up, the volume is free, and the
    temporary volume that Cinder made of the snapshot is left over (temp_volume_id is set).
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        digest = bench.digest(volume_id)
        snapshot_id = bench.cinder.volume_snapshots.create(volume_id, name=f"{bench.situation}-snapshot").id
        wait.until(
            lambda snapshot_id=snapshot_id: bench.cinder.volume_snapshots.get(snapshot_id).status == "available",
            f"the snapshot {snapshot_id}",
            60,
        )
        bench.hold(volume_id, "detach")
        backup_id = bench.start_backup(volume_id, snapshot_id=snapshot_id)
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, snapshot_id=snapshot_id, sha256=digest))
    for record in records:
        bench.wait_held(record["volume_id"], "detach")
    yield STRIKE
    yield GONE
    return records


@situation("previous-status-differs")
def previous_status_differs(bench, count: int):
    """As in-use-volume, attached to a bare host; then that let go of the volume, by which Cinder calls it available in
    the middle of its backup, and an administrator put it back to backing-up. Its attachments say available, and Cinder
    has noted in-use as its status before the backup.
    """
    records = held_in_use(bench, count, to_server=False)
    yield STRIKE
    yield GONE
    admin = bench.lab.client("admin")
    for record in records:
        bench.cinder.attachments.delete(record["attachment_id"])
        bench.wait_volume(record["volume_id"], "available")
        admin.volumes.reset_state(record["volume_id"], "backing-up")
    return records
