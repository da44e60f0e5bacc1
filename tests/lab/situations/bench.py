# SPDX-License-Identifier: Apache-2.0
"""What situations are made with: volumes with data, backups held at gates, records of what was made."""

import hashlib
import itertools
import random

from tests.lab import wait
from tests.lab.drivers.gate import Gates
from tests.lab.errors import LabError

MIB = 1024 * 1024
BUSY_SECONDS = 90
SOUND_ENDS = {"available", "in-use"}


class Bench:
    """Work on one lab, in the project of its ``member`` user.

    :param lab: a ``tests.lab.Lab`` that is up
    :param situation: name of the situation that is made; the things made are named after it
    """

    def __init__(self, lab, situation: str) -> None:
        self.lab = lab
        self.situation = situation
        self._closed: list[Gates] = []
        self._numbers = itertools.count(1)
        self.cinder = lab.client("member")

    def hold(self, volume_id: str, point: str, **settings: float) -> None:
        """Close a gate of a volume until the failure is over."""
        gates = self.lab.gates(volume_id)
        gates.close(point, **settings)
        self._closed.append(gates)

    def open_gates(self) -> None:
        """Open what ``hold`` closed."""
        for gates in self._closed:
            gates.clear()
        self._closed.clear()

    def volume_file(self, volume_id: str):
        """Return the path of a volume's file."""
        return self.lab.state.path("volumes", f"volume-{volume_id}")

    def volume(self) -> str:
        """Make a volume of 1 GiB, with random data in some places of it, and return its id."""
        volume_id = self.empty_volume(f"{self.situation}-{next(self._numbers)}")
        self.scribble(volume_id)
        return volume_id

    def empty_volume(self, name: str) -> str:
        """Make a volume of 1 GiB and return its id."""
        volume = self.cinder.volumes.create(1, name=name)
        self.wait_volume(volume.id, "available")
        return volume.id

    def scribble(self, volume_id: str, places: int = 6) -> None:
        """Write random data to random places of a volume, as its guest would."""
        path = self.volume_file(volume_id)
        size = path.stat().st_size
        with open(path, "r+b") as file:
            for _ in range(places):
                file.seek(random.randrange(0, size - 70000))
                file.write(random.randbytes(random.randrange(1, 70000)))

    def digest(self, volume_id: str) -> str:
        """Return the SHA-256 of a volume's whole content."""
        with open(self.volume_file(volume_id), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def wait_volume(self, volume_id: str, status: str) -> None:
        """Wait until a volume is in a status.

        :raises LabError: when it fails instead
        """
        self._wait(self.cinder.volumes, volume_id, status)

    def wait_backup(self, backup_id: str, status: str) -> None:
        """Wait until a backup is in a status.

        :raises LabError: when it fails instead
        """
        self._wait(self.cinder.backups, backup_id, status)

    def _wait(self, manager, item_id: str, status: str) -> None:
        def there() -> bool:
            now = manager.get(item_id).status
            if now != status and now.startswith("error"):
                raise LabError(f"{item_id} became {now} while the lab waited for {status}.")
            return now == status

        wait.until(there, f"{item_id} to become {status}", BUSY_SECONDS)

    def start_backup(self, volume_id: str, **options) -> str:
        """Ask for a backup of a volume and return its id at once."""
        return self.cinder.backups.create(volume_id, name=self.cinder.volumes.get(volume_id).name, **options).id

    def backup(self, volume_id: str, **options) -> str:
        """Make a backup of a volume, wait until it is available, and return its id."""
        backup_id = self.start_backup(volume_id, **options)
        self.wait_backup(backup_id, "available")
        return backup_id

    def wait_held(self, volume_id: str, point: str) -> None:
        """Wait until a job stands at a volume's gate."""
        gates = self.lab.gates(volume_id)
        wait.until(lambda: gates.reached_by(point), f"a job to come to gate {point} of {volume_id}", BUSY_SECONDS)

    def held_backups(self, count: int, point: str, offset: int = 0, **options) -> list[dict]:
        """Start backups of new volumes that come to stand at a gate; return their records."""
        records = []
        for _ in range(count):
            volume_id = self.volume()
            self.hold(volume_id, point, offset=offset)
            backup_id = self.start_backup(volume_id, **options)
            records.append(self.record(backup_id=backup_id, volume_id=volume_id, sha256=self.digest(volume_id)))
        for record in records:
            self.wait_held(record["volume_id"], point)
        return records

    def held_restores(self, count: int) -> list[dict]:
        """Start restores of new backups to new volumes, held half-way at gate "write"; return their records."""
        records = []
        for _ in range(count):
            volume_id = self.volume()
            target = self.empty_volume(f"{self.situation}-target")
            digest = self.digest(volume_id)
            backup_id = self.backup(volume_id)
            self.hold(target, "write", offset=self.half())
            self.cinder.restores.restore(backup_id, volume_id=target)
            records.append(
                self.record(backup_id=backup_id, volume_id=volume_id, restore_volume_id=target, sha256=digest)
            )
        for record in records:
            self.wait_held(record["restore_volume_id"], "write")
        return records

    def asked_for(self, volumes: list[str]) -> list[dict]:
        """Ask for backups that no cinder-backup takes up, and wait until hosts are chosen; return their records."""
        records = [
            self.record(backup_id=self.start_backup(volume_id), volume_id=volume_id, sha256=self.digest(volume_id))
            for volume_id in volumes
        ]
        for record in records:
            wait.until(
                lambda record=record: self.lab.backup_row(record["backup_id"])["host"],
                f"the scheduler to choose a host for {record['backup_id']}",
                30,
            )
        return records

    def half(self) -> int:
        """Return the offset in the middle of a volume of 1 GiB."""
        return self.lab.state.mib_per_gib * MIB // 2

    def record(self, **facts) -> dict:
        """Return the record of one thing made: ids that were not given are None."""
        ids = dict.fromkeys(("backup_id", "volume_id", "snapshot_id", "restore_volume_id", "sha256"))
        return {"situation": self.situation} | ids | facts
