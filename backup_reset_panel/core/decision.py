# SPDX-License-Identifier: Apache-2.0
"""What was decided and shown, as a value that travels: submitted with another one, nothing is sent.

The record alone is no guard: a parent can be deleted, a host come up, a volume be attached while it stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set
from typing import Any

from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.fingerprint import changed
from backup_reset_panel.core.fingerprint import fingerprint
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.records import Backup
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.types import Verdict


def variant(choice: Choice, ticks: Set[Tick]) -> str:
    """What a plan is told from the others by: its choice, and whether the word was given that changes what is done."""
    return f"{choice.value}+{Tick.PROCESS_DEAD.value}" if Tick.PROCESS_DEAD in ticks else choice.value


def decision(backup: Backup, verdict: Verdict, plans: Mapping[str, Plan], region: str) -> dict[str, Any]:
    """All that an administrator was shown and may rely on.

    :param plans: by variant, those that were offered: all in a dialog, the one to be carried out in a bulk run
    :param region: the region of the cloud
    :returns: values that JSON gives back as they were
    """
    return {
        "region": region,
        "record": fingerprint(backup),
        "row": verdict.row,
        "kind": verdict.kind.value,
        "life": verdict.life.value,
        "recommended": verdict.recommended.value,
        "plans": {name: _in_short(each) for name, each in plans.items()},
    }


def _in_short(plan: Plan) -> dict[str, Any]:
    return {
        "refused": plan.refusal.code.value if plan.refusal else None,
        "resets": [[step.target, step.until.value] for step in plan.resets],
        "removes": plan.removes,
        "repairs": [
            [
                step.kind.value,
                step.id,
                step.before,
                step.after,
                step.ticked,
                step.note.code.value if step.note else None,
            ]
            for step in plan.repairs
        ],
        "confirmations": sorted(each.tick.value for each in plan.confirmations),
        "offered": plan.offered.tick.value if plan.offered else None,
    }


def compared(shown: Any, now: dict[str, Any], backup: Backup) -> Change:
    """How what would be decided now differs from what was shown.

    :param shown: what ``decision`` gave then; anything malformed counts as CHANGED
    :param now: what it gives now, of the plan that is to be carried out; others that were shown may differ
    :param backup: as it is now
    """
    if not isinstance(shown, dict):
        return Change.CHANGED
    if shown.get("region") != now["region"]:
        return Change.OTHER_REGION
    change = changed(shown.get("record"), backup)
    if change is not Change.NONE:
        return change
    plans = shown.get("plans", {})
    is_same = shown | {"plans": {name: plans.get(name) for name in now["plans"]}} == now
    return Change.NONE if is_same else Change.OTHER_DECISION
