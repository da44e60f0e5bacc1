# SPDX-License-Identifier: Apache-2.0
"""What a chunk of a bulk run rests on when its turn comes: read again, decided again, and compared with what was
planned. Only what is as it was planned is sent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from backup_reset_panel import cinder
from backup_reset_panel.bulk.planning import STOPPING
from backup_reset_panel.bulk.planning import Planned
from backup_reset_panel.core.decision import compared
from backup_reset_panel.core.evidence import is_late
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.outcome.types import GONE
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.pending import Pending
from backup_reset_panel.core.plan.preflight import Clearance
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import State
from backup_reset_panel.resets import case as cases
from backup_reset_panel.resets import execute
from backup_reset_panel.resets import pending
from backup_reset_panel.resets import stored
from backup_reset_panel.resets.tokens import Order

#: After one of these nothing more of a run is sent.
PAUSING = STOPPING | GONE | {FaultKind.NO_SERVICE}


@dataclasses.dataclass
class Row:
    """What became of one order.

    :param order: what was planned
    :param claim: the right to send a reset of it
    :param job: what is carried out, None if nothing is
    :param outcome: None where nothing was tried
    :param change: why nothing was tried, where it is no longer as it was planned
    :param now: how it would be planned now, where that is why nothing was tried
    :param is_put_off: whether there was no time for it in this chunk
    """

    order: Order
    claim: pending.Claim
    job: execute.Job | None = None
    outcome: Outcome | None = None
    change: Change = Change.NONE
    now: Planned | None = None
    is_put_off: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether it is to be sent."""
        return self.job is not None and self.outcome is None


def prepare(request: Any, cloud: cinder.Cloud, rows: list[Row]) -> Fault | str | None:
    """Decide again on every row, and compare.

    :returns: why nothing may be sent at all, or None
    """
    own = {row.order.backup_id: row.claim.owner for row in rows}
    read = cases.gather(request, cloud, {row.order.backup_id: row.order.status for row in rows}, own)
    lost = _why_unread(list(read.values()))
    if lost:
        return lost
    blocked = _why_blocked(rows, read)
    if blocked is not None:
        return blocked
    told = stored.findings(request, cloud, _asked_of_stores(request, rows, read))
    for row in rows:
        _decide(request, cloud, row, read[row.order.backup_id], told.get(row.order.backup_id))
    _leave_to_others([row for row in rows if row.is_ready], pending.find_many(request, own))
    return _lost_services(rows, read) or _late(rows)


def _asked_of_stores(request: Any, rows: list[Row], read: dict[str, cases.Case | Fault]) -> dict[str, cases.Case]:
    """The cases of which the store's word is wanted: that were planned by it, or are to become available."""
    found: dict[str, cases.Case] = {}
    for row in rows:
        case = read[row.order.backup_id]
        if isinstance(case, cases.Case) and cases.may_reset(request, case.backup):
            is_by_store = row.order.is_by_store and stored.can_tell(case)
            if is_by_store or stored.must_be_checked(case, Choice(row.order.choice)):
                found[case.backup.id] = case
    return found


def _why_unread(found: list[cases.Case | Fault]) -> Fault | None:
    """The Fault for which nothing is sent: Cinder is gone or fails for every row. None where rows differ."""
    faults = [each for each in found if isinstance(each, Fault) and each.kind is not FaultKind.NO_SUCH_BACKUP]
    gone = next((fault for fault in faults if fault.kind in PAUSING), None)
    return gone or (faults[0] if len(faults) == len(found) > 1 else None)


def _why_blocked(rows: list[Row], found: dict[str, cases.Case | Fault]) -> str | None:
    """Why nothing can be sent now: no service anywhere takes resets. One zone without a service stops nothing else, and
    what is only freed needs none.
    """
    read = [each for each in found.values() if isinstance(each, cases.Case)]
    blocked = [case for case in read if case.preflight.clearance is Clearance.BLOCK and case.preflight.is_everywhere]
    return str(blocked[0].preflight.text) if blocked and len(blocked) == len(read) and not _frees(rows) else None


def _frees(rows: list[Row]) -> bool:
    """Whether some are only freed, which needs no service."""
    return any(row.order.choice == Choice.REPAIR.value for row in rows)


def _lost_services(rows: list[Row], found: dict[str, cases.Case | Fault]) -> Fault | None:
    """The Fault for which nothing is sent: the last cinder-backup that was up has just gone, and with it changed what
    is known of every row. They are still to be sent when one is back, and what was planned holds again.
    """
    changed = [row for row in rows if row.change is Change.OTHER_DECISION]
    read = [each for each in found.values() if isinstance(each, cases.Case)]
    if not changed or _frees(rows) or not all(case.preflight.is_everywhere for case in read):
        return None
    _keep(changed)
    return Fault(FaultKind.NO_SERVICE)


def _late(rows: list[Row]) -> Fault | str | None:
    """Why nothing is sent: Cinder or a store did not say of some rows in time what was known when they were planned.
    That is no change; they are still to be sent.
    """
    changed = [row for row in rows if row.change is Change.OTHER_DECISION and row.now]
    reasons = {id(row): _why_late(row.now) or _why_not_told(row, row.now) for row in changed if row.now}
    late = [row for row in changed if reasons[id(row)]]
    _keep(late)
    return reasons[id(late[0])] if late else None


def _why_not_told(row: Row, planned: Planned) -> str | None:
    """Why the store that a row was planned by says nothing now, None if it does, or was not needed."""
    found = planned.case.evidence.storage
    if not row.order.is_by_store or (found is not None and found.state is not State.UNKNOWN):
        return None
    return _(
        "The store does not tell now what it told for the plan. Resume in a moment, or start from the list: what is "
        "untouched is still there."
    )


def _why_late(planned: Planned) -> Fault | None:
    """Why a source did not answer this time, None if all did that were asked."""
    late = next((why for _source, why in planned.case.evidence.missing if is_late(why)), None)
    if late is None:
        return None
    kind = late.detail.partition(" ")[0]
    return Fault(FaultKind(kind) if kind in {each.value for each in FaultKind} else FaultKind.TIMED_OUT)


def _keep(rows: list[Row]) -> None:
    """Let rows be as if they had not been tried."""
    for row in rows:
        row.change, row.now = Change.NONE, None


def _decide(request: Any, cloud: cinder.Cloud, row: Row, read: cases.Case | Fault, told: Finding | None = None) -> None:
    """Find out whether a row would be planned now as it was planned; on the same as then, as in the dialog.

    :param told: what its store says, if that was asked
    """
    order = row.order
    found = read
    if told is not None and order.is_by_store and isinstance(read, cases.Case):
        found = stored.judged(request, cloud, read, told)
    if isinstance(found, Fault):
        before = Backup(order.backup_id, status=order.status)
        is_gone = found.kind is FaultKind.NO_SUCH_BACKUP
        ending = Ending.DELETED_MEANWHILE if is_gone else Ending.REFUSED
        row.outcome = Outcome(ending, before, _target(order), fault=found)
        return
    line = found.line(order.mode, order.ticks) if cases.may_reset(request, found.backup) else None
    now = Planned(found, line, order.ticks) if line else None
    decided = found.decision(line.plan if line else None, order.ticks)
    row.change = compared(order.decision, decided, found.backup)
    if row.change is not Change.NONE or line is None or line.plan is None:
        row.change = row.change if row.change is not Change.NONE else Change.OTHER_DECISION
        row.now = now
        return
    if told is not None and not order.is_by_store:
        found = stored.judged(request, cloud, found, told)
        if stored.contradicts(found):
            row.change = Change.ON_STORE
            row.now = Planned(found, found.line(order.mode, order.ticks), order.ticks)
            return
    row.job = execute.Job(found, line.plan, order.ticks, "bulk")


def _leave_to_others(ready: list[Row], sent: Mapping[str, tuple[Pending, ...]]) -> None:
    """Send nothing where another administrator was faster.

    :param sent: id to the resets of others that are pending now
    """
    for row in ready:
        if row.job and (not row.claim.is_held or execute.is_overtaken(row.job, sent[row.order.backup_id])):
            backup = row.job.case.backup
            row.outcome = Outcome(Ending.NOT_SENT, backup, _target(row.order), now=backup)


def _target(order: Order) -> str:
    return order.choice if order.choice in (Choice.AVAILABLE.value, Choice.ERROR.value) else ""
