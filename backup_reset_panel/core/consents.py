# SPDX-License-Identifier: Apache-2.0
"""What the administrator has to take upon themselves before a choice is carried out, and in which words."""

import dataclasses

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.kinds import Choice
from backup_reset_panel.core.kinds import Kind
from backup_reset_panel.core.kinds import Permission
from backup_reset_panel.core.liveness import Life
from backup_reset_panel.core.liveness import last_asked
from backup_reset_panel.core.liveness import life
from backup_reset_panel.core.liveness import seen
from backup_reset_panel.core.rules import Tick
from backup_reset_panel.core.unticked import Untick


@dataclasses.dataclass(frozen=True)
class Consent:
    """One tick box: what it stands for and what it says is risked. Its source in Cinder is that of the text.

    :param tick: Tick
    :param text: lazy text
    """

    tick: Tick
    text: str


_OVERRIDE = _(
    "Allow Available unverified: a restore may fail or give wrong data, and later incremental backups build on it."
)
_OVERRIDE_DELETED = _(
    "Allow Available although data may be gone in part: a restore may fail or give wrong data, and later incremental "
    "backups build on it."
)
_NEVER_DELETED = _("This backup was never being deleted: I know that its data is all there.")
_PROCESS_DEAD = _("The process that worked on it is dead, not only out of sight: nothing can still read or write.")
_LIVE = {
    statuses.CREATING: _(
        "Reset it although {who} may still be writing it: that job would go on and set Available at its end."
    ),
    statuses.RESTORING: _(
        "Reset it although {who} may still be restoring: that cancels the restore, the restored volume is useless, "
        "and the backup ends as Available whichever status you choose."
    ),
    statuses.DELETING: _("Reset it although {who} may still be deleting it: the deletion would go on."),
}


def consents(evidence, verdict, choice):
    """The tick boxes without which this choice is not carried out.

    :param evidence: Evidence
    :param verdict: Verdict of it
    :param choice: Choice
    :returns: tuple of Consent. ``available`` without proof is a blind write (29.0.0 ``reset_status``; the check that
        the specification asked for was removed in 15.0.0); what a live job does after a reset: run on 29.0.0
    """
    if choice is Choice.REPAIR:
        return ()
    needed = []
    if choice is Choice.AVAILABLE and verdict.available is Permission.OVERRIDE:
        is_deleted = verdict.kind in (Kind.DELETE_BEGUN, Kind.DELETE_TRIED)
        needed.append(Consent(Tick.OVERRIDE, _OVERRIDE_DELETED if is_deleted else _OVERRIDE))
    if choice is Choice.AVAILABLE and verdict.available is Permission.CONFIRM:
        needed.append(Consent(Tick.NEVER_DELETED, _NEVER_DELETED))
    if is_live_risk(evidence, verdict):
        needed.append(Consent(Tick.MAY_BE_LIVE, format_lazy(_LIVE[evidence.status], who=_who(evidence))))
    return tuple(needed)


def is_live_risk(evidence, verdict):
    """Whether a reset could hit a job at work: the service is up, and the record does not show that the work is done.

    A complete backup has no more to lose: its job could only still write ``available`` (29.0.0 ``_finish_backup``).
    """
    return life(evidence) is Life.MAY_RUN and verdict.kind is not Kind.COMPLETE


def offered_consent(steps):
    """The tick box that is offered with repairs that only a live job speaks against, or None.

    :param steps: RepairStep of a plan
    :returns: Consent to PROCESS_DEAD, or None. No API tells whether a process is dead (29.0.0 ``os-services``)
    """
    speaks_against = (Untick.MAY_BE_READING, Untick.MAY_BE_WRITING, Untick.MAY_BE_WAITING)
    if any(step.note and step.note.code in speaks_against for step in steps):
        return Consent(Tick.PROCESS_DEAD, _PROCESS_DEAD)
    return None


def _who(evidence):
    asked = last_asked(evidence)
    if asked is None:
        return _("a cinder-backup of its zone")
    return format_lazy(_("cinder-backup on {host} (up, {seen})"), host=asked.host, seen=seen(asked, evidence.read_at))
