# SPDX-License-Identifier: Apache-2.0
"""What was found on the store about one backup.

Damage is proved or it is doubt: a store that is slow, refuses, lags or is the wrong one never makes a backup bad.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum


@dataclasses.dataclass(frozen=True, slots=True)
class StoredObject:
    """One object as its store lists it.

    :param name: full name inside its container
    :param size: bytes as stored (compressed)
    :param modified: aware datetime in UTC of the last write; None: the store does not say
    :param md5: 32 lower-case hex digits over the stored bytes; None: the store gives none
    """

    name: str
    size: int
    modified: datetime.datetime | None = None
    md5: str | None = None


class Weight(enum.Enum):
    """What an issue does to the finding."""

    DAMAGE = "damage"  # proved: a restore fails, or gives wrong data
    LIVE = "live"  # a job was writing a moment ago
    DOUBT = "doubt"  # nothing proved either way
    NOTE = "note"  # what was found stands; something beside it is not as it should be


class Code(enum.Enum):
    """Each thing that can be found; its weight is ``WEIGHTS[code]``."""

    NO_OBJECTS = "no_objects"
    NO_MANIFEST = "no_manifest"
    MANIFEST_UNREADABLE = "manifest_unreadable"
    MANIFEST_OF_ANOTHER = "manifest_of_another"
    NAME_OUTSIDE = "name_outside"
    NUMBERS_DIFFER = "numbers_differ"
    PARTS_MISSING = "parts_missing"
    PARTS_EXTRA = "parts_extra"
    SIZE_DIFFERS = "size_differs"
    MD5_DIFFERS = "md5_differs"
    OVERLAP = "overlap"
    HOLE = "hole"
    SHORT = "short"
    NOT_FULL = "not_full"
    CONTENT_DIFFERS = "content_differs"
    ANCESTOR_DAMAGED = "ancestor_damaged"

    BEING_WRITTEN = "being_written"

    SHA256_MISSING = "sha256_missing"
    SHA256_DIFFERS = "sha256_differs"
    NOT_READ = "not_read"
    READ_BEFORE = "read_before"

    NOT_CONFIGURED = "not_configured"
    NOT_FOUND = "not_found"
    DENIED = "denied"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    NO_CONTAINER = "no_container"
    NO_CONTROL = "no_control"
    TWO_PREFIXES = "two_prefixes"
    LISTING_LAGS = "listing_lags"
    CHANGED = "changed"
    VERSION_UNKNOWN = "version_unknown"
    COMPRESSION_UNKNOWN = "compression_unknown"
    SHORTER_THAN_VOLUME = "shorter_than_volume"
    PARENT_DIFFERS = "parent_differs"
    ANCESTOR_UNKNOWN = "ancestor_unknown"


_NOTES = {Code.SHA256_MISSING, Code.SHA256_DIFFERS, Code.NOT_READ, Code.READ_BEFORE}
_DAMAGE = set(list(Code)[: list(Code).index(Code.BEING_WRITTEN)])
WEIGHTS: dict[Code, Weight] = {
    code: Weight.DAMAGE
    if code in _DAMAGE
    else Weight.NOTE
    if code in _NOTES
    else Weight.LIVE
    if code is Code.BEING_WRITTEN
    else Weight.DOUBT
    for code in Code
}


@dataclasses.dataclass(frozen=True)
class Issue:
    """One thing that was found.

    :param code: which
    :param count: how many objects it concerns; 0: it is not about objects
    :param example: one name or a detail, for the fold; never a secret
    :param backup_id: the ancestor that it is about; empty: the backup itself
    """

    code: Code
    count: int = 0
    example: str = ""
    backup_id: str = ""

    @property
    def weight(self) -> Weight:
        """What it does to the finding."""
        return WEIGHTS[self.code]


class State(enum.Enum):
    """The finding in one word."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    BEING_WRITTEN = "being_written"
    UNKNOWN = "unknown"


class Depth(enum.Enum):
    """How deep was looked: at names, sizes and checksums; at the contents of some parts; at those of all."""

    LISTED = "listed"
    SAMPLED = "sampled"
    READ = "read"


@dataclasses.dataclass(frozen=True)
class Finding:
    """What the store proves about one backup and all that it builds on.

    :param backup_id: of the record
    :param depth: how deep was looked; LISTED also if a read was begun and has not come to its end
    :param issues: what was found, of the ancestors too; empty: all is well
    :param checked_at: aware datetime of the look
    :param prefix: of the object names; empty: not found
    :param parts: number of parts that the manifest names; None: there is no manifest that could be read
    :param parts_listed: parts on the store
    :param bytes_stored: their size together, as stored (compressed)
    :param bytes_covered: bytes of the volume that the parts hold; without a manifest: at least so many
    :param volume_bytes: size of the volume as Cinder records it; None: not recorded
    :param last_written: newest time of writing; None: nothing there, or the store does not say
    :param has_parent: whether it builds on another backup; None: not known
    :param ancestors: ids of the backups that it builds on, nearest first, as the manifests name them
    :param parts_read: parts whose contents were compared, of the ancestors too
    :param bytes_read: stored bytes of those
    :param read_at: aware datetime of the end of that; None: no contents were compared
    :param seconds_read: how long it took
    :param version: of what was found, its ancestors' too: the same as long as nobody writes there; empty: not known
    """

    backup_id: str
    issues: tuple[Issue, ...]
    checked_at: datetime.datetime
    depth: Depth = Depth.LISTED
    prefix: str = ""
    parts: int | None = None
    parts_listed: int = 0
    bytes_stored: int = 0
    bytes_covered: int = 0
    volume_bytes: int | None = None
    last_written: datetime.datetime | None = None
    has_parent: bool | None = None
    ancestors: tuple[str, ...] = ()
    parts_read: int = 0
    bytes_read: int = 0
    read_at: datetime.datetime | None = None
    seconds_read: float = 0.0
    version: str = ""

    @property
    def state(self) -> State:
        """Damage that is proved outweighs all; doubt outweighs what looked well."""
        found = {issue.weight for issue in self.issues}
        if Weight.DAMAGE in found:
            return State.DAMAGED
        if Weight.LIVE in found:
            return State.BEING_WRITTEN
        return State.UNKNOWN if Weight.DOUBT in found else State.WHOLE
