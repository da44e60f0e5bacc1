# SPDX-License-Identifier: Apache-2.0
"""The words about left-overs: what each is, why, what is done about it, and what came of that."""

from __future__ import annotations

import dataclasses
import enum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backup_reset_panel.core import statuses
from backup_reset_panel.core.leftovers import Kind
from backup_reset_panel.core.leftovers import LeftOver
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome.notices import BAD
from backup_reset_panel.core.outcome.notices import GOOD
from backup_reset_panel.core.outcome.notices import WARN
from backup_reset_panel.core.outcome.notices import Notice
from backup_reset_panel.core.outcome.notices import of_fault
from backup_reset_panel.core.outcome.types import Fault


class Ending(enum.Enum):
    """How it ended, as far as it was seen.

    DONE: the new status was read back, or that it is gone. ACCEPTED: Cinder took its deletion, and it is still there.
    CHANGED: it is no left-over any more, or not the one that was shown. UNSURE: what may hold it could not be read.
    BUSY: somebody else is at it. After these three nothing was sent. REFUSED: Cinder said no. UNKNOWN: sent, and not
    seen.
    """

    DONE = "done"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    UNSURE = "unsure"
    BUSY = "busy"
    REFUSED = "refused"
    UNKNOWN = "unknown"


#: Endings before anything was sent.
NOT_SENT = frozenset({Ending.CHANGED, Ending.UNSURE, Ending.BUSY})


@dataclasses.dataclass(frozen=True)
class Released:
    """What came of freeing or deleting a left-over.

    :param shown: as it was decided on
    :param now: the status last read; None: it is gone, or could not be read
    :param fault: Fault, if there was one
    :param request_id: Cinder's
    """

    shown: LeftOver
    ending: Ending
    now: str | None = None
    fault: Fault | None = None
    request_id: str = ""


_KINDS = {
    Kind.VOLUME: _("Volume"),
    Kind.TARGET: _("Restored volume"),
    Kind.ERROR_RESTORING: _("Restored volume"),
    Kind.SNAPSHOT: _("Snapshot"),
    Kind.TEMP_VOLUME: _("Temporary volume"),
    Kind.TEMP_SNAPSHOT: _("Temporary snapshot"),
}
_REASONS = {
    Kind.VOLUME: _("No backup of it is being created. It cannot be attached, moved or backed up."),
    Kind.TARGET: _("No backup is being restored into it. It cannot be used or deleted."),
    Kind.ERROR_RESTORING: _("A restore into it ended before its time, and none is going on: its data is incomplete."),
    Kind.SNAPSHOT: _("No backup of it is being created. It cannot be used or deleted."),
    Kind.TEMP_VOLUME: _("Cinder made it for a backup, counts it for no quota, and no backup names it any more."),
    Kind.TEMP_SNAPSHOT: _(
        "Cinder made it for a backup, counts it for no quota, and no backup names it any more. Its volume cannot be "
        "deleted while it exists."
    ),
}
_DEAD = _("The cinder-backup process that held it is dead: I looked.")
_CONSENTS = {
    Kind.VOLUME: _DEAD,
    Kind.TARGET: _DEAD,
    Kind.ERROR_RESTORING: _("I know that its data is incomplete, and restore into it again or tell its owner."),
    Kind.SNAPSHOT: _DEAD,
    Kind.TEMP_VOLUME: _("No cinder-backup process reads it any more: I looked. It is deleted for good."),
    Kind.TEMP_SNAPSHOT: _("No cinder-backup process reads it any more: I looked. It is deleted for good."),
}
_ENDINGS = {
    Ending.DONE: Notice(GOOD, _("{kind} {name}: {before} → {after}. This was read back from Cinder.")),
    Ending.ACCEPTED: Notice(
        WARN, _("Accepted by Cinder, but {kind} {name} is still there: it is {now}."), _("Look again in a moment.")
    ),
    Ending.CHANGED: Notice(
        WARN,
        _("Nothing was sent: {kind} {name} has changed since it was shown, or a backup holds it now."),
        _("It is {now} now. Look at the list again."),
    ),
    Ending.UNSURE: Notice(
        WARN,
        _("Nothing was sent: whether a backup holds {kind} {name} could not be read just now."),
        _("Try again in a moment."),
    ),
    Ending.BUSY: Notice(
        WARN,
        _("Nothing was sent: somebody else is freeing or deleting {kind} {name} at this moment."),
        _("Look at the list again."),
    ),
    Ending.REFUSED: Notice(BAD, _("{kind} {name}: nothing was changed.")),
    Ending.UNKNOWN: Notice(
        WARN,
        _("It is not known whether {kind} {name} was changed: what was asked for was not seen."),
        _("It was sent once and is not repeated automatically. Look at the list again."),
    ),
}
_GONE = Notice(GOOD, _("{kind} {name} is gone. This was read back from Cinder."))
_CHANGED_AND_GONE = Notice(
    WARN, _ENDINGS[Ending.CHANGED].headline, _("It is gone, or cannot be read. Look at the list again.")
)


def kind_label(kind: Kind) -> Text:
    """What it is."""
    return _KINDS[kind]


def reason(kind: Kind) -> Text:
    """Why it is a left-over."""
    return _REASONS[kind]


def consent(kind: Kind) -> Text:
    """What an administrator takes upon themselves."""
    return _CONSENTS[kind]


def remedy(found: LeftOver) -> Text:
    """What is done about it."""
    if not found.after:
        return _("Delete it")
    return format_lazy(_("Set it to {status}"), status=statuses.volume_label(found.after))


def _told(released: Released) -> Notice:
    if released.ending is Ending.DONE and not released.shown.after:
        return _GONE
    if released.ending is Ending.CHANGED and not released.now:
        return _CHANGED_AND_GONE
    return _ENDINGS[released.ending]


def of_released(released: Released) -> Notice:
    """What to say of how it ended; with the fault, if there was one."""
    shown = released.shown
    told = _told(released)
    words = {
        "kind": kind_label(shown.kind),
        "name": shown.label,
        "before": statuses.volume_label(shown.status),
        "after": statuses.volume_label(shown.after),
        "now": statuses.volume_label(released.now),
    }
    advice = of_fault(released.fault).text if released.fault and not told.advice else told.advice
    return Notice(told.level, format_lazy(told.headline, **words), format_lazy(advice, **words))
