# SPDX-License-Identifier: Apache-2.0
"""Level 1 of one backup, without what it builds on: its names, sizes and checksums against its manifest."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib

from backup_reset_panel.core import statuses
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage import compare
from backup_reset_panel.core.storage import manifest as manifests
from backup_reset_panel.core.storage import naming
from backup_reset_panel.core.storage import sha256file
from backup_reset_panel.core.storage.manifest import Manifest
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.storage.locate import Located
from backup_reset_panel.storage.locate import locate
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import Trouble
from backup_reset_panel.storage.types import read

GIB = 1024**3
#: Objects that are asked for one by one where the listing does not show them as the manifest does.
MOST_HEADS = 100
#: A part of 2 GB, as the posix driver makes them, takes minutes to read, compress and write.
RECENT = datetime.timedelta(minutes=5)
#: A job may still be writing; in any other status it has ended.
_MAY_BE_WRITTEN = (statuses.CREATING, statuses.ERROR)


@dataclasses.dataclass(frozen=True)
class Look:
    """What was found of one backup.

    :param manifest_md5: of the manifest's bytes; empty: it was not read
    """

    located: Located = dataclasses.field(default_factory=Located)
    issues: tuple[Issue, ...] = ()
    manifest: Manifest | None = None
    manifest_md5: str = ""


def look(store: Store, backup: Backup, now: datetime.datetime, recent: datetime.timedelta = RECENT) -> Look:
    """Look at one backup. Errors of the store are doubts.

    :param now: aware datetime, used where the store does not tell its own
    :param recent: a write that is no older shows a job at work
    """
    if not naming.is_id(backup.id) or not naming.is_id(backup.volume_id):
        return Look(issues=(Issue(Code.NOT_FOUND, example="id"),))
    if not backup.container:
        return Look(issues=(Issue(Code.NO_CONTAINER),))
    located = Located()
    try:
        located = locate(store, backup, backup.container)
        if not located.prefix:
            return Look(located, located.issues)
        data = _manifest(store, backup.container, located)
        if data is None:
            return Look(located, (*located.issues, _unfinished(backup, located, now, recent)))
        return _judge(store, backup, located, data)
    except StorageError as exc:
        return Look(located, (*located.issues, doubt(exc)))


def doubt(exc: StorageError) -> Issue:
    """What an error of the store is for a finding."""
    return Issue(Code(exc.trouble.value), example=exc.detail)


def _manifest(store: Store, container: str, located: Located) -> bytes | None:
    """The manifest's bytes; None: there is none, as it says itself and not only the listing."""
    try:
        return read(store, container, located.prefix + naming.MANIFEST, manifests.MOST_BYTES)
    except StorageError as exc:
        if exc.trouble is Trouble.NOT_FOUND:
            return None
        raise


def _unfinished(backup: Backup, located: Located, now: datetime.datetime, recent: datetime.timedelta) -> Issue:
    last = compare.last_written(located.objects)
    is_live = backup.status in _MAY_BE_WRITTEN and compare.is_recent(last, located.at or now, recent)
    return Issue(Code.BEING_WRITTEN if is_live else Code.NO_MANIFEST, len(located.objects))


def _judge(store: Store, backup: Backup, located: Located, data: bytes) -> Look:
    container = backup.container or ""
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    try:
        manifest = manifests.parse(data, located.prefix, backup.id, backup.volume_id or "")
    except manifests.ManifestError as exc:
        return Look(located, (*located.issues, exc.issue), manifest_md5=md5)
    listed = located.objects.get(located.prefix + naming.MANIFEST)
    # The control for the store's MD5s: of the manifest both are known.
    objects, asked, troubles = _confirm(
        store, container, located, manifest, md5s := listed is not None and listed.md5 == md5
    )
    coverage, issues = _coverage(store, backup, located)
    size = backup.size * GIB if backup.size else None
    found = (
        *located.issues,
        *compare.objects_issues(objects, manifest, md5s, asked),
        *compare.structure_issues(manifest, backup.is_incremental, size, coverage),
        *issues,
        *troubles,
    )
    return Look(dataclasses.replace(located, objects=objects), tuple(dict.fromkeys(found)), manifest, md5)


def _confirm(
    store: Store, container: str, located: Located, manifest: Manifest, md5s: bool
) -> tuple[dict[str, StoredObject], set[str], tuple[Issue, ...]]:
    """Ask for each suspect itself: listings lag.

    :returns: the objects, put right; the names that were asked for; why no more were
    """
    objects, asked = dict(located.objects), set[str]()
    if not (found := compare.suspects(objects, manifest, md5s)):
        return objects, asked, ()
    # One of each kind first: one that is confirmed is enough.
    firsts = {suspect.code: suspect.name for suspect in reversed(found)}.values()
    others = [suspect.name for suspect in found[:MOST_HEADS] if suspect.name not in firsts]
    for batch in (firsts, others):
        for name in batch:
            try:
                objects[name] = store.head(container, name)
            except StorageError as exc:
                if exc.trouble is not Trouble.NOT_FOUND:
                    return objects, asked, (doubt(exc),)
                objects.pop(name, None)
            asked.add(name)
        if any(suspect.name in asked for suspect in compare.suspects(objects, manifest, md5s)):
            break
    return objects, asked, ()


def _coverage(store: Store, backup: Backup, located: Located) -> tuple[sha256file.Coverage | None, tuple[Issue, ...]]:
    """What the checksum file covers, by its head and size. Restores do without it: only what is proved is told."""
    container, name = backup.container or "", located.prefix + naming.SHA256
    try:
        size = (located.objects.get(name) or store.head(container, name)).size
        head = read(store, container, name, sha256file.HEAD_BYTES, beginning=True)
    except StorageError as exc:
        return None, (Issue(Code.SHA256_MISSING) if exc.trouble is Trouble.NOT_FOUND else doubt(exc),)
    coverage = sha256file.coverage(head, size, backup.id, backup.volume_id or "")
    return coverage, () if coverage else (Issue(Code.SHA256_DIFFERS),)
