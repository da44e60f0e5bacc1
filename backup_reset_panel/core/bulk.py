# SPDX-License-Identifier: Apache-2.0
"""What a bulk run does with each backup: the choice and its plan, or why it is left out."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Set

from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.evidence import Evidence
from backup_reset_panel.core.evidence import is_late
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.plan.plan import plan
from backup_reset_panel.core.plan.plan import wished
from backup_reset_panel.core.plan.preflight import Clearance
from backup_reset_panel.core.plan.preflight import Preflight
from backup_reset_panel.core.plan.refusals import Refusal
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.core.plan.types import Plan
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.verdict.types import Advice
from backup_reset_panel.core.verdict.types import Kind
from backup_reset_panel.core.verdict.types import Verdict


class Mode(enum.Enum):
    """What a run is for: the recommended status for each, or ``error`` for those being created or deleted.

    There is none that makes all ``available``: that is the blind write of 29.0.0 ``reset_status``.
    """

    RECOMMENDED = "recommended"
    ERROR = "error"


class LeftOut(enum.Enum):
    """Why a bulk run does not touch a backup."""

    UNREADABLE = "unreadable"
    SLOW = "slow"
    REFUSED = "refused"
    BLOCKED = "blocked"
    RUNNING = "running"
    NEEDS_WORD = "needs_word"
    WAS_COMPLETE = "was_complete"
    NEEDS_OVERRIDE = "needs_override"
    EARLIER_RESET = "earlier_reset"
    NOTHING_TO_DO = "nothing_to_do"
    NOT_OF_THIS_MODE = "not_of_this_mode"
    NOT_ALLOWED = "not_allowed"


@dataclasses.dataclass(frozen=True)
class BulkLine:
    """One backup of a bulk run.

    :param plan: Plan to carry out, None if it is left out
    :param left_out: Note with a code of LeftOut, None if it is carried out
    :param wants_word: whether more would be done with the word that its process is dead, which was not given
    """

    plan: Plan | None = None
    left_out: Note | None = None
    wants_word: bool = False


_TEXTS = {
    LeftOut.UNREADABLE: _("It could not be read."),
    LeftOut.SLOW: _("Cinder answers too slowly to decide on it."),
    LeftOut.RUNNING: _("It is probably still running."),
    LeftOut.NEEDS_WORD: _("If its process is alive, a reset would do harm: tick above that it is dead."),
    LeftOut.WAS_COMPLETE: _("It was complete once: decide on it separately."),
    LeftOut.NEEDS_OVERRIDE: _("It would need an override: decide on it separately."),
    LeftOut.EARLIER_RESET: _("An earlier reset to another status may still be applied: decide on it separately."),
    LeftOut.NOTHING_TO_DO: _("Nothing is recommended for it."),
    LeftOut.NOT_OF_THIS_MODE: _("It is neither being created nor being deleted."),
    LeftOut.NOT_ALLOWED: _("Cinder's policy does not allow you to reset it."),
}

_ERROR_MODE = (statuses.CREATING, statuses.DELETING, statuses.ERROR_DELETING)


def bulk_line(
    evidence: Evidence,
    verdict: Verdict,
    preflight: Preflight,
    mode: Mode,
    *,
    ticks: Set[Tick] = frozenset(),
    rules: Rules | None = None,
) -> BulkLine:
    """What a bulk run does with one backup.

    Never an override, never a confirmation on somebody's behalf but the one word that the processes are dead, given by
    host. "Was complete once" rows never. Restoring ones are left out of the ERROR mode: it would throw away a good
    status, and a live restore ends ``available`` anyway (run on 29.0.0).

    :param ticks: PROCESS_DEAD, if that was said of the host last asked
    """
    code = _left_out(evidence, verdict, mode)
    if code:
        return left_out(code)
    choice = _choice(verdict, mode, ticks)
    if choice is None:
        return _nothing(verdict)
    made = plan(evidence, verdict, choice, ticks=ticks, rules=rules)
    if made.refusal and made.refusal.code is Refusal.NOTHING_TO_REPAIR:
        return left_out(LeftOut.WAS_COMPLETE if verdict.kind is Kind.WAS_COMPLETE else LeftOut.NOTHING_TO_DO)
    if made.refusal:
        return BulkLine(left_out=Note(LeftOut.REFUSED, made.refusal.text))
    if preflight.clearance is Clearance.BLOCK and (made.resets or made.removes) and preflight.text is not None:
        return BulkLine(left_out=Note(LeftOut.BLOCKED, preflight.text))
    return _on_terms(made, verdict, ticks)


def _on_terms(made: Plan, verdict: Verdict, ticks: Set[Tick]) -> BulkLine:
    """The line of a plan whose terms are met, or which of them is not."""
    lacking = {each.tick for each in made.lacking(ticks)}
    if lacking - {Tick.PROCESS_DEAD}:
        return left_out(LeftOut.EARLIER_RESET if Tick.EARLIER_RESET in lacking else LeftOut.NEEDS_OVERRIDE)
    if lacking:
        code = LeftOut.RUNNING if verdict.life is Life.RUNNING else LeftOut.NEEDS_WORD
        return dataclasses.replace(left_out(code), wants_word=True)
    if made.is_empty:
        return left_out(LeftOut.NOTHING_TO_DO)
    return BulkLine(plan=made, wants_word=made.offered is not None and Tick.PROCESS_DEAD not in ticks)


def _choice(verdict: Verdict, mode: Mode, ticks: Set[Tick]) -> Choice | None:
    """What is asked for; of a job that probably runs only once somebody said that its process is dead."""
    if mode is Mode.ERROR:
        return Choice.ERROR
    if verdict.recommended is Advice.WAIT and Tick.PROCESS_DEAD in ticks:
        verdict = dataclasses.replace(verdict, recommended=verdict.by_record)
    return next(iter(wished(verdict)), None)


def _nothing(verdict: Verdict) -> BulkLine:
    if verdict.recommended is Advice.WAIT:
        return dataclasses.replace(left_out(LeftOut.RUNNING), wants_word=True)
    return left_out(LeftOut.NOTHING_TO_DO)


def _left_out(evidence: Evidence, verdict: Verdict, mode: Mode) -> LeftOut | None:
    """What keeps a backup out of the run before any plan is made, or None."""
    if verdict.kind is Kind.UNREADABLE:
        return LeftOut.UNREADABLE
    if verdict.kind is Kind.NOT_ANSWERED or is_late(evidence.services) or is_late(evidence.last_host):
        return LeftOut.SLOW
    if mode is Mode.ERROR and evidence.status not in _ERROR_MODE:
        return LeftOut.NOT_OF_THIS_MODE
    return None


def left_out(code: LeftOut) -> BulkLine:
    """The line of a backup that is left out, in the words for that."""
    return BulkLine(left_out=Note(code, _TEXTS[code]))
