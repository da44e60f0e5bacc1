# SPDX-License-Identifier: Apache-2.0
"""Finds a backup's objects: two listings as a rule, the volume's times and the objects of the right one."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable

from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage import naming
from backup_reset_panel.core.storage.naming import Layout
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import StoredObject
from backup_reset_panel.storage.types import Listing
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import Trouble

#: Backups of one volume that are looked through for the right one.
MOST_TIMES = 500
_ANY_BACKUP = re.compile(r"(volume_[^/]+[/_]\d{14}[/_](?:az_[^/]*_)?backup_[0-9a-f-]{36})[-_]")


@dataclasses.dataclass(frozen=True)
class Located:
    """Where a backup's objects are.

    :param prefix: of their names; empty: none was found
    :param objects: all under the prefix, by name
    :param at: the time by the store's clock; None: it does not say
    :param issues: NO_OBJECTS (none, and others' are there), or why that is in doubt
    """

    prefix: str = ""
    objects: dict[str, StoredObject] = dataclasses.field(default_factory=dict)
    at: datetime.datetime | None = None
    issues: tuple[Issue, ...] = ()


def locate(store: Store, backup: Backup, container: str) -> Located:
    """Find the objects of one backup.

    :param backup: its ``id`` and ``volume_id`` must have been found to be ids
    :raises StorageError: whatever a call failed with; NOT_FOUND is the container
    """
    find = _find_nested if store.layout is Layout.NESTED else _find_flat
    found = find(store, backup, container)
    if found.prefix or found.issues:
        return found
    return _guessed(store, backup, container, found.at) or _nothing(store, backup, container, found.at)


def _find_flat(store: Store, backup: Backup, container: str) -> Located:
    prefix = naming.volume_prefix(backup.volume_id or "", Layout.FLAT)
    return _own(store.list_objects(container, prefix), backup, Layout.FLAT)


def _find_nested(store: Store, backup: Backup, container: str) -> Located:
    volume = naming.volume_prefix(backup.volume_id or "", Layout.NESTED)
    times = store.list_objects(container, volume, folders=True)
    ordered = naming.by_nearness(times.folders, backup.created_at)
    if len(ordered) > MOST_TIMES:
        # Nearest first, so this is no loss but where the backup has no objects at all.
        ordered = ordered[:MOST_TIMES]
    for index, folder in enumerate(ordered):
        # The first is the right one but for rare cases; of the others only a name is looked at.
        if index == 0 or _has_own(store, backup, container, folder):
            found = _own(store.list_objects(container, folder), backup, Layout.NESTED)
            if found.prefix:
                return found
    cut = (Issue(Code.TOO_LARGE, len(times.folders)),) if len(times.folders) > MOST_TIMES else ()
    return Located(at=times.at, issues=cut)


def _has_own(store: Store, backup: Backup, container: str, folder: str) -> bool:
    """Whether a folder of one time holds objects of a backup, leaping over those of others."""
    pattern, after = naming.prefix_pattern(backup, Layout.NESTED), ""
    while page := store.list_objects(container, folder, after=after, limit=1).objects:
        if pattern.match(page[0].name):
            return True
        other = _ANY_BACKUP.match(page[0].name)
        # "~" sorts after every sign that can follow a prefix.
        after = f"{other[1]}~" if other else page[0].name
    return False


def _own(listing: Listing, backup: Backup, layout: Layout) -> Located:
    pattern = naming.prefix_pattern(backup, layout)
    by_prefix: dict[str, dict[str, StoredObject]] = {}
    for each in listing.objects:
        if found := pattern.match(each.name):
            by_prefix.setdefault(found[1], {})[each.name] = each
    if not by_prefix:
        return Located(at=listing.at)
    # A job that was begun twice leaves two; that with a manifest is the one that ended.
    ended = [prefix for prefix, objects in by_prefix.items() if prefix + naming.MANIFEST in objects]
    prefix = (ended or list(by_prefix))[-1]
    issues = (Issue(Code.TWO_PREFIXES, len(by_prefix), prefix),) if len(by_prefix) > 1 else ()
    return Located(prefix, by_prefix[prefix], listing.at, issues)


def _guessed(store: Store, backup: Backup, container: str, at: datetime.datetime | None) -> Located | None:
    """For a listing that shows nothing: ask for the manifest under the names that it most likely has."""
    if store.layout is not Layout.NESTED:
        return None
    for name in naming.guesses(backup):
        try:
            manifest = store.head(container, name)
        except StorageError as exc:
            if exc.trouble is not Trouble.NOT_FOUND:
                raise
            continue
        return Located(name.removesuffix(naming.MANIFEST), {name: manifest}, at)
    return None


def _nothing(store: Store, backup: Backup, container: str, at: datetime.datetime | None) -> Located:
    """No objects: damage only if the container was proved to be one that backups are in."""
    is_own = store.layout is Layout.FLAT and container == naming.own_folder(backup.id)
    is_control = is_own or _is_backup(each.name for each in store.list_objects(container, "volume_", limit=50).objects)
    return Located(at=at, issues=(Issue(Code.NO_OBJECTS if is_control else Code.NO_CONTROL),))


def _is_backup(names: Iterable[str]) -> bool:
    return any(_ANY_BACKUP.match(name) for name in names)
