# SPDX-License-Identifier: Apache-2.0
"""Sources: the volume that a backup is being restored into, and who else holds what a backup holds."""

from __future__ import annotations

import functools
import heapq
import math
from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.at_work import AT_WORK
from backup_reset_panel.cinder.evidence.at_work import all_at_work
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.volumes import is_created_from_volume
from backup_reset_panel.cinder.evidence.volumes import source_volumes
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import NEWEST_FIRST
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.sources import Source

#: A restore target is looked for among so many volumes of each status.
MOST_TARGETS = 150
#: Up to so many held volumes are asked about one by one, more by the list of all backups in flight.
FEW = 20
TARGET_STATUSES = (statuses.RESTORING_BACKUP, statuses.CREATING)


def restore_targets(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """The volume that each backup's ``restore_volume_id`` names, if a restore holds it; None: there is none.

    And whether it names one at all.

    ``restore_volume_id`` is hidden and never cleared: so only volumes in one of two statuses come into question.
    """

    def source() -> Asking:
        found = yield from targets(batch.only(rows))
        never = yield from _never_restored(batch.only(rows))
        was = {row.id: True for row in rows} | {each: False if gap is None else gap for each, gap in never.items()}
        return {Source.RESTORE_TARGET: found, Source.WAS_RESTORED: was}

    yield source()


def targets(batch: Batch) -> Asking:
    """Restore targets by the id of their backup; each question is asked once, however many sources need it."""
    found: dict[str, Any] = yield from _never_restored(batch)
    rows = [row for row in batch.rows if row.id not in found]
    if not rows:
        return found
    lists = [
        Listed("volumes", (("status", status),), whole=True, sort=NEWEST_FIRST, limit=MOST_TARGETS)
        for status in TARGET_STATUSES
    ]
    answers = yield ask(*lists)
    lost = next((answers[each] for each in lists if not known(answers[each])), None)
    if lost is not None:
        return found | dict.fromkeys((row.id for row in rows), lost)
    candidates = [volume for each in lists for volume in answers[each]]
    is_cut = any(len(answers[each]) >= MOST_TARGETS for each in lists)
    named = yield from _named_by(batch, rows, candidates)
    none = Unknown(Gap.NOT_ASKED) if is_cut else None
    return found | {row.id: named.get(row.id, none) for row in rows}


def _never_restored(batch: Batch) -> Asking:
    """The backups that are not being restored and never were."""
    found: dict[str, Any] = {}
    for group in batch.groups:
        idle = {row.id for row in group.rows if row.status != statuses.RESTORING}
        if not idle:
            continue
        question = group.passing(("restore_volume_id~", "-"))
        answers = yield ask(question, group.control)
        restored = group.found(answers[question], answers[group.control])
        if known(restored):
            found |= dict.fromkeys(idle - restored)
        else:
            found |= dict.fromkeys(idle, restored)
    return found


def _named_by(batch: Batch, rows: list[Backup], candidates: list[Volume]) -> Asking:
    """Which of the volumes each backup names.

    :returns: id of a backup to Volume or Unknown; those that name none of them are not in it
    """
    if batch.is_one:
        return (yield from _named_by_one(batch.groups[0], rows[0], candidates))
    controls = [group.control for group in batch.groups]
    found: dict[str, Any] = {}
    for part in _nearest_first(rows, candidates, found):
        questions = {volume: _ever_restored_into(volume.id) for volume in part}
        answers = yield ask(*questions.values(), *controls)
        lost = next((answer for answer in answers.values() if not known(answer)), None)
        if lost is not None:
            return {row.id: lost for row in rows} | found
        if any(answers[each] for each in controls):
            return {row.id: Unknown(Gap.CONTROLS_FAILED) for row in rows}
        for volume, question in questions.items():
            found |= dict.fromkeys((each.id for each in answers[question]), volume)
    return found


def _nearest_first(rows: list[Backup], candidates: list[Volume], found: dict[str, Any]) -> Iterator[list[Volume]]:
    """The volumes in parts: first those nearest to each backup, then more and more, until each has found its own.

    :param found: id of a backup to the volume that it names, filled in between two parts: it names no second one
    """
    left = {volume.id: volume for volume in candidates}
    most = 1
    while left:
        still = [row for row in rows if row.id not in found]
        if not still:
            return
        part = {
            volume.id: volume
            for row in still
            for volume in heapq.nsmallest(most, left.values(), key=functools.partial(_apart, row=row))
        }
        for each in part:
            del left[each]
        yield list(part.values())
        most *= 4


def _named_by_one(group: Group, row: Backup, candidates: list[Volume]) -> Asking:
    """Those first that were changed when the backup was: a restore marks both at once (29.0.0 ``api.py``)."""
    volumes = sorted(candidates, key=lambda volume: _apart(volume, row))
    for start in range(0, len(volumes), 4):
        part = volumes[start : start + 4]
        questions = {volume: group.passing(("restore_volume_id", volume.id)) for volume in part}
        answers = yield ask(group.control, *questions.values())
        for volume, question in questions.items():
            found = group.found(answers[question], answers[group.control])
            if not known(found):
                return {row.id: found}
            if found:
                return {row.id: volume}
    return {}


def _apart(volume: Volume, row: Backup) -> float:
    if not volume.updated_at or not row.updated_at:
        return math.inf
    return abs((volume.updated_at - row.updated_at).total_seconds())


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
    questions = {each: _ever_restored_into(each) for each in sorted(volume_ids)}
    answers = (yield ask(*questions.values())) if questions else {}
    return {each: _only(answers[question], statuses.RESTORING) for each, question in questions.items()}


def _ever_restored_into(volume_id: str) -> Listed:
    """The backups that were restored into a volume last: the column is never cleared."""
    return Listed("backups", (("restore_volume_id", volume_id),), whole=True)


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


def at_work_on_any(ids: set[str], with_all: bool = False) -> Asking:
    """Likewise of any volumes: of few one by one, of many by the list of all backups in flight."""
    if len(ids) <= FEW:
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
    return {each: tuple(row for row in found if row.volume_id == each) for each in ids}


def is_idle_before(row: Backup, previous: Any, others: Any) -> bool:
    """Whether Cinder made nothing temporary for a backup.

    It backs up a volume itself that was ``available`` (29.0.0 ``volume/driver.py``
    ``_get_backup_volume_temp_volume``, ``_get_backup_volume_temp_snapshot``; no driver makes one on its own). With
    another backup of the volume in flight that may be that one's.
    """
    return is_created_from_volume(row) and known(previous) and previous == "available" and known(others) and not others
