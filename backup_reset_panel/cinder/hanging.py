# SPDX-License-Identifier: Apache-2.0
"""What a server was asked and did not answer in time. To give up waiting does not end its work.

A request that we no longer wait for still has its place in cinder-api (a hundred of them under eventlet), until what it
hangs in lets go. So of a kind that hangs no more is asked than it takes to find out that it answers again: one asks,
and who comes in the moment after waits for what that one finds, so that nobody is told of yesterday's outage.
"""

from __future__ import annotations

import collections
import contextlib
import re
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

#: So many of one kind that were given up, one after the other without an answer in between: it hangs.
IN_A_ROW = 4
#: So many of all kinds within KEPT_SECONDS, and all that hang take turns.
MOST_GIVEN_UP = 30
#: How long a server may be at work on what nobody waits for (60 s: ``rpc_response_timeout``).
KEPT_SECONDS = 60.0
#: So long after it was sent, the answer of whoever finds out is waited for by the others: one that answers again does
#: within it, and of their own time, and of the few connections, it takes little.
A_MOMENT = 1.0
_ID = re.compile(r"/[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}(?=/|$)")


def kind_of(method: str, url: str) -> str:
    """What kind of request it is: its method and path, without the ids in it."""
    return f"{method} {_ID.sub('', urlsplit(url).path)}"


class Hangs(requests.exceptions.ConnectTimeout):
    """This kind of request hangs, and somebody else is finding out whether it still does: nothing was sent."""


class Unanswered:
    """What one server has not answered.

    :param clock: function that gives seconds
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._in_a_row: collections.Counter[str] = collections.Counter()
        self._given_up: collections.deque[tuple[float, str]] = collections.deque()
        self._tried: dict[str, float] = {}
        self._in_all = 0

    @contextlib.contextmanager
    def asking(self, kind: str) -> Iterator[None]:
        """Send a request within this, and read all of its answer.

        :param kind: see ``kind_of``
        :raises Hangs: see there
        """
        is_try = self._begin(kind)
        try:
            yield
        except requests.exceptions.RequestException as exc:
            if _was_given_up(exc):
                self._note(kind)
            raise
        else:
            self._forget(kind)
        finally:
            if is_try:
                with self._changed:
                    del self._tried[kind]
                    self._changed.notify_all()

    def _begin(self, kind: str) -> bool:
        """Whether this is to find out if a kind answers again; if another is, a moment is waited for that one."""
        with self._changed:
            before = self._in_all
            while self._in_a_row[kind] >= IN_A_ROW:
                begun = self._turn_of_another(kind)
                if begun is None:
                    self._tried[kind] = self._clock()
                    return True
                left = begun + A_MOMENT - self._clock()
                if left <= 0 or not self._changed.wait(left) or self._in_all != before:
                    raise Hangs
            return False

    def _turn_of_another(self, kind: str) -> float | None:
        """When whoever is finding out now began, None where nobody is in the way."""
        while self._given_up and self._clock() - self._given_up[0][0] > KEPT_SECONDS:
            self._given_up.popleft()
        if kind not in self._tried and self._tried and len(self._given_up) >= MOST_GIVEN_UP:
            return min(self._tried.values())
        return self._tried.get(kind)

    def _note(self, kind: str) -> None:
        with self._changed:
            self._in_a_row[kind] += 1
            self._in_all += 1
            self._given_up.append((self._clock(), kind))

    def _forget(self, kind: str) -> None:
        with self._changed:
            if self._in_a_row.pop(kind, 0):
                self._given_up = collections.deque(each for each in self._given_up if each[1] != kind)


def _was_given_up(exc: requests.exceptions.RequestException) -> bool:
    """Whether it was sent, and the answer did not come in time; one that breaks off half-way comes as an error of the
    connection, with the time-out in it.
    """
    return isinstance(exc, requests.exceptions.ReadTimeout) or "Read timed out" in str(exc)
