# SPDX-License-Identifier: Apache-2.0
"""What the templates of the dialogs are given: decided things in words, nothing to decide left."""

from backup_reset_panel.core import spans
from backup_reset_panel.core import statuses
from backup_reset_panel.core import wording
from backup_reset_panel.core.commands import Tool
from backup_reset_panel.core.commands import commands
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.kinds import Level
from backup_reset_panel.core.liveness import seen
from backup_reset_panel.core.preflight import Clearance
from backup_reset_panel.core.sources import Source

#: Bootstrap's name for each level of a verdict.
ALERTS = {Level.GOOD: "success", Level.WARN: "warning", Level.BAD: "danger", Level.UNKNOWN: "warning"}


def case(examined, region):
    """The context of the dialog.

    :param examined: decision.Case
    :param region: name of the region that the user works in
    """
    backup, evidence, main = examined.backup, examined.evidence, examined.main
    return {
        "case": examined,
        "backup": backup,
        "volume": evidence.volume if known(evidence.volume) else None,
        "restore_target": evidence.restore_target if known(evidence.restore_target) else None,
        "project_name": examined.project_name,
        "status_label": statuses.label(backup.status),
        "unchanged_for": _unchanged_for(evidence),
        "verdict": examined.verdict,
        "verdict_alert": ALERTS[examined.verdict.level],
        "warning": _warning(examined),
        "is_blocked": examined.preflight.clearance is Clearance.BLOCK,
        "nothing_offered": _why_nothing(examined),
        "more_warnings": [note.text for note in main.warnings[1:]] if main else [],
        "refusals": [plan.refusal.text for plan in examined.plans.values() if plan.refusal],
        "services": _services(evidence),
        "missing": [name.replace("_", " ") for name, _why in evidence.missing],
        "commands": _commands(examined, region),
    }


def outcome(seen_outcome):
    """The context of the result dialog.

    :param seen_outcome: core.outcome.Outcome
    """
    return {
        "outcome": seen_outcome,
        "told": wording.of_outcome(seen_outcome),
        "fault_told": _why_unknown(seen_outcome),
        "from_label": statuses.label(seen_outcome.before.status),
        "to_label": statuses.label(seen_outcome.target) if seen_outcome.target else "",
        "repairs": [wording.of_repair(repaired) for repaired in seen_outcome.repairs],
    }


def _why_unknown(seen_outcome):
    """What kept us from knowing, behind an ending that is open; a refusal says it in its own headline."""
    if seen_outcome.is_open and seen_outcome.fault:
        return wording.of_fault(seen_outcome.fault)
    return None


def _unchanged_for(evidence):
    since = evidence.backup.updated_at or evidence.backup.created_at
    return spans.span(evidence.read_at - since) if since else None


def _warning(examined):
    """The one warning in the open: that of the services, where they speak, before that of the plan."""
    if examined.preflight.text and examined.plans and _resets_offered(examined):
        return examined.preflight.text
    note = examined.main.open_warning if examined.main else None
    return note.text if note else None


def _resets_offered(examined):
    return any(plan.resets for plan in examined.plans.values() if not plan.refusal)


def _why_nothing(examined):
    """Why the dialog has nothing to submit, or None."""
    if examined.offered:
        return None
    if examined.preflight.clearance is Clearance.BLOCK and _resets_offered(examined):
        return examined.preflight.text
    return next(plan.refusal.text for plan in examined.plans.values() if plan.refusal)


def _services(evidence):
    if not known(evidence.services):
        return []
    return [(service, seen(service, evidence.read_at)) for service in evidence.services]


def _commands(examined, region):
    """For each open choice its label and the commands, of both clients, for what is ticked beforehand."""
    listed = []
    for choice in examined.offered:
        plan = examined.plans[choice]
        lines = [commands(plan, examined.backup.id, tool, region=region) for tool in Tool]
        label = statuses.label(choice.value) if plan.resets else None
        listed.append((label, [line for group in lines for line in group]))
    return listed
