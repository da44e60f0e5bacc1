# SPDX-License-Identifier: Apache-2.0
"""Work on a database in bounded time.

Each database has time limits of its own, or none: a lock or a host that is gone can keep a call for minutes, and no
setting of Django's bounds it. So each piece of work gets a thread and a connection of its own, and whoever asked waits
for as long as they can afford. While one piece is overdue nothing more is begun: a database that hangs costs one person
that wait once, and not each request, and no more threads than one.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import threading
from collections.abc import Callable
from typing import Any
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.db import connections

Made = TypeVar("Made")

#: How many pieces of work one process does at once, and for how long another one waits for its turn. By then whoever
#: asked has gone, and one that is overdue lets none begin.
MOST, MOST_SECONDS = 4, 5
#: What the threads are called.
THREADS = "backup-reset-panel-history"


class Unavailable(Exception):
    """The database did not answer in time, or could not do what was asked; says which, for the log."""


class Bounds:
    """What bounds the work of one process.

    :param most: how many pieces of work at once
    """

    def __init__(self, most: int = MOST) -> None:
        self._free = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._overdue: set[concurrent.futures.Future[Any]] = set()

    def begin(self, database: str, work: Callable[[], Made]) -> concurrent.futures.Future[Made]:
        """Begin a piece of work, in a thread of its own.

        :param database: name of the one of Django's databases that it works on; its connection is closed behind it
        :returns: Future, to be handed to ``result``; one that has failed where nothing may be begun
        """
        future: concurrent.futures.Future[Made] = concurrent.futures.Future()
        if self.is_hanging():
            future.set_exception(Unavailable("an earlier request has not been answered yet"))
        else:
            threading.Thread(target=self._run, args=(database, work, future), daemon=True, name=THREADS).start()
        return future

    def is_hanging(self) -> bool:
        """Whether a piece of work is overdue."""
        with self._lock:
            self._overdue = {each for each in self._overdue if not each.done()}
            return bool(self._overdue)

    def wait(self, seconds: float) -> None:
        """Wait for what is overdue: for whoever would rather do that than be told that nothing can be begun."""
        with self._lock:
            overdue = list(self._overdue)
        concurrent.futures.wait(overdue, seconds)

    def result(self, future: concurrent.futures.Future[Made], seconds: float) -> Made:
        """What came of a piece of work.

        :raises Unavailable: it failed, or took longer; then it may still be done
        """
        try:
            return future.result(seconds)
        except concurrent.futures.TimeoutError:
            with self._lock:
                self._overdue.add(future)
            raise Unavailable(f"no answer within {seconds} s") from None

    def call(self, database: str, work: Callable[[], Made], seconds: float) -> Made:
        """``begin`` and ``result``.

        :raises Unavailable: it failed, or took longer; then it may still be done
        """
        return self.result(self.begin(database, work), seconds)

    def _run(self, database: str, work: Callable[[], Made], future: concurrent.futures.Future[Made]) -> None:
        if not self._free.acquire(timeout=MOST_SECONDS):
            future.set_exception(Unavailable("too many requests are under way"))
            return
        try:
            future.set_result(work())
        except (Error, ImproperlyConfigured) as exc:
            future.set_exception(Unavailable(f"{type(exc).__name__}: {exc}"))
        finally:
            # A bug of ours: Python tells of it, and whoever waits is not kept.
            if not future.done():
                future.set_exception(Unavailable("it failed"))
            with contextlib.suppress(Error):
                connections[database].close()
            self._free.release()


#: Of this process.
BOUNDS = Bounds()
