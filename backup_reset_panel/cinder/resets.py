# SPDX-License-Identifier: Apache-2.0
"""Sending resets, each to be seen before the next, and watching what becomes of them."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.evidence.batch import Group
from backup_reset_panel.cinder.interview import Asking
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.cinder.looks import look
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.core import statuses
from backup_reset_panel.core.outcome.types import PERHAPS_SENT
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Held
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.plan.types import ResetStep
from backup_reset_panel.core.plan.types import Until
from backup_reset_panel.core.records import Backup

#: Pauses between looks, in seconds. A reset is applied some 40 ms after the 202 by an idle cinder-backup.
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


class Watch:
    """Time for watching what becomes of something.

    :param seconds: in all
    """

    def __init__(
        self,
        seconds: float,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._pause = pause
        self._end = clock() + seconds

    def looks(self, seen: Callable[[], bool]) -> bool:
        """Look until something is seen or the time is up; once in any case.

        :returns: whether it was seen
        """
        if seen():
            return True
        for pause in PAUSES:
            if self._clock() + pause > self._end:
                return False
            self._pause(pause)
            if seen():
                return True
        return False


def carry_out(
    cloud: Cloud,
    resets: tuple[ResetStep, ...],
    before: Backup,
    held: Held | None,
    watch: Watch,
    about_to_send: Callable[[ResetStep], None],
) -> Outcome:
    """Send some resets, each only after the one before it was seen applied.

    :param resets: at least one
    :param before: read just now
    :param held: what tells a job's end from ours
    :param about_to_send: called with each right before it is sent
    :returns: Outcome of the last reset that was sent
    """
    sent = Outcome(Ending.NOT_SENT, before, resets[-1].target, now=before)
    for step in resets:
        about_to_send(step)
        sent = follow(cloud, dataclasses.replace(reset(cloud, before, step.target), held=held), watch)
        if sent.ending is not Ending.APPLIED or sent.now is None:
            return sent
        if step.until is Until.CLEANED and not watch.looks(functools.partial(is_cleaned, cloud, sent)):
            return dataclasses.replace(sent, ending=Ending.HALF_WAY)
        before = sent.now
    return sent


def is_cleaned(cloud: Cloud, sent: Outcome) -> bool:
    """Whether the backup's temporary volume and snapshot are gone from its record.

    ``reset_status`` sends their deletion and clears the ids on the way to ``error`` (29.0.0).
    """
    return sent.now is not None and Interview(cloud).run([_temporary_gone(Group.of_one(sent.now))])[0]


def _temporary_gone(one: Group) -> Asking:
    left = [one.passing(("temp_volume_id~", "-")), one.passing(("temp_snapshot_id~", "-"))]
    answers = yield ask(*left, one.passing(), one.control)
    itself = answers[one.passing()] == tuple(one.ids)
    return itself and all(answers[each] == () for each in left)


def reset(cloud: Cloud, before: Backup, target: str) -> Outcome:
    """Send one reset; never twice.

    :param before: read just now; its status differs from ``target``
    :param target: "available" or "error"
    :returns: Outcome, with ending ACCEPTED (Cinder took it: 202), UNKNOWN (it may have), DELETED_MEANWHILE or REFUSED
    """
    try:
        answer = asked(cloud.sends.backups.reset_state, before.id, target)
    except CinderFault as exc:
        return _not_accepted(cloud, before, target, exc.fault)
    return Outcome(Ending.ACCEPTED, before, target, now=before, request_ids=tuple(answer.request_ids[:1]))


def _not_accepted(cloud: Cloud, before: Backup, target: str, fault: Fault) -> Outcome:
    if fault.kind in PERHAPS_SENT:
        ids = (fault.request_id,) if fault.request_id else ()
        return Outcome(Ending.UNKNOWN, before, target, fault=fault, request_ids=ids)
    if fault.kind is not FaultKind.NO_SUCH_BACKUP:
        return Outcome(Ending.REFUSED, before, target, now=before, fault=fault)
    return explained_404(cloud, before, target, fault)


def explained_404(cloud: Cloud, before: Backup, target: str, fault: Fault) -> Outcome:
    """Tell the two meanings of a 404 apart by reading the backup again.

    Cinder 29.0.0 answers a reset with 404 when the backup is gone, and also when no cinder-backup that could take the
    request is up (``cinder/backup/api.py``, ``ServiceNotFound``). The texts differ, but they may be translated.
    """
    try:
        now = read_backup(cloud, before.id)
    except CinderFault as exc:
        if exc.fault.kind is FaultKind.NO_SUCH_BACKUP:
            return Outcome(Ending.DELETED_MEANWHILE, before, target, fault=fault)
        return Outcome(Ending.REFUSED, before, target, fault=fault)
    no_service = dataclasses.replace(fault, kind=FaultKind.NO_SERVICE)
    return Outcome(Ending.REFUSED, before, target, now=now, fault=no_service)


def follow(cloud: Cloud, sent: Outcome, watch: Watch) -> Outcome:
    """Watch a reset that was sent until its ending shows or the time is up; one that is not open stays as it is."""
    if not sent.is_open:
        return sent
    latest = [sent]

    def seen() -> bool:
        latest[0] = look(cloud, latest[0])
        return not latest[0].is_open

    watch.looks(seen)
    return latest[0]


def force_delete(cloud: Cloud, before: Backup) -> Outcome:
    """Have the record of a backup that was never started deleted; sent once.

    :returns: Outcome with ending REMOVING (Cinder took it), UNKNOWN, REFUSED or DELETED_MEANWHILE
    """
    try:
        answer = asked(cloud.sends.backups.delete, before.id, force=True)
    except CinderFault as exc:
        outcome = _not_accepted(cloud, before, "", exc.fault)
        if exc.fault.code == _NOT_SUPPORTED:
            return dataclasses.replace(
                outcome,
                ending=Ending.REFUSED,
                now=before,
                fault=dataclasses.replace(exc.fault, kind=FaultKind.NOT_SUPPORTED),
            )
        return outcome
    return Outcome(Ending.REMOVING, before, "", now=before, request_ids=tuple(answer.request_ids[:1]))


#: What the API answers where the driver of the host cannot delete by force (29.0.0 ``NotSupportedOperation``).
_NOT_SUPPORTED = 405


def was_taken_up(before: Backup, now: Backup) -> bool:
    """Whether a backup that was never started has come to life: its status moved, or something was written for it."""
    alike = (statuses.CREATING, statuses.DELETING) if before.status == statuses.CREATING else (before.status,)
    return now.status not in alike or now.container != before.container or now.object_count != before.object_count
