# SPDX-License-Identifier: Apache-2.0
"""Carrying out one plan: claim, mark, send, follow, free, write down."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from backup_reset_panel import cinder
from backup_reset_panel.core import statuses
from backup_reset_panel.core.audit import Act
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.fingerprint import changed
from backup_reset_panel.core.fingerprint import fingerprint
from backup_reset_panel.core.outcome.outcome import held
from backup_reset_panel.core.outcome.texts import NEVER_TAKEN_UP
from backup_reset_panel.core.outcome.texts import PATIENCE_SECONDS
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.pending import Pending
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.repairs import holders
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.storage import reading_texts
from backup_reset_panel.core.storage import texts as storage_texts
from backup_reset_panel.resets import audit_log
from backup_reset_panel.resets import pending
from backup_reset_panel.resets import removal
from backup_reset_panel.resets.case import Case
from backup_reset_panel.resets.tokens import Watched

#: After these it can be told what stays locked.
_OVER = frozenset({Ending.APPLIED, Ending.REPAIRED})


@dataclasses.dataclass(frozen=True)
class Job:
    """One plan to be carried out for a backup.

    :param case: Case, read for this request
    :param plan: without a refusal, all of whose confirmations were given
    :param ticks: what was confirmed
    :param mode: "dialog" or "bulk"
    """

    case: Case
    plan: Plan
    ticks: frozenset[Tick]
    mode: str


@dataclasses.dataclass(frozen=True)
class Result:
    """What came of a Job.

    :param owner: whose pending reset it is, where it is open
    :param since: when it was sent
    :param stored: what its store showed then; empty: it was not looked at
    """

    outcome: Outcome
    owner: str = ""
    stored: str = ""
    since: datetime.datetime = dataclasses.field(default_factory=lambda: datetime.datetime.now(datetime.timezone.utc))

    def watched(self, cloud: cinder.Cloud) -> Watched:
        """What a token carries to the next look."""
        return Watched(self.outcome, self.owner, where(cloud), self.since, self.stored)


class NotMarked(Exception):
    """Cinder did not accept the note that is owed before a reset, and nobody agreed to continue without it.

    Nothing was sent.
    """


def where(cloud: cinder.Cloud) -> tuple[str, ...]:
    """For whom, and in which region, something was read."""
    return (cloud.region, cloud.project_id, cloud.person)


def carry_out(request: Any, cloud: cinder.Cloud, job: Job, seconds: float) -> Result:
    """Carry out a plan that was decided on, and write it down, whatever happens.

    :param seconds: how long to watch in all
    :raises NotMarked: nothing was sent
    """
    outcome, refused, owner = None, "interrupted", ""
    try:
        with pending.claimed(request, job.case.backup.id) as claim:
            owner = claim.owner
            outcome = not_sent(request, cloud, job, claim) or _sent(cloud, job, claim, cinder.Watch(seconds))
            claim.end(outcome)
        outcome = concluded(cloud, job, outcome)
        return Result(outcome, claim.owner, _stored(job.case))
    except NotMarked:
        refused = "not_marked"
        raise
    finally:
        audit_log.write(request, [act_of(job, owner, outcome, refused)])


def _stored(case: Case) -> str:
    """What the store showed, in words."""
    found = case.evidence.storage
    if found is None:
        return ""
    now = datetime.datetime.now(datetime.timezone.utc)
    return f"{storage_texts.headline(found, now)} {reading_texts.about(found, now)}".strip()


def not_sent(request: Any, cloud: cinder.Cloud, job: Job, claim: pending.Claim) -> Outcome | None:
    """An Outcome if another administrator was faster, else None.

    Asked after the claim: while evidence was collected, a reset of somebody else may have been sent, applied and
    forgotten.
    """
    backup = job.case.backup
    target = job.plan.resets[-1].target if job.plan.resets else ""
    now_sent = pending.find_many(request, {backup.id: claim.owner})[backup.id]
    if not claim.is_held or is_overtaken(job, now_sent):
        return Outcome(Ending.NOT_SENT, backup, target, now=backup)
    try:
        now = cinder.read_backup(cloud, backup.id)
    except cinder.CinderFault as exc:
        is_gone = exc.fault.kind is FaultKind.NO_SUCH_BACKUP
        return Outcome(Ending.DELETED_MEANWHILE if is_gone else Ending.REFUSED, backup, target, fault=exc.fault)
    is_same = changed(fingerprint(backup), now) is Change.NONE
    return None if is_same else Outcome(Ending.NOT_SENT, backup, target, now=now)


def is_overtaken(job: Job, sent: tuple[Pending, ...]) -> bool:
    """Whether another reset was sent since the decision was made.

    :param sent: all that are pending now, but for our own
    """
    known = {each.owner for each in job.case.evidence.pending}
    return any(each.owner not in known for each in sent)


def mark(cloud: cinder.Cloud, job: Job) -> None:
    """Note in the metadata of a backup that it was being deleted, before the status that tells so is gone.

    :raises NotMarked: nothing was sent
    """
    is_lost = bool(job.plan.resets) and job.case.backup.status in statuses.BEING_DELETED
    if is_lost and Tick.NO_MARK not in job.ticks and cinder.leave_mark(cloud, job.case.backup):
        raise NotMarked


def _sent(cloud: cinder.Cloud, job: Job, claim: pending.Claim, watch: cinder.Watch) -> Outcome:
    backup = job.case.backup
    if job.plan.removes:
        return removal.remove(cloud, job.case, job.plan, claim, watch)
    if not job.plan.resets:
        return Outcome(Ending.REPAIRED, backup, "", now=backup)
    mark(cloud, job)
    outcome = cinder.carry_out(
        cloud,
        job.plan.resets,
        backup,
        held(job.case.evidence),
        watch,
        lambda step: claim.about_to_send(step.target),
    )
    return with_host(cloud, outcome)


def with_host(cloud: cinder.Cloud, outcome: Outcome) -> Outcome:
    """An Outcome that is open, or may still be applied later, with the name of the host that has the reset; one that no
    service took with that of the host last asked.
    """
    is_without = outcome.fault is not None and outcome.fault.kind is FaultKind.NO_SERVICE
    is_sent = outcome.ending in (Ending.ACCEPTED, Ending.REACHED, Ending.REMOVING)
    if (is_sent or is_without) and outcome.now and not outcome.host:
        return dataclasses.replace(outcome, host=cinder.read_host(cloud, outcome.now))
    return outcome


def concluded(cloud: cinder.Cloud, job: Job, outcome: Outcome) -> Outcome:
    """What comes after a reset: free what the plan frees, and say what stays locked."""
    if not job.plan.removes:
        done = tuple(repaired(cloud, job, step, outcome) for step in job.plan.ticked)
        outcome = dataclasses.replace(outcome, repairs=done)
    return with_locked(cloud, [with_holds(job, outcome)])[0]


def repaired(cloud: cinder.Cloud, job: Job, step: RepairStep, outcome: Outcome) -> RepairOutcome:
    """A repair comes after a reset that was seen applied, or without one."""
    if outcome.ending in (Ending.APPLIED, Ending.REPAIRED):
        return cinder.repair(cloud, step, job.case.backup)
    if outcome.ending is Ending.REACHED:
        return cinder.left_alone(cloud, step)
    ending = RepairEnding.WAITING if outcome.is_open or outcome.ending is Ending.HALF_WAY else RepairEnding.LEFT
    return RepairOutcome(step, ending, step.before)


def with_holds(job: Job, outcome: Outcome) -> Outcome:
    """An Outcome with what the backup held, and nothing was done about; not what another backup holds as well."""
    if not outcome.is_open and outcome.ending not in _OVER:
        return outcome
    evidence = job.case.evidence
    tried = {each.step.id for each in outcome.repairs}
    holds = tuple(step for step in candidates(evidence) if step.id not in tried and not holders(step, evidence))
    return dataclasses.replace(outcome, holds=holds)


def with_locked(cloud: cinder.Cloud, outcomes: list[Outcome]) -> list[Outcome]:
    """The Outcomes, those of resets that were seen applied with what is locked still of what their backups held."""
    over = [each for each in outcomes if each.holds and each.ending in _OVER]
    held_still = cinder.still_held(cloud, [step for each in over for step in each.holds]) if over else set()

    def told(outcome: Outcome) -> Outcome:
        if outcome.ending not in _OVER:
            return outcome
        locked = tuple(step for step in outcome.holds if step.id in held_still)
        return dataclasses.replace(outcome, holds=(), locked=locked)

    return [told(each) for each in outcomes]


def act_of(job: Job, owner: str, outcome: Outcome | None, refused: str = "interrupted") -> Act:
    """What the audit log is told of a job.

    :param owner: whose claim it was done under
    :param refused: why there is no outcome
    """
    case = job.case
    was_sent = outcome is not None and outcome.ending is not Ending.NOT_SENT
    return Act(
        job.mode,
        job.plan.choice.value,
        case.backup.id,
        case.evidence,
        case.verdict,
        job.plan,
        job.ticks,
        None if was_sent else (outcome.ending.value if outcome else refused),
        outcome,
        key=owner,
    )


def look_again(request: Any, cloud: cinder.Cloud, watched: Watched) -> Result:
    """One more look at a reset that was open when it was last looked at.

    :raises CinderFault: OTHER_REGION: it was sent in another region than the one of this request
    """
    outcome = here(cloud, watched, cinder.look(cloud, watched.outcome))
    outcome = with_host(cloud, _ignored(cloud, with_age(outcome, watched)))
    outcome = with_locked(cloud, [outcome])[0]
    pending.note(request, outcome.before.id, watched.owner, outcome)
    audit_log.write_seen([(watched.owner, outcome)])
    return Result(outcome, watched.owner, watched.stored, watched.since)


def with_age(outcome: Outcome, watched: Watched) -> Outcome:
    """An Outcome with the time since it was sent."""
    waited = datetime.datetime.now(datetime.timezone.utc) - watched.since
    return dataclasses.replace(outcome, waited=max(0.0, waited.total_seconds()))


def here(cloud: cinder.Cloud, watched: Watched, outcome: Outcome) -> Outcome:
    """An Outcome in which "not found" means what it says: who looks now may see less than who looked then."""
    region, *who = watched.where
    if region != cloud.region:
        raise cinder.CinderFault(Fault(FaultKind.OTHER_REGION))
    if outcome.ending is Ending.DELETED_MEANWHILE and tuple(who) != where(cloud)[1:]:
        return dataclasses.replace(watched.outcome, now=None, fault=Fault(FaultKind.NOT_VISIBLE))
    return outcome


def _ignored(cloud: cinder.Cloud, outcome: Outcome) -> Outcome:
    """The outcome, as IGNORED where it is proved that an accepted reset will never be applied."""
    if outcome.ending is not Ending.ACCEPTED or outcome.now is None or outcome.waited < PATIENCE_SECONDS:
        return outcome
    if cinder.was_never_taken_up(cloud, outcome.now):
        return dataclasses.replace(outcome, ending=Ending.IGNORED, cause=NEVER_TAKEN_UP)
    return outcome
