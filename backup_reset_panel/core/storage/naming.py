# SPDX-License-Identifier: Apache-2.0
"""Where Cinder's chunked drivers put a backup's objects (29.0.0, ``_generate_object_name_prefix`` of each driver).

The prefix of the names is in no answer of Cinder's API, so it is found by listing:

- nested (swift, s3, gcs): ``volume_<volume>/<UTC time>/az_<zone>_backup_<backup>`` in one container for many
- flat (posix, nfs, glusterfs): ``volume_<volume>_<UTC time>_backup_<backup>`` in a folder, most often one of its own
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import re
from collections.abc import Iterable

from backup_reset_panel.core.records import Backup

MANIFEST = "_metadata"
SHA256 = "_sha256file"

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ID = re.compile(_UUID)
#: The beginning of a name of any backup: its prefix, its volume, the time in UTC, its own id.
_ANY = {
    "nested": re.compile(rf"(volume_({_UUID})/(\d{{14}})/az_[^/]*_backup_({_UUID}))(?=[-_])"),
    "flat": re.compile(rf"(volume_({_UUID})_(\d{{14}})_backup_({_UUID}))(?=[-_])"),
}
#: What the names of all backups begin with.
ANY_VOLUME = "volume_"
_STAMP = re.compile(r"/(\d{14})/\Z")
_STAMP_FORMAT = "%Y%m%d%H%M%S"
#: The prefix is made after the record; clocks of API and backup hosts may differ by so much.
_SKEW = datetime.timedelta(minutes=5)


class Layout(enum.Enum):
    """How names are built."""

    NESTED = "nested"
    FLAT = "flat"


def is_id(text: object) -> bool:
    """Whether something is an id as Cinder makes them: nothing else may become part of a name that is asked for."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def volume_prefix(volume_id: str, layout: Layout) -> str:
    """What the names of all backups of a volume begin with."""
    return f"volume_{volume_id}" + ("/" if layout is Layout.NESTED else "_")


def prefix_pattern(backup: Backup, layout: Layout) -> re.Pattern[str]:
    """Matches the beginning of a name that belongs to this backup; group 1 is its prefix."""
    volume, own = re.escape(backup.volume_id or ""), re.escape(backup.id)
    if layout is Layout.NESTED:
        return re.compile(rf"(volume_{volume}/\d{{14}}/az_[^/]*_backup_{own})(?=[-_])")
    return re.compile(rf"(volume_{volume}_\d{{14}}_backup_{own})(?=[-_])")


@dataclasses.dataclass(frozen=True)
class Named:
    """Of which backup an object is, by its name.

    :param begun: when the backup was begun, by the clock of its host; None: that is no time
    """

    prefix: str
    volume_id: str
    backup_id: str
    begun: datetime.datetime | None


def named(name: str, layout: Layout) -> Named | None:
    """The backup that an object is of; None: its name is not one of Cinder's."""
    found = _ANY[layout.value].match(name)
    if not found:
        return None
    try:
        begun = datetime.datetime.strptime(found[3], _STAMP_FORMAT).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        begun = None
    return Named(found[1], found[2], found[4], begun)


def by_nearness(folders: Iterable[str], created_at: datetime.datetime | None) -> list[str]:
    """Order ``volume_<id>/<time>/`` folders: those made after the record first, the earliest of them first.

    :param created_at: of the record; None: the newest first
    :returns: those whose name ends in a time; others are not Cinder's
    """
    dated = sorted((found[1], folder) for folder in folders if (found := _STAMP.search(folder)))
    if created_at is None:
        return [folder for _, folder in reversed(dated)]
    begin = (created_at - _SKEW).strftime(_STAMP_FORMAT)
    later = [folder for stamp, folder in dated if stamp >= begin]
    return later + [folder for stamp, folder in reversed(dated) if stamp < begin]


def guesses(backup: Backup, seconds: int = 20) -> list[str]:
    """Names that the manifest of a backup most likely has, for when a listing shows nothing at all (nested).

    :param seconds: how long after the record the job may have begun
    """
    if backup.created_at is None or not backup.availability_zone or "/" in backup.availability_zone:
        return []
    times = (backup.created_at + datetime.timedelta(seconds=second) for second in range(-1, seconds))
    return [
        f"volume_{backup.volume_id}/{time.strftime(_STAMP_FORMAT)}"
        f"/az_{backup.availability_zone}_backup_{backup.id}{MANIFEST}"
        for time in times
    ]


def own_folder(backup_id: str) -> str:
    """The container that the posix and NFS drivers think of when the site gives none."""
    return f"{backup_id[:2]}/{backup_id[2:4]}/{backup_id}"


def container_of_parent(child: Backup, parent_id: str, layout: Layout) -> str | None:
    """Where a parent is whose record is not at hand: beside its child, or in a folder of its own as its child is."""
    if layout is Layout.FLAT and child.container == own_folder(child.id):
        return own_folder(parent_id)
    return child.container
