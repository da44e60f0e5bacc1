# SPDX-License-Identifier: Apache-2.0
"""What the templates of the dialogs are given: decided things in words, nothing to decide left."""

import dataclasses

from django.utils.translation import gettext as _

from backup_reset_panel import bulk
from backup_reset_panel import conf
from backup_reset_panel import services
from backup_reset_panel import tickets
from backup_reset_panel.core import spans
from backup_reset_panel.core import statuses
from backup_reset_panel.core import triage
from backup_reset_panel.core import wording
from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.commands import Tool
from backup_reset_panel.core.commands import commands
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.kinds import Level
from backup_reset_panel.core.preflight import Clearance
from backup_reset_panel.core.repairs import repairs
from backup_reset_panel.query import TILE_LABELS

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
        "services": services.by_place(evidence.services, evidence.read_at),
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


def tiles(counts, opened):
    """The tiles of the Stuck Backups page, in order.

    :param counts: core.triage.Tile to text
    :param opened: the Tile that is open
    """
    return [
        {"name": tile.value, "label": label, "count": counts.get(tile, ""), "is_open": tile is opened}
        for tile, label in TILE_LABELS.items()
    ]


def _commands(examined, region):
    """For each open choice its label and the commands, of both clients, for what is ticked beforehand."""
    listed = []
    for choice in examined.offered:
        plan = examined.plans[choice]
        lines = [commands(plan, examined.backup.id, tool, region=region) for tool in Tool]
        label = statuses.label(choice.value) if plan.resets else None
        listed.append((label, [line for group in lines for line in group]))
    return listed


def said(told):
    """A core.wording.Told as one text."""
    return f"{told.headline} {told.advice}".strip()


def planned_row(planned, settings):
    """One row of a bulk plan for the browser.

    :param planned: bulk.Planned
    :param settings: bulk.Settings
    :returns: dict of JSON values; ``ticket`` is empty where the row is left out
    """
    evidence, line = planned.evidence, planned.line
    backup = evidence.backup
    unchanged = triage.age(backup, evidence.read_at)
    row = {
        "id": backup.id,
        "name": backup.name or backup.id,
        "project": backup.project_id or "",
        "from": str(statuses.label(backup.status)),
        "age": str(spans.span(unchanged)) if unchanged is not None else "",
        "verdict": planned.verdict.kind.value,
        "why": str(planned.verdict.headline),
        "left_out": str(line.left_out.text) if line.left_out else "",
        "target": line.plan.choice.value if line.plan else "",
        "to": "",
        "also": "",
        "ticket": "",
    }
    if line.plan:
        row["to"] = str(statuses.label(line.plan.resets[-1].target)) if line.plan.resets else ""
        row["also"] = _also(planned)
        row["ticket"] = bulk.ticket(planned, settings)
    return row


def _also(planned):
    """What is repaired too: each repair, or that it is looked at when the row's turn comes, or why it is not made."""
    ticked = [step for step in planned.line.plan.repairs if step.ticked]
    if ticked:
        return "; ".join(f"{_name(step)}: {step.before} → {step.after}" for step in ticked)
    evidence = planned.evidence
    if not known(evidence.other_holders):
        evidence = dataclasses.replace(evidence, other_holders=())
    return "; ".join(_perhaps(step) for step in repairs(evidence, planned.verdict, rules=conf.rules()))


def _perhaps(step):
    if step.ticked:
        return str(_("volume, if nothing else can be using it"))
    return _("{name} stays as it is: {why}").format(name=_name(step), why=step.note.text)


def _name(step):
    return isolated(step.name or step.id)


def unread_row(backup_id, fault):
    """One row of a bulk plan that could not be read."""
    text = said(wording.of_fault(fault))
    blank = dict.fromkeys(("project", "from", "age", "verdict", "why", "target", "to", "also", "ticket"), "")
    return {"id": backup_id, "name": backup_id, **blank, "left_out": text}


def result_row(result):
    """What became of one row of a bulk run, for the browser.

    :param result: bulk_guard.Result
    :returns: dict of JSON values: ``class`` is the one result class that the row counts in
    """
    if result.outcome:
        return outcome_row(result.outcome)
    row = {"id": result.order.backup_id, "level": "warning", "repairs": [], "request_id": "", "watch": ""}
    if result.change:
        return row | {"class": "changed", "said": str(wording.of_change(result.change).headline)}
    if result.plan and result.plan.refusal:
        return row | {"class": "refused_here", "said": str(result.plan.refusal.text)}
    return row | {"class": "not_sent", "said": str(_("Not sent."))}


def outcome_row(seen_outcome):
    """How one reset of a bulk run ended, for the browser; ``watch`` is the ticket for another look while it is open.

    :param seen_outcome: core.outcome.Outcome
    """
    told = wording.of_outcome(seen_outcome)
    fault_id = seen_outcome.fault.request_id if seen_outcome.fault else ""
    return {
        "id": seen_outcome.before.id,
        "class": seen_outcome.ending.value,
        "level": told.level,
        "said": str(told.headline),
        "repairs": [said(wording.of_repair(repaired)) for repaired in seen_outcome.repairs],
        "request_id": seen_outcome.request_id or fault_id,
        "watch": tickets.watch(seen_outcome) if seen_outcome.is_open else "",
    }
