# SPDX-License-Identifier: Apache-2.0
"""Lengths of time in words: two units at most, and no seconds from a minute on."""

from __future__ import annotations

import datetime

from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from backup_reset_panel.core.notes import Text

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def span(length: datetime.timedelta) -> Text:
    """A length of time in words: "41 s", "12 min", "3 h 12 min", "2 d 4 h".

    A negative length (a clock that is ahead) is shown as "0 s".
    """
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return format_lazy(pgettext_lazy("Length of time", "{seconds} s"), seconds=seconds)
    if seconds < _HOUR:
        return format_lazy(pgettext_lazy("Length of time", "{minutes} min"), minutes=seconds // _MINUTE)
    if seconds < _DAY:
        hours, rest = divmod(seconds, _HOUR)
        return format_lazy(
            pgettext_lazy("Length of time", "{hours} h {minutes} min"), hours=hours, minutes=rest // _MINUTE
        )
    days, rest = divmod(seconds, _DAY)
    return format_lazy(pgettext_lazy("Length of time", "{days} d {hours} h"), days=days, hours=rest // _HOUR)
