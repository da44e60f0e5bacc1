# SPDX-License-Identifier: Apache-2.0
"""Backups that are over, but whose volume is still locked: only an administrator frees it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.at_work import IN_ORDER
from backup_reset_panel.cinder.evidence.holders import at_work_on_any
from backup_reset_panel.cinder.evidence.holders import of_each
from backup_reset_panel.cinder.evidence.holders import restored_into
from backup_reset_panel.cinder.evidence.volumes import listed
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import OLDEST_FIRST
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Volume

#: So many volumes of each status are looked at, those first that have been locked for the longest time.
MOST_HELD = 1000
#: Of those that are restored into, so many are asked about, the oldest first: each takes a question of its own.
MOST_RESTORED = 40
#: Of more volumes it is not asked one by one who is at work on them.
FEW = 2
_HELD = (statuses.BACKING_UP, statuses.RESTORING_BACKUP)


class Hold(NamedTuple):
    """The restore that holds a volume: it does for as long as its backup is being restored and was not changed since.

    A backup is restored into another volume only by a request of its own, which changes it (29.0.0 ``backup/api.py``
    ``restore``).
    """

    backup_id: str
    updated_at: str

    @classmethod
    def of(cls, row: Backup) -> Hold:
        """That of a backup that is being restored."""
        return cls(row.id, str(row.updated_at))


@dataclasses.dataclass(frozen=True)
class Locked:
    """What was found.

    :param evidence: on each backup that holds something though it is over, the longest locked first
    :param count: how many there are, as far as is known
    :param is_cut: whether there may be more
    :param is_known: whether all of it could be read
    :param is_left_over: whether there are more than were to be told of
    :param holds: id of each volume that a restore holds to its Hold, of those that were asked about: for the next look
    """

    evidence: tuple[Evidence, ...] = ()
    count: int = 0
    is_cut: bool = False
    is_known: bool = True
    is_left_over: bool = False
    holds: Mapping[str, Hold] = dataclasses.field(default_factory=dict)


def still_locked(
    cloud: Cloud,
    most: int,
    of: frozenset[str] | None = None,
    at_work: tuple[Backup, ...] | None = None,
    holds: Mapping[str, Hold] | None = None,
) -> Locked:
    """Find volumes that no backup in flight holds, and the backups that held them last.

    :param most: how many backups to tell of
    :param of: ids of the volumes of which to tell, None: of all; all are counted
    :param at_work: all backups that are being created or restored, where they were just read to their end; None: they
        are read
    :param holds: what an earlier look found: as long as it holds, nothing is asked about those volumes
    :raises CinderFault: TOKEN_REFUSED
    """
    interview = Interview(cloud)
    found = interview.run([_free_of_jobs(at_work, holds or {})])[0]
    if not known(found):
        return Locked(is_known=False)
    volume_ids, is_cut, still_held = found
    wanted = [each for each in volume_ids if of is None or each[1] in of]
    looked_at = wanted[:most]
    shown = interview.run([_last_holders(looked_at)])[0]
    if not known(shown):
        return Locked((), len(volume_ids), is_cut, is_known=False)
    without_a_backup = len(looked_at) - len(shown)
    is_left_over = len(wanted) > len(looked_at)
    told = tuple(_evidence(*each) for each in shown)
    return Locked(told, len(volume_ids) - without_a_backup, is_cut, is_left_over=is_left_over, holds=still_held)


def _evidence(row: Backup, volume: Volume) -> Evidence:
    """What is known of such a backup: what it holds, and that nobody else does. More is asked for when it is opened."""
    now = datetime.datetime.now(datetime.timezone.utc)
    if volume.status == statuses.BACKING_UP:
        return Evidence(row, now, volume=volume, other_holders=())
    return Evidence(row, now, restore_target=volume, other_holders=())


def _free_of_jobs(known_at_work: tuple[Backup, ...] | None, holds: Mapping[str, Hold]) -> Asking:
    """The volumes that are held, but by no backup in flight, as (status, id) pairs, whether there may be more, and what
    holds the others that are restored into; Unknown where something failed.
    """
    lists = {status: Listed("volumes", (("status", status),), sort=OLDEST_FIRST, limit=MOST_HELD) for status in _HELD}
    answers = yield ask(*lists.values())
    if any(not known(answer) for answer in answers.values()):
        return next(answer for answer in answers.values() if not known(answer))
    is_cut = any(len(answer) >= MOST_HELD for answer in answers.values())
    backing_up, restoring = (list(answers[lists[status]]) for status in _HELD)
    held = yield from _still_held(restoring, holds, known_at_work)
    unknown = [each for each in restoring if each not in held]
    is_cut = is_cut or len(unknown) > MOST_RESTORED
    asked = unknown[:MOST_RESTORED]
    if known_at_work is None:
        at_work = yield from at_work_on_any(set(backing_up), few=FEW)
    else:
        at_work = of_each(set(backing_up), known_at_work)
    into = yield from restored_into(set(asked))
    lost = next((answer for answer in (*at_work.values(), *into.values()) if not known(answer)), None)
    if lost is not None:
        return lost
    free = [(statuses.BACKING_UP, each) for each in backing_up if not _creates(at_work[each])]
    free += [(statuses.RESTORING_BACKUP, each) for each in asked if not into[each]]
    held |= {each: Hold.of(rows[0]) for each, rows in into.items() if rows}
    return free, is_cut, held


def _still_held(volume_ids: list[str], holds: Mapping[str, Hold], known_at_work: tuple[Backup, ...] | None) -> Asking:
    """Those of some holds that hold on, of these volumes: by one list, where they were found by a question each."""
    before = {each: holds[each] for each in volume_ids if each in holds}
    if not before:
        return {}
    rows: Any = known_at_work
    if rows is None:
        question = Listed("backups", (("status", statuses.RESTORING),), True, IN_ORDER, MOST_HELD)
        rows = (yield ask(question))[question]
    running = {Hold.of(row) for row in (rows if known(rows) else ()) if row.status == statuses.RESTORING}
    return {each: hold for each, hold in before.items() if hold in running}


def _creates(rows: tuple[Backup, ...]) -> bool:
    return any(row.status == statuses.CREATING and not row.snapshot_id for row in rows)


def _last_holders(held: list[tuple[str, str]]) -> Asking:
    """The backup that held each volume last: the newest made of it, or restored into it; none that is in flight.

    :returns: (Backup, Volume) pairs, or Unknown
    """
    questions = {volume_id: _of(status, volume_id) for status, volume_id in held}
    volumes = listed(list(questions), whole=True)
    answers = (yield ask(*volumes, *questions.values())) if questions else {}
    lost = next((answer for answer in answers.values() if not known(answer)), None)
    if lost is not None:
        return lost
    found: dict[str, tuple[Backup, Volume]] = {}
    for volume in (volume for each in volumes for volume in answers[each]):
        rows = answers[questions[volume.id]]
        # Begun since it was asked who is at work.
        if volume.status == statuses.BACKING_UP and _creates(rows):
            continue
        over = [row for row in rows if row.status not in statuses.IN_FLIGHT and not row.snapshot_id]
        newest = max(over, key=lambda row: str(row.updated_at or row.created_at), default=None)
        if newest is not None:
            found.setdefault(newest.id, (newest, volume))
    return list(found.values())


def _of(status: str, volume_id: str) -> Any:
    column = "volume_id" if status == statuses.BACKING_UP else "restore_volume_id"
    return Listed("backups", ((column, volume_id),), whole=True)
