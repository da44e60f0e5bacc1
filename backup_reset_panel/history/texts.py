# SPDX-License-Identifier: Apache-2.0
"""The history in words: how an act ended, what else was done, and how often a backup was reset."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.utils import formats
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext

from backup_reset_panel.core import statuses
from backup_reset_panel.core.history import is_reset
from backup_reset_panel.core.notes import Text
from backup_reset_panel.core.outcome.types import Ending
from backup_reset_panel.core.plan.types import Choice
from backup_reset_panel.history.models import PastReset
from backup_reset_panel.history.names import in_words
from backup_reset_panel.history.store import MOST_OF_A_BACKUP

#: So many lines of its history a dialog shows.
LINES_OF_A_DIALOG = 5
_A_WEEK = datetime.timedelta(days=6)
_ENDINGS = {
    Ending.APPLIED: gettext_lazy("applied"),
    Ending.REACHED: gettext_lazy("the status is right, by the reset or by its job"),
    Ending.ACCEPTED: gettext_lazy("accepted, not seen applied"),
    Ending.IGNORED: gettext_lazy("ignored by cinder-backup"),
    Ending.SETTLED_OTHERWISE: gettext_lazy("something else changed it"),
    Ending.DELETED_MEANWHILE: gettext_lazy("deleted meanwhile"),
    Ending.UNKNOWN: gettext_lazy("not known whether Cinder took it"),
    Ending.REFUSED: gettext_lazy("refused by Cinder"),
    Ending.NOT_SENT: gettext_lazy("not sent: another reset was under way"),
    Ending.HALF_WAY: gettext_lazy("half done"),
    Ending.REPAIRED: gettext_lazy("no reset"),
    Ending.REMOVED: gettext_lazy("removed"),
    Ending.REMOVING: gettext_lazy("removal accepted, not seen done"),
    Ending.STOPPED: gettext_lazy("stopped before it was removed"),
}
_REFUSED = {
    "interrupted": gettext_lazy("broken off: not known whether it was sent"),
    "not_marked": gettext_lazy("not sent: Cinder did not take the note that it was being deleted"),
}
_ASKED = {
    Choice.REPAIR.value: gettext_lazy("free the volume"),
    Choice.REMOVE.value: gettext_lazy("free the volume, remove"),
}


def outcome(row: PastReset) -> Text:
    """How it ended, as far as it was seen."""
    known = next((text for ending, text in _ENDINGS.items() if ending.value == row.outcome), None)
    if known is not None:
        return known
    if row.outcome or not row.refused:
        return in_words(row.outcome)
    return _REFUSED.get(row.refused) or _("not sent: {why}").format(why=in_words(row.refused))


def change(row: PastReset) -> str:
    """What was asked for: from which status to which, or what else."""
    before = statuses.label(row.from_status)
    if not row.to_status:
        wanted = _ASKED.get(row.choice) or statuses.label(row.choice)
        return f"{before}: {wanted}" if row.choice in _ASKED else f"{before} → {wanted}"
    return f"{before} → {statuses.label(row.to_status)}"


def also(row: PastReset) -> list[str]:
    """What was freed, or was not, and what stayed locked."""
    record = _record(row)
    freed = [
        f"{each.get('id')}: {statuses.volume_label(each.get('from'))} → {statuses.volume_label(each.get('to'))}"
        f" ({in_words(str(each.get('outcome')))})"
        for each in _repairs(record)
    ]
    locked = dict.fromkeys([*map(str, _list(record, "locked")), *row.seen_locked.split()])
    return freed + [_("{id} stays locked").format(id=each) for each in locked]


def request_ids(row: PastReset) -> list[str]:
    """Cinder's request ids: of the resets, and of the repairs."""
    record = _record(row)
    repairs = [str(each["request_id"]) for each in _repairs(record) if each.get("request_id")]
    return [*map(str, _list(record, "request_ids")), *repairs]


def _record(row: PastReset) -> dict[str, Any]:
    """The audit record; nothing of one that somebody wrote by hand."""
    try:
        found = json.loads(row.line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _list(record: dict[str, Any], name: str) -> list[Any]:
    """One field of a record, which an earlier or a later release may have written in another form."""
    found = record.get(name)
    return found if isinstance(found, list) else []


def _repairs(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in _list(record, "repairs") if isinstance(each, dict)]


@dataclasses.dataclass(frozen=True)
class Fold:
    """What a dialog says of a backup's history: one line, and the rows below it."""

    summary: str
    rows: tuple[tuple[PastReset, str, Text], ...] = ()


def fold(rows: Sequence[PastReset] | None) -> Fold | None:
    """What a dialog says of a backup's history, None where there is nothing to say.

    :param rows: the newest first; None: they could not be read
    """
    if rows is None:
        return Fold(_("Earlier resets: the history could not be read"))
    if not rows:
        return None
    lines = tuple((row, change(row), outcome(row)) for row in rows[:LINES_OF_A_DIALOG])
    return Fold(_summary(rows), lines)


def _summary(rows: Sequence[PastReset]) -> str:
    resets = [row for row in rows if is_reset(row.to_status, row.refused, row.outcome)]
    if not resets:
        return _("Never reset, but tried since {when}").format(when=_when(rows[-1].at))
    when = _when(resets[-1].at)
    if len(rows) >= MOST_OF_A_BACKUP:
        return _("Reset at least {count} times since {when}").format(count=len(resets), when=when)
    text = ngettext("Reset {count} time, {when}", "Reset {count} times since {when}", len(resets))
    return text.format(count=len(resets), when=when)


def _when(at: datetime.datetime) -> str:
    """The day, in the user's time zone: its name within a week, else its date."""
    here = timezone.localtime(at)
    return formats.date_format(here, "l" if timezone.now() - at < _A_WEEK else "Y-m-d")
