# SPDX-License-Identifier: Apache-2.0
"""Jobs that only look stuck."""

from tests.lab import cinder
from tests.lab.situations import FROZEN
from tests.lab.situations import GONE
from tests.lab.situations import SERVICES
from tests.lab.situations import STRIKE
from tests.lab.situations import UNHARMED
from tests.lab.situations import run
from tests.lab.situations import situation
from tests.lab.situations.sources import held_in_use

SECONDS_PER_MIB = 10


@situation("live-create", owner=UNHARMED)
def live_create(bench, count: int) -> list[dict]:
    """A backup that is really running, on a disk that takes 10 s for each MiB (gate "slow"): minutes in all. Opening
    that gate (Lab.gates(volume_id).open("slow")) lets it finish at once.
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        bench.lab.gates(volume_id).close("slow", seconds_per_mib=SECONDS_PER_MIB)
        digest = bench.digest(volume_id)
        records.append(bench.record(backup_id=bench.start_backup(volume_id), volume_id=volume_id, sha256=digest))
    for record in records:
        bench.wait_held(record["volume_id"], "slow")
    return records


@situation("live-restore", owner=UNHARMED)
def live_restore(bench, count: int) -> list[dict]:
    """A restore to another volume that is really running, on a disk that takes 10 s for each MiB (gate "slow" of the
    target, "restore_volume_id").
    """
    records = []
    for _ in range(count):
        volume_id = bench.volume()
        target = bench.empty_volume(f"{bench.situation}-target")
        digest = bench.digest(volume_id)
        backup_id = bench.backup(volume_id)
        bench.lab.gates(target).close("slow", seconds_per_mib=SECONDS_PER_MIB)
        bench.cinder.restores.restore(backup_id, volume_id=target)
        records.append(bench.record(backup_id=backup_id, volume_id=volume_id, restore_volume_id=target, sha256=digest))
    for record in records:
        bench.wait_held(record["restore_volume_id"], "slow")
    return records


@situation("frozen-create", owner=FROZEN, shapes=SERVICES)
def frozen_create(bench, count: int):
    """cinder-backup is frozen (SIGSTOP) at half of a backup: Cinder shows its host as down, but the job is not dead.
    It goes on as soon as the record's "service" is thawed. Another host is up.
    """
    records = bench.held_backups(count, "read", offset=bench.half())
    yield STRIKE
    yield GONE
    return records


@situation("armed", owner=FROZEN, shapes=SERVICES, alone=True)
def armed(bench, count: int):
    """As creating-complete; then the backup is reset to error while every cinder-backup is frozen but not yet missed.
    Cinder accepted that, and it waits in the queue of a frozen host, the record's "service": thawed, it is applied,
    whatever happened since.
    """
    stuck = run.make(bench.lab, ["creating-complete"], count)
    admin = bench.lab.client("admin").backups
    yield STRIKE
    for record in stuck:
        admin.reset_state(record["backup_id"], "error")
    yield GONE
    return [record | {"situation": bench.situation} for record in stuck]


@situation("held-detach", owner=UNHARMED)
def held_detach(bench, count: int) -> list[dict]:
    """A backup whose data and metadata are all written, and whose cinder-backup is up, but does not get done with
    letting go of the volume, as with a multipath flush that hangs (gate "detach"). Opening that gate ends it.
    """
    return bench.held_backups(count, "detach")


@situation("held-detach-in-use", owner=UNHARMED)
def held_detach_in_use(bench, count: int) -> list[dict]:
    """As held-detach, for a volume that is attached to a server: what the job lets go of is a temporary copy."""
    return held_in_use(bench, count)


@situation("frozen-restore", owner=FROZEN, shapes=SERVICES)
def frozen_restore(bench, count: int):
    """As frozen-create, for a restore to another volume, "restore_volume_id"."""
    records = bench.held_restores(count)
    yield STRIKE
    yield GONE
    return records


@situation("queued-create", owner=FROZEN, shapes=SERVICES)
def queued_create(bench, count: int):
    """Backups are asked for while every cinder-backup is frozen but not yet missed: they stay in creating, never taken
    up, and the request waits in the queue of a frozen host, the record's "service". Thawed, it takes them up if their
    volumes are still in backing-up. Another host is up.
    """
    volumes = [bench.volume() for _ in range(count)]
    yield STRIKE
    records = bench.asked_for(volumes)
    yield GONE
    return records


@situation("live-elsewhere", owner=UNHARMED, shapes=SERVICES)
def live_elsewhere(bench, count: int) -> list[dict]:
    """A backup that is really running (held at gate "read"), on a host that is up, while its record names another one:
    the running host was out of sight for a while, and an earlier reset went to another, which died with it in its
    queue, which was lost. The record's "owner" is the service that has the job, "service" the dead one.
    """
    lab = bench.lab
    records = bench.held_backups(count, "read", offset=bench.half())
    owners = {record["backup_id"]: lab.backup_row(record["backup_id"])["host"] for record in records}
    for host in set(owners.values()):
        lab.freeze(cinder.backup_name(host))
    for host in set(owners.values()):
        lab.hosts.wait_down(host)
    others = lab.hosts.up() or lab.hosts.add()
    lab.hosts.deafen(others)
    admin = lab.client("admin").backups
    for record in records:
        admin.reset_state(record["backup_id"], "error")
    for host in others:
        lab.hosts.wait_down(host)
    lab.hosts.purge_dead()
    for host in set(owners.values()):
        lab.thaw(cinder.backup_name(host))
        lab.hosts.wait_up(host)
    return [record | {"owner": cinder.backup_name(owners[record["backup_id"]])} for record in records]
