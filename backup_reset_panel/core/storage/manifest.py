# SPDX-License-Identifier: Apache-2.0
"""The manifest of a backup (``<prefix>_metadata``), read as what it is: input that the owner of a project can edit.

Cinder 29.0.0 writes it in ``chunkeddriver.py``, ``_write_metadata``; ``objects`` is a list of
``{name: {offset, length, compression, md5}}``, bytes of the volume, MD5 of the data before compression.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from backup_reset_panel.core.storage import naming
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Issue

#: A manifest of 1 TiB in parts of 50 MB has 6 MB.
MOST_BYTES = 64 * 1024 * 1024
#: Brackets and commas: a part has nine. Bounds the memory that parsing takes to some hundred MB.
MOST_TOKENS = 3_000_000
#: Bytes of the largest volume that anybody has; more is nonsense and would only make numbers overflow.
_MOST_OFFSET = 2**60

VERSION = "1.0.0"
#: Spellings of ``compression`` (``_get_compressor``), by what they mean.
COMPRESSIONS = {
    **dict.fromkeys(("none", "off", "no"), "none"),
    **dict.fromkeys(("zlib", "gzip"), "zlib"),
    **dict.fromkeys(("bz2", "bzip2"), "bz2"),
    "zstd": "zstd",
}
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One object of data.

    :param offset: where in the volume its data begins, bytes
    :param length: bytes of the volume that it holds
    :param compression: none, zlib, bz2 or zstd
    :param md5: over its data before compression
    """

    name: str
    offset: int
    length: int
    compression: str
    md5: str


@dataclasses.dataclass(frozen=True)
class Manifest:
    """A manifest whose every name lies under the prefix and whose every value has the right type.

    :param parts: in the order of the manifest, which is that of writing
    :param parent_id: the backup that this one builds on; None: a full one
    """

    prefix: str
    backup_id: str
    volume_id: str
    parent_id: str | None
    parts: tuple[Part, ...]

    @property
    def covered(self) -> int:
        """Bytes of the volume that its parts hold."""
        return sum(part.length for part in self.parts)

    @property
    def end(self) -> int:
        """Where in the volume the last part ends, bytes."""
        return max((part.offset + part.length for part in self.parts), default=0)


class ManifestError(Exception):
    """It cannot be used; ``issue`` says whether that is damage (Cinder could not either) or doubt."""

    def __init__(self, code: Code, example: str = "") -> None:
        super().__init__(f"{code.value} {example}".strip())
        self.issue = Issue(code, example=example[:200])


def parse(data: bytes, prefix: str, backup_id: str, volume_id: str) -> Manifest:
    """Read a manifest and hold it against the record that it should belong to.

    :param data: the whole object
    :param prefix: the one under which it was found
    :raises ManifestError: TOO_LARGE, VERSION_UNKNOWN, COMPRESSION_UNKNOWN (doubt: another release's, perhaps);
        MANIFEST_UNREADABLE, MANIFEST_OF_ANOTHER, NAME_OUTSIDE (damage)
    """
    if len(data) > MOST_BYTES or sum(map(data.count, (b"{", b"[", b","))) > MOST_TOKENS:
        raise ManifestError(Code.TOO_LARGE)
    try:
        document = json.loads(data.decode())
    except (ValueError, RecursionError) as exc:
        raise ManifestError(Code.MANIFEST_UNREADABLE, type(exc).__name__) from exc
    if not isinstance(document, dict) or not isinstance(document.get("objects"), list):
        raise ManifestError(Code.MANIFEST_UNREADABLE, "objects")
    if document.get("version") != VERSION:
        known = isinstance(document.get("version"), str)
        raise ManifestError(Code.VERSION_UNKNOWN if known else Code.MANIFEST_UNREADABLE, "version")
    if document.get("backup_id") != backup_id or document.get("volume_id") != volume_id:
        raise ManifestError(Code.MANIFEST_OF_ANOTHER, str(document.get("backup_id"))[:50])
    parent_id = document.get("parent_id")
    if parent_id is not None and not naming.is_id(parent_id):
        raise ManifestError(Code.MANIFEST_UNREADABLE, "parent_id")
    pattern = re.compile(re.escape(prefix) + r"-\d{5,9}")
    parts = tuple(_part(entry, pattern) for entry in document["objects"])
    return Manifest(prefix, backup_id, volume_id, parent_id, parts)


def _part(entry: Any, names: re.Pattern[str]) -> Part:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise ManifestError(Code.MANIFEST_UNREADABLE, "objects")
    ((name, values),) = entry.items()
    if names.fullmatch(name) is None:
        raise ManifestError(Code.NAME_OUTSIDE, name)
    if not isinstance(values, dict):
        raise ManifestError(Code.MANIFEST_UNREADABLE, name)
    offset, length = values.get("offset"), values.get("length")
    compression, md5 = values.get("compression"), values.get("md5")
    # Not isinstance: bool is an int to Python, and true is no number to anybody.
    if type(offset) is not int or type(length) is not int or not isinstance(compression, str):
        raise ManifestError(Code.MANIFEST_UNREADABLE, name)
    if not (0 <= offset < _MOST_OFFSET and 0 < length < _MOST_OFFSET and isinstance(md5, str) and _MD5.fullmatch(md5)):
        raise ManifestError(Code.MANIFEST_UNREADABLE, name)
    known = COMPRESSIONS.get(compression) or COMPRESSIONS.get(compression.lower())
    if known is None:
        raise ManifestError(Code.COMPRESSION_UNKNOWN, compression)
    return Part(name, offset, length, known, md5)
