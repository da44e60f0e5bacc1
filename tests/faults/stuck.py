# SPDX-License-Identifier: Apache-2.0
"""Five hundred stuck backups in twenty projects: some by real failures, the rest as rows with nothing behind them."""

import itertools

from tests.faults.evidence import Rows
from tests.faults.evidence import is_complete
from tests.lab import Lab
from tests.lab import database
from tests.lab.seed import Seed

#: By real failures, so many of each; all in the project of one user.
REAL = ("creating-no-data", "creating-partial", "creating-complete", "restoring")
OF_EACH = 5
SEEDED = 480
SEEDED_PROJECTS = 19


class Stuck:
    """The stuck backups of one lab, which can be made stuck again as often as wanted.

    :param lab: tests.lab.Lab
    :param rows: all of them and their volumes, as they stand in the database when they are stuck
    :param seeded: ids of those that are rows only
    """

    def __init__(self, lab: Lab, rows: Rows, seeded: list[str]) -> None:
        self.lab = lab
        self.rows = rows
        self._spare = {
            is_whole: iter([each for each in seeded if self._fits(each, is_whole)]) for is_whole in (True, False)
        }

    @classmethod
    def make(cls, lab: Lab) -> "Stuck":
        """Make them: the cinder-backup hosts that were at work on the real ones are the dead ones of all."""
        real = lab.make(*REAL, count=OF_EACH)
        dead = sorted({record["host"] for record in real})
        seeded = Seed(lab, SEEDED_PROJECTS).fill(SEEDED, SEEDED, SEEDED, dead=dead)
        held = [record["volume_id"] for record in real] + [each.volume["id"] for each in seeded]
        targets = [record["restore_volume_id"] for record in real if record["restore_volume_id"]]
        backup_ids = [record["backup_id"] for record in real] + [each.id for each in seeded]
        made = cls(lab, Rows.read(lab, backup_ids, held + targets), [each.id for each in seeded])
        made.set_aside()
        return made

    def set_aside(self) -> None:
        """Let none of them be stuck or hold anything, so that a test meets those that it asks for."""
        backups = [row | {"status": "error"} for row in self.rows.backups.values()]
        volumes = [row | {"status": "available"} for row in self.rows.volumes.values()]
        database.put_back(self.lab.state, "backups", backups)
        database.put_back(self.lab.state, "volumes", volumes)

    def _fits(self, backup_id: str, is_whole: bool) -> bool:
        row = self.rows.backups[backup_id]
        return row["status"] == "creating" and is_complete(row) == is_whole

    def all(self) -> Rows:
        """Let all of them be stuck; return their rows."""
        self.rows.put_back(self.lab)
        return self.rows

    def one(self, is_whole: bool = True) -> Rows:
        """Let one be stuck that no test had yet, and no others.

        :param is_whole: whether its data is all there by its record, so that it is due ``available``
        :returns: Rows of this one backup and its volume
        """
        return self.some(1, is_whole)

    def some(self, count: int, is_whole: bool = True) -> Rows:
        """Let so many be stuck that no test had yet, and no others."""
        self.set_aside()
        ids = list(itertools.islice(self._spare[is_whole], count))
        backups = {each: self.rows.backups[each] for each in ids}
        volume_ids = [row["volume_id"] for row in backups.values()]
        rows = Rows(backups, {each: self.rows.volumes[each] for each in volume_ids})
        rows.put_back(self.lab)
        return rows
