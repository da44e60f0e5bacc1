# SPDX-License-Identifier: Apache-2.0
"""Carrying out one plan: claim, send, follow, repair, write down. The same for dialog and bulk."""

import dataclasses
import datetime

from backup_reset_panel import armed
from backup_reset_panel import audit
from backup_reset_panel import cinder
from backup_reset_panel.core import guard
from backup_reset_panel.core import ignored
from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.guard import Change
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.outcome import RepairEnding
from backup_reset_panel.core.outcome import RepairOutcome

_DELETING = (statuses.DELETING, statuses.ERROR_DELETING)
#: Cinder took the reset, so the status that tells of the delete is or will be gone.
_TAKEN = (Ending.APPLIED, Ending.ACCEPTED, Ending.SETTLED_OTHERWISE, Ending.HALF_WAY)


def carry_out(request, cloud, case, plan, steps, *, seconds, mode, ticks=()):
    """Carry out a plan that was decided on.

    :param request: Django request of the administrator
    :param cloud: cinder.Cloud
    :param case: decision.Case, read for this request
    :param plan: core.plan.Plan without a refusal
    :param steps: the core.repairs.RepairSteps that were chosen
    :param seconds: how long to watch in all
    :param mode: "dialog" or "bulk"; a plan without a reset is written down as "repair"
    :returns: core.outcome.Outcome
    """
    outcome = _reset(request, cloud, case, plan, seconds) if plan.resets else Outcome(Ending.REPAIRED, case.backup, "")
    return conclude(request, cloud, case, plan, steps, outcome, mode=mode, ticks=ticks)


def conclude(request, cloud, case, plan, steps, outcome, *, mode, ticks=()):
    """What comes after a reset: mark, repair, write down.

    :param outcome: core.outcome.Outcome of the reset, or REPAIRED where none is sent
    :returns: the Outcome with what came of the repairs
    """
    if case.backup.status in _DELETING and outcome.ending in _TAKEN:
        cinder.leave_mark(cloud, case.backup)
    outcome = dataclasses.replace(outcome, repairs=tuple(_repair(cloud, step, outcome) for step in steps))
    audit.write(request, case, plan, outcome, mode=mode if plan.resets else "repair", ticks=ticks)
    return outcome


def _reset(request, cloud, case, plan, seconds):
    backup = case.backup
    if not armed.claim(request, backup.id, plan.resets[0].target):
        return Outcome(Ending.NOT_SENT, backup, plan.resets[-1].target, now=backup)
    outcome = _overtaken(cloud, backup, plan) or cinder.carry_out(cloud, plan, backup, seconds)
    if not outcome.is_open:
        armed.release(request, backup.id)
    elif outcome.target != plan.resets[0].target:
        armed.change(request, backup.id, outcome.target)
    return outcome


def _overtaken(cloud, backup, plan):
    """An Outcome if the backup is no longer what it was when it was examined, else None.

    Asked after the claim: while evidence was collected, a reset of somebody else may have been sent, applied and
    released.
    """
    target = plan.resets[-1].target
    try:
        now = cinder.read_backup(cloud, backup.id)
    except cinder.CinderFault as exc:
        is_gone = exc.fault.kind is FaultKind.NO_SUCH_BACKUP
        return Outcome(Ending.DELETED_MEANWHILE if is_gone else Ending.REFUSED, backup, target, fault=exc.fault)
    is_same = guard.changed(guard.fingerprint(backup), now) is Change.NONE
    return None if is_same else Outcome(Ending.NOT_SENT, backup, target, now=now)


def _repair(cloud, step, outcome):
    """A repair comes after a reset that was seen applied, or without one."""
    if outcome.ending in (Ending.APPLIED, Ending.REPAIRED):
        return cinder.repair(cloud, step)
    return RepairOutcome(step, RepairEnding.WAITING, step.before)


def look_again(request, cloud, watched):
    """One more look at a reset that was open when it was last looked at.

    :param watched: core.outcome.Outcome out of a ticket
    :returns: core.outcome.Outcome
    """
    outcome = _ignored(request, cloud, cinder.look(cloud, watched))
    if not outcome.is_open:
        armed.release(request, outcome.before.id)
    return outcome


def _ignored(request, cloud, outcome):
    """The outcome, as IGNORED with the cause where an accepted reset will never be applied."""
    claimed = armed.pending(request, outcome.before.id)
    if outcome.ending is not Ending.ACCEPTED or outcome.now is None or claimed is None:
        return outcome
    waited = datetime.datetime.now(datetime.timezone.utc) - claimed.since
    if waited < ignored.PATIENCE:
        return outcome
    evidence, _project_name = cinder.collect(cloud, outcome.now)
    host = evidence.last_host if known(evidence.last_host) else None
    others = cinder.others_at_work(cloud, host, outcome.before.id) if host else Unknown()
    cause = ignored.why_ignored(evidence, waited, others)
    return dataclasses.replace(outcome, ending=Ending.IGNORED, cause=cause) if cause else outcome
