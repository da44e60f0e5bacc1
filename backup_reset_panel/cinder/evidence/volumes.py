# SPDX-License-Identifier: Apache-2.0
"""Sources: the volumes and snapshots that backups hold, and what the volumes were before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.batch import IMPOSSIBLE
from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.interview import Answers
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.cinder.questions import Read
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.records import Volume
from backup_reset_panel.core.sources import Source

#: Volumes that one list is asked for: an address of 4,094 bytes is what a default gunicorn takes.
AT_ONCE = 75
#: What a volume may have been before a backup (29.0.0 ``backup/api.py`` ``create``).
BEFORE_BACKUP = ("available", "in-use")


def ids_of(rows: Iterable[Backup]) -> list[str]:
    """The ids of the source volumes of some backups, each once."""
    found = (row.volume_id for row in rows)
    return list(dict.fromkeys(each for each in found if each and each != statuses.NO_VOLUME))


def listed(ids: list[str], *more: tuple[str, str], whole: bool = False) -> list[Listed]:
    """The questions for some volumes, many at once.

    A value that reads as a list is one of SQL's IN (29.0.0 ``volume/api.py`` ``check_volume_filters``): so the cost
    depends on these volumes, not on how many the cloud has.
    """
    parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    return [
        Listed("volumes", (("id", _any_of(part)), *more), whole=whole, limit=None if len(part) == 1 else len(part))
        for part in parts
    ]


def _any_of(ids: list[str]) -> str:
    return ids[0] if len(ids) == 1 else json.dumps(ids, separators=(",", ":"))


def is_created_from_volume(row: Backup) -> bool:
    """Whether a backup is being created, from a volume: then that volume is most likely held."""
    return row.status == statuses.CREATING and not row.snapshot_id


def volumes(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """The source volume of each backup; None: it is gone."""

    def source() -> Asking:
        found = yield from source_volumes(batch)
        return {Source.VOLUME: {row.id: found[row.volume_id] for row in rows if row.volume_id in found}}

    yield source()


def source_volumes(batch: Batch) -> Asking:
    """The source volumes, each asked for once however many sources need them.

    :returns: id to Volume, None or Unknown
    """
    ids = ids_of(batch.rows)
    found: dict[str, Volume | Unknown | None] = {}
    unlisted: Unknown | None = None
    if batch.is_one and ids and is_created_from_volume(batch.rows[0]):
        # It comes with the answer to what it was before: one list, no more than a read.
        told, unlisted = yield from _with_what_it_was(ids)
        found.update(told)
    rest = [each for each in ids if each not in found]
    if len(rest) > 1:
        questions = listed(rest, whole=True)
        answers = yield ask(*questions)
        found.update(_by_id(answers.values()))
        lost = next((answer for answer in answers.values() if not known(answer)), None)
        found.update({each: lost for each in rest if each not in found} if lost is not None else {})
    rest = [each for each in rest if each not in found]
    reads = {each: Read("volumes", each) for each in rest}
    answers = (yield ask(*reads.values())) if reads else {}
    # "Not found" for somebody to whom no volume may be shown does not mean that it is gone (29.0.0 ``volume:get``).
    read = {each: or_none(answers[question]) for each, question in reads.items()}
    return found | {
        each: unlisted if volume is None and unlisted is not None else volume for each, volume in read.items()
    }


def or_none(answer: Any) -> Any:
    """The answer to a Read, with None for a record that is gone."""
    return None if isinstance(answer, Unknown) and answer.why is Gap.NONE_SUCH else answer


def _by_id(answers: Iterable[Any]) -> dict[str, Volume]:
    return {volume.id: volume for answer in answers if known(answer) for volume in answer}


def _with_what_it_was(ids: list[str]) -> Asking:
    questions = _what_it_was(ids, whole=True)
    answers = yield ask(*questions.values())
    lists = [answers[question] for question in questions.values()]
    lost = next((answer for answer in lists if not known(answer)), None)
    return {key: volume for key, volume in _by_id(lists).items() if key in ids}, lost


def _what_it_was(ids: list[str], whole: bool) -> dict[tuple[str, int], Listed]:
    """The questions for what volumes were before their backup, by value and part."""
    return {
        (value, part): question
        for value in BEFORE_BACKUP
        for part, question in enumerate(listed(ids, ("previous_status", value), whole=whole))
    }


def previous_statuses(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """What the hidden ``previous_status`` of each source volume holds; None: none of those that a backup leaves.

    Of a volume that is held: its status before the backup. Of any other: whether a backup's end is written there, and
    which; what else it holds tells nothing, and is Unknown with NOT_ASKED.
    """

    def source() -> Asking:
        found = yield from source_volumes(batch)
        mine = {each: found[each] for each in ids_of(rows) if each in found}
        held = [each for each, volume in mine.items() if _is_held(volume)]
        others = [each for each in mine if each not in held]
        told = yield from _before(batch, held)
        told |= yield from _left_by_an_end(others, [each for each in others if isinstance(mine[each], Volume)])
        return {Source.PREVIOUS_STATUS: {row.id: told[row.volume_id] for row in rows if row.volume_id in told}}

    yield source()


def _is_held(volume: Volume | Unknown | None) -> bool:
    return isinstance(volume, Volume) and volume.status == statuses.BACKING_UP


def _before(batch: Batch, held: list[str]) -> Asking:
    """What held volumes were before their backup.

    Both values are asked for: each is the other's control, since a filter that is dropped would find a volume twice.
    """
    if not held:
        return {}
    whole = batch.is_one and is_created_from_volume(batch.rows[0])
    questions = _what_it_was(held, whole)
    answers = yield ask(*questions.values())
    lost = next((answer for answer in answers.values() if not known(answer)), None)
    if lost is not None:
        return dict.fromkeys(held, lost)
    having: dict[str, set[str]] = {value: set() for value in BEFORE_BACKUP}
    for (value, _part), question in questions.items():
        having[value].update(each.id if whole else each for each in answers[question])
    return {each: _one_of(each, having) for each in held}


def _one_of(volume_id: str, having: dict[str, set[str]]) -> str | Unknown | None:
    values = [value for value, ids in having.items() if volume_id in ids]
    if len(values) > 1:
        return Unknown(Gap.CONTROLS_FAILED)
    return values[0] if values else None


def _left_by_an_end(ids: list[str], there: list[str]) -> Asking:
    """Which end of a backup is written in volumes that are not held.

    :param there: those of them that are known to be there: for the control, one that any answer would hold is enough
    """
    if not ids:
        return {}
    alike = listed(ids, ("previous_status~", statuses.BACKING_UP))
    failed = listed(ids, ("previous_status", statuses.ERROR_BACKING_UP))
    controls = listed(there[:1] or ids, ("previous_status", IMPOSSIBLE))
    answers = yield ask(*alike, *failed, *controls)
    if any(not known(answer) for answer in answers.values()):
        lost = next(answer for answer in answers.values() if not known(answer))
        return dict.fromkeys(ids, lost)
    if any(answers[each] for each in controls):
        return dict.fromkeys(ids, Unknown(Gap.CONTROLS_FAILED))
    ended, in_error = _all_of(alike, answers), _all_of(failed, answers)
    told: dict[str, Any] = dict.fromkeys(ids, Unknown(Gap.NOT_ASKED))
    told |= dict.fromkeys(ended & set(ids), statuses.BACKING_UP)
    return told | dict.fromkeys(in_error & set(ids), statuses.ERROR_BACKING_UP)


def _all_of(questions: list[Listed], answers: Answers) -> set[str]:
    return {each for question in questions for each in answers[question]}


def snapshots(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """The snapshot that each backup is made from; None: it is gone."""
    return (_snapshot(row) for row in rows if row.snapshot_id)


def _snapshot(row: Backup) -> Asking:
    question = Read("snapshots", row.snapshot_id or "")
    answers = yield ask(question)
    return {Source.SNAPSHOT: {row.id: or_none(answers[question])}}
