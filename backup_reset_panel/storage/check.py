# SPDX-License-Identifier: Apache-2.0
"""Level 1: a backup and all that it builds on, by listings and manifests."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Sequence

from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage import compare
from backup_reset_panel.core.storage import naming
from backup_reset_panel.core.storage.place import Link
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import Weight
from backup_reset_panel.storage.look import GIB
from backup_reset_panel.storage.look import RECENT
from backup_reset_panel.storage.look import Look
from backup_reset_panel.storage.look import look
from backup_reset_panel.storage.types import Store

#: Backups of one chain: a year of daily ones, and some.
MOST_LINKS = 400


@dataclasses.dataclass(frozen=True)
class Checked:
    """A finding, and what is needed to read on.

    :param links: the whole chain, the backup itself first; empty: it could not be followed to its end
    :param bytes_stored: of all parts of the chain
    """

    finding: Finding
    links: tuple[Link, ...] = ()
    bytes_stored: int = 0


def check(
    store: Store,
    backup: Backup,
    ancestors: Sequence[Backup] = (),
    now: datetime.datetime | None = None,
    recent: datetime.timedelta = RECENT,
) -> Checked:
    """Look at a backup and at each one that it builds on.

    :param ancestors: records of those, as far as they are known; one that is missing is looked for beside its child
    :param now: aware datetime; None: this moment
    :raises nothing: an error of the store is a doubt of the finding
    """
    now = now or datetime.datetime.now(datetime.timezone.utc)
    looks = [look(store, backup, now, recent)]
    records, issues = [backup], list(looks[0].issues)
    if ancestors and looks[0].manifest and looks[0].manifest.parent_id not in (None, ancestors[0].id):
        issues.append(Issue(Code.PARENT_DIFFERS, example=looks[0].manifest.parent_id or ""))
    known = {record.id: record for record in ancestors}
    while (manifest := looks[-1].manifest) and (parent_id := manifest.parent_id):
        if parent_id in {record.id for record in records} or len(records) >= MOST_LINKS:
            issues.append(Issue(Code.ANCESTOR_UNKNOWN, example="endless", backup_id=parent_id))
            break
        records.append(known.get(parent_id) or _beside(records[-1], parent_id, store.layout))
        looks.append(look(store, records[-1], now, recent))
        issues += _of_ancestor(records[-1], looks[-1])
    finding = _finding(backup, looks[0], tuple(issues), tuple(record.id for record in records[1:]), now)
    finding = dataclasses.replace(finding, version=_version(looks))
    is_followed = looks[-1].manifest is not None and looks[-1].manifest.parent_id is None
    links = tuple(map(_link, records, looks)) if is_followed else ()
    return Checked(finding, links, sum(_stored(each)[1] for each in looks))


def _beside(child: Backup, parent_id: str, layout: naming.Layout) -> Backup:
    """A record for a parent that none was given for. Whether Cinder still has one is not for the store to say."""
    container = naming.container_of_parent(child, parent_id, layout)
    # The parent may be a full backup or not: its own manifest says.
    return Backup(id=parent_id, volume_id=child.volume_id, container=container, is_incremental=True)


def _of_ancestor(record: Backup, found: Look) -> list[Issue]:
    """What an ancestor's issues are for its descendants; what is noted of its checksum file is nothing to them."""
    for weight, code in (
        (Weight.DAMAGE, Code.ANCESTOR_DAMAGED),
        (Weight.LIVE, Code.ANCESTOR_UNKNOWN),
        (Weight.DOUBT, Code.ANCESTOR_UNKNOWN),
    ):
        if issue := next(
            (each for each in found.issues if each.weight is weight and each.code is not Code.PARENT_DIFFERS), None
        ):
            return [Issue(code, issue.count, issue.code.value, record.id)]
    return []


def _stored(found: Look) -> tuple[int, int]:
    """Number of parts on the store and their bytes."""
    parts = compare.parts_of(found.located.objects, found.located.prefix)
    return len(parts), sum(part.size for part in parts.values())


def _link(record: Backup, found: Look) -> Link:
    parts = len(found.manifest.parts) if found.manifest else 0
    return Link(
        record.id, record.volume_id or "", record.container or "", found.located.prefix, parts, found.manifest_md5
    )


def _version(looks: Sequence[Look]) -> str:
    """One value of all manifests and of all that was listed beside them; empty without a manifest."""
    digest = hashlib.sha256()
    for each in looks:
        if not each.manifest_md5:
            return ""
        digest.update(each.manifest_md5.encode())
        for name, found in sorted(each.located.objects.items()):
            digest.update(repr((name, found.size, str(found.modified), found.md5)).encode())
    return digest.hexdigest()


def _finding(
    backup: Backup, found: Look, issues: tuple[Issue, ...], ancestors: tuple[str, ...], now: datetime.datetime
) -> Finding:
    parts_listed, bytes_stored = _stored(found)
    manifest = found.manifest
    return Finding(
        backup_id=backup.id,
        issues=issues,
        checked_at=now,
        prefix=found.located.prefix,
        parts=len(manifest.parts) if manifest else None,
        parts_listed=parts_listed,
        bytes_stored=bytes_stored,
        bytes_covered=manifest.covered if manifest else bytes_stored,
        volume_bytes=backup.size * GIB if backup.size else None,
        last_written=compare.last_written(found.located.objects),
        has_parent=manifest.parent_id is not None if manifest else None,
        ancestors=ancestors,
    )
