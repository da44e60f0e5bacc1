# SPDX-License-Identifier: Apache-2.0
"""After a release everything it freed can be used again, and stays so when cinder-backup comes back."""

import pytest

from tests.e2e.cases import BY_NAME
from tests.e2e.cases import CASES
from tests.lab import wait

QUEUE_SECONDS = 60
RELEASED = [case for case in CASES if case.is_released]
FREED = [case for case in RELEASED if case.is_freed and case.after.target is None]


@pytest.mark.parametrize("case", FREED, ids=str)
def test_what_was_freed_can_be_backed_up_again_and_comes_back_byte_for_byte(releases, cloud, case):
    record = releases.by_plugin(case).record
    bench = cloud.bench
    if record["snapshot_id"]:
        backup_id, digest = bench.backup(record["volume_id"], snapshot_id=record["snapshot_id"]), record["sha256"]
    else:
        bench.scribble(record["volume_id"], places=2)
        backup_id = bench.backup(record["volume_id"], force=case.after.volume == "in-use")
        digest = bench.digest(record["volume_id"])

    assert cloud.comes_back(backup_id, digest)


def test_half_restored_target_can_be_deleted(releases, cloud):
    seen = releases.again(BY_NAME["restoring"])
    target = seen.record["restore_volume_id"]

    cloud.delete_volume(target)

    assert seen.release.after.target == "error_restoring"
    assert cloud.lab.volume_row(target)["deleted"]


def test_nothing_moves_back_when_every_cinder_backup_host_comes_back(releases, cloud):
    records = {case.situation: releases.by_plugin(case).record for case in RELEASED}
    frozen = records["frozen-create"]

    cloud.thaw_every_host()
    # To their end before the restart kills them: a request that was taken from its queue is in no queue any more.
    for case in RELEASED:
        if case.restarted:
            await_statuses(cloud, records[case.situation], case.restarted)
    cloud.start_every_host_once()

    expected = {case.situation: case.restarted or case.after for case in RELEASED}
    assert {name: cloud.in_database(record) for name, record in records.items()} == expected
    # Among those that came back are some with another driver, which could be given the restore.
    cloud.lab.hosts.replace(cloud.lab.hosts.running())
    assert cloud.comes_back(frozen["backup_id"], frozen["sha256"])


def await_statuses(cloud, record, statuses):
    """Wait for what was queued or frozen to be seen to."""
    wait.until(
        lambda: cloud.in_database(record) == statuses, f"{record['situation']} to become {statuses}", QUEUE_SECONDS
    )
