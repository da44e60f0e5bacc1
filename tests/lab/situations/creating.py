# SPDX-License-Identifier: Apache-2.0
"""Backups that stay in ``creating``."""

from tests.lab import wait
from tests.lab.situations import GONE
from tests.lab.situations import RESTARTED
from tests.lab.situations import STRIKE
from tests.lab.situations import situation


@situation("creating-no-data")
def creating_no_data(bench, count: int):
    """cinder-backup dies before the first byte: its connection to the volume is held at the gate "attach", then the
    process is killed. The backup stays in creating with no container and no object, the volume in backing-up.
    (Embedded: the one process that is all of Cinder is killed, and comes back with a cinder-backup of another host
    name.)
    """
    records = bench.held_backups(count, "attach")
    yield STRIKE
    yield GONE
    return records


@situation("creating-partial")
def creating_partial(bench, count: int):
    """cinder-backup dies mid-way: its read at half of the volume is held at the gate "read", then the process is
    killed. Container and half of the objects are there, no metadata, object count 0. (Embedded: as for
    creating-no-data.)
    """
    records = bench.held_backups(count, "read", offset=bench.half())
    yield STRIKE
    yield GONE
    return records


@situation("creating-complete")
def creating_complete(bench, count: int):
    """cinder-backup dies after the last byte and all metadata, before it wrote the status: letting go of the volume
    is held at the gate "detach", then the process is killed. The object count is set: the rescue case. (Embedded: as
    for creating-no-data.)
    """
    records = bench.held_backups(count, "detach")
    yield STRIKE
    yield GONE
    return records


@situation("error-after-restart", owner=RESTARTED)
def error_after_restart(bench, count: int):
    """As creating-complete, but cinder-backup comes back under its own name and sets what it finds in creating to
    error, complete or not ("incomplete backup reset on manager restart"); it sets the volume free as well.
    """
    records = bench.held_backups(count, "detach")
    yield STRIKE
    yield GONE
    for record in records:
        wait.until(
            lambda record=record: bench.cinder.backups.get(record["backup_id"]).status == "error",
            f"the restart to set {record['backup_id']} to error",
            60,
        )
    return records


@situation("never-started")
def never_started(bench, count: int):
    """The request never reaches cinder-backup: it is dead, but not yet missed, when the scheduler chooses it, and
    what the broker held for it is lost (services: the queue of the dead host is purged; embedded: messages live in
    the process that is killed). "service" stays NULL, so Cinder accepts a reset and ignores it.
    """
    volumes = [bench.volume() for _ in range(count)]
    yield STRIKE
    records = bench.asked_for(volumes)
    yield GONE
    bench.lab.hosts.purge_dead()
    return records
