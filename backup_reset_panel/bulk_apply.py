# SPDX-License-Identifier: Apache-2.0
"""Carrying out a bulk run, a chunk at a time: guard by lists, send side by side, look by lists, repair, write down."""

import dataclasses
import time

from horizon import exceptions as horizon_exceptions

from backup_reset_panel import armed
from backup_reset_panel import bulk
from backup_reset_panel import bulk_guard
from backup_reset_panel import carrying
from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import policies
from backup_reset_panel.core import outcome as outcomes
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.repairs import repairs
from backup_reset_panel.core.rules import Tick

#: Pauses between looks at a chunk's outcome, in seconds.
PAUSES = (0.03, 0.05, 0.1, 0.2, 0.4)
#: After so many looks the run goes on, unless what is still open may have something to be repaired: the page looks at
#: it again at the end.
ENOUGH_LOOKS = 3


@dataclasses.dataclass(frozen=True)
class Done:
    """What became of a chunk: a Result for every order, and why the run should not go on by itself, if it
    should not.
    """

    results: list
    pause: object = None


def apply(request, cloud, orders):
    """Carry out a chunk: claim, guard by lists, send side by side, look by lists, repair, write down.

    :param request: Django request of the administrator
    :param cloud: cinder.Cloud
    :param orders: bulk.Orders
    :returns: Done, with one Result for every order whatever happens
    :raises NotAuthorized: not all of them are theirs to reset; nothing was sent
    """
    held = _claim(request, orders)
    try:
        results, pause = bulk_guard.prepare(request, cloud, orders, held)
    except horizon_exceptions.NotAuthorized:
        armed.release(request, *held)
        raise
    if not pause:
        ready = [result for result in results if result.plan and not result.plan.refusal and not result.outcome]
        pause = _send(cloud, ready, held)
        _watch(cloud, [result for result in ready if result.outcome and result.outcome.is_open])
        _conclude_all(request, cloud, [result for result in ready if result.outcome])
    _let_go(request, results, held)
    return Done(results, pause=pause)


def _claim(request, orders):
    """Claim what is to be reset, before it is read: in between, a reset of somebody else could be sent, applied and
    forgotten.

    :returns: the ids of those that nobody else had claimed
    """
    to_reset = [each for each in orders if each.choice is not Choice.REPAIR]
    return {
        each.backup_id for each in to_reset if armed.claim(request, each.backup_id, each.choice.value, in_session=False)
    }


def _let_go(request, results, held):
    """Forget what was claimed, but for the resets that are still on their way."""
    open_still = [result for result in results if result.outcome and result.outcome.is_open]
    for result in open_still:
        if result.outcome.target != result.order.choice.value:
            armed.change(request, result.order.backup_id, result.outcome.target, in_session=False)
    armed.release(request, *(held - {result.order.backup_id for result in open_still}))


def _send(cloud, ready, held):
    """Send the resets side by side; stop at the first answer that every other would get too.

    :param held: ids of those that are ours to send
    :returns: Fault, why the run should not go on by itself, or None
    """
    stopped = []

    def send(result):
        if stopped:
            return None
        backup = result.case.backup
        if not result.plan.resets:
            return Outcome(Ending.REPAIRED, backup, "")
        target = result.plan.resets[0].target
        if backup.id not in held:
            return Outcome(Ending.NOT_SENT, backup, target, now=backup)
        if len(result.plan.resets) > 1:
            return cinder.carry_out(cloud, result.plan, backup, conf.get("FOLLOW_SECONDS"))
        sent = cinder.reset(cloud, backup, target)
        if sent.fault and sent.fault.kind in bulk.PAUSING:
            stopped.append(sent.fault)
        # What never left is still to be sent when the run goes on.
        return None if sent.fault and sent.fault.kind is FaultKind.NO_CONNECTION else sent

    for result, sent in zip(ready, cinder.side_by_side(send, ready, conf.get("BULK_THREADS")), strict=True):
        result.outcome = sent
    return stopped[0] if stopped else None


def _watch(cloud, waiting):
    """Look at all that was sent by one list, a few times, or until Cinder is gone; what is open after that stays so.

    What may hold something is watched longest: it is repaired only after its reset was seen. Only the last look asks
    one by one for what is not in the list, to learn what became of it instead.
    """
    for number, pause in enumerate(PAUSES, start=1):
        time.sleep(pause)
        if not waiting:
            return
        ids = [result.outcome.before.id for result in waiting]
        found = cinder.read_changed(cloud, ids, singly=number == len(PAUSES))
        for result in waiting:
            if result.outcome.before.id in found:
                result.outcome = _seen(result.outcome, found[result.outcome.before.id])
        waiting = [result for result in waiting if result.outcome.is_open]
        if number >= ENOUGH_LOOKS and not any(result.order.may_hold for result in waiting):
            return
        if any(not isinstance(each, Backup) and each.kind in outcomes.GONE for each in found.values()):
            return


def _seen(sent, found):
    if isinstance(found, Backup):
        return outcomes.with_look(sent, found)
    if found.kind is FaultKind.NO_SUCH_BACKUP:
        return outcomes.with_look(sent, None)
    return dataclasses.replace(sent, fault=found)


def _conclude_all(request, cloud, done):
    """After the look: repair what is ticked, write each down."""
    evidence = cinder.side_by_side(lambda result: _after(cloud, result), done, conf.get("BULK_THREADS"))
    steps = [_repairs(request, result, found) for result, found in zip(done, evidence, strict=True)]
    outcomes_told = cinder.side_by_side(
        lambda pair: _conclude(request, cloud, *pair), list(zip(done, steps, strict=True)), conf.get("BULK_THREADS")
    )
    for result, outcome in zip(done, outcomes_told, strict=True):
        result.outcome = outcome


def _is_settled(result):
    return result.outcome.ending in (Ending.APPLIED, Ending.REPAIRED)


def _after(cloud, result):
    """The Evidence on which a row's repairs rest, read now; None where nothing can be left to repair."""
    is_needed = _is_settled(result) and result.order.may_hold
    return cinder.with_holders(cloud, result.case.evidence) if is_needed else None


def _conclude(request, cloud, result, steps):
    return carrying.conclude(
        request, cloud, result.case, result.plan, steps, result.outcome, mode="bulk", ticks=_ticks(result)
    )


def _ticks(result):
    return {Tick.MAY_BE_LIVE} if result.order.include_live else frozenset()


def _repairs(request, result, evidence):
    """The repairs that are ticked by default, on what the volume and its other backups are now."""
    if evidence is None:
        return ()
    steps = repairs(evidence, result.case.verdict, rules=conf.rules())
    return tuple(
        step for step in steps if step.ticked and policies.may(request, (("volume", step.policy),), step.project_id)
    )


def look_again(request, cloud, watched):
    """One more look at what was open when it was last looked at, by one list.

    :param watched: core.outcome.Outcomes out of tickets
    :returns: list of core.outcome.Outcome
    """
    found = cinder.read_changed(cloud, [each.before.id for each in watched])
    seen = [_seen(each, found[each.before.id]) for each in watched]
    armed.release(request, *(outcome.before.id for outcome in seen if not outcome.is_open))
    return seen
