# SPDX-License-Identifier: Apache-2.0
"""Backups whose deletion failed or did not begin."""

import pathlib

from tests.lab import wait
from tests.lab.errors import LabError
from tests.lab.situations import FROZEN
from tests.lab.situations import GONE
from tests.lab.situations import SERVICES
from tests.lab.situations import STRIKE
from tests.lab.situations import UNHARMED
from tests.lab.situations import situation


@situation("failed-delete", owner=UNHARMED)
def failed_delete(bench, count: int) -> list[dict]:
    """A delete fails half-way: one of the backup's files has become a folder (a damaged file system), which the driver
    cannot remove. The backup is in error, its object count still above 0, part of its files gone.
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        digest = bench.digest(volume_id)
        backup_id = bench.backup(volume_id)
        folder = bench.lab.state.path("backups", bench.lab.backup_row(backup_id)["container"])
        before = spoil(folder)
        bench.cinder.backups.delete(backup_id)
        wait.until(
            lambda backup_id=backup_id: bench.cinder.backups.get(backup_id).status == "error",
            f"the delete of {backup_id} to fail",
            60,
        )
        left = len(list(folder.iterdir()))
        if not 1 < left < before:
            raise LabError(f"{left} of {before} files of {backup_id} are left; some should be, and some not.")
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, sha256=digest))
    return records


def spoil(folder: pathlib.Path) -> int:
    """Put a folder in the place of a file that stands about in the middle of a folder's listing, the order in which the
    driver deletes; return how many files there were.
    """
    names = [entry.name for entry in folder.iterdir()]
    for name in names:
        spare = folder.with_name("spare")
        (folder / name).rename(spare)
        (folder / name).mkdir()
        place = [entry.name for entry in folder.iterdir()].index(name)
        if len(names) // 4 < place < 3 * len(names) // 4:
            spare.unlink()
            return len(names)
        (folder / name).rmdir()
        spare.rename(folder / name)
    raise LabError(f"No file of {folder} can be spoiled half-way of its listing.")


@situation("deleting-queued", owner=FROZEN, shapes=SERVICES)
def deleting_queued(bench, count: int):
    """Backups are deleted while every cinder-backup is frozen but not yet missed: they stay in deleting, the request
    waits in the queue of a frozen host, and is carried out when that is thawed, whatever the status is by then. The
    frozen host's service is the record's "service"; another host is up.
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        digest = bench.digest(volume_id)
        records.append(bench.record(backup_id=bench.backup(volume_id), volume_id=volume_id, sha256=digest))
    yield STRIKE
    for record in records:
        bench.cinder.backups.delete(record["backup_id"])
    yield GONE
    return records
