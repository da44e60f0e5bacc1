# SPDX-License-Identifier: Apache-2.0
"""What a bulk run does with each backup: the choice and its plan, or why it is left out."""

import dataclasses
import enum

from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.kinds import Advice
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.liveness import may_be_live
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.plan import Plan
from backup_reset_panel.core.plan import plan
from backup_reset_panel.core.rules import Tick


class Mode(enum.Enum):
    """What a run is for: the recommended status for each, or ``error`` for those being created or deleted.

    There is none that makes all ``available``: that is the blind write of 29.0.0 ``reset_status``.
    """

    RECOMMENDED = "recommended"
    ERROR = "error"


class LeftOut(enum.Enum):
    """Why a bulk run does not touch a backup. Cinder would take a reset of any (29.0.0 ``reset_status``)."""

    UNREADABLE = "unreadable"
    REFUSED = "refused"
    MAY_BE_LIVE = "may_be_live"
    WAS_COMPLETE = "was_complete"
    NEEDS_OVERRIDE = "needs_override"
    NOTHING_TO_DO = "nothing_to_do"
    NOT_OF_THIS_MODE = "not_of_this_mode"


@dataclasses.dataclass(frozen=True)
class BulkLine:
    """One backup of a bulk run. The rules behind it are those of the single dialog (see ``plan.py`` for Cinder).

    :param plan: Plan to carry out, None if it is left out
    :param left_out: Note with a code of LeftOut, None if it is carried out
    """

    plan: Plan | None = None
    left_out: Note | None = None


_TEXTS = {
    LeftOut.UNREADABLE: _("It could not be read."),
    LeftOut.MAY_BE_LIVE: _("A job may be at work on it."),
    LeftOut.WAS_COMPLETE: _("It was complete once: decide on it by itself."),
    LeftOut.NEEDS_OVERRIDE: _("It would need an override: decide on it by itself."),
    LeftOut.NOTHING_TO_DO: _("Nothing is recommended for it."),
    LeftOut.NOT_OF_THIS_MODE: _("It is neither being created nor being deleted."),
}

_ERROR_MODE = (statuses.CREATING, statuses.DELETING, statuses.ERROR_DELETING)


def bulk_line(evidence, verdict, mode, *, include_live=False, rules=None):
    """What a bulk run does with one backup.

    Never an override, never a confirmation on somebody's behalf; "may be live" rows only by the run's one tick box,
    "was complete once" rows never. Restoring ones are left out of the ERROR mode: it would throw away a good status,
    and a live restore ends ``available`` anyway (run on 29.0.0).

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param mode: Mode
    :param include_live: whether the box for "may be live" rows is ticked
    :param rules: Rules, None for the defaults
    :returns: BulkLine
    """
    left_out = _left_out(evidence, verdict, mode, include_live)
    if left_out:
        return _line_left_out(left_out)
    choice = Choice.ERROR if mode is Mode.ERROR else _WISHED[verdict.recommended]
    made = plan(evidence, verdict, choice, rules=rules)
    if made.refusal:
        return BulkLine(left_out=Note(LeftOut.REFUSED, made.refusal.text))
    if made.lacking({Tick.MAY_BE_LIVE}):
        return _line_left_out(LeftOut.NEEDS_OVERRIDE)
    if not made.resets and not any(step.ticked for step in made.repairs):
        return _line_left_out(LeftOut.NOTHING_TO_DO)
    return BulkLine(plan=made)


_WISHED = {Advice.AVAILABLE: Choice.AVAILABLE, Advice.ERROR: Choice.ERROR, Advice.REPAIR: Choice.REPAIR}


def _left_out(evidence, verdict, mode, include_live):
    """What keeps a backup out of the run before any plan is made, or None."""
    if verdict.kind is Kind.UNREADABLE:
        return LeftOut.UNREADABLE
    if verdict.kind is Kind.WAS_COMPLETE:
        return LeftOut.WAS_COMPLETE
    if mode is Mode.ERROR and evidence.status not in _ERROR_MODE:
        return LeftOut.NOT_OF_THIS_MODE
    if mode is Mode.RECOMMENDED and verdict.recommended not in _WISHED:
        return LeftOut.NOTHING_TO_DO
    if may_be_live(evidence) and verdict.kind is not Kind.COMPLETE and not include_live:
        return LeftOut.MAY_BE_LIVE
    return None


def _line_left_out(code):
    return BulkLine(left_out=Note(code, _TEXTS[code]))
