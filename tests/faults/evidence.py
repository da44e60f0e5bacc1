# SPDX-License-Identifier: Apache-2.0
"""What really happened, past every dialog: Cinder's database, the servers' access logs, the audit log."""

import contextlib
import dataclasses
import json
import pathlib
import re
from collections import Counter
from collections.abc import Iterator

from tests.lab import Lab
from tests.lab import database

#: A reset on its way into cinder-api, by its access log.
RESET = re.compile(r"/backups/(?P<id>[^/]+)/action$")
AUDIT = re.compile(r" backup_reset_panel\.audit (?P<record>\{.*\})$", re.MULTILINE)
#: What cinder-backup says of a volume that its own start sets free, or gives up (29.0.0 ``_cleanup_one_volume``).
FREED_BY_START = re.compile(r"(?:Resetting volume (\S+) to previous status|Setting volume (\S+) to error_restoring)")
ERROR_PAGE = re.compile(r'" 5\d\d \S+ \d+$', re.MULTILINE)
#: Of Python, naming a file of ours.
TRACEBACK = re.compile(r"Traceback \(most recent call last\):\n(?:\s.*\n)*?\s.*/backup_reset_panel/.*\n")


@dataclasses.dataclass(frozen=True)
class Rows:
    """Rows of backups and volumes as they stand in Cinder's database at one moment.

    :param backups: id to row
    :param volumes: id to row
    """

    backups: dict[str, dict]
    volumes: dict[str, dict]

    @classmethod
    def read(cls, lab: Lab, backup_ids: list[str], volume_ids: list[str]) -> "Rows":
        """Read them."""
        return cls(database.rows(lab.state, "backups", backup_ids), database.rows(lab.state, "volumes", volume_ids))

    def again(self, lab: Lab) -> "Rows":
        """Read the same rows as they are now."""
        return Rows.read(lab, list(self.backups), list(self.volumes))

    def put_back(self, lab: Lab) -> None:
        """Write all of them as they were."""
        database.put_back(lab.state, "backups", list(self.backups.values()))
        database.put_back(lab.state, "volumes", list(self.volumes.values()))

    def status(self, backup_id: str) -> str:
        """Return the status of a backup."""
        return self.backups[backup_id]["status"]

    def changed_volumes(self, later: "Rows") -> dict[str, str]:
        """Return the volumes whose status is another one later: id to that."""
        return {
            volume_id: later.volumes[volume_id]["status"]
            for volume_id, row in self.volumes.items()
            if later.volumes[volume_id]["status"] != row["status"]
        }


def is_complete(row: dict) -> bool:
    """Tell whether all of a stuck backup's data was written, as the lab made it."""
    return bool(row["object_count"])


def due(row: dict) -> str:
    """Return the status that a stuck backup is due: ``available`` where its data is whole, else ``error``."""
    return "available" if is_complete(row) else "error"


def resets_sent(requests: list[tuple[str, str]]) -> Counter:
    """Return how many resets reached cinder-api for each backup, of (method, path) pairs."""
    found = (RESET.search(path) for method, path in requests if method == "POST")
    return Counter(match["id"] for match in found if match)


class Tail:
    """What a log gets from now on.

    :param path: of the log; it need not be there yet
    """

    def __init__(self, path) -> None:
        self._path = pathlib.Path(path)
        self._start = self._path.stat().st_size if self._path.exists() else 0

    def text(self) -> str:
        """Return it."""
        with open(self._path, "rb") as log:
            log.seek(self._start)
            return log.read().decode(errors="replace")


def audited(tail: Tail) -> list[dict]:
    """Return the audit records in Horizon's log, in order."""
    return [json.loads(found["record"]) for found in AUDIT.finditer(tail.text())]


def freed_by_start(tails: list[Tail]) -> set[str]:
    """Return the volumes that the start of a cinder-backup set free or gave up, by the logs of cinder-backup."""
    found = (pair for tail in tails for pair in FREED_BY_START.findall(tail.text()))
    return {freed or given_up for freed, given_up in found}


@contextlib.contextmanager
def no_error_page(lab: Lab) -> Iterator[None]:
    """Make sure that Horizon answers nothing with a 500 meanwhile, and that no traceback goes through our code."""
    access = Tail(lab.state.path("logs", "horizon.access.log"))
    log = Tail(lab.service("horizon").log)
    yield
    assert ERROR_PAGE.findall(access.text()) == []
    assert TRACEBACK.findall(log.text()) == []
