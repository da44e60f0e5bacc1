# SPDX-License-Identifier: Apache-2.0
"""Carrying out a bulk run, a chunk at a time: claim, decide again, mark, send side by side, look by lists, free, write
down.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel.bulk import deciding
from backup_reset_panel.bulk.deciding import PAUSING
from backup_reset_panel.bulk.deciding import Row
from backup_reset_panel.core.audit import Act
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.outcome.outcome import held
from backup_reset_panel.core.outcome.types import GONE
from backup_reset_panel.core.outcome.types import NEVER_LEFT
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.pending import CLAIM_SECONDS
from backup_reset_panel.resets import audit_log
from backup_reset_panel.resets import execute
from backup_reset_panel.resets import pending
from backup_reset_panel.resets import removal
from backup_reset_panel.resets.tokens import Order
from backup_reset_panel.resets.tokens import Watched

#: So long rows are begun; what is left then is for the next chunk. Whoever stands between browser and Horizon waits for
#: half a minute or so.
SENDING_SECONDS = 10.0
#: None is begun so shortly before its claim lapses: what is sent takes its time, too.
SPARE_SECONDS = 10.0
#: Pauses between looks at a chunk's outcome, in seconds.
PAUSES = (0.03, 0.05, 0.1, 0.2, 0.4)
#: After so many looks the run goes on, unless what is still open has something to be freed: the page looks at it again
#: at the end.
ENOUGH_LOOKS = 3


@dataclasses.dataclass(frozen=True)
class Done:
    """What became of a chunk: a Row for every order, and why the run should not go on by itself, if it should not: a
    Fault, or a text. Where Cinder is slow some rows are put off: the next chunk is to have them.
    """

    rows: list[Row]
    pause: Fault | str | None = None


def apply(request: Any, cloud: cinder.Cloud, orders: list[Order]) -> Done:
    """Carry out a chunk.

    :param orders: of different backups
    :returns: one Row for every order whatever happens
    :raises CinderFault: TOKEN_REFUSED or OTHER_REGION, before anything was sent
    """
    if any(order.decision["region"] != cloud.region for order in orders):
        raise cinder.CinderFault(Fault(FaultKind.OTHER_REGION))
    # Claimed before it is read: in between, a reset of somebody else could be sent, applied and forgotten.
    lapse = time.monotonic() + CLAIM_SECONDS
    rows = [Row(order, pending.Claim(request, order.backup_id, in_session=False)) for order in orders]
    is_paused = False
    try:
        pause = deciding.prepare(request, cloud, rows) or _send(cloud, [row for row in rows if row.is_ready], lapse)
        is_paused = pause is not None
        _watch(cloud, [row for row in rows if row.outcome and row.outcome.is_open])
        _conclude(cloud, [row for row in rows if row.job and row.outcome])
        return Done(rows, pause)
    finally:
        pending.end_all(request, [(row.claim, row.outcome) for row in rows])
        acts = (_act(row, is_paused) for row in rows)
        audit_log.write(request, [act for act in acts if act])


def _send(cloud: cinder.Cloud, ready: list[Row], lapse: float) -> Fault | None:
    """Send what is ready side by side; stop at the first answer that every other would get too, and put off what is not
    begun in time.

    :param lapse: when the first of their claims lapses
    :returns: why the run should not go on by itself, or None
    """
    stopped: list[Fault] = []
    until = min(time.monotonic() + SENDING_SECONDS, lapse - SPARE_SECONDS)

    def send(row: Row) -> None:
        if stopped or row.job is None:
            return
        if time.monotonic() > until:
            row.is_put_off = True
            return
        row.outcome = _sent(cloud, row, row.job)
        fault = row.outcome.fault if row.outcome else None
        if fault and fault.kind in PAUSING and not _is_of_one_zone(row.job, fault):
            stopped.append(fault)
        if fault and fault.kind in NEVER_LEFT:
            # What never left is still to be sent when the run goes on.
            row.claim.end(row.outcome)
            row.outcome = None

    cinder.side_by_side(cloud.person, send, ready, conf.get("BULK_THREADS"))
    if ready and all(row.is_put_off for row in ready):
        # The next chunk would come no further.
        return Fault(FaultKind.TIMED_OUT)
    return stopped[0] if stopped else None


def _is_of_one_zone(job: execute.Job, fault: Fault) -> bool:
    """Whether a refusal concerns this row alone, since other services take resets."""
    return fault.kind is FaultKind.NO_SERVICE and not job.case.preflight.is_everywhere and job.case.has_other_zones


def _sent(cloud: cinder.Cloud, row: Row, job: execute.Job) -> Outcome | None:
    backup, watch = job.case.backup, cinder.Watch(conf.get("FOLLOW_SECONDS"))
    if job.plan.removes:
        return removal.remove(cloud, job.case, job.plan, row.claim, watch)
    if not job.plan.resets:
        return Outcome(Ending.REPAIRED, backup, "", now=backup)
    try:
        execute.mark(cloud, job)
    except execute.NotMarked:
        row.change, row.job = Change.NO_MARK, None
        return None
    sign = held(job.case.evidence)
    if len(job.plan.resets) > 1:
        return cinder.carry_out(
            cloud, job.plan.resets, backup, sign, watch, lambda step: row.claim.about_to_send(step.target)
        )
    target = job.plan.resets[0].target
    row.claim.about_to_send(target)
    return dataclasses.replace(cinder.reset(cloud, backup, target), held=sign)


def _watch(cloud: cinder.Cloud, waiting: list[Row]) -> None:
    """Look at all that was sent by one list, a few times, or until Cinder is gone; what is open after that stays so.

    What has something to be freed is watched longest: that is done only after its reset was seen. Only the last look
    asks one by one for what is not in the list, to learn what became of it instead.
    """
    for number, pause in enumerate(PAUSES, start=1):
        if not waiting:
            return
        time.sleep(pause)
        sent = [row.outcome for row in waiting if row.outcome]
        for row, outcome in zip(waiting, cinder.look_at_many(cloud, sent, number == len(PAUSES)), strict=True):
            row.outcome = outcome
        waiting = [row for row in waiting if row.outcome and row.outcome.is_open]
        if number >= ENOUGH_LOOKS and not any(row.job and row.job.plan.ticked for row in waiting):
            return
        if any(row.outcome and row.outcome.fault and row.outcome.fault.kind in GONE for row in waiting):
            return


def _conclude(cloud: cinder.Cloud, done: list[Row]) -> None:
    """After the look: free what the plans free, and find out what stays locked."""

    def repaired(row: Row) -> None:
        if row.job and row.outcome and row.job.plan.ticked and not row.job.plan.removes:
            steps = tuple(execute.repaired(cloud, row.job, step, row.outcome) for step in row.job.plan.ticked)
            row.outcome = dataclasses.replace(row.outcome, repairs=steps)

    cinder.side_by_side(cloud.person, repaired, done, conf.get("BULK_THREADS"))
    told = [execute.with_holds(row.job, row.outcome) for row in done if row.job and row.outcome]
    for row, outcome in zip(done, execute.with_locked(cloud, told), strict=True):
        row.outcome = outcome


def _act(row: Row, is_paused: bool) -> Act | None:
    """What the audit log is told of a row that was tried, or refused; nothing of what is still to be sent."""
    if row.is_put_off:
        return None
    if row.job is not None and (row.outcome is not None or not is_paused):
        return execute.act_of(row.job, row.claim.owner, row.outcome)
    if row.job is not None or (is_paused and row.outcome is None and row.change is Change.NONE):
        return None
    planned = row.now
    refused = row.change.value if row.change is not Change.NONE else "unread"
    if planned and planned.line.left_out:
        refused = planned.line.left_out.code.value
    return Act(
        "bulk",
        row.order.choice,
        row.order.backup_id,
        planned.case.evidence if planned else None,
        planned.case.verdict if planned else None,
        None,
        row.order.ticks,
        refused,
        row.outcome,
        key=row.claim.owner,
    )


def look_again(request: Any, cloud: cinder.Cloud, watched: list[Watched]) -> list[execute.Result]:
    """One more look at what was open when it was last looked at, by one list.

    :raises CinderFault: OTHER_REGION
    """
    seen = cinder.look_at_many(cloud, [each.outcome for each in watched])
    here = [
        execute.with_age(execute.here(cloud, each, outcome), each) for each, outcome in zip(watched, seen, strict=True)
    ]
    results = []
    for each, outcome in zip(watched, execute.with_locked(cloud, here), strict=True):
        pending.note(request, outcome.before.id, each.owner, outcome)
        results.append(execute.Result(outcome, each.owner, each.stored, each.since))
    audit_log.write_seen((each.owner, each.outcome) for each in results)
    return results
