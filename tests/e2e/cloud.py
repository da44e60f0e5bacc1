# SPDX-License-Identifier: Apache-2.0
"""The lab's cloud from behind: stuck backups in store, what the database and the API say, whether data comes back."""

import contextlib
import dataclasses
import re

from cinderclient import exceptions

from tests.lab import Lab
from tests.lab import cinder
from tests.lab import wait
from tests.lab.errors import LabError
from tests.lab.situations.bench import Bench

APPLY_SECONDS = 5
# What cinder-backup logs when it takes up a reset (29.0.0 backup/manager.py reset_status).
RESET = re.compile(r"Reset backup status started, backup_id: (?P<id>\S+), status: (?P<status>\w+)\.")
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
    :param sets: tuples of a count and of situations: so many of each are made together when the first is asked for
    """

    def __init__(self, lab: Lab, sets: tuple[tuple[int, tuple[str, ...]], ...]) -> None:
        self.lab = lab
        self._sets = list(sets)
        self.bench = Bench(lab, "e2e")
        self.admin = lab.client()
        self._store: dict[str, list[dict]] = {}

    def take(self, situation: str) -> dict:
        """Return a stuck backup that no test had yet.

        :returns: what ``tests.lab.situations.run.make`` says of it, and ``listed_volume_id``: that of the backup's own
            record, zeros while it is imported
        """
        if not self._store.get(situation):
            self._stock_up(situation)
        record = self._store[situation].pop(0)
        return record | {"listed_volume_id": self.lab.backup_row(record["backup_id"])["volume_id"]}

    def _stock_up(self, situation: str) -> None:
        """Make what a situation's set has; one more of it alone where that is used up."""
        made = next((one for one in self._sets if situation in one[1]), (1, (situation,)))
        if made in self._sets:
            self._sets.remove(made)
        count, situations = made
        for record in self.lab.make(*situations, count=count):
            self._store.setdefault(record["situation"], []).append(record)

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
        api = self.admin
        ids = record["snapshot_id"], record["restore_volume_id"]
        return Statuses(
            self._told_of_backup(record["backup_id"]),
            api.volumes.get(record["volume_id"]).status,
            ids[0] and api.volume_snapshots.get(ids[0]).status,
            ids[1] and api.volumes.get(ids[1]).status,
        )

    def _told_of_backup(self, backup_id: str) -> str:
        try:
            return self.admin.backups.get(backup_id).status
        except exceptions.NotFound:
            return "deleted"

    def settled(self, record: dict, status: str) -> Statuses:
        """Return the statuses in the database when the backup has got a status, or has had ample time for that."""
        # A reset that does nothing is what may be found here; it is told by what is returned.
        with contextlib.suppress(LabError):
            wait.until(lambda: self.in_database(record).backup == status, f"{status}", APPLY_SECONDS)
        return self.in_database(record)

    def delete(self, backup_id: str) -> None:
        """Delete a backup as its owner and wait until it is gone."""
        self.bench.cinder.backups.delete(backup_id)
        wait.until(lambda: self.lab.backup_row(backup_id)["deleted"], f"{backup_id} to be gone", RESTORE_SECONDS)

    def delete_volume(self, volume_id: str) -> None:
        """Delete a volume as its owner and wait until it is gone."""
        self.bench.cinder.volumes.delete(volume_id)
        wait.until(lambda: self.lab.volume_row(volume_id)["deleted"], f"{volume_id} to be gone", RESTORE_SECONDS)

    def resets(self, backup_id: str) -> list[str]:
        """Return the statuses that cinder-backup was asked to set for a backup, by all logs, in order of time."""
        lines = [line for name in self._backup_services() for line in self.lab.service(name).read_log().splitlines()]
        return [found["status"] for found in map(RESET.search, sorted(lines)) if found and found["id"] == backup_id]

    def thaw_every_host(self) -> None:
        """Let every cinder-backup go on that was frozen."""
        for name in self._backup_services():
            self.lab.thaw(name)

    def start_every_host_once(self) -> None:
        """Start every cinder-backup that ever was, under its own name; those that run are killed before."""
        names = self._backup_services()
        self.lab.hosts.restart([cinder.backup_host(name) for name in names])

    def _backup_services(self) -> list[str]:
        return [name for name in self.lab.state.services if name.startswith("cinder-backup-")]

    def comes_back(self, backup_id: str, sha256: str) -> bool:
        """Restore a backup to a new volume and tell whether its whole content is what was backed up."""
        volume_id = self.bench.cinder.restores.restore(backup_id).volume_id

        def end() -> str | None:
            status = self.admin.volumes.get(volume_id).status
            return status if status == "available" or status.startswith("error") else None

        status = wait.until(end, f"the restore of {backup_id} to end", RESTORE_SECONDS)
        return status == "available" and self.bench.digest(volume_id) == sha256
