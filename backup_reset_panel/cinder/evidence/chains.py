# SPDX-License-Identifier: Apache-2.0
"""Sources: what an incremental backup builds on, and what builds on a backup (``parent_id`` is hidden)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backup_reset_panel.cinder.evidence.batch import Batch
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.questions import Listed
from backup_reset_panel.core.evidence import Chain
from backup_reset_panel.core.evidence import ChainEnd
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.sources import Source

MOST_ANCESTORS = 100


def ancestors(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """The chain below each incremental backup, walked down by asking for each possible parent."""
    return (_ancestors(row) for row in rows if row.is_incremental)


def of_volume(volume_id: str | None) -> Listed:
    """The question for all backups of a volume, of all projects."""
    return Listed("backups", (("volume_id", volume_id or ""),), whole=True)


def _ancestors(row: Backup) -> Asking:
    siblings = of_volume(row.volume_id)
    answers = yield ask(siblings)
    if not known(answers[siblings]):
        return {Source.ANCESTORS: {row.id: answers[siblings]}}
    candidates = sorted(answers[siblings], key=lambda each: str(each.created_at), reverse=True)
    chain: list[Backup] = []
    at = row
    while at.is_incremental and len(chain) < MOST_ANCESTORS:
        seen = {row.id, *(each.id for each in chain)}
        parent = yield from _parent_of(at, [each for each in candidates if _is_possible(each, at, seen)])
        if not known(parent):
            return {Source.ANCESTORS: {row.id: parent}}
        if parent is None:
            return {Source.ANCESTORS: {row.id: Chain(tuple(chain), ChainEnd.MISSING)}}
        chain.append(parent)
        at = parent
    end = ChainEnd.LOST if at.is_incremental else ChainEnd.FULL
    return {Source.ANCESTORS: {row.id: Chain(tuple(chain), end)}}


def _is_possible(candidate: Backup, child: Backup, seen: set[str]) -> bool:
    return candidate.id not in seen and str(candidate.created_at) <= str(child.created_at)


def _parent_of(child: Backup, candidates: list[Backup]) -> Asking:
    """The parent of a backup; None: it is none of the candidates; Unknown: that could not be asked.

    The nearest one first: that is the parent unless somebody reset or deleted something.
    """
    one = Group.of_one(child)
    for start, end in ((0, 1), (1, len(candidates))):
        part = candidates[start:end]
        questions = {each.id: one.passing(("parent_id", each.id)) for each in part}
        answers = yield ask(one.control, *questions.values())
        for candidate in part:
            found = one.found(answers[questions[candidate.id]], answers[one.control])
            if not known(found):
                return found
            if found:
                return candidate
    itself = one.passing()
    answers = yield ask(itself)
    if not known(answers[itself]):
        return answers[itself]
    return None if set(answers[itself]) == one.ids else Unknown(Gap.CONTROLS_FAILED)


def children(batch: Batch, rows: list[Backup]) -> Iterator[Asking]:
    """The backups that name each as their parent, in all projects."""
    return (_children(row) for row in rows)


def _children(row: Backup) -> Asking:
    one = Group.of_one(row)
    question = Listed("backups", (("parent_id", row.id),), whole=True)
    answers = yield ask(question, one.control)
    return {Source.CHILDREN: {row.id: _believed(answers[question], answers[one.control])}}


def _believed(answer: Any, control: Any) -> Any:
    if not known(answer) or not known(control):
        return answer if not known(answer) else control
    return Unknown(Gap.CONTROLS_FAILED) if control else answer
