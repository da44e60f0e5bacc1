# SPDX-License-Identifier: Apache-2.0
"""From a choice to the steps that carry it out: one plan for the dialog, its submit and a bulk run.

Nothing here asks Cinder anything; what each step does there is proved in the modules that decide it.
"""

import dataclasses
import enum

from backup_reset_panel.core.cautions import cautions
from backup_reset_panel.core.consents import Consent
from backup_reset_panel.core.consents import consents
from backup_reset_panel.core.consents import offered_consent
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.kinds import Advice
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.refusals import refusal
from backup_reset_panel.core.repairs import RepairStep
from backup_reset_panel.core.repairs import repairs
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick


class Until(enum.Enum):
    """What has to be seen before the next step: the status, or the status and no temporary resource left.

    ``temp_volume_id`` and ``temp_snapshot_id`` turn NULL when their deletion was sent (29.0.0 ``reset_status``).
    """

    APPLIED = "applied"
    CLEANED = "cleaned"


@dataclasses.dataclass(frozen=True)
class ResetStep:
    """One reset to send through ``os-reset_status`` (29.0.0 ``api/contrib/admin_actions.py``).

    :param target: ``available`` or ``error``; never the status that the backup has when the step's turn comes
    :param until: Until, what to observe before going on
    """

    target: str
    until: Until = Until.APPLIED


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a choice leads to, for one backup. Made by ``plan``, whose parts name their sources in Cinder.

    :param choice: Choice
    :param resets: tuple of ResetStep, each to be observed before the next; empty: no reset is sent
    :param repairs: tuple of RepairStep, after the resets were seen applied; without resets, at once
    :param warnings: tuple of Note, most decisive first; the dialog shows the first in the open
    :param consents: tuple of Consent that must be given
    :param offered: Consent that may be given to tick more repairs by default, or None
    :param refusal: Note, why nothing is sent at all, or None; then there are no steps
    """

    choice: Choice
    resets: tuple[ResetStep, ...] = ()
    repairs: tuple[RepairStep, ...] = ()
    warnings: tuple[Note, ...] = ()
    consents: tuple[Consent, ...] = ()
    offered: Consent | None = None
    refusal: Note | None = None

    @property
    def open_warning(self):
        """The one warning to show in the open, or None; what it warns of in Cinder is said in ``cautions.py``."""
        return self.warnings[0] if self.warnings else None

    @property
    def needs_override(self):
        """Whether ``available`` is asked for without proof (a blind write in 29.0.0 ``reset_status``)."""
        return any(consent.tick is Tick.OVERRIDE for consent in self.consents)

    @property
    def needs_confirmations(self):
        """The Consents other than the override, for which Cinder's records have no answer (see ``consents.py``)."""
        return tuple(consent for consent in self.consents if consent.tick is not Tick.OVERRIDE)

    def lacking(self, ticks):
        """The Consents that are needed and not given; with any, nothing is sent (Cinder itself asks for none).

        :param ticks: set of Tick
        """
        return tuple(consent for consent in self.consents if consent.tick not in ticks)


def plan(evidence, verdict, choice, *, ticks=frozenset(), rules=None):
    """The plan for one choice; the same for the dialog, its submit and a bulk run.

    :param evidence: Evidence
    :param verdict: Verdict of that evidence
    :param choice: Choice
    :param ticks: set of Tick given so far; only PROCESS_DEAD changes the plan (it ticks repairs)
    :param rules: Rules, None for the defaults
    :returns: Plan; the Cinder behaviour behind it is named in the modules that it is put together from
    """
    rules = rules or Rules()
    refused = refusal(evidence, verdict, choice, rules)
    if refused:
        return Plan(choice, refusal=refused)
    resets = _resets(evidence, verdict, choice)
    steps = repairs(evidence, verdict, ticks, rules)
    return Plan(
        choice,
        resets,
        steps,
        cautions(evidence, verdict, choice, cleans_up=len(resets) > 1),
        consents(evidence, verdict, choice),
        offered_consent(repairs(evidence, verdict, rules=rules)),
    )


def recommended(evidence, verdict, rules=None):
    """The Choice that the dialog makes beforehand, or None where nothing is to be recommended or it would be refused.

    Where the recommended ``available`` needs an override that the site does not allow, ``error`` takes its place: the
    specification's other direct reset (``creating`` or ``restoring`` to ``error``).

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param rules: Rules, None for the defaults
    """
    rules = rules or Rules()
    wished = {
        Advice.AVAILABLE: [Choice.AVAILABLE, Choice.ERROR],
        Advice.ERROR: [Choice.ERROR],
        Advice.REPAIR: [Choice.REPAIR],
    }
    possible = wished.get(verdict.recommended, [])
    return next((choice for choice in possible if not refusal(evidence, verdict, choice, rules)), None)


def plans(evidence, verdict, rules=None):
    """The plans of every choice, refused ones with their reason: what a dialog offers. For Cinder's part see ``plan``.

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param rules: Rules, None for the defaults
    :returns: dict of Choice to Plan
    """
    return {choice: plan(evidence, verdict, choice, rules=rules) for choice in Choice}


def _resets(evidence, verdict, choice):
    """``available`` leaves temporary resources for ever, ``error`` deletes them (29.0.0 ``reset_status``): so both."""
    if choice is Choice.REPAIR:
        return ()
    final = ResetStep(choice.value)
    has_left_over = says(evidence.temp_volume, True) or says(evidence.temp_snapshot, True)
    if choice is Choice.AVAILABLE and verdict.kind is Kind.COMPLETE and has_left_over:
        return (ResetStep(Choice.ERROR.value, Until.CLEANED), final)
    return (final,)
