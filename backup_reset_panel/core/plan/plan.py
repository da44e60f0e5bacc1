# SPDX-License-Identifier: Apache-2.0
"""From a choice to the steps that carry it out: one plan for the dialog, its submit and a bulk run."""

from __future__ import annotations

from collections.abc import Set

from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.plan.confirmations import confirmations
from backup_reset_panel.core.plan.confirmations import process_dead
from backup_reset_panel.core.plan.refusals import refusal
from backup_reset_panel.core.plan.repairs import repairs
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Confirmation
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.plan.types import ResetStep
from backup_reset_panel.core.plan.types import Until
from backup_reset_panel.core.plan.warnings import warnings
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.types import COMPLETE
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Verdict


def plan(
    evidence: Evidence,
    verdict: Verdict,
    choice: Choice,
    *,
    ticks: Set[Tick] = frozenset(),
    rules: Rules | None = None,
) -> Plan:
    """The plan for one choice; the same for the dialog, its submit and a bulk run.

    :param ticks: what was ticked so far; only PROCESS_DEAD changes the plan: more is done
    :param rules: None for the defaults
    """
    rules = rules or Rules()
    refused = refusal(evidence, verdict, choice, rules)
    if refused:
        return Plan(choice, refusal=refused)
    resets = _resets(evidence, verdict, choice, ticks)
    steps = repairs(evidence, ticks)
    needed = confirmations(evidence, verdict, choice, steps, rules)
    return Plan(
        choice,
        resets,
        steps,
        choice is Choice.REMOVE,
        warnings(evidence, verdict, choice, cleans_up=len(resets) > 1),
        needed,
        _offered(evidence, verdict, choice, steps, needed),
    )


def _offered(
    evidence: Evidence,
    verdict: Verdict,
    choice: Choice,
    steps: tuple[RepairStep, ...],
    needed: tuple[Confirmation, ...],
) -> Confirmation | None:
    """The word that no process works on it any more, where more would be done with it, and the choice does without."""
    if any(each.tick is Tick.PROCESS_DEAD for each in needed):
        return None
    if steps or _cleans_up(evidence, verdict, choice):
        return process_dead(evidence, choice, steps)
    return None


def wished(verdict: Verdict) -> tuple[Choice, ...]:
    """The choices that fit what is recommended, the best first: the dialog makes the first that is open beforehand.

    Where the recommended ``available`` needs an override that the site does not allow, ``error`` takes its place: the
    specification's other direct reset (``creating`` or ``restoring`` to ``error``).
    """
    if verdict.kind is Kind.AVAILABLE:
        return (Choice.REPAIR,)
    return _WISHED.get(verdict.recommended, ())


_WISHED = {
    Advice.AVAILABLE: (Choice.AVAILABLE, Choice.ERROR),
    Advice.ERROR: (Choice.ERROR,),
    Advice.REPAIR: (Choice.REPAIR,),
    Advice.REMOVE: (Choice.REMOVE, Choice.REPAIR),
    Advice.LEAVE: (Choice.REPAIR,),
}


def plans(evidence: Evidence, verdict: Verdict, rules: Rules | None = None) -> dict[Choice, Plan]:
    """The plans of every choice, refused ones with their reason: what a dialog offers."""
    return {choice: plan(evidence, verdict, choice, rules=rules) for choice in Choice}


def _resets(evidence: Evidence, verdict: Verdict, choice: Choice, ticks: Set[Tick]) -> tuple[ResetStep, ...]:
    """``available`` leaves temporary resources for ever, ``error`` deletes them (29.0.0 ``reset_status``): so both,
    but under a live job only ``available``, which would otherwise fail over what is gone.
    """
    if choice in (Choice.REPAIR, Choice.REMOVE):
        return ()
    final = ResetStep(choice.value)
    if Tick.PROCESS_DEAD in ticks and _cleans_up(evidence, verdict, choice):
        return (ResetStep(Choice.ERROR.value, Until.CLEANED), final)
    return (final,)


def _cleans_up(evidence: Evidence, verdict: Verdict, choice: Choice) -> bool:
    return choice is Choice.AVAILABLE and verdict.kind in COMPLETE and evidence.is_left_over_known
