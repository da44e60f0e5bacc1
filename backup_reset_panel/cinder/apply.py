# SPDX-License-Identifier: Apache-2.0
"""Sending resets, each to be seen before the next, and watching what becomes of them."""

import dataclasses
import time

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import asked
from backup_reset_panel.cinder.probes import Budget
from backup_reset_panel.cinder.probes import ControlsFailed
from backup_reset_panel.cinder.probes import Late
from backup_reset_panel.cinder.probes import Row
from backup_reset_panel.cinder.reads import read_backup
from backup_reset_panel.core import outcome
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.plan import Until

#: Pauses between looks, in seconds. A reset is applied some 40 ms after the 202 by an idle cinder-backup.
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


def carry_out(cloud, plan, before, seconds, pause=time.sleep, clock=time.monotonic):
    """Send the resets of a plan, each only after the one before it was seen applied.

    :param cloud: Cloud
    :param plan: core.plan.Plan with at least one reset
    :param before: Backup, read just now
    :param seconds: how long to watch in all
    :returns: Outcome of the last reset that was sent
    """
    end = clock() + seconds
    for step in plan.resets:
        sent = follow(cloud, reset(cloud, before, step.target), max(0, end - clock()), pause, clock)
        if sent.ending is not Ending.APPLIED:
            return sent
        if step.until is Until.CLEANED and not _cleaned(cloud, sent, end, pause, clock):
            return dataclasses.replace(sent, ending=Ending.HALF_WAY)
        before = sent.now
    return sent


def _cleaned(cloud, sent, end, pause, clock):
    """Whether the backup's temporary volume and snapshot are gone from its record, waiting until ``end`` at most.

    ``reset_status`` sends their deletion and clears the ids on the way to ``error`` (29.0.0).
    """
    row = Row(cloud, sent.now, Budget(end - clock(), clock))
    for wait in (0, *PAUSES):
        pause(wait)
        try:
            if not row.backup_is("temp_volume_id~", "-") and not row.backup_is("temp_snapshot_id~", "-"):
                return True
        except (CinderFault, ControlsFailed, Late):
            return False
    return False


def reset(cloud, before, target):
    """Send one reset; never twice.

    :param cloud: Cloud
    :param before: Backup, read just now; its status differs from ``target``
    :param target: "available" or "error"
    :returns: Outcome, with ending ACCEPTED (Cinder took it: 202), UNKNOWN (it may have), DELETED_MEANWHILE or REFUSED
    """
    try:
        answer = asked(cloud.sends.backups.reset_state, before.id, target)
    except CinderFault as exc:
        return _not_accepted(cloud, before, target, exc.fault)
    request_id = next(iter(answer.request_ids), "")
    return Outcome(Ending.ACCEPTED, before, target, now=before, request_id=request_id)


def _not_accepted(cloud, before, target, fault):
    if fault.kind in outcome.PERHAPS_SENT:
        return Outcome(Ending.UNKNOWN, before, target, fault=fault, request_id=fault.request_id)
    if fault.kind is not FaultKind.NO_SUCH_BACKUP:
        return Outcome(Ending.REFUSED, before, target, now=before, fault=fault)
    return _explain_404(cloud, before, target, fault)


def _explain_404(cloud, before, target, fault):
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


def follow(cloud, sent, seconds, pause=time.sleep, clock=time.monotonic):
    """Watch a reset that was sent until its ending shows or the time is up.

    :param cloud: Cloud
    :param sent: Outcome of ``reset``; one that is not open comes back as it is
    :param seconds: how long to watch at most; the first look is taken at once
    :returns: Outcome; still open when nothing was seen in time
    """
    if not sent.is_open:
        return sent
    end = clock() + seconds
    seen = look(cloud, sent)
    for wait in PAUSES:
        if not seen.is_open or clock() + wait > end:
            break
        pause(wait)
        seen = look(cloud, seen)
    return seen


def look(cloud, sent):
    """One look at what became of a reset; an unreadable backup leaves it as open as it was."""
    try:
        now = read_backup(cloud, sent.before.id)
    except CinderFault as exc:
        if exc.fault.kind is not FaultKind.NO_SUCH_BACKUP:
            return dataclasses.replace(sent, now=None, fault=exc.fault)
        now = None
    return outcome.with_look(sent, now)
