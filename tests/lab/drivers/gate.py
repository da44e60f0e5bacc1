# SPDX-License-Identifier: Apache-2.0
"""Gates: named points of a volume's input and output at which the lab can hold a job, as a hanging disk would.

A gate is closed by a file ``<volume id>.<point>`` in the gates folder, and open when there is none. A job that comes
to a closed gate writes ``<volume id>.<point>.reached`` (JSON: ``pid``) and waits until the gate opens or its process
dies.

============  =================================================================================================
point         where
============  =================================================================================================
``attach``    cinder-backup connects the device: before the first byte of a backup or a restore
``read``      cinder-backup reads at or beyond ``offset`` bytes: mid-way of a backup
``write``     cinder-backup writes at or beyond ``offset`` bytes: mid-way of a restore
``detach``    cinder-backup lets go of the device: all data and metadata written, the status not yet
``slow``      never holds: each MiB read or written takes ``seconds_per_mib`` longer
============  =================================================================================================
"""

import json
import os
import pathlib
import time

POINTS = ("attach", "read", "write", "detach", "slow")
POLL_SECONDS = 0.05
MIB = 1024 * 1024


class Gates:
    """The gates of one volume."""

    def __init__(self, folder: str | pathlib.Path, volume_id: str) -> None:
        self.folder = pathlib.Path(folder)
        self.volume_id = volume_id

    def _file(self, point: str) -> pathlib.Path:
        return self.folder / f"{self.volume_id}.{point}"

    def _reached_file(self, point: str) -> pathlib.Path:
        return self.folder / f"{self.volume_id}.{point}.reached"

    def close(self, point: str, **settings: float) -> None:
        """Close a gate; ``offset`` in bytes for read and write, ``seconds_per_mib`` for slow."""
        self._reached_file(point).unlink(missing_ok=True)
        scratch = self.folder / f".{self.volume_id}.{point}.{os.getpid()}"
        scratch.write_text(json.dumps(settings))
        scratch.rename(self._file(point))

    def open(self, point: str) -> None:
        """Open a gate: what waits there goes on."""
        self._file(point).unlink(missing_ok=True)

    def clear(self) -> None:
        """Open every gate and forget what was reached."""
        for point in POINTS:
            self.open(point)
            self._reached_file(point).unlink(missing_ok=True)

    def reached_by(self, point: str) -> int | None:
        """Return the id of the process that waits (or waited) at a gate."""
        try:
            return json.loads(self._reached_file(point).read_text())["pid"]
        except FileNotFoundError:
            return None

    def settings(self, point: str) -> dict | None:
        """Return a closed gate's settings, or None when it is open."""
        try:
            return json.loads(self._file(point).read_text())
        except FileNotFoundError:
            return None

    def pass_through(self, point: str, offset: int = 0) -> None:
        """Wait here while the gate is closed for this offset; other jobs of the process go on."""
        settings = self.settings(point)
        if settings is None or offset < settings.get("offset", 0):
            return
        self._reach(point)
        while self._file(point).exists():
            time.sleep(POLL_SECONDS)

    def _reach(self, point: str) -> None:
        scratch = self.folder / f".{self.volume_id}.{point}.reached.{os.getpid()}"
        scratch.write_text(json.dumps({"pid": os.getpid()}))
        scratch.rename(self._reached_file(point))

    def drag(self, size: int) -> None:
        """Take as long for ``size`` bytes as the slow gate says."""
        settings = self.settings("slow")
        if settings:
            self._reach("slow")
            time.sleep(settings["seconds_per_mib"] * size / MIB)
