# SPDX-License-Identifier: Apache-2.0
"""Source: the volume that a backup is being restored into."""

from __future__ import annotations

import functools
import heapq
import math
from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.volumes import ids_of
from backup_reset_panel.cinder.evidence.volumes import listed
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


def targets(batch: Batch, most: int = 2 * MOST_TARGETS) -> Asking:
    """Restore targets by the id of their backup; each question is asked once, however many sources need it.

    :param most: about so many volumes of the lists it is asked, those nearest to some backup first; before them the
        source volumes of those that are restored into theirs, if they are
    """
    found: dict[str, Any] = yield from _never_restored(batch)
    rows = [row for row in batch.rows if row.id not in found]
    if not rows:
        return found
    likely = yield from _likely(rows)
    hopeful = [row for row in rows if any(_is_likely(volume, row) for volume in likely)]
    named: dict[str, Any] = (yield from _named_by(batch, hopeful, likely, most)) if hopeful else {}
    left = [row for row in rows if row.id not in named]
    if left:
        named = named | (yield from _among_all(batch, left, most))
    return found | {row.id: named[row.id] for row in rows}


def _among_all(batch: Batch, rows: list[Backup], most: int) -> Asking:
    """The targets of some backups, looked for among all volumes that are restored into."""
    lists = [
        Listed("volumes", (("status", status),), whole=True, sort=NEWEST_FIRST, limit=MOST_TARGETS)
        for status in TARGET_STATUSES
    ]
    answers = yield ask(*lists)
    lost = next((answers[each] for each in lists if not known(answers[each])), None)
    if lost is not None:
        return {row.id: lost for row in rows}
    candidates = [volume for each in lists for volume in answers[each]]
    named = yield from _named_by(batch, rows, candidates, most)
    if all(row.id in named for row in rows):
        return named
    # A list may be shorter than was asked for, and go on: then a target may be behind its end.
    further = [each.behind(answers[each]) for each in lists if answers[each]]
    ends = (yield ask(*further)) if further else {}
    is_cut = len(candidates) > most or any(answer != () for answer in ends.values())
    none = Unknown(Gap.NOT_OFFERED, "there are more such volumes than were looked at") if is_cut else None
    return {row.id: named.get(row.id, none) for row in rows}


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


def _likely(rows: list[Backup]) -> Asking:
    """The volumes that are restored into, where most restores go: back into the source volume, or into a new one, which
    Cinder names after the backup (29.0.0 ``backup/api.py`` ``restore``).

    The lists of all that are restored into cost more, and in an outage they may be cut. For several names Cinder would
    have to be asked one by one.

    :returns: list of Volume; what is not known now is found out by those lists
    """
    names = [_name_of_a_new_one(row) for row in rows] if len(rows) == 1 else []
    questions = [
        *listed(ids_of(rows), ("status", statuses.RESTORING_BACKUP), whole=True),
        *(Listed("volumes", (("name", name),), whole=True, limit=MOST_TARGETS) for name in names),
    ]
    answers = yield ask(*questions)
    volumes = [volume for each in questions if known(answers[each]) for volume in answers[each]]
    return [volume for volume in volumes if volume.status in TARGET_STATUSES]


def _is_likely(volume: Volume, row: Backup) -> bool:
    return volume.id == row.volume_id or volume.name == _name_of_a_new_one(row)


def _name_of_a_new_one(row: Backup) -> str:
    return f"restore_backup_{row.id}"


def _named_by(batch: Batch, rows: list[Backup], candidates: list[Volume], most: int) -> Asking:
    """Which of the volumes each backup names.

    :returns: id of a backup to Volume or Unknown; those that name none of them are not in it
    """
    if batch.is_one:
        return (yield from _named_by_one(batch.groups[0], rows[0], candidates))
    controls = [group.control for group in batch.groups]
    found: dict[str, Any] = {}
    for part in _nearest_first(rows, candidates, found, most):
        questions = {volume: ever_restored_into(volume.id) for volume in part}
        answers = yield ask(*questions.values(), *controls)
        lost = next((answer for answer in answers.values() if not known(answer)), None)
        if lost is not None:
            return {row.id: lost for row in rows} | found
        if any(answers[each] for each in controls):
            return {row.id: Unknown(Gap.CONTROLS_FAILED) for row in rows}
        for volume, question in questions.items():
            found |= dict.fromkeys((each.id for each in answers[question]), volume)
    return found


def _nearest_first(
    rows: list[Backup], candidates: list[Volume], found: dict[str, Any], left_to_ask: int
) -> Iterator[list[Volume]]:
    """The volumes in parts: first those nearest to each backup, then more and more, until each has found its own.

    :param found: id of a backup to the volume that it names, filled in between two parts: it names no second one
    """
    left = {volume.id: volume for volume in candidates}
    most = 1
    while left and left_to_ask > 0:
        still = [row for row in rows if row.id not in found]
        if not still:
            return
        part = {
            volume.id: volume
            for row in still
            for volume in heapq.nsmallest(most, left.values(), key=functools.partial(_apart, row=row))
        }
        chosen = list(part.values())[:left_to_ask]
        left_to_ask -= len(chosen)
        for each in chosen:
            del left[each.id]
        yield chosen
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
    """How far the last changes of the two are apart, in seconds; the likeliest volumes come before all others."""
    if _is_likely(volume, row):
        return -1.0
    if not volume.updated_at or not row.updated_at:
        return math.inf
    return abs((volume.updated_at - row.updated_at).total_seconds())


def ever_restored_into(volume_id: str) -> Listed:
    """The backups that were restored into a volume last: the column is never cleared."""
    return Listed("backups", (("restore_volume_id", volume_id),), whole=True)
