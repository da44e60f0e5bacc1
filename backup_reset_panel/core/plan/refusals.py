# SPDX-License-Identifier: Apache-2.0
"""When nothing is sent, whatever the administrator ticks."""

from __future__ import annotations

import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import says
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.plan.repairs import are_unread
from backup_reset_panel.core.plan.repairs import candidates
from backup_reset_panel.core.plan.repairs import is_repairable_alone
from backup_reset_panel.core.plan.repairs import repairs
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Permission
from backup_reset_panel.core.verdict.types import Verdict


class Refusal(enum.Enum):
    """Why a choice is not carried out."""

    UNREADABLE = "unreadable"
    IGNORED_BY_CINDER = "ignored_by_cinder"
    SAME_STATUS = "same_status"
    BEING_SENT = "being_sent"
    DELETE_MAY_BE_QUEUED = "delete_may_be_queued"
    OVERRIDE_OFF = "override_off"
    RESET_FIRST = "reset_first"
    HELD_BY_ANOTHER = "held_by_another"
    VOLUME_UNREAD = "volume_unread"
    NOTHING_TO_REPAIR = "nothing_to_repair"
    WAS_STARTED = "was_started"
    IS_OVER = "is_over"
    NOT_ALLOWED = "not_allowed"


_TEXTS = {
    Refusal.UNREADABLE: _("The backup could not be read, so nothing is sent."),
    Refusal.IGNORED_BY_CINDER: _("Cinder accepts a reset of a backup that was never started, and does nothing."),
    Refusal.SAME_STATUS: _("The backup is {status} already. A reset to the same status would show no effect."),
    Refusal.BEING_SENT: _("Another reset of this backup is being sent at this moment. Check again in a moment."),
    Refusal.DELETE_MAY_BE_QUEUED: _(
        "A delete may be waiting at a cinder-backup that does not answer, and would still remove this backup."
    ),
    Refusal.OVERRIDE_OFF: _("This site does not allow Available without proof that the data is complete."),
    Refusal.RESET_FIRST: _("Reset the backup first: its volume is freed after that."),
    Refusal.HELD_BY_ANOTHER: _("Another backup in progress holds the same volume or snapshot."),
    Refusal.VOLUME_UNREAD: _("Its volume or snapshot could not be read, so it is not known whether it is locked."),
    Refusal.NOTHING_TO_REPAIR: _("There is nothing to free: this backup holds no volume or snapshot."),
    Refusal.WAS_STARTED: _("Only a backup that was never started is removed here: others may hold data."),
    Refusal.IS_OVER: _("It has finished: its owner can delete it like any other backup."),
    Refusal.NOT_ALLOWED: _("Cinder's policy does not allow you to do this."),
}


def note(code: Refusal, **names: Text) -> Note:
    """The Note of a refusal."""
    return Note(code, format_lazy(_TEXTS[code], **names))


def refusal(evidence: Evidence, verdict: Verdict, choice: Choice, rules: Rules) -> Note | None:
    """Why this choice is not carried out, or None if it may be."""
    if verdict.kind is Kind.UNREADABLE:
        code: Refusal | None = Refusal.UNREADABLE
    elif choice is Choice.REPAIR:
        code = _repair_refusal(evidence)
    elif choice is Choice.REMOVE:
        code = _removal_refusal(evidence, verdict)
    else:
        code = _reset_refusal(evidence, verdict, choice, rules)
    return note(code, status=statuses.label(evidence.status)) if code else None


def is_being_sent(evidence: Evidence, now: datetime.datetime) -> bool:
    """Whether another request is sending a reset of this backup right now."""
    return any(each.is_being_sent(now) for each in evidence.pending)


def _reset_refusal(evidence: Evidence, verdict: Verdict, choice: Choice, rules: Rules) -> Refusal | None:
    """29.0.0 ``backup/manager.py`` ``reset_status``: silent for ``service`` NULL, blind for everything else."""
    if verdict.kind is Kind.NOT_TAKEN_UP:
        return Refusal.IGNORED_BY_CINDER
    if choice.value == evidence.status:
        return Refusal.SAME_STATUS
    if is_being_sent(evidence, evidence.read_at):
        return Refusal.BEING_SENT
    if choice is Choice.AVAILABLE and verdict.available is Permission.NO:
        return Refusal.DELETE_MAY_BE_QUEUED
    if choice is Choice.AVAILABLE and verdict.available is Permission.OVERRIDE and not rules.override_allowed:
        return Refusal.OVERRIDE_OFF
    return None


def _repair_refusal(evidence: Evidence) -> Refusal | None:
    """A volume freed while its backup is still at work can be written under a job that reads it (run on 29.0.0)."""
    if not candidates(evidence):
        return Refusal.VOLUME_UNREAD if are_unread(evidence) else Refusal.NOTHING_TO_REPAIR
    if not is_repairable_alone(evidence):
        return Refusal.RESET_FIRST
    return None if repairs(evidence) else Refusal.HELD_BY_ANOTHER


def _removal_refusal(evidence: Evidence, verdict: Verdict) -> Refusal | None:
    """``service`` NULL, so no driver ever wrote anything (29.0.0 ``backup/manager.py`` ``create_backup``)."""
    if verdict.kind is not Kind.NOT_TAKEN_UP or not says(evidence.taken_up, False):
        return Refusal.WAS_STARTED
    if evidence.status not in statuses.IN_FLIGHT:
        return Refusal.IS_OVER
    if is_being_sent(evidence, evidence.read_at):
        return Refusal.BEING_SENT
    if candidates(evidence) and not repairs(evidence):
        return Refusal.HELD_BY_ANOTHER
    return Refusal.VOLUME_UNREAD if are_unread(evidence) else None
