# SPDX-License-Identifier: Apache-2.0
"""How many bytes of the volume the checksum file (``<prefix>_sha256file``) covers, by its head and its length alone.

It has 72 bytes for each block of 32 KiB: 2.4 GB for 1 TiB, so it is never read whole. Cinder 29.0.0 writes it with
sorted keys and an indent of two (``chunkeddriver.py``, ``_write_sha256file``): backup_description, backup_id,
backup_name, chunk_size, created_at, sha256s, version, volume_id.
"""

from __future__ import annotations

import dataclasses
import json

#: Of its beginning that is read: a description of 255 signs takes up to 3,060 bytes as JSON, a name as many.
HEAD_BYTES = 8192
_LIST = b'"sha256s": ['
_LINE = len('    "",\n') + 64
_TAIL = '\n  ],\n  "version": "1.0.0",\n  "volume_id": "{}"\n}}'
_MOST_BLOCK = 2**40


@dataclasses.dataclass(frozen=True)
class Coverage:
    """What the checksum file covers.

    :param blocks: number of its checksums
    :param block: bytes of the volume for each, the last one perhaps fewer
    """

    blocks: int
    block: int

    def agrees(self, length: int) -> bool:
        """Whether so many bytes of a volume make just so many blocks."""
        return -(-length // self.block) == self.blocks

    @property
    def most(self) -> int:
        """Bytes of the volume that it covers at most."""
        return self.blocks * self.block


def coverage(head: bytes, size: int, backup_id: str, volume_id: str) -> Coverage | None:
    """Work out what a checksum file covers.

    :param head: its first HEAD_BYTES
    :param size: of the whole file, bytes
    :returns: None: it is not the whole file that Cinder wrote for this backup
    """
    begin = head.find(_LIST)
    if begin < 0:
        return None
    try:
        known = json.loads(head[:begin] + b'"sha256s": []}')
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(known, dict)
        or known.get("backup_id") != backup_id
        or known.get("volume_id", volume_id) != volume_id
    ):
        return None
    block = known.get("chunk_size")
    if type(block) is not int or not 0 < block < _MOST_BLOCK:
        return None
    # After the bracket: a line break, the lines (the last one without comma and line break), the tail.
    rest = size - (begin + len(_LIST)) - 1 - len(_TAIL.format(volume_id)) + len(",\n")
    if rest <= 0 or rest % _LINE:
        return None
    return Coverage(rest // _LINE, block)
