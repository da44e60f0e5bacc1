# SPDX-License-Identifier: Apache-2.0
"""Backups that stay in ``restoring``."""

from tests.lab.situations import GONE
from tests.lab.situations import STRIKE
from tests.lab.situations import situation


@situation("restoring")
def restoring(bench, count: int):
    """cinder-backup dies mid-way of a restore to another volume: its write at half of the target is held at the gate
    "write", then the process is killed. The backup stays in restoring, the target in restoring-backup, half written.
    (Embedded: as for creating-no-data.)
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        target = bench.empty_volume(f"{bench.situation}-target")
        digest = bench.digest(volume_id)
        backup_id = bench.backup(volume_id)
        bench.hold(target, "write", offset=bench.half())
        bench.cinder.restores.restore(backup_id, volume_id=target)
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, restore_volume_id=target, sha256=digest))
    for record in records:
        bench.wait_held(record["restore_volume_id"], "write")
    yield STRIKE
    yield GONE
    return records
