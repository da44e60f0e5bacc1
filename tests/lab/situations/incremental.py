# SPDX-License-Identifier: Apache-2.0
"""Incremental backups, and chains of them."""

from tests.lab import wait
from tests.lab.situations import GONE
from tests.lab.situations import STRIKE
from tests.lab.situations import situation


def held_incrementals(bench, count: int, changed: bool) -> list[dict]:
    """Make full backups of new volumes and incremental ones on top, held with all data and metadata written."""
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        parent_id = bench.backup(volume_id)
        if changed:
            bench.scribble(volume_id, places=2)
        digest = bench.digest(volume_id)
        bench.hold(volume_id, "detach")
        backup_id = bench.start_backup(volume_id, incremental=True)
        records.append(bench.record(backup_id=backup_id, parent_id=parent_id, volume_id=volume_id, sha256=digest))
    for record in records:
        bench.wait_held(record["volume_id"], "detach")
    return records


@situation("incremental-unchanged")
def incremental_unchanged(bench, count: int):
    """As creating-complete, for an incremental backup of a volume that did not change since the full one: its object
    count is 0 although it is complete.
    """
    records = held_incrementals(bench, count, changed=False)
    yield STRIKE
    yield GONE
    return records


@situation("incremental-complete")
def incremental_complete(bench, count: int):
    """As creating-complete, for an incremental backup of a volume that changed; its parent is sound."""
    records = held_incrementals(bench, count, changed=True)
    yield STRIKE
    yield GONE
    return records


@situation("chain-broken")
def chain_broken(bench, count: int):
    """As creating-complete, for an incremental backup; then its parent is deleted by an administrator who is logged
    in to another project, which Cinder allows: it looks for children in the caller's project alone.
    """
    records = held_incrementals(bench, count, changed=True)
    yield STRIKE
    yield GONE
    admin = bench.lab.client("admin").backups
    for record in records:
        admin.delete(record["parent_id"])
    for record in records:
        wait.until(
            lambda record=record: bench.lab.backup_row(record["parent_id"])["status"] == "deleted",
            f"the parent {record['parent_id']} to be deleted",
            60,
        )
    return records


@situation("poisoned-parent")
def poisoned_parent(bench, count: int):
    """A backup that holds no data (as creating-no-data) and its volume are reset to available blindly, as the command
    line does it. The next incremental backup takes it for its parent, fails on it and is in error. The record is the
    incremental one's; "parent_id" is the poisoned backup.
    """
    parents = bench.held_backups(count, "attach")
    yield STRIKE
    yield GONE
    admin = bench.lab.client("admin")
    records = []
    for parent in parents:
        admin.backups.reset_state(parent["backup_id"], "available")
        bench.wait_backup(parent["backup_id"], "available")
        admin.volumes.reset_state(parent["volume_id"], "available")
        backup_id = bench.start_backup(parent["volume_id"], incremental=True)
        records.append(parent | {"backup_id": backup_id, "parent_id": parent["backup_id"]})
    for record in records:
        wait.until(
            lambda record=record: bench.cinder.backups.get(record["backup_id"]).status == "error",
            f"{record['backup_id']} to fail on its poisoned parent",
            60,
        )
    return records
