# SPDX-License-Identifier: Apache-2.0
"""Evidence however odd, with anything missing, for property tests."""

import datetime

from hypothesis import strategies as st

from backup_reset_panel.core import statuses
from backup_reset_panel.core.delete_signs import RESET_FROM
from backup_reset_panel.core.evidence import CHUNKED_DRIVERS
from backup_reset_panel.core.evidence import FOREIGN
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.pending import Pending
from backup_reset_panel.core.pending import Stage
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Message
from backup_reset_panel.core.records import Service
from backup_reset_panel.core.records import Snapshot
from backup_reset_panel.core.records import Volume
from tests.unit.core.examples import CEPH
from tests.unit.core.examples import NOW


def mostly(usual, *unusual):
    """The usual, and now and then one of the others: combinations that mean something must not drown in odd ones."""
    return st.integers(0, 7).flatmap(lambda turn: st.one_of(*unusual) if turn == 7 else usual)


IN_QUESTION = ("creating", "creating", "restoring", "error", "deleting", "available")
ODD_STATUSES = ("error_deleting", "deleted", "", None, "odd {x}")
FAIL_REASONS = (
    None,
    "",
    "incomplete backup reset on manager restart",
    "Invalid backup: Delete backup aborted, the backup service ...",
    "[Errno 5] {odd} %s",
)

gaps = st.builds(Unknown, st.sampled_from(Gap), st.sampled_from(["", "req-1 {odd}"]))
moments = st.none() | st.integers(-600, 400_000).map(lambda seconds: NOW - datetime.timedelta(seconds=seconds))
counts = st.sampled_from([None, 0, 1, 128])
names = st.sampled_from([None, "", "nightly", "{name} %s <b>"])
hosts = st.sampled_from(["node-1", "node-2", "node-9"])
zones = st.sampled_from([None, "", "nova", "other"])
held = st.sampled_from(["backing-up", "backing-up", "restoring-backup", "creating"])
volume_statuses = mostly(held, st.sampled_from(["available", "in-use", "error", None]))


def maybe(strategy):
    """An answer, or none with its reason."""
    return mostly(strategy, gaps)


def backups(**fixed):
    """A Backup with anything in its fields but those given."""
    fields = {
        "id": st.sampled_from(["b-1", "b-2", "b-3"]),
        "name": names,
        "status": mostly(st.sampled_from(IN_QUESTION), st.sampled_from(ODD_STATUSES)),
        "project_id": st.sampled_from([None, "p-1"]),
        "volume_id": mostly(st.just("v-1"), st.sampled_from([None, statuses.NO_VOLUME])),
        "snapshot_id": st.sampled_from([None, None, "s-1"]),
        "availability_zone": zones,
        "container": names,
        "object_count": counts,
        "is_incremental": st.booleans(),
        "fail_reason": mostly(st.none(), st.sampled_from(FAIL_REASONS)),
        "created_at": moments,
        "updated_at": moments,
        "metadata": mostly(st.just(()), st.sampled_from([((RESET_FROM, "deleting"),), (("mine", "x"),)])),
    }
    return st.builds(Backup, **{**fields, **{name: st.just(value) for name, value in fixed.items()}})


volumes = st.builds(
    Volume,
    id=st.just("v-1"),
    name=names,
    status=volume_statuses,
    attachments=st.integers(0, 2),
    project_id=st.just("p-1"),
)
snapshots = st.builds(Snapshot, id=st.just("s-1"), name=names, status=volume_statuses)
services = st.builds(Service, host=hosts, zone=zones, enabled=st.booleans(), up=st.booleans(), updated_at=moments)
event_ids = st.sampled_from(["VOLUME_VOLUME_BACKUP_014_025", "VOLUME_VOLUME_BACKUP_013_020", "odd", ""])
messages = st.builds(Message, id=st.just("m-1"), event_id=event_ids)
parents = mostly(backups(status="available", object_count=128, volume_id="v-1", is_incremental=False), backups())
ends = mostly(st.just(ChainEnd.FULL), st.sampled_from(ChainEnd))
chains = st.builds(Chain, mostly(st.tuples(parents), st.lists(backups(), max_size=3).map(tuple)), ends)
pendings = st.builds(
    Pending,
    target=st.sampled_from(["available", "error", ""]),
    stage=st.sampled_from(Stage),
    since=moments.filter(bool),
    by=st.sampled_from(["", "ada {odd}"]),
    host=st.none() | hosts,
)


def evidences(**fixed):
    """Evidence with anything in its fields, or missing, but what is given as strategies."""
    fields = {
        "backup": backups(),
        "read_at": st.just(NOW),
        "taken_up": maybe(mostly(st.just(True), st.just(False))),
        "driver": maybe(
            mostly(st.sampled_from(CHUNKED_DRIVERS), st.sampled_from([CEPH, FOREIGN, "cinder.backup.drivers.poso"]))
        ),
        "last_host": maybe(st.none() | hosts),
        "volume": maybe(st.none() | volumes),
        "previous_status": maybe(st.sampled_from([None, "available", "in-use", "backing-up", "error_backing-up"])),
        "snapshot": maybe(st.none() | snapshots),
        "restore_target": maybe(st.none() | volumes),
        "was_restored": maybe(st.booleans()),
        "ancestors": maybe(chains),
        "children": maybe(st.lists(backups(), max_size=2).map(tuple)),
        "messages": maybe(mostly(st.just(()), st.lists(messages, max_size=2).map(tuple))),
        "services": maybe(st.lists(services, max_size=3).map(tuple)),
        "temp_volume": maybe(st.booleans()),
        "temp_snapshot": maybe(st.booleans()),
        "other_holders": maybe(mostly(st.just(()), st.tuples(backups()))),
        "pending": mostly(st.just(()), st.lists(pendings, max_size=2).map(tuple)),
    }
    return st.builds(Evidence, **{**fields, **fixed})


#: As odd as it gets, the backup itself missing at times; and with a backup that could be read.
any_evidence = evidences(backup=mostly(backups(), st.none(), gaps))
readable = evidences()
