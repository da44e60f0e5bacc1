# SPDX-License-Identifier: Apache-2.0
"""Backups whose deletion failed or did not begin."""

import os
import pathlib

from tests.lab import cinder
from tests.lab import wait
from tests.lab.errors import LabError
from tests.lab.situations import FILES
from tests.lab.situations import FROZEN
from tests.lab.situations import GONE
from tests.lab.situations import SERVICES
from tests.lab.situations import STRIKE
from tests.lab.situations import UNHARMED
from tests.lab.situations import situation


@situation("failed-delete", owner=UNHARMED, stores=FILES)
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


#: So many more files than a backup has give time to halt its deletion among them: each takes some ten microseconds.
PADDING = 40000


@situation("deleting-half", owner=UNHARMED, shapes=SERVICES, stores=FILES)
def deleting_half(bench, count: int) -> list[dict]:
    """cinder-backup dies in the middle of a deletion: it is killed when about half of the backup's files are gone. (So
    that there is a middle, some ten thousand empty files of the same name's beginning lie beside them.) The backup
    stays in deleting, its object count above 0. Another host takes the dead one's place.
    """
    lab, records = bench.lab, []
    for _ in range(count):
        volume_id = bench.volume()
        digest = bench.digest(volume_id)
        backup_id = bench.backup(volume_id)
        delete_half(bench, backup_id)
        host = lab.backup_row(backup_id)["host"]
        lab.hosts.add()
        lab.hosts.wait_down(host)
        lab.hosts.ensure()
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, sha256=digest))
    return records


def delete_half(bench, backup_id: str) -> None:
    """Delete a backup and kill its cinder-backup when about half of its files are gone."""
    lab, row = bench.lab, bench.lab.backup_row(backup_id)
    folder = lab.state.path("backups", row["container"])
    files = [entry.path for entry in os.scandir(folder)]
    padding = [folder / f"{row['service_metadata']}-pad-{number}" for number in range(PADDING)]
    for path in padding:
        path.touch()
    bench.cinder.backups.delete(backup_id)
    wait.until(
        lambda: sum(map(os.path.exists, files)) <= len(files) // 2, f"half of {backup_id} to be deleted", 60, poll=0.001
    )
    lab.kill(cinder.backup_name(lab.backup_row(backup_id)["host"]))
    for path in padding:
        path.unlink(missing_ok=True)
    left = sum(map(os.path.exists, files))
    if not left or lab.backup_row(backup_id)["status"] != "deleting":
        raise LabError(f"{left} of {len(files)} files of {backup_id} are left; some should be, and some not.")
