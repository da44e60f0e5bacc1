# SPDX-License-Identifier: Apache-2.0
"""One backup before a decision: the evidence, the verdict, and the plans that are open; the same for
dialog and bulk.
"""

import dataclasses

from backup_reset_panel import armed
from backup_reset_panel import cinder
from backup_reset_panel import conf
from backup_reset_panel import naming
from backup_reset_panel import policies
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.plan import Plan
from backup_reset_panel.core.plan import plans
from backup_reset_panel.core.plan import recommended
from backup_reset_panel.core.preflight import Clearance
from backup_reset_panel.core.preflight import Preflight
from backup_reset_panel.core.preflight import preflight
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.verdict import Verdict
from backup_reset_panel.core.verdict import judge


@dataclasses.dataclass(frozen=True)
class Case:
    """All that a dialog shows and a submit rests on. ``plans`` maps every Choice to its Plan, refused ones included."""

    evidence: Evidence
    verdict: Verdict
    plans: dict[Choice, Plan]
    recommended: Choice | None
    preflight: Preflight
    rules: Rules
    project_name: str | None = None

    @property
    def backup(self):
        """The backup as read."""
        return self.evidence.backup

    @property
    def offered(self):
        """The Choices that can be carried out now; no reset where no service could take it."""
        can_send = self.preflight.clearance is not Clearance.BLOCK
        return tuple(
            choice for choice, plan in self.plans.items() if not plan.refusal and (can_send or choice is Choice.REPAIR)
        )

    @property
    def main(self):
        """The plan whose warning is shown: the recommended one, or else the first that is open, or None."""
        choice = self.recommended if self.recommended in self.offered else next(iter(self.offered), None)
        return self.plans[choice] if choice else None

    @property
    def repairs(self):
        """The repairs that may be ticked, whatever status is chosen."""
        return self.main.repairs if self.main else ()

    @property
    def consents(self):
        """The tick boxes that one of the open choices needs, each once."""
        by_tick = {consent.tick: consent for choice in self.offered for consent in self.plans[choice].consents}
        return tuple(by_tick.values())


def examine(request, cloud, backup_id):
    """Read a backup that the user may reset, collect the evidence on it, judge it, and work out the plans.

    :param request: Django request of the administrator
    :param cloud: cinder.Cloud
    :param backup_id: a UUID
    :returns: Case
    :raises CinderFault: the backup could not be read
    :raises NotAuthorized: not theirs to reset
    """
    begun = cinder.begin(cloud, backup_id)
    backup = cinder.read_backup(cloud, backup_id)
    policies.require(request, policies.RESET_BACKUP, backup.project_id)
    evidence, project_name = cinder.collect(cloud, backup, naming.project_name, begun)
    under_way = armed.pending(request, backup.id)
    if under_way and under_way.target == backup.status:
        armed.release(request, backup.id)
        under_way = None
    evidence = dataclasses.replace(evidence, armed=under_way)
    verdict = judge(evidence)
    rules = conf.rules()
    return Case(
        evidence,
        verdict,
        {choice: _allowed(request, plan) for choice, plan in plans(evidence, verdict, rules).items()},
        recommended(evidence, verdict, rules),
        preflight(evidence, verdict, evidence.read_at),
        rules,
        project_name,
    )


def _allowed(request, plan):
    """A plan without the repairs that Cinder's policy does not allow this user."""
    steps = tuple(step for step in plan.repairs if policies.may(request, (("volume", step.policy),), step.project_id))
    return dataclasses.replace(plan, repairs=steps)
