# SPDX-License-Identifier: Apache-2.0
"""The lab's host-side storage, for os-brick: hands Cinder a file-like device, as the RBD connector does.

Not os-brick's own LocalConnector for two reasons: cinder-backup opens a path for a restore with mode ``wb``, which
empties a plain file (a block device it would not), and a device of our own has the gates of ``gate.py``.
"""

import io

from os_brick.initiator import connector as brick
from os_brick.initiator.connectors import local

from tests.lab.drivers.gate import Gates

PROTOCOL = "lab"


class GatedDevice(io.FileIO):
    """A volume's file, opened for reading and writing, whose input and output pass the volume's gates."""

    def __init__(self, path: str, gates: Gates) -> None:
        super().__init__(path, "r+b")
        self.gates = gates

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, or all, once the gates let us."""
        self.gates.pass_through("read", self.tell() + max(size, 0))
        data = super().read(size)
        self.gates.drag(len(data))
        return data

    def write(self, data: bytes) -> int:
        """Write all of ``data`` once the gates let us."""
        view = memoryview(data)
        self.gates.pass_through("write", self.tell() + len(view))
        done = 0
        while done < len(view):
            done += super().write(view[done:])
        self.gates.drag(len(view))
        return done


class LabConnector(local.LocalConnector):
    """Connects a volume by opening its file."""

    def connect_volume(self, connection_properties: dict) -> dict:
        """Return the device; its path is the open file itself."""
        gates = _gates(connection_properties)
        gates.pass_through("attach")
        return {"type": "local", "path": GatedDevice(connection_properties["device_path"], gates)}

    def disconnect_volume(self, connection_properties, device_info, force=False, ignore_errors=False) -> None:
        """Close the device."""
        _gates(connection_properties).pass_through("detach")
        if device_info:
            device_info["path"].close()


def _gates(connection_properties: dict) -> Gates:
    return Gates(connection_properties["gates"], connection_properties["gate_id"])


def register() -> None:
    """Make the connector known to os-brick in this process, whatever the machine's architecture."""
    brick.get_connector_mapping()[PROTOCOL.upper()] = f"{__name__}.{LabConnector.__name__}"
