# SPDX-License-Identifier: Apache-2.0
"""When nothing is sent, whatever the administrator ticks."""

import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import Permission
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.repairs import candidates
from backup_reset_panel.core.repairs import is_repairable_alone
from backup_reset_panel.core.repairs import repairs


class Refusal(enum.Enum):
    """Why a choice is not carried out; the Cinder code behind each is named at its test below."""

    UNREADABLE = "unreadable"
    IGNORED_BY_CINDER = "ignored_by_cinder"
    SAME_STATUS = "same_status"
    ARMED = "armed"
    DELETE_MAY_BE_QUEUED = "delete_may_be_queued"
    OVERRIDE_OFF = "override_off"
    RESET_FIRST = "reset_first"
    HELD_BY_ANOTHER = "held_by_another"
    NOTHING_TO_REPAIR = "nothing_to_repair"


_TEXTS = {
    Refusal.UNREADABLE: _("The backup could not be read, so nothing is sent."),
    Refusal.IGNORED_BY_CINDER: _("Cinder accepts a reset of a backup that was never taken up, and does nothing."),
    Refusal.SAME_STATUS: _("The backup is {status} already. A reset to the same status could not be seen to work."),
    Refusal.ARMED: _(
        "An earlier reset to {armed} was accepted and not yet applied. A second one could be overtaken by it: wait "
        "until it is applied, or start the service that has it."
    ),
    Refusal.DELETE_MAY_BE_QUEUED: _(
        "A delete may be waiting at a cinder-backup that does not answer, and would still remove this backup."
    ),
    Refusal.OVERRIDE_OFF: _("This site does not allow Available without proof that the data is complete."),
    Refusal.RESET_FIRST: _("Reset the backup first: its volume is freed after that."),
    Refusal.HELD_BY_ANOTHER: _("Another backup at work holds the same volume or snapshot."),
    Refusal.NOTHING_TO_REPAIR: _("There is nothing to repair: no volume or snapshot is held by this backup."),
}


def refusal(evidence, verdict, choice, rules):
    """Why this choice is not carried out, or None if it may be.

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param choice: Choice
    :param rules: Rules
    :returns: Note with a code of Refusal, or None. The Cinder behaviour behind each: ``_reset_refusal`` and
        ``_repair_refusal`` in the source
    """
    if verdict.kind is Kind.UNREADABLE:
        code = Refusal.UNREADABLE
    elif choice is Choice.REPAIR:
        code = _repair_refusal(evidence, verdict)
    else:
        code = _reset_refusal(evidence, verdict, choice, rules)
    if code is None:
        return None
    armed = unresolved(evidence)
    names = {"status": statuses.label(evidence.status), "armed": statuses.label(armed.target if armed else None)}
    return Note(code, format_lazy(_TEXTS[code], **names))


def unresolved(evidence):
    """The reset of ours that is still on its way to this backup, or None.

    Seen in its target status it is over. Two resets are applied in any order, as their hosts get to them (run on
    29.0.0).
    """
    armed = evidence.armed
    return armed if known(armed) and armed is not None and armed.target != evidence.status else None


def _reset_refusal(evidence, verdict, choice, rules):
    """29.0.0 ``backup/manager.py`` ``reset_status``: silent for ``service`` NULL, blind for everything else."""
    if verdict.kind is Kind.NOT_TAKEN_UP:
        return Refusal.IGNORED_BY_CINDER
    if choice.value == evidence.status:
        return Refusal.SAME_STATUS
    if unresolved(evidence):
        return Refusal.ARMED
    if choice is Choice.AVAILABLE and verdict.available is Permission.NO:
        return Refusal.DELETE_MAY_BE_QUEUED
    if choice is Choice.AVAILABLE and verdict.available is Permission.OVERRIDE and not rules.override_allowed:
        return Refusal.OVERRIDE_OFF
    return None


def _repair_refusal(evidence, verdict):
    """A volume freed while its backup is still at work can be written under a job that reads it (run on 29.0.0)."""
    if not candidates(evidence):
        return Refusal.NOTHING_TO_REPAIR
    if not is_repairable_alone(evidence, verdict):
        return Refusal.RESET_FIRST
    return None if repairs(evidence, verdict) else Refusal.HELD_BY_ANOTHER
