# SPDX-License-Identifier: Apache-2.0
"""Sources: who else holds what a backup holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.at_work import AT_WORK
from backup_reset_panel.cinder.evidence.at_work import all_at_work
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.targets import ever_restored_into
from backup_reset_panel.cinder.evidence.targets import targets
from backup_reset_panel.cinder.evidence.volumes import is_created_from_volume
from backup_reset_panel.cinder.evidence.volumes import source_volumes
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.sources import Source

#: Up to so many held volumes are asked about one by one, more by the list of all backups in flight.
FEW = 20


def other_holders(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """Other backups in flight of the same volume, and those that are being restored into the same target.

    Of one that is being restored its source does not matter: it holds nothing but its target.
    """

    def source() -> Asking:
        of_volumes = yield from _at_work_on_volumes(batch, rows)
        found_targets = yield from _wanted_targets(batch)
        into = yield from restored_into({volume.id for volume in found_targets.values() if isinstance(volume, Volume)})
        return {
            Source.OTHER_HOLDERS: {
                row.id: _others(row, of_volumes.get(row.volume_id, ()), found_targets.get(row.id), into) for row in rows
            }
        }

    yield source()


def _wanted_targets(batch: Batch) -> Asking:
    wanted = [row for row in batch.rows if row.status in statuses.MAY_HAVE_TARGET]
    if not wanted:
        return {}
    return (yield from targets(batch.only(wanted)))


def _others(row: Backup, of_volume: Any, target: Any, into: dict[str, Any]) -> Any:
    """The other backups that hold what this one holds, Unknown where that could not be asked."""
    parts = [] if row.status == statuses.RESTORING else [of_volume]
    parts += [into[target.id]] if isinstance(target, Volume) else []
    lost = next((part for part in parts if not known(part)), None)
    if lost is not None:
        return lost
    found = {other.id: other for part in parts for other in part if other.id != row.id}
    return tuple(found.values())


def restored_into(volume_ids: set[str]) -> Asking:
    """Backups that are being restored into each of some volumes: id of the volume to tuple of Backup or Unknown."""
    questions = {each: ever_restored_into(each) for each in sorted(volume_ids)}
    answers = (yield ask(*questions.values())) if questions else {}
    return {each: _only(answers[question], statuses.RESTORING) for each, question in questions.items()}


def _at_work_on_volumes(batch: Batch, wanted: list[Backup]) -> Asking:
    """Backups in flight of each volume or snapshot that one of these backups may hold."""
    rows = [row for row in wanted if row.status != statuses.RESTORING and row.volume_id]
    rows = [row for row in rows if row.volume_id != statuses.NO_VOLUME]
    if not batch.is_one:
        # What is free is held by nobody.
        volumes = yield from source_volumes(batch)
        rows = [row for row in rows if row.snapshot_id or _may_be_held(volumes.get(row.volume_id))]
    ids = {row.volume_id for row in rows if row.volume_id}
    return (yield from at_work_on_any(ids, with_all=any(row.is_incremental for row in rows)))


def at_work_on_any(ids: set[str], with_all: bool = False, few: int = FEW) -> Asking:
    """Likewise of any volumes: of few one by one, of many by the list of all backups in flight.

    :param few: each question is a pass through the table of backups, and the list takes two: with a large table, three
        are too many; with many backups in flight their list is what takes long
    """
    if len(ids) <= few:
        return (yield from at_work_on(ids, with_all))
    return (yield from _of_all_at_work(ids))


def _may_be_held(volume: Any) -> bool:
    return not isinstance(volume, Volume) or volume.status == statuses.BACKING_UP


def at_work_on(volume_ids: set[str], with_all: bool = False) -> Asking:
    """Backups of each volume that are being created or restored.

    :param with_all: whether all backups of the volumes are asked for by another source anyway
    :returns: id of the volume to tuple of Backup, or Unknown
    """
    more = () if with_all else AT_WORK
    questions = {each: Listed("backups", (("volume_id", each), *more), whole=True) for each in sorted(volume_ids)}
    answers = (yield ask(*questions.values())) if questions else {}
    at_work = (statuses.CREATING, statuses.RESTORING)
    return {each: _only(answers[question], *at_work) for each, question in questions.items()}


def _only(answer: Any, *wanted: str) -> Any:
    """Those backups of an answer that are in some statuses; Unknown where it is none."""
    return tuple(row for row in answer if row.status in wanted) if known(answer) else answer


def _of_all_at_work(ids: set[str]) -> Asking:
    """Likewise, by reading the list of all backups in flight to its end."""
    found = yield from all_at_work()
    if not known(found):
        return dict.fromkeys(ids, found)
    return of_each(ids, found)


def of_each(ids: set[str], rows: tuple[Backup, ...]) -> dict[str, tuple[Backup, ...]]:
    """Those of some backups that were made of each volume, by its id."""
    found: dict[str, list[Backup]] = {each: [] for each in ids}
    for row in rows:
        if row.volume_id in found:
            found[row.volume_id].append(row)
    return {each: tuple(those) for each, those in found.items()}


def is_idle_before(row: Backup, previous: Any, others: Any) -> bool:
    """Whether Cinder made nothing temporary for a backup.

    It backs up a volume itself that was ``available`` (29.0.0 ``volume/driver.py``
    ``_get_backup_volume_temp_volume``, ``_get_backup_volume_temp_snapshot``; no driver makes one on its own). With
    another backup of the volume in flight that may be that one's.
    """
    return is_created_from_volume(row) and known(previous) and previous == "available" and known(others) and not others
