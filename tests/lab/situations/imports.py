# SPDX-License-Identifier: Apache-2.0
"""Imports of backup records that do not end."""

from tests.lab import wait
from tests.lab.situations import GONE
from tests.lab.situations import STRIKE
from tests.lab.situations import situation


@situation("import-unfinished")
def import_unfinished(bench, count: int):
    """A backup is made, its record exported, and the backup deleted, data and all. Then the record is imported, and
    cinder-backup dies before it takes the request up, which is lost. Cinder revived the deleted row: creating, an
    object count above 0, a volume id of zeros, and no data at all. "volume_id" in the record is None.
    """
    admin = bench.lab.client("admin", project="demo").backups
    exported = []
    for _ in range(count):
        volume_id = bench.volume()
        backup_id = bench.backup(volume_id)
        exported.append((backup_id, admin.export_record(backup_id)))
        admin.delete(backup_id)
    for backup_id, _ in exported:
        wait.until(
            lambda backup_id=backup_id: bench.lab.backup_row(backup_id)["status"] == "deleted",
            f"{backup_id} to be deleted",
            60,
        )
    yield STRIKE
    for _, record in exported:
        admin.import_record(record["backup_service"], record["backup_url"])
    yield GONE
    bench.lab.hosts.purge_dead()
    return [bench.record(backup_id=backup_id) for backup_id, _ in exported]
