# SPDX-License-Identifier: Apache-2.0
"""The lab's cloud from behind: stuck backups in store, what the database and the API say, whether data comes back."""

import contextlib
import dataclasses

from tests.lab import Lab
from tests.lab import wait
from tests.lab.errors import LabError
from tests.lab.situations.bench import Bench

APPLY_SECONDS = 5
RESTORE_SECONDS = 90


@dataclasses.dataclass(frozen=True)
class Statuses:
    """The statuses of a backup and of what it may hold; None for what it has not."""

    backup: str
    volume: str
    snapshot: str | None = None
    target: str | None = None


class Cloud:
    """A lab that is up, and the stuck backups made in it.

    :param lab: tests.lab.Lab
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.bench = Bench(lab, "e2e")
        self.admin = lab.client()
        self._store: dict[str, list[dict]] = {}

    def stock_up(self, count: int, *situations: str) -> None:
        """Make ``count`` stuck backups of each situation in one go, since one failure makes them all."""
        for record in self.lab.make(*situations, count=count):
            self._store.setdefault(record["situation"], []).append(record)

    def take(self, situation: str) -> dict:
        """Return a stuck backup that no test had yet; see ``tests.lab.situations.run.make``."""
        if not self._store.get(situation):
            self.stock_up(2, situation)
        return self._store[situation].pop(0)

    def in_database(self, record: dict) -> Statuses:
        """Return the statuses that stand in Cinder's database."""
        lab = self.lab
        rows = {
            "snapshot": record["snapshot_id"] and lab.snapshot_row(record["snapshot_id"])["status"],
            "target": record["restore_volume_id"] and lab.volume_row(record["restore_volume_id"])["status"],
        }
        backup, volume = lab.backup_row(record["backup_id"]), lab.volume_row(record["volume_id"])
        return Statuses(backup["status"], volume["status"], **rows)

    def in_api(self, record: dict) -> Statuses:
        """Return the statuses that Cinder's API tells an administrator."""
        cinder = self.admin
        ids = record["snapshot_id"], record["restore_volume_id"]
        return Statuses(
            cinder.backups.get(record["backup_id"]).status,
            cinder.volumes.get(record["volume_id"]).status,
            ids[0] and cinder.volume_snapshots.get(ids[0]).status,
            ids[1] and cinder.volumes.get(ids[1]).status,
        )

    def settled(self, record: dict, status: str) -> Statuses:
        """Return the statuses in the database when the backup has got a status, or has had ample time for that."""
        # A reset that does nothing is what may be found here; it is told by what is returned.
        with contextlib.suppress(LabError):
            wait.until(lambda: self.in_database(record).backup == status, f"{status}", APPLY_SECONDS)
        return self.in_database(record)

    def comes_back(self, backup_id: str, sha256: str) -> bool:
        """Restore a backup to a new volume and tell whether its whole content is what was backed up."""
        volume_id = self.bench.cinder.restores.restore(backup_id).volume_id

        def end() -> str | None:
            status = self.admin.volumes.get(volume_id).status
            return status if status == "available" or status.startswith("error") else None

        status = wait.until(end, f"the restore of {backup_id} to end", RESTORE_SECONDS)
        return status == "available" and self.bench.digest(volume_id) == sha256
