# SPDX-License-Identifier: Apache-2.0
"""Why a repair is not ticked by default: a job that lives on could still read or write what it frees."""

import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core.evidence import known
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.liveness import in_zone
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.rules import Rules
from backup_reset_panel.core.rules import Tick


class Untick(enum.Enum):
    """Why a repair waits for the administrator's own tick; Cinder itself repairs all at once, at a restart."""

    HOLDERS_UNKNOWN = "holders_unknown"
    STATUS_DIFFERS = "status_differs"
    MAY_BE_WAITING = "may_be_waiting"
    MAY_BE_READING = "may_be_reading"
    MAY_BE_WRITING = "may_be_writing"


_TEXTS = {
    Untick.HOLDERS_UNKNOWN: _("Whether another backup holds it too could not be found out."),
    Untick.STATUS_DIFFERS: _("Its attachments say {after}, but Cinder noted {noted} as its status before the backup."),
    Untick.MAY_BE_WAITING: _("The backup was asked for only a short while ago and may just be waiting for its turn."),
    Untick.MAY_BE_READING: _("A job that is still reading would finish as Available with mixed data."),
    Untick.MAY_BE_WRITING: _("A restore that still runs goes on writing into it, and sets its status at its end."),
}


def untick_note(step, evidence, verdict, ticks=frozenset(), rules=None):
    """Why one repair is not ticked by default, or None if it is.

    Ticked only where reading is over (a complete backup), was never begun (not taken up), or the process is known to be
    dead. A frozen create that was reset and whose volume was freed went on to ``available`` with mixed data (run on
    29.0.0).

    :param step: RepairStep
    :param evidence: Evidence
    :param verdict: Verdict of it
    :param ticks: what the administrator ticked (Tick)
    :param rules: Rules, or None for the defaults
    :returns: Note with a code of Untick, or None
    """
    noted = evidence.previous_status
    if not known(evidence.other_holders):
        code = Untick.HOLDERS_UNKNOWN
    elif step.kind is RepairKind.VOLUME and _differs(noted, step.after):
        code = Untick.STATUS_DIFFERS
    elif Tick.PROCESS_DEAD in ticks:
        return None
    elif step.kind is RepairKind.RESTORE_TARGET:
        code = Untick.MAY_BE_WRITING
    elif verdict.kind is Kind.COMPLETE:
        return None
    elif verdict.kind is not Kind.NOT_TAKEN_UP:
        code = Untick.MAY_BE_READING
    elif _may_be_waiting(evidence, rules or Rules()):
        code = Untick.MAY_BE_WAITING
    else:
        return None
    return Note(code, format_lazy(_TEXTS[code], after=step.after, noted=noted))


def _differs(noted, after):
    """``previous_status`` is the status before the backup, set by the API (29.0.0 ``backup/api.py`` ``create``)."""
    return known(noted) and noted in ("available", "in-use") and noted != after


def _may_be_waiting(evidence, rules):
    """``service`` is set when cinder-backup takes the request up; a busy or starting one does so later (26 and 27 hold
    the whole create behind ``backup_max_operations``)."""
    since = evidence.backup.created_at
    is_old = since is not None and evidence.read_at - since >= rules.take_up_patience
    services = in_zone(evidence)
    somebody_may_come = not known(evidence.services) or any(service.up for service in services)
    return not is_old and somebody_may_come
