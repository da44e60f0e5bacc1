# SPDX-License-Identifier: Apache-2.0
"""How much of a store this process uses at once, and how long it waits for what cannot be interrupted."""

from __future__ import annotations

import concurrent.futures
import contextlib
import threading
from collections.abc import Callable
from collections.abc import Iterator
from typing import TypeVar

from backup_reset_panel.storage.types import Deadline
from backup_reset_panel.storage.types import StorageError
from backup_reset_panel.storage.types import Trouble

Made = TypeVar("Made")

#: Connections of this process to stores, all regions together.
MOST = 8
#: Seconds to wait for one that is free.
PATIENCE = 5.0
#: Calls to a file system side by side: on an NFS server that is gone each hangs until it is back.
MOST_FILE_CALLS = 4
#: Readings of contents side by side: the rest of the connections is for those who wait for a dialog.
MOST_READINGS = 4

_FREE = threading.BoundedSemaphore(MOST)
_READINGS = threading.BoundedSemaphore(MOST_READINGS)
_FILE_CALLS = concurrent.futures.ThreadPoolExecutor(MOST_FILE_CALLS, thread_name_prefix="backup-reset-panel-files")


@contextlib.contextmanager
def connection(deadline: Deadline) -> Iterator[None]:
    """Have one of the connections of this process.

    :raises StorageError: TOO_SLOW, when none became free in time
    """
    if not _FREE.acquire(timeout=deadline.left(PATIENCE)):
        raise StorageError(Trouble.TOO_SLOW, "all connections to stores are in use")
    try:
        yield
    finally:
        _FREE.release()


@contextlib.contextmanager
def turn_to_read() -> Iterator[bool]:
    """Have one of the turns to read contents.

    :returns: False where none is free now: another time
    """
    has_turn = _READINGS.acquire(blocking=False)
    try:
        yield has_turn
    finally:
        if has_turn:
            _READINGS.release()


def within(
    deadline: Deadline, most: float, call: Callable[[], Made], undo: Callable[[Made], None] = lambda made: None
) -> Made:
    """Call something that may hang, and do not wait for it longer than this.

    It goes on in its thread; when all threads hang, further calls end at once when their time is up.

    :param most: seconds
    :param undo: what to do with a result that comes when nobody waits any more
    :raises StorageError: TOO_SLOW
    """
    future = _FILE_CALLS.submit(call)
    try:
        return future.result(deadline.left(most))
    except concurrent.futures.TimeoutError:
        if not future.cancel():
            future.add_done_callback(lambda done: None if done.exception() else undo(done.result()))
        raise StorageError(Trouble.TOO_SLOW, "the file system does not answer") from None
