# SPDX-License-Identifier: Apache-2.0
"""Carrying out a bulk run, a chunk at a time: guard by lists, send side by side, look by lists, repair, write down."""

import dataclasses
import datetime
import time

from backup_reset_panel import armed
from backup_reset_panel import bulk
from backup_reset_panel import carrying
from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import decision
from backup_reset_panel import policies
from backup_reset_panel.core import guard
from backup_reset_panel.core import outcome as outcomes
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.guard import Change
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.outcome import Outcome
from backup_reset_panel.core.plan import Plan
from backup_reset_panel.core.plan import plan
from backup_reset_panel.core.preflight import Clearance
from backup_reset_panel.core.preflight import preflight
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.repairs import repairs
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict import judge

#: Pauses between looks at a chunk's outcome, in seconds.
PAUSES = (0.05, 0.05, 0.1, 0.2, 0.4)


@dataclasses.dataclass
class Result:
    """What became of one order.

    :param order: bulk.Order
    :param case: decision.Case that it rests on, None if the backup could not be read
    :param plan: core.plan.Plan, None likewise
    :param outcome: core.outcome.Outcome, None where nothing was tried
    :param change: core.guard.Change where the guard stopped it
    """

    order: object
    case: object = None
    plan: Plan | None = None
    outcome: Outcome | None = None
    change: Change | None = None


@dataclasses.dataclass(frozen=True)
class Done:
    """What became of a chunk: a Result for every order, and why the run should not go on by itself, if it
    should not.
    """

    results: list
    pause: object = None


def apply(request, cloud, orders, clock=time.monotonic):
    """Carry out a chunk: guard by lists, send side by side, look by lists, repair, write down.

    :param request: Django request of the administrator
    :param cloud: cinder.Cloud
    :param orders: bulk.Orders
    :returns: Done, with one Result for every order whatever happens
    """
    services, now = cinder.side_by_side(
        lambda read: read(),
        [
            lambda: cinder.read_services(cloud),
            lambda: cinder.read_many(cloud, [(each.backup_id, each.shown[0]) for each in orders]),
        ],
    )
    unread = _why_unread(list(now.values()))
    if unread:
        return Done([Result(each) for each in orders], pause=unread)
    results = [_prepare(request, cloud, each, now[each.backup_id], services) for each in orders]
    blocked = next((result for result in results if result.case and _is_blocked(result)), None)
    if blocked:
        return Done(results, pause=str(blocked.case.preflight.text))
    ready = [result for result in results if result.plan and not result.plan.refusal and not result.outcome]
    pause = _send(request, cloud, ready)
    _watch(cloud, [result for result in ready if result.outcome and result.outcome.is_open], clock)
    _conclude_all(request, cloud, [result for result in ready if result.outcome])
    return Done(results, pause=pause)


def _why_unread(found):
    """The Fault for which nothing is sent: Cinder is gone or fails for every row. None where rows differ."""
    faults = [each for each in found if not isinstance(each, Backup) and each.kind is not FaultKind.NO_SUCH_BACKUP]
    gone = next((fault for fault in faults if fault.kind in bulk.PAUSING), None)
    return gone or (faults[0] if len(faults) == len(found) > 1 else None)


def _is_blocked(result):
    return result.plan and result.plan.resets and result.case.preflight.clearance is Clearance.BLOCK


def _prepare(request, cloud, each, found, services):
    """The Result before anything is sent: what was read, whether it still is what was planned, and the plan."""
    if not isinstance(found, Backup):
        ending = Ending.DELETED_MEANWHILE if found.kind is FaultKind.NO_SUCH_BACKUP else Ending.REFUSED
        before = Backup(each.backup_id, status=each.shown[0])
        return Result(each, outcome=Outcome(ending, before, each.choice.value, fault=found))
    change = guard.changed(each.shown, found)
    if change is not Change.NONE:
        return Result(each, change=change)
    policies.require(request, policies.RESET_BACKUP, found.project_id)
    taken_up, driver, temp_volume, temp_snapshot = (Unknown() if fact is None else fact for fact in each.facts)
    evidence = Evidence(
        found,
        datetime.datetime.now(datetime.timezone.utc),
        taken_up=taken_up,
        driver=driver,
        services=services,
        temp_volume=temp_volume,
        temp_snapshot=temp_snapshot,
        armed=armed.pending(request, found.id),
    )
    if each.choice is Choice.REPAIR:
        evidence = cinder.with_holders(cloud, evidence)
    verdict = judge(evidence)
    made = plan(evidence, verdict, each.choice, rules=conf.rules())
    case = decision.Case(
        evidence,
        verdict,
        {each.choice: made},
        each.choice,
        preflight(evidence, verdict, evidence.read_at),
        conf.rules(),
    )
    return Result(each, case, made)


def _send(request, cloud, ready):
    """Send the resets side by side; stop at the first answer that every other would get too.

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
        if not armed.claim(request, backup.id, target, in_session=False):
            return Outcome(Ending.NOT_SENT, backup, target, now=backup)
        if len(result.plan.resets) > 1:
            return cinder.carry_out(cloud, result.plan, backup, conf.get("FOLLOW_SECONDS"))
        sent = cinder.reset(cloud, backup, target)
        if sent.fault and sent.fault.kind in bulk.PAUSING:
            stopped.append(sent.fault)
        return sent

    for result, sent in zip(ready, cinder.side_by_side(send, ready, conf.get("BULK_THREADS")), strict=True):
        result.outcome = sent
    return stopped[0] if stopped else None


def _watch(cloud, waiting, clock):
    """Look at all that was sent by one list, a few times, or until Cinder is gone; what is open after that stays so.

    Only the last look asks one by one for what is not in the list, to learn what became of it instead.
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
        if any(not isinstance(each, Backup) and each.kind in outcomes.GONE for each in found.values()):
            return


def _seen(sent, found):
    if isinstance(found, Backup):
        return outcomes.with_look(sent, found)
    if found.kind is FaultKind.NO_SUCH_BACKUP:
        return outcomes.with_look(sent, None)
    return dataclasses.replace(sent, fault=found)


def _conclude_all(request, cloud, done):
    """After the look: repair what is ticked, write each down, forget what was claimed."""
    evidence = cinder.side_by_side(lambda result: _after(cloud, result), done, conf.get("BULK_THREADS"))
    steps = [_repairs(request, result, found) for result, found in zip(done, evidence, strict=True)]
    outcomes_told = cinder.side_by_side(
        lambda pair: _conclude(request, cloud, *pair), list(zip(done, steps, strict=True)), conf.get("BULK_THREADS")
    )
    for result, outcome in zip(done, outcomes_told, strict=True):
        result.outcome = outcome
        _disarm(request, result)


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


def _disarm(request, result):
    """Forget what was claimed for a row, if it is over."""
    outcome, backup = result.outcome, result.case.backup
    if outcome.is_open and outcome.target != result.plan.resets[0].target:
        armed.change(request, backup.id, outcome.target, in_session=False)
    if not outcome.is_open and outcome.ending is not Ending.NOT_SENT:
        armed.release(request, backup.id)


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
    for outcome in seen:
        if not outcome.is_open:
            armed.release(request, outcome.before.id)
    return seen
