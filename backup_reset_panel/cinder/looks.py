# SPDX-License-Identifier: Apache-2.0
"""Checking what became of resets: of one backup, or of many by one list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.evidence.volumes import listed
from backup_reset_panel.cinder.evidence.volumes import or_none
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.many import read_changed
from backup_reset_panel.cinder.questions import Read
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.outcome.outcome import Look
from backup_reset_panel.core.outcome.outcome import job_could_have_left
from backup_reset_panel.core.outcome.outcome import with_look
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Held
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.records import Backup

_TABLES = {RepairKind.VOLUME: "volumes", RepairKind.SNAPSHOT: "snapshots", RepairKind.RESTORE_TARGET: "volumes"}


def look(cloud: Cloud, sent: Outcome) -> Outcome:
    """One look at what became of a reset; a backup that cannot be read leaves it as open as it was."""
    try:
        now: Backup | Fault = read_backup(cloud, sent.before.id)
    except CinderFault as exc:
        now = exc.fault
    return _looked_at(cloud, [sent], {sent.before.id: now})[0]


def look_at_many(cloud: Cloud, sent: list[Outcome], singly: bool = True) -> list[Outcome]:
    """One look at what became of many resets, by one list.

    :param singly: whether those that are not in the list are read one by one, or left as they are
    """
    found = read_changed(cloud, [each.before.id for each in sent], singly)
    return _looked_at(cloud, sent, found)


def _looked_at(cloud: Cloud, sent: list[Outcome], found: dict[str, Backup | Fault]) -> list[Outcome]:
    """The Outcomes with what was read of each backup, and of what tells ours from a job's."""
    reached = [each for each in sent if _needs_more(each, found.get(each.before.id))]
    more = Interview(cloud).run([_signs(each.held for each in reached if each.held)])[0] if reached else {}
    return [_with(each, found.get(each.before.id), more) for each in sent]


def _needs_more(sent: Outcome, now: Backup | Fault | None) -> bool:
    is_there = isinstance(now, Backup) and now.status == sent.target
    return (
        is_there and sent.held is not None and bool(sent.held.status) and job_could_have_left(sent.before, sent.target)
    )


def _with(sent: Outcome, now: Backup | Fault | None, more: dict[Held, Held | Unknown | None]) -> Outcome:
    if now is None:
        return sent
    if isinstance(now, Fault) and now.kind is not FaultKind.NO_SUCH_BACKUP:
        return dataclasses.replace(sent, now=None, fault=now)
    backup = now if isinstance(now, Backup) else None
    if not sent.target:
        return _removed(sent, backup)
    if sent.held in more:
        return with_look(sent, Look(backup, more[sent.held]))
    return with_look(sent, Look(backup))


def _removed(sent: Outcome, now: Backup | None) -> Outcome:
    if now is None:
        return dataclasses.replace(sent, ending=Ending.REMOVED, now=None, fault=None)
    ending = sent.ending
    if now.status == statuses.DELETING:
        ending = Ending.REMOVING
    elif now.status != sent.before.status:
        ending = Ending.STOPPED
    return dataclasses.replace(sent, ending=ending, now=now, fault=None)


def _signs(all_held: Iterable[Held]) -> Asking:
    """What tells a job's end: what it held, as it is now.

    :returns: Held to the Held that it is now; None: gone; Unknown: not answered
    """
    held = list(dict.fromkeys(all_held))
    volumes = list(dict.fromkeys(each.id for each in held if _TABLES[each.kind] == "volumes"))
    of_volumes = listed(volumes, whole=True) if len(volumes) > 1 else [Read("volumes", each) for each in volumes]
    of_snapshots = [Read("snapshots", each.id) for each in held if _TABLES[each.kind] == "snapshots"]
    answers = (yield ask(*of_volumes, *of_snapshots)) if held else {}
    found = _by_id([answers[each] for each in of_volumes]), _by_id([answers[each] for each in of_snapshots])
    return {each: _now(each, *found[_TABLES[each.kind] == "snapshots"]) for each in held}


def _by_id(answers: list[Any]) -> tuple[dict[str, Any], Unknown | None]:
    """The records by id, and why some are missing, if that is not because they are gone."""
    found = [or_none(answer) for answer in answers]
    lost = next((answer for answer in found if not known(answer)), None)
    records = [each for answer in found if known(answer) and answer for each in _all(answer)]
    return {each.id: each for each in records}, lost


def _all(answer: Any) -> Sequence[Any]:
    return answer if isinstance(answer, tuple) else (answer,)


def _now(held: Held, records: dict[str, Any], lost: Unknown | None) -> Held | Unknown | None:
    record = records.get(held.id)
    return Held.of(held.kind, record) if record else lost


def still_held(cloud: Cloud, steps: Sequence[RepairStep]) -> set[str]:
    """The ids of those volumes and snapshots that are still in the status in which a backup holds them; also of those
    that could not be read: then nobody can say that they are free.
    """
    held = {step.id: Held(step.kind, step.id, step.before) for step in steps}
    found = Interview(cloud).run([_signs(held.values())])[0]
    return {each.id for each in held.values() if _is_held(each, found[each])}


def _is_held(held: Held, now: Held | Unknown | None) -> bool:
    return isinstance(now, Unknown) or (now is not None and now.status == held.status)
