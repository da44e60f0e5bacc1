# SPDX-License-Identifier: Apache-2.0
"""A Cinder volume driver that keeps each volume and snapshot in a sparse file.

Needs no root, no LVM, no iSCSI. Each GiB of a volume is ``lab_mib_per_gib`` MiB of file (1024 for life size):
Cinder's smallest volume is 1 GiB, and copying that for every situation would take a lab most of its time. Cinder's
backup drivers read a device to its end, so nothing else changes.
"""

import os
import pathlib
import shutil

from cinder import interface
from cinder.volume import driver
from oslo_config import cfg

from tests.lab.drivers.connector import PROTOCOL

MIB = 1024 * 1024
TEMPORARY = "backup-vol-"

OPTIONS = [
    cfg.StrOpt("lab_volumes", help="Folder of the volumes' files."),
    cfg.StrOpt("lab_gates", help="Folder of the gates, see tests.lab.drivers.gate."),
    cfg.IntOpt("lab_mib_per_gib", default=1024, min=1, help="MiB of file for each GiB of volume."),
]


@interface.volumedriver
class LabVolumeDriver(driver.VolumeDriver):
    """Volumes are files."""

    VERSION = "1.0.0"
    CI_WIKI_NAME = "none"
    SUPPORTED = True

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)
        self.folder = pathlib.Path(self.configuration.lab_volumes)

    def check_for_setup_error(self) -> None:
        """Fail the start of the service when the folder is not there to write to."""
        if not os.access(self.folder, os.W_OK):
            raise OSError(f"{self.folder} is no folder to write to")

    def _update_volume_stats(self) -> None:
        self._stats = {
            "volume_backend_name": self.configuration.safe_get("volume_backend_name"),
            "vendor_name": "backup-reset-panel",
            "driver_version": self.VERSION,
            "storage_protocol": PROTOCOL,
            # Sparse files, and of another size than Cinder thinks: nothing to run out of.
            "total_capacity_gb": "infinite",
            "free_capacity_gb": "infinite",
            "thin_provisioning_support": True,
        }

    def _file(self, item) -> pathlib.Path:
        return self.folder / item["name"]

    def _bytes(self, gib: int) -> int:
        return gib * self.configuration.lab_mib_per_gib * MIB

    def _copy(self, source, target, gib: int) -> None:
        shutil.copyfile(self._file(source), self._file(target))
        os.truncate(self._file(target), self._bytes(gib))

    def create_volume(self, volume) -> None:
        """Make an empty sparse file."""
        with open(self._file(volume), "xb") as file:
            file.truncate(self._bytes(volume["size"]))

    def delete_volume(self, volume) -> None:
        """Remove the file, if there is one."""
        self._file(volume).unlink(missing_ok=True)

    def create_snapshot(self, snapshot) -> None:
        """Copy the volume's file."""
        shutil.copyfile(self.folder / snapshot["volume_name"], self._file(snapshot))

    def delete_snapshot(self, snapshot) -> None:
        """Remove the snapshot's file, if there is one."""
        self._file(snapshot).unlink(missing_ok=True)

    def create_volume_from_snapshot(self, volume, snapshot) -> None:
        """Copy the snapshot's file."""
        self._copy(snapshot, volume, volume["size"])

    def create_cloned_volume(self, volume, src_vref) -> None:
        """Copy the source's file."""
        self._copy(src_vref, volume, volume["size"])

    def extend_volume(self, volume, new_size) -> None:
        """Make the file longer."""
        os.truncate(self._file(volume), self._bytes(new_size))

    def ensure_export(self, context, volume) -> None:
        """Nothing to export: both ends are on this machine."""

    def create_export(self, context, volume, connector) -> None:
        """Nothing to export: both ends are on this machine."""

    def remove_export(self, context, volume) -> None:
        """Nothing to export: both ends are on this machine."""

    def create_export_snapshot(self, context, snapshot, connector) -> None:
        """Nothing to export: both ends are on this machine."""

    def remove_export_snapshot(self, context, snapshot) -> None:
        """Nothing to export: both ends are on this machine."""

    def initialize_connection(self, volume, connector, **kwargs) -> dict:
        """Say where the file is; a temporary volume of a backup goes through its source volume's gates."""
        name = volume["display_name"] or ""
        gate_id = name.removeprefix(TEMPORARY) if name.startswith(TEMPORARY) else volume["id"]
        return self._connection(volume, gate_id)

    def initialize_connection_snapshot(self, snapshot, connector, **kwargs) -> dict:
        """Say where the snapshot's file is; its gates are its volume's."""
        return self._connection(snapshot, snapshot["volume_id"])

    def _connection(self, item, gate_id: str) -> dict:
        return {
            "driver_volume_type": PROTOCOL,
            "data": {
                "device_path": str(self._file(item)),
                "gates": self.configuration.lab_gates,
                "gate_id": gate_id,
            },
        }

    def terminate_connection(self, volume, connector, **kwargs) -> None:
        """Nothing to take back."""

    def terminate_connection_snapshot(self, snapshot, connector, **kwargs) -> None:
        """Nothing to take back."""
