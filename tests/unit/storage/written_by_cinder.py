# SPDX-License-Identifier: Apache-2.0
"""Backups written by Cinder's own chunked drivers: ``python -m tests.unit.storage.written_by_cinder FOLDER``.

A process of its own, since importing Cinder brings eventlet. Leaves ``FOLDER/{flat,nested}/<container>/<name>`` and
``FOLDER/records.json``. Only what is around the drivers is not Cinder's: the database, and for "nested" the network:
the Swift driver, its names and all, with files in Swift's place.
"""

import contextlib
import datetime
import io
import json
import pathlib
import random
import sys
import uuid
from unittest import mock

from cinder import objects
from cinder.backup import chunkeddriver  # noqa: F401  (registers options)
from cinder.backup.drivers import posix
from cinder.backup.drivers import swift
from cinder.volume import volume_utils
from oslo_config import cfg
from oslo_db import options as database

PART = 16 * 1024
BLOCK = 1024
PARTS = 32
PROJECT = "0123456789abcdef0123456789abcdef"
COMPRESSIONS = ("none", "zlib", "bz2", "zstd")


class Row(dict):
    """A row of Cinder's backups, in memory."""

    rows = {}

    def __getattr__(self, name):
        return self[name]

    def __setattr__(self, name, value):
        self[name] = value

    def save(self):
        self.rows[self["id"]] = self

    def refresh(self):
        pass

    @contextlib.contextmanager
    def as_read_deleted(self):
        yield


class OnDisk:
    """What the posix driver does, for names that have folders."""

    def put_container(self, container):
        (self.folder / container).mkdir(parents=True, exist_ok=True)

    def get_container_entries(self, container, prefix):
        root = self.folder / container
        return [name for path in root.rglob("*") if (name := str(path.relative_to(root))).startswith(prefix)]

    def get_object_writer(self, container, object_name, extra_metadata=None):
        path = self.folder / container / object_name
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "wb")

    def get_object_reader(self, container, object_name, extra_metadata=None):
        return open(self.folder / container / object_name, "rb")


class Nested(OnDisk, swift.SwiftBackupDriver):
    """Cinder's Swift driver without a network."""


class Writer:
    """Writes backups of one layout."""

    def __init__(self, folder, layout):
        self.folder = folder / layout
        self.folder.mkdir()
        self.layout = layout
        self.made = []

    def driver(self):
        context = mock.Mock(user_id=None)
        if self.layout == "flat":
            made = posix.PosixBackupDriver(context, str(self.folder))
        else:
            made = Nested(context)
            made.folder = self.folder
        return self.dressed(made)

    @staticmethod
    def dressed(made):
        """Put something in the place of what a driver asks the database for."""
        made.db = mock.Mock()
        made.db.volume_get.return_value = {"size": 1}
        # As the volume metadata of an encrypted volume has it.
        key = {"volume-base-metadata": {"encryption_key_id": str(uuid.uuid4()), "display_name": "[{,ü"}}
        made.get_metadata = lambda volume_id: json.dumps({"version": 2, **key})
        return made

    def write(self, kind, compression, data, parent=None, status="available"):
        cfg.CONF.set_override("backup_compression_algorithm", compression)
        row = Row(
            id=str(uuid.uuid4()),
            volume_id=parent.volume_id if parent else str(uuid.uuid4()),
            parent_id=parent.id if parent else None,
            container=None,
            size=1,
            status="creating",
            object_count=0,
            created_at=datetime.datetime.now(datetime.timezone.utc),
            display_name="a ü name",
            display_description='with "quotes"',
            service_metadata=None,
        )
        row.save()
        self.driver().backup(row, io.BytesIO(data))
        record = {key: row[key] for key in ("id", "volume_id", "container", "size", "object_count", "parent_id")}
        record |= {"created_at": row.created_at.isoformat(), "prefix": row.service_metadata, "status": status}
        self.made.append(record | {"kind": kind, "compression": compression, "layout": self.layout})
        return row

    def chain(self, compression, rng):
        """Full, changed, unchanged, changed again: one volume."""
        data = bytearray(contents("mixed", rng))
        full = self.write("full", compression, data)
        for begin in (5 * BLOCK, 5 * PART, 20 * PART + BLOCK):
            data[begin : begin + 3 * BLOCK] = rng.randbytes(3 * BLOCK)
        changed = self.write("incremental", compression, data, full)
        unchanged = self.write("unchanged", compression, data, changed)
        data[-BLOCK:] = bytes(BLOCK)
        self.write("incremental", compression, data, unchanged)

    def all(self, seed):
        rng = random.Random(seed)
        for compression in COMPRESSIONS:
            self.chain(compression, rng)
            for kind in ("random", "zeros", "mixed", "text", "odd", "one", "mixed", "random", "text"):
                self.write(f"full, {kind}", compression, contents(kind, rng))


def contents(kind, rng):
    """A volume's bytes."""
    size = PARTS * PART
    if kind == "random":
        return rng.randbytes(size)
    if kind == "zeros":
        return bytes(size)
    if kind == "text":
        return (b"all work and no play makes jack a dull boy\n" * (size // 43 + 1))[:size]
    if kind == "odd":
        return rng.randbytes(PART * 3 + 1234)
    if kind == "one":
        return rng.randbytes(100)
    return b"".join(rng.randbytes(PART) if index % 3 else bytes([index]) * PART for index in range(PARTS))


def main(folder):
    database.set_defaults(cfg.CONF, connection="sqlite://")  # which a driver opens, and nobody uses
    for name in ("backup_file_size", "backup_swift_object_size"):
        cfg.CONF.set_override(name, PART)
    for name in ("backup_sha_block_size_bytes", "backup_swift_block_size"):
        cfg.CONF.set_override(name, BLOCK)
    for name in ("backup_enable_progress_timer", "backup_swift_enable_progress_timer"):
        cfg.CONF.set_override(name, False)
    get = mock.patch.object(
        objects, "Backup", mock.Mock(get_by_id=lambda context, backup_id: Row.rows[backup_id]), create=True
    )
    told = mock.patch.object(volume_utils, "notify_about_backup_usage")
    with get, told:
        writers = [Writer(folder, layout) for layout in ("flat", "nested")]
        for seed, writer in enumerate(writers):
            writer.all(seed)
    (folder / "records.json").write_text(json.dumps([record for writer in writers for record in writer.made]))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
