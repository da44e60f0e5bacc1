# SPDX-License-Identifier: Apache-2.0
"""Sources: what Cinder told users about a backup, and what temporary resources are recorded for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.evidence.batch import spread
from backup_reset_panel.cinder.evidence.holders import at_work_on
from backup_reset_panel.cinder.evidence.holders import is_idle_before
from backup_reset_panel.cinder.evidence.volumes import BEFORE_BACKUP
from backup_reset_panel.cinder.evidence.volumes import is_created_from_volume
from backup_reset_panel.cinder.evidence.volumes import listed
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Messages
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import counted
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Source

#: So many backups' messages are asked for one by one; a dialog or a page has no more.
MOST_MESSAGES = 50
_TEMPORARY = {Source.TEMP_VOLUME: ("temp_volume_id~", "-"), Source.TEMP_SNAPSHOT: ("temp_snapshot_id~", "-")}


def messages(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """Cinder's messages about each backup for which they can tell something: one that counts objects."""
    telling = [row for row in rows if counted(row) or batch.is_one]

    def source() -> Asking:
        questions = {row.id: Messages(row.id) for row in telling[:MOST_MESSAGES]}
        answers = (yield ask(*questions.values())) if questions else {}
        return {Source.MESSAGES: {each: answers[question] for each, question in questions.items()}}

    yield source()


def temporary(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """Whether a temporary volume or snapshot of each backup is recorded (hidden).

    Of one backup it is not asked where Cinder makes none; for many that would cost more than it saves.
    """
    return (_temporary(group, batch.is_one) for group in batch.only(rows).groups)


def _temporary(group: Group, is_one: bool) -> Asking:
    if is_one and is_created_from_volume(group.rows[0]) and (yield from _was_idle(group)):
        return {source: spread(group.rows, False) for source in _TEMPORARY}
    questions = {source: group.passing(pair) for source, pair in _TEMPORARY.items()}
    answers = yield ask(group.control, *questions.values())
    found = {source: group.found(answers[each], answers[group.control]) for source, each in questions.items()}
    return {source: {each: _is_in(each, ids) for each in group.ids} for source, ids in found.items()}


def _is_in(backup_id: str, ids: frozenset[str] | Unknown) -> bool | Unknown:
    return backup_id in ids if known(ids) else ids


def _was_idle(group: Group) -> Asking:
    """Whether the volume was ``available`` before, and nothing else is at work on it; both are asked for anyway."""
    row = group.rows[0]
    volume_id = row.volume_id or ""
    questions = [listed([volume_id], ("previous_status", value), whole=True)[0] for value in BEFORE_BACKUP]
    answers = yield ask(*questions)
    found = [value for value, each in zip(BEFORE_BACKUP, questions, strict=True) if _names(answers[each], volume_id)]
    at_work = yield from at_work_on({volume_id}, with_all=row.is_incremental)
    others = at_work[volume_id]
    others = tuple(other for other in others if other.id != row.id) if known(others) else others
    previous = found[0] if len(found) == 1 else Unknown(Gap.CONTROLS_FAILED)
    return is_idle_before(row, previous, others)


def _names(answer: tuple[Any, ...] | Unknown, volume_id: str) -> bool:
    return known(answer) and any(volume.id == volume_id for volume in answer)
