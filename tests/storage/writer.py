# SPDX-License-Identifier: Apache-2.0
"""Backups written onto real stores by Cinder's own drivers, network and all.

``python -m tests.storage.writer LAB STORE FILE COUNT``: COUNT backups of each sort are there to be damaged; from ten on
there are fifty healthy ones besides. Leaves their records in FILE. A process of its own, since importing Cinder brings
eventlet. Only Cinder's database is not there.
"""

import contextlib
import dataclasses
import json
import pathlib
import random
import sys
from unittest import mock

from cinder import objects
from cinder.backup.drivers import posix
from cinder.backup.drivers import s3
from cinder.backup.drivers import swift
from cinder.volume import volume_utils
from oslo_config import cfg
from oslo_db import options as database

from tests.lab import stores
from tests.lab.state import State
from tests.unit.storage.written_by_cinder import BLOCK
from tests.unit.storage.written_by_cinder import PART
from tests.unit.storage.written_by_cinder import Row
from tests.unit.storage.written_by_cinder import Writer

#: Fewer parts than a healthy one has: they are many, and damage to one shows as well.
DAMAGED_PARTS = 16
MANY = 10
LARGE_PART = 4 * 1024 * 1024
LARGE_PARTS = 32
DRIVERS = {"posix": posix.PosixBackupDriver, "swift": swift.SwiftBackupDriver, "s3": s3.S3BackupDriver}
PART_OPTIONS = {"posix": "backup_file_size", "swift": "backup_swift_object_size", "s3": "backup_s3_object_size"}
BLOCK_OPTIONS = {
    "posix": "backup_sha_block_size_bytes",
    "swift": "backup_swift_block_size",
    "s3": "backup_s3_block_size",
}


class Real(Writer):
    """Writes backups onto one store.

    :param state: of a lab, its store that one
    """

    def __init__(self, state):
        self.layout = state.store
        self.made = []
        options = stores.cinder_options(state, PART)
        del options["backup_driver"]
        for name, value in options.items():
            cfg.CONF.set_override(name, str(value) if isinstance(value, pathlib.Path) else value)
        cfg.CONF.set_override(BLOCK_OPTIONS[self.layout], BLOCK)
        if self.layout == "posix":
            cfg.CONF.set_override("backup_enable_progress_timer", False)

    def driver(self):
        return self.dressed(DRIVERS[self.layout](mock.Mock(user_id="cinder")))

    def damaged(self, rng, count):
        """Backups to be damaged: a full one with an incremental one on it, and one that is compressed."""
        for number in range(count):
            data = bytearray(rng.randbytes(DAMAGED_PARTS * PART))
            full = self.write(f"full {number}", "none", data)
            data[5 * BLOCK : 7 * BLOCK] = rng.randbytes(2 * BLOCK)
            self.write(f"incremental {number}", "none", data, full)
            mixed = b"".join(rng.randbytes(PART) if index % 3 else bytes(PART) for index in range(DAMAGED_PARTS))
            self.write(f"compressed {number}", ("zlib", "bz2", "zstd")[number % 3], mixed)

    def large(self, rng):
        """One whose parts take their time to be read."""
        cfg.CONF.set_override(PART_OPTIONS[self.layout], LARGE_PART)
        self.write("large", "none", rng.randbytes(LARGE_PART * LARGE_PARTS))


@contextlib.contextmanager
def real(lab, store):
    """A writer, where Cinder finds no database but finds its backups."""
    cfg.CONF([], project="cinder", default_config_files=[])
    database.set_defaults(cfg.CONF, connection="sqlite://")  # which a driver opens, and nobody uses
    backup = mock.Mock(get_by_id=lambda context, backup_id: Row.rows[backup_id])
    with (
        mock.patch.object(objects, "Backup", backup, create=True),
        mock.patch.object(volume_utils, "notify_about_backup_usage"),
    ):
        yield Real(dataclasses.replace(State.load(pathlib.Path(lab)), store=store))


def main(lab, store, file, count):
    with real(lab, store) as writer:
        rng = random.Random(store)
        if int(count) >= MANY:
            writer.all(store)
        else:
            writer.chain("zstd", rng)
        writer.damaged(rng, int(count))
        writer.large(rng)
    pathlib.Path(file).write_text(json.dumps(writer.made))


if __name__ == "__main__":
    main(*sys.argv[1:])
