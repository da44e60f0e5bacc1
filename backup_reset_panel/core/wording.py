# SPDX-License-Identifier: Apache-2.0
"""The words for what happened and for what to do about it, one place for dialog, bulk run and log.

"Applied" is said only of what was seen. Each text is a lazy string with named places.
"""

import dataclasses

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.bidi import isolated
from backup_reset_panel.core.guard import Change
from backup_reset_panel.core.kinds import RepairKind
from backup_reset_panel.core.outcome import Ending
from backup_reset_panel.core.outcome import FaultKind
from backup_reset_panel.core.outcome import RepairEnding

GOOD, NEUTRAL, WARN, BAD = "success", "info", "warning", "danger"


@dataclasses.dataclass(frozen=True)
class Told:
    """What is said: a level (a Bootstrap alert's name), a headline and what to do next."""

    level: str
    headline: str
    advice: str = ""


_FAULTS = {
    FaultKind.BAD_REQUEST: Told(
        BAD, _("Cinder refused the request as wrong. Nothing was changed."), _("Read Cinder's answer below.")
    ),
    FaultKind.TOKEN_REFUSED: Told(
        BAD, _("Cinder no longer accepts your session. Nothing was changed."), _("Log in again, then repeat this.")
    ),
    FaultKind.FORBIDDEN: Told(
        BAD,
        _("Cinder does not allow you to do this. Nothing was changed."),
        _("Its rule is volume_extension:backup_admin_actions:reset_status. Ask who keeps Cinder's policy."),
    ),
    FaultKind.NO_SUCH_BACKUP: Told(
        BAD, _("Cinder has no such backup."), _("It may have been deleted. Reload the list.")
    ),
    FaultKind.NO_SERVICE: Told(
        BAD,
        _("No cinder-backup service can take this request. Nothing was changed."),
        _("The backup is still there. Start cinder-backup in the backup's availability zone, then repeat this."),
    ),
    FaultKind.CONFLICT: Told(
        BAD,
        _("Cinder says that this conflicts with something else. Nothing was changed."),
        _("Look again, then repeat this."),
    ),
    FaultKind.OVER_LIMIT: Told(
        BAD, _("Cinder takes no more requests for now. Nothing was changed."), _("Wait a minute, then repeat this.")
    ),
    FaultKind.SERVER_ERROR: Told(
        BAD, _("Cinder failed to answer."), _("Give the request id to who keeps Cinder, then look again.")
    ),
    FaultKind.OTHER_ANSWER: Told(
        BAD, _("Cinder gave an answer that is not expected here."), _("Give the request id to who keeps Cinder.")
    ),
    FaultKind.GARBLED: Told(
        BAD,
        _("Something gave an answer that is not Cinder's."),
        _("A proxy or load balancer in front of Cinder may be answering in its place."),
    ),
    FaultKind.TIMED_OUT: Told(
        BAD, _("Cinder did not answer in time."), _("Check that cinder-api is alive, then repeat this.")
    ),
    FaultKind.BROKEN_OFF: Told(
        BAD, _("The connection to Cinder broke off."), _("Check that cinder-api is alive, then repeat this.")
    ),
    FaultKind.NO_CONNECTION: Told(
        BAD,
        _("Cinder could not be reached. Nothing was changed."),
        _("Check that cinder-api is running, then repeat this."),
    ),
    FaultKind.NO_ENDPOINT: Told(
        BAD, _("Your service catalog lists no block storage."), _("Check the region that you are logged in to.")
    ),
}


def of_fault(fault):
    """What to say of a request that failed.

    :param fault: core.outcome.Fault
    :returns: Told
    """
    return _FAULTS[fault.kind]


def of_outcome(outcome):
    """What to say of how a reset ended.

    :param outcome: core.outcome.Outcome
    :returns: Told
    """
    if outcome.ending is Ending.REFUSED:
        return of_fault(outcome.fault)
    names = {
        "before": statuses.label(outcome.before.status),
        "target": statuses.label(outcome.target),
        "now": statuses.label(outcome.now.status if outcome.now else None),
    }
    told = _ENDINGS[outcome.ending]
    if outcome.ending is Ending.ACCEPTED and outcome.now and outcome.now.status != outcome.before.status:
        told = _CLEANED_UP
    advice = outcome.cause.text if outcome.cause else format_lazy(told.advice, **names)
    return Told(told.level, format_lazy(told.headline, **names), advice)


def of_change(change):
    """What to say when nothing was sent because the backup is not what the dialog showed.

    :param change: core.guard.Change, not NONE
    :returns: Told
    """
    return _CHANGES[change]


_CHANGES = {
    Change.CHANGED: Told(
        WARN,
        _("Nothing was sent: the backup changed while the dialog was open."),
        _("These are the new facts. Decide again."),
    ),
    Change.TOUCHED: Told(
        WARN,
        _("Nothing was sent: someone touched this backup while the dialog was open."),
        _("Another reset may be under way. If you still want to, submit again."),
    ),
}


def of_repair(repaired):
    """What to say of one repair.

    :param repaired: core.outcome.RepairOutcome
    :returns: Told; its advice names the fault, if there was one
    """
    step = repaired.step
    names = {
        "kind": _KINDS[step.kind],
        "name": isolated(step.name or step.id),
        "before": step.before,
        "after": step.after,
        "now": repaired.now or _("unknown"),
    }
    told = _REPAIRS[repaired.ending]
    advice = of_fault(repaired.fault).headline if repaired.fault else ""
    return Told(told.level, format_lazy(told.headline, **names), advice)


_KINDS = {
    RepairKind.VOLUME: _("Volume"),
    RepairKind.SNAPSHOT: _("Snapshot"),
    RepairKind.RESTORE_TARGET: _("Restored volume"),
}
_REPAIRS = {
    RepairEnding.DONE: Told(GOOD, _("{kind} {name}: {before} → {after}. This was read back from Cinder.")),
    RepairEnding.CHANGED: Told(WARN, _("{kind} {name}: left alone, it is {now} now.")),
    RepairEnding.REFUSED: Told(BAD, _("{kind} {name}: could not be set to {after}.")),
    RepairEnding.UNKNOWN: Told(WARN, _("{kind} {name}: it is not known whether it was set to {after}.")),
    RepairEnding.LEFT: Told(WARN, _("{kind} {name}: was not repaired. Open the dialog again to repair it.")),
    RepairEnding.WAITING: Told(
        WARN, _("{kind} {name}: not repaired yet, since the reset before it was not seen applied.")
    ),
}
_ENDINGS = {
    Ending.APPLIED: Told(GOOD, _("Done: the backup is now {target}. This was read back from Cinder.")),
    Ending.ACCEPTED: Told(
        WARN,
        _("Accepted by Cinder, but not applied yet: the backup is still {before}."),
        _(
            "cinder-backup may be busy or down; it applies the reset to {target} when it gets to it. "
            "Do not send another one before that."
        ),
    ),
    Ending.IGNORED: Told(BAD, _("cinder-backup ignored the reset: the backup is still {now}.")),
    Ending.SETTLED_OTHERWISE: Told(
        WARN,
        _("Something else changed this backup meanwhile: it is now {now}."),
        _("The reset to {target} may have been overtaken. Open the dialog again to see the new facts."),
    ),
    Ending.DELETED_MEANWHILE: Told(WARN, _("The backup was deleted meanwhile."), _("There is nothing left to reset.")),
    Ending.UNKNOWN: Told(
        WARN,
        _("It is not known whether Cinder took the request to set {target}."),
        _("It was sent once and is not repeated. Check again before you do anything else."),
    ),
    Ending.NOT_SENT: Told(
        WARN,
        _("Nothing was sent: another reset of this backup is under way."),
        _("Another administrator may have sent it. Open the dialog again to see what came of it."),
    ),
    Ending.HALF_WAY: Told(
        WARN,
        _("Half done: the backup is {now}, and its temporary volume or snapshot is not gone yet."),
        _("Open the dialog again in a moment to make it Available."),
    ),
    Ending.REPAIRED: Told(NEUTRAL, _("No reset was sent. This is what came of the repair:")),
}
_CLEANED_UP = Told(
    WARN,
    _("Accepted by Cinder, but not applied yet: cinder-backup was started and set the backup to {now} first."),
    _ENDINGS[Ending.ACCEPTED].advice,
)
