# SPDX-License-Identifier: Apache-2.0
"""The words of a reading of contents: how far it is, how it ended, how fast it was."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backup_reset_panel.core.durations import span
from backup_reset_panel.core.numbers import whole
from backup_reset_panel.core.storage.texts import amount
from backup_reset_panel.core.storage.texts import headline
from backup_reset_panel.core.storage.texts import words
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.core.storage.types import Depth
from backup_reset_panel.core.storage.types import Finding
from backup_reset_panel.core.storage.types import Issue
from backup_reset_panel.core.storage.types import State

#: Before so many seconds nothing is said of those that are left.
ENOUGH_SECONDS = 1.0


def so_far(parts: tuple[int, int], size: tuple[int, int], seconds: float, is_bad: bool) -> str:
    """How far it is: "3 of 32 parts, 1.2 MB of 16.8 MB, 42 MB/s, about 12 s left".

    :param parts: done, and of how many
    :param size: stored bytes done, and of how many
    :param seconds: that it took so far
    :param is_bad: whether some of what was read is not as it was written
    """
    done, total = parts
    told = [
        ngettext("%(done)s of %(total)s part", "%(done)s of %(total)s parts", total)
        % {"done": whole(done), "total": whole(total)},
        _("%(done)s of %(total)s") % {"done": amount(size[0]), "total": amount(size[1])},
    ]
    if speed := _speed(size[0], seconds):
        told.append(speed)
    left = rest(size, seconds)
    if left is not None:
        told.append(_("about %(time)s left") % {"time": span(left)})
    if is_bad:
        told.append(_("damage was found already"))
    return ", ".join(told)


def rest(size: tuple[int, int], seconds: float) -> datetime.timedelta | None:
    """How long the rest takes at the speed so far; None: too early to tell."""
    if not size[0] or seconds < ENOUGH_SECONDS:
        return None
    return datetime.timedelta(seconds=(size[1] - size[0]) * seconds / size[0])


def percent(size: tuple[int, int]) -> int:
    """How much of it is done; 100 only when all is."""
    return size[0] * 100 // size[1] if size[1] else 100


def ended(finding: Finding, broken_by: str) -> str:
    """How it ended.

    :param broken_by: as in ``Progress``
    """
    if broken_by and finding.state is not State.DAMAGED:
        code = broken_by.partition(":")[0]
        known = code in {each.value for each in Code} - {Code.NOT_READ.value}
        why = words(Issue(Code(code))) if known else _("a part could not be compared here.")
        return _("Reading ended early: %(why)s What was read so far was in order.") % {"why": why}
    return f"{headline(finding)} {about(finding)}".strip()


def about(finding: Finding, now: datetime.datetime | None = None) -> str:
    """What was read, how long ago and how fast; empty where nothing was.

    :param now: aware datetime that "ago" counts to; None: it was just now
    """
    if finding.read_at is None:
        return ""
    values = {
        "parts": whole(finding.parts_read),
        "size": amount(finding.bytes_read),
        "time": span(datetime.timedelta(seconds=finding.seconds_read)),
    }
    text = ngettext(
        "Read: %(parts)s part, %(size)s in %(time)s", "Read: %(parts)s parts, %(size)s in %(time)s", finding.parts_read
    )
    told = [text % values]
    if speed := _speed(finding.bytes_read, finding.seconds_read):
        told.append(speed)
    if now is not None:
        told.append(_("%(time)s ago") % {"time": span(now - finding.read_at)})
    if finding.depth is Depth.LISTED:
        told.append(_("not to the end"))
    return ", ".join(told) + "."


def _speed(size: int, seconds: float) -> str:
    """In bytes a second; empty where it cannot be told."""
    return _("%(size)s/s") % {"size": amount(round(size / seconds))} if size and seconds > 0 else ""
