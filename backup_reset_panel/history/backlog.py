# SPDX-License-Identifier: Apache-2.0
"""What the database did not take: kept in Horizon's cache, for whichever worker can write it later, and to be told.

Parts are numbered, and no number is used twice: to drop a part that was written cannot drop another one.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Iterable
from collections.abc import Sequence

from backup_reset_panel.core.history import Entry
from backup_reset_panel.core.history import Settled
from backup_reset_panel.core.history import packed
from backup_reset_panel.core.history import unpacked
from backup_reset_panel.web import cache

LOG = logging.getLogger(__name__)

Change = Entry | Settled

#: Less than 30 days, which memcached would take for a date.
KEPT_SECONDS = 7 * 24 * 3600
#: How many changes a part has, and how many parts there are at most: memcached takes a megabyte under a key, and a
#: record has some two kilobytes.
_A_PART, MOST_PARTS = 50, 64
_LAST, _LOST = "backup_reset_panel.history.last", "backup_reset_panel.history.lost"


def _key(number: int) -> str:
    return f"backup_reset_panel.history.part.{number}"


def read(most: int = MOST_PARTS) -> dict[str, list[Change]]:
    """What waits to be written, the earliest first: name of a part to its changes.

    :param most: how many parts
    """
    last = _last()
    keys = [_key(number) for number in range(max(1, last - MOST_PARTS + 1), last + 1)]
    found = cache.get_many(keys) if keys else {}
    return {key: unpacked(json.loads(found[key])) for key in [key for key in keys if key in found][:most]}


def add(changes: Sequence[Change]) -> None:
    """Keep changes until they can be written; what cannot be kept is lost to the history, and counted."""
    for begin in range(0, len(changes), _A_PART):
        part = changes[begin : begin + _A_PART]
        if not _added(json.dumps(packed(part))):
            _count_lost(len(part))


def drop(parts: Iterable[str]) -> None:
    """Keep these parts no longer: they were written."""
    names = list(parts)
    if names:
        cache.delete(*names)


def lost() -> tuple[int, datetime.datetime] | None:
    """How many changes could neither be written nor kept, and since when; None: none, as far as the cache knows."""
    found = cache.get(_LOST)
    return (found[0], datetime.datetime.fromisoformat(found[1])) if found else None


def _last() -> int:
    found = cache.get(_LAST)
    return found if isinstance(found, int) else 0


def _added(text: str) -> bool:
    if cache.get(_key(_last() + 1 - MOST_PARTS)):
        return False
    number = cache.count(_LAST)
    if number is None:
        return False
    cache.put(_key(number), text, KEPT_SECONDS)
    # A cache that is gone, or that does not take it, says nothing of that.
    return bool(cache.get(_key(number)) == text)


def _count_lost(number: int) -> None:
    LOG.error("%d lines of the audit log are not in the history, and will not be: the cache does not keep them", number)
    known = cache.get(_LOST)
    before, since = known or (0, datetime.datetime.now(datetime.timezone.utc).isoformat())
    cache.put(_LOST, (before + number, since), KEPT_SECONDS)
