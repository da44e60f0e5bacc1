# SPDX-License-Identifier: Apache-2.0
"""The words for what happened and for what to do about it, one place for dialog, bulk run and log.

"Done" is said only of what was seen. Each text is a lazy string with named places.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.durations import span
from backup_reset_panel.core.fingerprint import Change
from backup_reset_panel.core.notes import Note
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome.notices import BAD
from backup_reset_panel.core.outcome.notices import GOOD
from backup_reset_panel.core.outcome.notices import NEUTRAL
from backup_reset_panel.core.outcome.notices import WARN
from backup_reset_panel.core.outcome.notices import Notice
from backup_reset_panel.core.outcome.notices import of_fault
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind
from backup_reset_panel.core.outcome.types import Outcome
from backup_reset_panel.core.outcome.types import RepairEnding
from backup_reset_panel.core.outcome.types import RepairOutcome
from backup_reset_panel.core.plan.types import RepairKind
from backup_reset_panel.core.plan.types import RepairStep
from backup_reset_panel.core.quoting import shell_word

#: An idle cinder-backup applies a reset in some 40 ms (run on 29.0.0); after this long it is not merely slow.
PATIENCE_SECONDS = 10.0


class Cause(enum.Enum):
    """Why cinder-backup threw a reset away (29.0.0 ``backup/manager.py`` ``reset_status``)."""

    NEVER_TAKEN_UP = "never_taken_up"


#: The one case that can be proved: ``service`` is NULL, and it returns without a word.
NEVER_TAKEN_UP = Note(
    Cause.NEVER_TAKEN_UP, _("No cinder-backup ever took this backup up, and Cinder then ignores a reset.")
)


def of_outcome(outcome: Outcome) -> Notice:
    """What to say of how a reset ended; what stays locked takes the good news away."""
    told = _of_ending(outcome)
    if outcome.locked and told.level in (GOOD, NEUTRAL):
        return dataclasses.replace(told, level=WARN)
    return told


def _of_ending(outcome: Outcome) -> Notice:
    if outcome.ending is Ending.REFUSED and outcome.fault:
        return _refused(outcome, outcome.fault)
    names = {
        "before": statuses.label(outcome.before.status),
        "target": statuses.label(outcome.target),
        "now": statuses.label(outcome.now.status if outcome.now else None),
        "host": outcome.host or _("a cinder-backup"),
        "waited": span(datetime.timedelta(seconds=outcome.waited)),
    }
    told = _ENDINGS[outcome.ending]
    if outcome.ending is Ending.ACCEPTED:
        told = _accepted(outcome)
    if outcome.ending is Ending.UNKNOWN and not outcome.target:
        told = _UNKNOWN_REMOVAL
    advice = outcome.cause.text if outcome.cause else format_lazy(told.advice, **names)
    return Notice(told.level, format_lazy(told.headline, **names), advice)


def _refused(outcome: Outcome, fault: Fault) -> Notice:
    told = of_fault(fault)
    if fault.kind is not FaultKind.NO_SERVICE or not outcome.host:
        return told
    return dataclasses.replace(told, advice=format_lazy(_ONE_HOST, host=outcome.host, arg=shell_word(outcome.host)))


def _accepted(outcome: Outcome) -> Notice:
    if outcome.now and outcome.now.status != outcome.before.status:
        return _CLEANED_UP
    return _LONG_ACCEPTED if outcome.waited >= PATIENCE_SECONDS else _ENDINGS[Ending.ACCEPTED]


def of_change(change: Change) -> Notice:
    """What to say when nothing was sent because something is no longer as it was shown.

    :param change: Change, not NONE
    """
    return _CHANGES[change]


_CHANGES = {
    Change.CHANGED: Notice(
        WARN,
        _("Nothing was sent: the backup changed while the dialog was open."),
        _("This is what it is now. Decide again."),
    ),
    Change.TOUCHED: Notice(
        WARN,
        _("Nothing was sent: someone touched this backup while the dialog was open."),
        _("Another reset may be under way. If you still want to, submit again."),
    ),
    Change.OTHER_DECISION: Notice(
        WARN,
        _("Nothing was sent: the facts behind this decision have changed since it was shown."),
        _("This is what is known now. Decide again."),
    ),
    Change.OTHER_REGION: Notice(
        WARN,
        _("Nothing was sent: you have changed to another region since this was opened."),
        _("This is the backup in the region that you are working in now."),
    ),
    Change.ON_STORE: Notice(
        WARN,
        _("Nothing was sent: the check on its store does not bear out Available."),
        _("This is what was found there. Decide again."),
    ),
    Change.READ_BEFORE: Notice(
        WARN,
        _("Nothing was sent: what was read of its contents does not count any more."),
        _("Its objects changed since, or it was read too long ago. Read again, or decide on what is known now."),
    ),
    Change.NO_MARK: Notice(
        WARN,
        _("Nothing was sent: Cinder did not accept the note that this backup was being deleted."),
        _("Tick below to continue without it."),
    ),
}


def of_repair(repaired: RepairOutcome) -> Notice:
    """What to say of one repair; its advice names the fault, if there was one."""
    told = _REPAIRS[repaired.ending]
    words = _in_words(repaired.step) | {"now": statuses.volume_label(repaired.now)}
    advice = of_fault(repaired.fault).headline if repaired.fault else ""
    return Notice(told.level, format_lazy(told.headline, **words), advice)


def of_locked(step: RepairStep) -> Text:
    """What to say of something that a backup still holds, and about which nothing was done."""
    return format_lazy(_LOCKED[step.kind], **_in_words(step))


def _in_words(step: RepairStep) -> dict[str, Text]:
    return {
        "kind": _KINDS[step.kind],
        "name": step.label,
        "before": statuses.volume_label(step.before),
        "after": statuses.volume_label(step.after),
    }


_KINDS = {
    RepairKind.VOLUME: _("Volume"),
    RepairKind.SNAPSHOT: _("Snapshot"),
    RepairKind.RESTORE_TARGET: _("Restored volume"),
}
_LOCKED = {
    RepairKind.VOLUME: _("Volume {name} is still {before}: it cannot be attached, moved or backed up again."),
    RepairKind.SNAPSHOT: _("Snapshot {name} is still {before}: it cannot be used or deleted."),
    RepairKind.RESTORE_TARGET: _("Volume {name} is still {before}: it cannot be used or deleted."),
}
_REPAIRS = {
    RepairEnding.DONE: Notice(GOOD, _("{kind} {name}: {before} → {after}. This was read back from Cinder.")),
    RepairEnding.CHANGED: Notice(WARN, _("{kind} {name}: left alone, it is {now} now.")),
    RepairEnding.REFUSED: Notice(BAD, _("{kind} {name}: could not be set to {after}.")),
    RepairEnding.UNKNOWN: Notice(WARN, _("{kind} {name}: it is not known whether it was set to {after}.")),
    RepairEnding.LEFT: Notice(WARN, _("{kind} {name}: was not freed. Open the dialog again to free it.")),
    RepairEnding.WAITING: Notice(WARN, _("{kind} {name}: not freed yet, since the step before it was not seen done.")),
}
_ENDINGS = {
    Ending.APPLIED: Notice(GOOD, _("Done: the backup is now {target}. This was read back from Cinder.")),
    Ending.REACHED: Notice(
        WARN,
        _("The backup is {target} now; whether by this reset or by its own job cannot be told."),
        _("The reset may still be waiting at {host}, and be applied later."),
    ),
    Ending.ACCEPTED: Notice(
        WARN,
        _("Accepted by Cinder, but not applied yet: the backup is still {before}."),
        _("It is waiting at {host}, which may be busy or down."),
    ),
    Ending.IGNORED: Notice(BAD, _("cinder-backup ignored the reset: the backup is still {now}.")),
    Ending.SETTLED_OTHERWISE: Notice(
        WARN,
        _("Something else changed this backup meanwhile: it is now {now}."),
        _("The reset to {target} may still be applied. Open the dialog again to see what is known now."),
    ),
    Ending.DELETED_MEANWHILE: Notice(
        WARN, _("The backup was deleted meanwhile."), _("There is nothing left to reset.")
    ),
    Ending.UNKNOWN: Notice(
        WARN,
        _("It is not known whether Cinder took the request to set {target}."),
        _("It was sent once and is not repeated automatically. The same reset can be sent again without harm."),
    ),
    Ending.NOT_SENT: Notice(
        WARN,
        _("Nothing was sent: another reset of this backup is under way."),
        _("Another administrator may have sent it. Open the dialog again to see what came of it."),
    ),
    Ending.HALF_WAY: Notice(
        WARN,
        _("Half done: the backup is {now}, and its temporary volume or snapshot is not gone yet."),
        _("Open the dialog again in a moment to make it Available."),
    ),
    Ending.REPAIRED: Notice(NEUTRAL, _("No reset was sent. This is what came of freeing what it held:")),
    Ending.REMOVED: Notice(GOOD, _("Done: this backup, which was never started, is gone. This was read back.")),
    Ending.REMOVING: Notice(
        WARN, _("Accepted by Cinder, but the backup is still there."), _("It is removed as soon as {host} gets to it.")
    ),
    Ending.STOPPED: Notice(WARN, _("Stopped before the backup was removed: it is {now}.")),
}
_ONE_HOST = _(
    "The backup is still there. Start cinder-backup in its availability zone. Where backup_use_same_host is set it has "
    "to be {host}, the host last asked: start that one, or move all its backups to one that is up: cinder-manage "
    "backup update_backup_host --currenthost {arg} --newhost HOST."
)
_UNKNOWN_REMOVAL = Notice(
    WARN,
    _("It is not known whether Cinder took the request to remove this backup."),
    _("It was sent once and is not repeated automatically. Check again in a moment."),
)
_CLEANED_UP = Notice(
    WARN,
    _("Accepted by Cinder, but not applied yet: cinder-backup was started and set the backup to {now} first."),
    _("The reset to {target} is waiting at {host}."),
)
_LONG_ACCEPTED = Notice(
    WARN,
    _("Accepted by Cinder {waited} ago, but not applied yet: the backup is still {before}."),
    _(
        "{host} has it. If that is up, its queue, a worker that hangs, or another driver than the one that wrote this "
        "backup may keep it: its log says. The same reset can be sent again; another host may take it."
    ),
)
