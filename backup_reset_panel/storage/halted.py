# SPDX-License-Identifier: Apache-2.0
"""Parts that a step left half read: 2 GB each with the posix driver, which no step of two seconds reads.

What an MD5 has come to cannot be written down, so it stays in the process that reads; the next step of the same reading
takes it from here. A comfort: without it (another process, a restart) the part is read from its beginning.
"""

from __future__ import annotations

import threading
import time
from typing import TypeAlias

from backup_reset_panel.storage.contents import Comparison

#: As many as read at once, twice; each has a decompressor at most.
MOST = 8
#: A browser asks for the next step at once; one that has not come back by then does not.
SECONDS = 120.0

#: Of the reading, and the number of the part in it.
Key: TypeAlias = tuple[str, int]

_HALTED: dict[Key, tuple[float, Comparison]] = {}
_LOCK = threading.Lock()


def keep(key: Key, comparison: Comparison) -> None:
    """Leave it for the next step; the oldest goes where there are too many."""
    now = time.monotonic()
    with _LOCK:
        for each in [each for each, (left, _) in _HALTED.items() if now - left > SECONDS]:
            del _HALTED[each]
        while len(_HALTED) >= MOST:
            del _HALTED[next(iter(_HALTED))]
        _HALTED[key] = (now, comparison)


def take(key: Key) -> Comparison | None:
    """Take it up again: nobody else gets it then. None: it is not here."""
    with _LOCK:
        _, comparison = _HALTED.pop(key, (0.0, None))
    return comparison
