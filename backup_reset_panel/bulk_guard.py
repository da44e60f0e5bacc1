# SPDX-License-Identifier: Apache-2.0
"""Before a chunk of a bulk run is sent: whether each backup still is what was planned, read by lists."""

import dataclasses
import datetime

from backup_reset_panel import armed
from backup_reset_panel import bulk
from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import decision
from backup_reset_panel import policies
from backup_reset_panel.core import guard
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
from backup_reset_panel.core.verdict import judge


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


def prepare(request, cloud, orders, held):
    """Read what is to be reset, and make the plans that hold for it now. Sends nothing.

    :param request: Django request of the administrator
    :param cloud: cinder.Cloud
    :param orders: bulk.Orders
    :param held: ids of those that are claimed for this run
    :returns: (one Result for every order, why nothing may be sent or None): a core.outcome.Fault or a text
    :raises NotAuthorized: not all of them are theirs to reset
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
        return [Result(each) for each in orders], unread
    results = [_prepare(request, cloud, each, now[each.backup_id], services, each.backup_id in held) for each in orders]
    blocked = next((result for result in results if result.case and _is_blocked(result)), None)
    return results, str(blocked.case.preflight.text) if blocked else None


def _why_unread(found):
    """The Fault for which nothing is sent: Cinder is gone or fails for every row. None where rows differ."""
    faults = [each for each in found if not isinstance(each, Backup) and each.kind is not FaultKind.NO_SUCH_BACKUP]
    gone = next((fault for fault in faults if fault.kind in bulk.PAUSING), None)
    return gone or (faults[0] if len(faults) == len(found) > 1 else None)


def _is_blocked(result):
    return result.plan and result.plan.resets and result.case.preflight.clearance is Clearance.BLOCK


def _prepare(request, cloud, each, found, services, is_held):
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
        armed=None if is_held else armed.pending(request, found.id),
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
