# SPDX-License-Identifier: Apache-2.0
"""What a server was asked and did not answer in time. To give up waiting does not end its work.

A request that we no longer wait for still has its place in cinder-api (a hundred of them under eventlet), until what it
hangs in lets go. So of a kind that hangs no more is asked than it takes to find out that it answers again.
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
        self._lock = threading.Lock()
        self._in_a_row: collections.Counter[str] = collections.Counter()
        self._given_up: collections.deque[tuple[float, str]] = collections.deque()
        self._tried: set[str] = set()

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
                with self._lock:
                    self._tried.discard(kind)

    def _begin(self, kind: str) -> bool:
        """Whether this is to find out if a kind answers again."""
        with self._lock:
            if self._in_a_row[kind] < IN_A_ROW:
                return False
            while self._given_up and self._clock() - self._given_up[0][0] > KEPT_SECONDS:
                self._given_up.popleft()
            if kind in self._tried or (self._tried and len(self._given_up) >= MOST_GIVEN_UP):
                raise Hangs
            self._tried.add(kind)
            return True

    def _note(self, kind: str) -> None:
        with self._lock:
            self._in_a_row[kind] += 1
            self._given_up.append((self._clock(), kind))

    def _forget(self, kind: str) -> None:
        with self._lock:
            if self._in_a_row.pop(kind, 0):
                self._given_up = collections.deque(each for each in self._given_up if each[1] != kind)


def _was_given_up(exc: requests.exceptions.RequestException) -> bool:
    """Whether it was sent, and the answer did not come in time; one that breaks off half-way comes as an error of the
    connection, with the time-out in it.
    """
    return isinstance(exc, requests.exceptions.ReadTimeout) or "Read timed out" in str(exc)
