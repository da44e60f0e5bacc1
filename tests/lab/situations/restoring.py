# SPDX-License-Identifier: Apache-2.0
"""Backups that stay in ``restoring``."""

from tests.lab.situations import GONE
from tests.lab.situations import SERVICES
from tests.lab.situations import STRIKE
from tests.lab.situations import situation


@situation("restoring")
def restoring(bench, count: int):
    """cinder-backup dies mid-way of a restore to another volume: its write at half of the target is held at the gate
    "write", then the process is killed. The backup stays in restoring, the target in restoring-backup, half written.
    (Embedded: as for creating-no-data.)
    """
    records = bench.held_restores(count)
    yield STRIKE
    yield GONE
    return records


@situation("restore-to-new-volume", shapes=SERVICES)
def restore_to_new_volume(bench, count: int):
    """As restoring, for a volume that is made from the backup ("volume create --backup-id"): the backup stays in
    restoring, the new volume in creating, half written.
    """
    records = []
    for number in range(1, count + 1):
        volume_id = bench.volume()
        digest = bench.digest(volume_id)
        backup_id = bench.backup(volume_id)
        # The gate is closed before the first half is written: that takes sixteen parts, and scheduler and cinder-
        # volume first.
        target = bench.cinder.volumes.create(1, name=f"{bench.situation}-target-{number}", backup_id=backup_id).id
        bench.hold(target, "write", offset=bench.half())
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, restore_volume_id=target, sha256=digest))
    for record in records:
        bench.wait_held(record["restore_volume_id"], "write")
    yield STRIKE
    yield GONE
    return records
