# SPDX-License-Identifier: Apache-2.0
"""Backups that are not what their record says: damaged on their store, or whole with a record that knows nothing."""

import random

from tests import damage
from tests.lab import database
from tests.lab import objects
from tests.lab.situations import GONE
from tests.lab.situations import STRIKE
from tests.lab.situations import situation
from tests.lab.situations.bench import MIB
from tests.lab.situations.incremental import held_incrementals


@situation("count-lost")
def count_lost(bench, count: int):
    """As creating-complete; and the very last write about its objects did not reach the database: the object count is
    0 although everything is on the store. No service can be struck between that write and the one of the manifest, so
    here the count is put back.
    """
    records = bench.held_backups(count, "detach")
    yield STRIKE
    yield GONE
    for record in records:
        database.put_back(bench.lab.state, "backups", [{"id": record["backup_id"], "object_count": 0}])
    return records


def damaged(kind: str, needs: str):
    """Return the situation of one kind of damage; its name in ``tests.damage`` says what is done."""

    def make(bench, count: int):
        records = held_incrementals(bench, count, changed=True) if needs == "incremental" else held_full(bench, count)
        other = bench.backup(bench.volume())
        yield STRIKE
        yield GONE
        shelf = Shelf(bench.lab)
        for record in records:
            damage.KINDS[kind][0](shelf.target(record["backup_id"], record.get("parent_id"), other))
        return records

    base = "incremental-complete" if needs == "incremental" else "creating-complete"
    make.__doc__ = f"As {base}; then it is damaged on its store: {kind.replace('_', ' ')}."
    return make


def held_full(bench, count: int) -> list[dict]:
    """As ``Bench.held_backups`` at the gate "detach", of volumes with no two MiB alike."""
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        with open(bench.volume_file(volume_id), "r+b") as file:
            for index in range(bench.lab.state.mib_per_gib):
                file.seek(index * MIB)
                file.write(random.randbytes(4096))
        digest = bench.digest(volume_id)
        bench.hold(volume_id, "detach")
        backup_id = bench.start_backup(volume_id)
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, sha256=digest))
    for record in records:
        bench.wait_held(record["volume_id"], "detach")
    return records


class Shelf:
    """The objects on a lab's store."""

    def __init__(self, lab) -> None:
        self._lab = lab
        self._writer = objects.writer(lab.state)
        self._containers: dict[str, objects.Live] = {}

    def of(self, backup_id: str) -> tuple[objects.Live, str]:
        """Return a backup's container, and what its objects' names begin with."""
        row = self._lab.backup_row(backup_id)
        name = row["container"]
        if name not in self._containers:
            self._containers[name] = objects.Live(self._writer, name)
        return self._containers[name], row["service_metadata"]

    def target(self, backup_id: str, parent_id: str | None, other_id: str) -> damage.Target:
        """Return what a kind of damage is done to."""
        made = damage.Target(*self.of(backup_id))
        made.other_objects, made.other = self.of(other_id)
        if parent_id:
            made.parent_objects, made.parent = self.of(parent_id)
        return made


for _kind, (_, _, _, _, _needs) in damage.KINDS.items():
    situation(f"damaged-{_kind.replace('_', '-')}")(damaged(_kind, _needs))
