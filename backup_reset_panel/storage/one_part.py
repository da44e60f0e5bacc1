# SPDX-License-Identifier: Apache-2.0
"""Reads one part; a step may end in the midst of it: with the posix driver one has 2 GB, and no two seconds read that.

What an MD5 has come to cannot be written down, so it stays in the process that reads; the next step of the same reading
takes it from here. A comfort: without it (another process, a restart) the part is read from its beginning.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeAlias

from backup_reset_panel.core.storage.manifest import Part
from backup_reset_panel.core.storage.place import Link
from backup_reset_panel.core.storage.place import Place
from backup_reset_panel.core.storage.types import Code
from backup_reset_panel.storage import contents
from backup_reset_panel.storage.contents import Comparison
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Store
from backup_reset_panel.storage.types import Trouble

#: Stored bytes of a part that a step reads in any case.
LEAST = 8 * 1024 * 1024
#: Steps that may end in one part without getting on: then one reads it to its end, however long that takes.
MOST_HALTS = 5
#: As many as read at once, twice; each has a decompressor at most.
MOST = 8
#: A browser asks for the next step at once; one that has not come back by then does not.
SECONDS = 120.0

#: Of the reading, and the number of the part in it.
Key: TypeAlias = tuple[str, int]

_HALTED: dict[Key, tuple[float, Comparison]] = {}
_LOCK = threading.Lock()


def read_on(
    store: Store, place: Place, link: Link, part: Part, is_over: Callable[[], bool]
) -> tuple[int, str, str, bool]:
    """Read one part, or some of it.

    :param is_over: whether the step is to end
    :returns: stored bytes read; how it differs; why it could not be compared; whether the step ended before the part
    """
    comparison = _resumed(place, part)
    halt = _halt(comparison, place, is_over)
    try:
        with contextlib.closing(store.get(link.container, part.name, part.length, start=comparison.stored)) as pieces:
            is_halted = not comparison.go_on(pieces, halt)
    except contents.Differs as exc:
        return part.length, str(exc), "", False
    except contents.CannotTell as exc:
        return 0, "", f"{Code.NOT_READ.value}: {exc}", False
    except StorageError as exc:
        if exc.trouble is Trouble.NOT_FOUND:
            return part.length, "missing", "", False
        if exc.trouble is Trouble.TOO_LARGE:
            return part.length, "longer than it should be", "", False
        return 0, "", exc.trouble.value, False
    if is_halted:
        _keep((place.id, place.done), comparison)
    return comparison.stored, "", "", is_halted


def _resumed(place: Place, part: Part) -> Comparison:
    """The part as far as this process has read it; from its beginning where it has not."""
    return (_take((place.id, place.done)) if place.inside else None) or Comparison(part)


def _halt(comparison: Comparison, place: Place, is_over: Callable[[], bool]) -> Callable[[], bool]:
    """Whether to halt within a part: not before something was read of it, and not where every step finds another
    process that begins anew.
    """
    begun = comparison.stored
    if not place.id or (not begun and place.halts >= MOST_HALTS):
        return lambda: False
    return lambda: comparison.stored - begun >= LEAST and is_over()


def _keep(key: Key, comparison: Comparison) -> None:
    """Leave it for the next step; the oldest goes where there are too many."""
    now = time.monotonic()
    with _LOCK:
        for each in [each for each, (left, _) in _HALTED.items() if now - left > SECONDS]:
            del _HALTED[each]
        while len(_HALTED) >= MOST:
            del _HALTED[next(iter(_HALTED))]
        _HALTED[key] = (now, comparison)


def _take(key: Key) -> Comparison | None:
    """Take it up again: nobody else gets it then. None: it is not here."""
    with _LOCK:
        _, comparison = _HALTED.pop(key, (0.0, None))
    return comparison
