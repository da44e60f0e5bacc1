# SPDX-License-Identifier: Apache-2.0
"""Backups that fail although all their data was written."""

from tests.lab import wait
from tests.lab.situations import GONE
from tests.lab.situations import SERVICES
from tests.lab.situations import STRIKE
from tests.lab.situations import situation

CINDER_VOLUME = "cinder-volume"


@situation("detach-failed", shapes=SERVICES, rpc_response_timeout="4")
def detach_failed(bench, count: int):
    """cinder-volume dies while a backup, all of whose data and metadata is written, lets go of its volume (held at the
    gate "detach" until then): cinder-backup waits in vain for its answer (4 s here, a minute by Cinder's default), and
    the backup becomes error, "Timed out waiting for a reply". It is whole. cinder-volume is up again; other hosts take
    the place of the cinder-backup.
    """
    records = bench.held_backups(count, "detach")
    bench.lab.kill(CINDER_VOLUME)
    bench.open_gates()
    for record in records:
        wait.until(
            lambda record=record: bench.lab.backup_row(record["backup_id"])["status"] == "error",
            f"{record['backup_id']} to fail for want of cinder-volume",
            60,
        )
    bench.lab.start(CINDER_VOLUME)
    yield STRIKE
    yield GONE
    return records
