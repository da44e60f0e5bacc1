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
    object count above 0, a volume id of zeros, and no data at all. ("volume_id" in the record is the volume that was
    backed up.)
    """
    admin = bench.lab.client("admin", project="demo").backups
    exported, records = [], []
    for _ in range(count):
        volume_id = bench.volume()
        backup_id = bench.backup(volume_id)
        exported.append(admin.export_record(backup_id))
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, sha256=bench.digest(volume_id)))
        admin.delete(backup_id)
    for record in records:
        wait.until(
            lambda record=record: bench.lab.backup_row(record["backup_id"])["status"] == "deleted",
            f"{record['backup_id']} to be deleted",
            60,
        )
    yield STRIKE
    for export in exported:
        admin.import_record(export["backup_service"], export["backup_url"])
    yield GONE
    bench.lab.hosts.purge_dead()
    return records
