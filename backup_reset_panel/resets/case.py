# SPDX-License-Identifier: Apache-2.0
"""Backups before a decision: the evidence, the verdict, and the plans that are open. The one way in which dialog, plan
and run decide.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from collections.abc import Set
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel.core.bulk import BulkLine
from backup_reset_panel.core.bulk import LeftOut
from backup_reset_panel.core.bulk import Mode
from backup_reset_panel.core.bulk import bulk_line
from backup_reset_panel.core.bulk import left_out
from backup_reset_panel.core.decision import decision
from backup_reset_panel.core.decision import variant
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.plan import plans
from backup_reset_panel.core.plan.plan import wished
from backup_reset_panel.core.plan.preflight import Clearance
from backup_reset_panel.core.plan.preflight import Preflight
from backup_reset_panel.core.plan.preflight import preflight
from backup_reset_panel.core.plan.refusals import Refusal
from backup_reset_panel.core.plan.refusals import note
from backup_reset_panel.core.plan.repairs import repairs
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Confirmation
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.plan.warnings import Warn
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.sources import Purpose
from backup_reset_panel.core.verdict.table import judge
from backup_reset_panel.core.verdict.types import Verdict
from backup_reset_panel.resets import pending
from backup_reset_panel.web import policy
from backup_reset_panel.web import projects

_NOT_ALLOWED = _("Cinder's policy does not allow you to free {name}, so it stays locked.")


@dataclasses.dataclass(frozen=True)
class Case:
    """All that is shown of a backup, and that a submit rests on.

    :param evidence: Evidence with a Backup
    :param verdict: of that
    :param preflight: whether Cinder can take a reset
    :param rules: the site's
    :param region: that the administrator works in
    :param allowed: what the policy allows them to free or to remove
    :param project_name: of the backup's project, None: not known
    """

    evidence: Evidence
    verdict: Verdict
    preflight: Preflight
    rules: Rules
    region: str
    allowed: frozenset[str] = frozenset()
    project_name: str | None = None

    @property
    def backup(self) -> Backup:
        """The backup as read."""
        assert isinstance(self.evidence.backup, Backup)  # nosec B101  # noqa: S101  (a Case is made of nothing else)
        return self.evidence.backup

    @functools.cached_property
    def plans(self) -> dict[Choice, Plan]:
        """The plans of every choice, refused ones included; a bulk run has no use for them."""
        made = plans(self.evidence, self.verdict, self.rules)
        return {choice: restricted(each, self.allowed) for choice, each in made.items()}

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The Choices that can be carried out now; none that needs a service where no service could take it."""
        can_send = self.preflight.clearance is not Clearance.BLOCK
        return tuple(
            choice for choice, made in self.plans.items() if not made.refusal and (can_send or choice is Choice.REPAIR)
        )

    @property
    def recommended(self) -> Choice | None:
        """The choice that is made beforehand, or None."""
        return next((choice for choice in wished(self.verdict) if choice in self.offered), None)

    @property
    def main(self) -> Plan | None:
        """The plan whose warning is shown: the recommended one, or else the first that is open, or None."""
        choice = self.recommended or next(iter(self.offered), None)
        return self.plans[choice] if choice else None

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """The tick boxes that one of the open choices needs or offers, each once, that of the main plan's words."""
        made = [self.plans[choice] for choice in self.offered]
        ordered = sorted(made, key=lambda each: each is not self.main)
        found: dict[Tick, Confirmation] = {}
        for each in ordered:
            for confirmation in (*each.confirmations, *([each.offered] if each.offered else [])):
                found.setdefault(confirmation.tick, confirmation)
        return tuple(found.values())

    @property
    def separate_repairs(self) -> tuple[RepairStep, ...]:
        """The repairs that take a tick of their own."""
        return tuple(step for step in self.main.repairs if step.note) if self.main else ()

    @property
    def has_other_zones(self) -> bool:
        """Whether a cinder-backup of another zone takes resets."""
        services = self.evidence.services if known(self.evidence.services) else ()
        zone = self.backup.availability_zone
        return bool(zone) and any(each.up and each.enabled and each.zone != zone for each in services)

    def planned(self, choice: Choice, ticks: Set[Tick]) -> Plan:
        """The plan of a choice with what was ticked."""
        made = plan(self.evidence, self.verdict, choice, ticks=ticks, rules=self.rules)
        return restricted(made, self.allowed)

    def shown(self) -> dict[str, Any]:
        """What a dialog shows of it, as it travels: every choice, with and without the word that its job is dead."""
        words: tuple[frozenset[Tick], ...] = (frozenset(), frozenset({Tick.PROCESS_DEAD}))
        made = {variant(choice, ticks): self.planned(choice, ticks) for choice in Choice for ticks in words}
        return decision(self.backup, self.verdict, made, self.region)

    def decision(self, made: Plan | None, ticks: Set[Tick]) -> dict[str, Any]:
        """What was decided on one plan, as it travels.

        :param made: None: nothing is to be done
        """
        plans = {variant(made.choice, ticks): made} if made else {}
        return decision(self.backup, self.verdict, plans, self.region)

    def line(self, mode: Mode, ticks: Set[Tick]) -> BulkLine:
        """What a bulk run does with it."""
        line = bulk_line(self.evidence, self.verdict, self.preflight, mode, ticks=ticks, rules=self.rules)
        if line.plan is None:
            return line
        made = restricted(line.plan, self.allowed)
        if made.refusal:
            return BulkLine(left_out=Note(LeftOut.REFUSED, made.refusal.text))
        return left_out(LeftOut.NOTHING_TO_DO) if made.is_empty else dataclasses.replace(line, plan=made)


def examine(
    request: Any,
    interview: cinder.Interview,
    batch: cinder.Batch,
    purpose: Purpose = Purpose.DECIDE,
    own: Mapping[str, str] | None = None,
) -> dict[str, Case]:
    """Collect the evidence on some backups that the user may reset, judge them, and work out the plans.

    :param request: Django request of the administrator
    :param interview: with the cloud
    :param batch: the backups, as just read
    :param own: id to the owner of a claim that is the caller's own
    :returns: id to Case
    :raises CinderFault: TOKEN_REFUSED
    """
    evidence = cinder.collect(interview, batch, purpose)
    sent = pending.find_many(request, {row.id: (own or {}).get(row.id, "") for row in batch.rows})
    return {
        row.id: decide(request, interview.cloud, dataclasses.replace(evidence[row.id], pending=sent[row.id]))
        for row in batch.rows
    }


def decide(request: Any, cloud: cinder.Cloud, evidence: Evidence) -> Case:
    """The Case that some evidence makes."""
    rules = conf.rules()
    verdict = judge(evidence, rules)
    return Case(
        evidence,
        verdict,
        preflight(evidence, verdict, evidence.read_at),
        rules,
        cloud.region,
        _allowed(request, evidence),
    )


def examine_one(request: Any, cloud: cinder.Cloud, backup_id: str) -> Case:
    """Read one backup that the user may reset, and decide on it.

    :raises CinderFault: the backup could not be read
    :raises NotAuthorized: not theirs to reset
    """
    interview = cinder.Interview(cloud)
    interview.begin(cinder.first_questions(backup_id))
    backup = cinder.read_backup(cloud, backup_id)
    policy.require(request, policy.RESET_BACKUP, backup.project_id)
    name = projects.begin(interview, backup.project_id)
    case = examine(request, interview, cinder.Batch.of((), [backup]), Purpose.SHOW)[backup_id]
    return dataclasses.replace(case, project_name=name())


def gather(
    request: Any, cloud: cinder.Cloud, wanted: dict[str, str | None], own: Mapping[str, str] | None = None
) -> dict[str, Case | Fault]:
    """Read many backups, and decide on each.

    :param wanted: id to the status that it should have, None: not known
    :param own: as for ``examine``
    :returns: id to Case, or to the Fault for which it could not be read
    :raises CinderFault: TOKEN_REFUSED
    """
    gathered = cinder.gather(cloud, wanted)
    found: dict[str, Case | Fault] = {
        **gathered.faults,
        **examine(request, cinder.Interview(cloud), gathered.batch, own=own),
    }
    return {each: found[each] for each in wanted}


def may_reset(request: Any, backup: Backup) -> bool:
    """Whether the backup is the user's to reset."""
    return policy.may(request, policy.RESET_BACKUP, backup.project_id)


def _allowed(request: Any, evidence: Evidence) -> frozenset[str]:
    """Of the rules that plans may need, those that allow it."""
    steps = {(step.policy, step.project_id) for step in repairs(evidence)}
    allowed = {rule for rule, project_id in steps if policy.may(request, (("volume", rule),), project_id)}
    project_id = evidence.backup.project_id if isinstance(evidence.backup, Backup) else None
    if policy.may(request, policy.FORCE_DELETE, project_id):
        allowed.add(policy.FORCE_DELETE[0][1])
    return frozenset(allowed)


def restricted(made: Plan, allowed: frozenset[str]) -> Plan:
    """A plan without what Cinder's policy does not allow this user; what is dropped is told."""
    if made.refusal:
        return made
    if made.removes and policy.FORCE_DELETE[0][1] not in allowed:
        return Plan(made.choice, refusal=note(Refusal.NOT_ALLOWED))
    dropped = [step for step in made.repairs if step.policy not in allowed]
    if not dropped:
        return made
    if made.choice in (Choice.REPAIR, Choice.REMOVE):
        return Plan(made.choice, refusal=note(Refusal.NOT_ALLOWED))
    told = tuple(Note(Warn.NOT_ALLOWED, format_lazy(_NOT_ALLOWED, name=step.label)) for step in dropped)
    kept = tuple(step for step in made.repairs if step not in dropped)
    return dataclasses.replace(made, repairs=kept, warnings=made.warnings + told)
