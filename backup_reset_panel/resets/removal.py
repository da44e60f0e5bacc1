# SPDX-License-Identifier: Apache-2.0
"""Removing a backup that was never started: free its volume, move it to a host that is up, delete its record.

Each step is seen before the next. If the backup moves meanwhile, it was taken up after all: then nothing more is done.
"""

from __future__ import annotations

import dataclasses
import enum

from django.utils.translation import gettext_lazy as _

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.records import Backup
from backup_reset_panel.resets.case import Case
from backup_reset_panel.resets.pending import Claim


class Stop(enum.Enum):
    """Why a removal was given up before its end."""

    TAKEN_UP = "taken_up"
    NOT_FREED = "not_freed"
    NOT_MOVED = "not_moved"


_TEXTS = {
    Stop.TAKEN_UP: _("A cinder-backup took it up after all. Open the dialog again to see what is known now."),
    Stop.NOT_FREED: _("Its volume or snapshot could not be freed, so it was not removed."),
    Stop.NOT_MOVED: _(
        "The host last asked is not up, and Cinder did not move the backup to another one: a removal would hang there."
    ),
}


def remove(cloud: cinder.Cloud, case: Case, plan: Plan, claim: Claim, watch: cinder.Watch) -> Outcome:
    """Carry out a plan that removes the record.

    :returns: Outcome with what became of each step; REMOVED only if Cinder says that it is gone
    """
    backup = case.backup
    repaired: tuple[RepairOutcome, ...] = ()
    for step in plan.ticked:
        repaired += (cinder.repair(cloud, step, backup),)
        if repaired[-1].ending is not RepairEnding.DONE:
            return _stopped(backup, backup, Stop.NOT_FREED, repaired)
    moved = _moved(cloud, case, claim)
    if moved is not None:
        return dataclasses.replace(moved, repairs=repaired)
    now, stop = _still_unstarted(cloud, backup)
    if stop is not None:
        return dataclasses.replace(stop, repairs=repaired)
    outcome = cinder.force_delete(cloud, now)
    if outcome.ending is Ending.DELETED_MEANWHILE:
        outcome = dataclasses.replace(outcome, ending=Ending.REMOVED)
    return dataclasses.replace(cinder.follow(cloud, outcome, watch), repairs=repaired)


def _moved(cloud: cinder.Cloud, case: Case, claim: Claim) -> Outcome | None:
    """Move the backup to a host that is up, if its own is not: the removal asks that host, and would wait for a minute.

    A reset does that: Cinder picks a host that is up and saves it, and that host ignores the reset, since no driver
    ever had the backup (29.0.0 ``backup/api.py`` ``reset_status``, ``backup/manager.py`` ``reset_status``).

    :returns: why not, None if it was moved, or need not be
    """
    asked = last_asked(case.evidence)
    if asked is not None and asked.up:
        return None
    claim.about_to_send(statuses.ERROR)
    sent = cinder.reset(cloud, case.backup, statuses.ERROR)
    if sent.ending is not Ending.ACCEPTED:
        return dataclasses.replace(sent, target="") if sent.ending is not Ending.UNKNOWN else sent
    host = cinder.read_host(cloud, case.backup)
    services = case.evidence.services if known(case.evidence.services) else ()
    if host is None or host not in {service.host for service in services if service.up}:
        return _stopped(case.backup, case.backup, Stop.NOT_MOVED, ())
    return None


def _still_unstarted(cloud: cinder.Cloud, backup: Backup) -> tuple[Backup, Outcome | None]:
    """The backup as it is now, and why it must not be removed any more, or None."""
    try:
        now = cinder.read_backup(cloud, backup.id)
    except cinder.CinderFault as exc:
        is_gone = exc.fault.kind is FaultKind.NO_SUCH_BACKUP
        return backup, Outcome(Ending.DELETED_MEANWHILE if is_gone else Ending.REFUSED, backup, "", fault=exc.fault)
    if cinder.was_taken_up(backup, now) or not cinder.was_never_taken_up(cloud, now):
        return now, _stopped(backup, now, Stop.TAKEN_UP, ())
    return now, None


def _stopped(before: Backup, now: Backup, why: Stop, repaired: tuple[RepairOutcome, ...]) -> Outcome:
    return Outcome(Ending.STOPPED, before, "", now=now, cause=Note(why, _TEXTS[why]), repairs=repaired)
