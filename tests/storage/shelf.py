# SPDX-License-Identifier: Apache-2.0
"""One store with the backups that Cinder wrote onto it, and the check of them as views call it."""

import datetime

from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.storage import entry
from backup_reset_panel.storage.access import Access
from tests.damage import Target
from tests.lab import objects
from tests.lab.objects import Live
from tests.unit.storage.conftest import record

NOBODY = Access()
#: Nothing that was written shows a job at work: it was written a moment ago, by nobody.
SILENT = datetime.timedelta(0)
SECONDS = 60


class Shelf:
    """The backups on one store.

    :param house: a Storehouse that is up
    :param rows: of the records that the writer left
    """

    def __init__(self, house, name, rows):
        self.house, self.name, self.rows = house, name, rows
        self._by_id = {row["id"]: row for row in rows}
        self._live = {}
        self.renew()

    def renew(self):
        """Log in as Cinder does."""
        self.writer = objects.writer(self.house.of(self.name))

    def live(self, container):
        """The objects of a container, read and written as they are touched."""
        if container not in self._live:
            self._live[container] = Live(self.writer, container)
        return self._live[container]

    def row(self, kind, compression=None):
        return next(row for row in self.rows if row["kind"] == kind and compression in (None, row["compression"]))

    def parent(self, row):
        return self._by_id.get(row["parent_id"])

    def ancestors(self, row):
        found = []
        while row := self.parent(row):
            found.append(record(row))
        return found

    def check(self, row, access=NOBODY, seconds=SECONDS, recent=SILENT, **changes) -> Finding:
        """Level 1."""
        backup = record(row, **changes)
        return entry.check(access, self.name, backup, self.ancestors(row), seconds=seconds, recent=recent)

    def read(self, row) -> tuple[Finding, Finding]:
        """Level 1, and level 3 where that leads to it."""
        now = begun = entry.begin(NOBODY, self.name, record(row), self.ancestors(row), seconds=SECONDS)
        while now.place is not None:
            now = entry.step(NOBODY, now.place, seconds=SECONDS)
        return begun.finding, now.finding

    def target(self, needs, number):
        """One of ten backups that are there to be damaged: its row, what a damage needs, and the containers."""
        row = self.row(f"{ {'incremental': 'incremental', 'compressed': 'compressed'}.get(needs, 'full') } {number}")
        other = next(row for row in self.rows if row["kind"].startswith("full ") and row["kind"] != f"full {number}")
        at = Target(self.live(row["container"]), row["prefix"], other=other["prefix"])
        at.other_objects = self.live(other["container"])
        containers = [at.objects, at.other_objects]
        if parent := self.parent(row):
            at.parent, at.parent_objects = parent["prefix"], self.live(parent["container"])
            containers.append(at.parent_objects)
        return row, at, containers
