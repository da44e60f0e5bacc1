# SPDX-License-Identifier: Apache-2.0
"""The connections of this process to the cloud: few, kept for a moment, shared fairly, and always closed.

cinder-api under eventlet serves a hundred connections at most and keeps one as long as its client does: a dashboard
that leaves connections open can silence it for everybody (seen with 105 of them). So a process has eight at most to
one server, four at most for one person, and keeps four for a second or so. Only sockets are shared, never a token, a
cookie or an answer: those live in the session of one request.
"""

from __future__ import annotations

import collections
import contextlib
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from keystoneauth1 import session as keystoneauth_session
from requests import adapters

from backup_reset_panel.cinder.hanging import Hangs
from backup_reset_panel.cinder.hanging import Unanswered
from backup_reset_panel.cinder.hanging import kind_of

#: To one server, from one process.
MOST = 8
#: For one person: who opens ten dialogs at once waits for their own, and nobody else does.
MOST_A_PERSON = 4
#: How many are kept open when nobody uses them.
MOST_IDLE = 4
#: One that was not used for longer is closed instead of used: servers close theirs after two seconds (gunicorn) to
#: five (Apache), and a request that meets that moment would be lost.
IDLE_SECONDS = 1.0


class NoneFree(requests.exceptions.ConnectTimeout):
    """No connection became free in time: nothing was sent."""


class _Lane:
    """One connection, open or not: an adapter of its own, with room for one."""

    def __init__(self) -> None:
        self.adapter = keystoneauth_session.TCPKeepAliveAdapter(pool_connections=1, pool_maxsize=1)
        self.used_at = 0.0


class Lanes:
    """The connections to one server.

    :param clock: function that gives seconds
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.unanswered = Unanswered()
        self._changed = threading.Condition()
        self._idle: list[_Lane] = []
        self._taken: collections.Counter[str] = collections.Counter()
        self._waiting: list[tuple[object, str]] = []

    @contextlib.contextmanager
    def take(self, person: str, seconds: float) -> Iterator[adapters.HTTPAdapter]:
        """Use one connection exclusively for a while.

        :param person: whose it is; those of one person wait for each other
        :param seconds: how long to wait for one that is free
        :raises NoneFree: none became free in time
        """
        lane = self._acquire(person, seconds)
        try:
            yield lane.adapter
        except Hangs:
            raise
        except BaseException:
            # What is left of a broken exchange must not be read by the next.
            lane.adapter.close()
            raise
        finally:
            self._release(lane, person)

    def _acquire(self, person: str, seconds: float) -> _Lane:
        ticket = (object(), person)
        end = self._clock() + seconds
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._next() != ticket:
                    left = end - self._clock()
                    if left <= 0:
                        raise NoneFree
                    self._changed.wait(left)
            finally:
                self._waiting.remove(ticket)
                # Whoever is next now may be someone else who waits.
                self._changed.notify_all()
            self._taken[person] += 1
            lane = self._idle.pop() if self._idle else _Lane()
        if self._clock() - lane.used_at > IDLE_SECONDS:
            lane.adapter.close()
        return lane

    def _next(self) -> tuple[object, str] | None:
        """Whose turn it is: the first who waits, has not too many already, and for whom there is one."""
        if self._taken.total() >= MOST:
            return None
        return next((ticket for ticket in self._waiting if self._taken[ticket[1]] < MOST_A_PERSON), None)

    def _release(self, lane: _Lane, person: str) -> None:
        with self._changed:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]
            is_kept = len(self._idle) < MOST_IDLE
            if is_kept:
                lane.used_at = self._clock()
                self._idle.append(lane)
            self._changed.notify_all()
        if not is_kept:
            lane.adapter.close()


_LANES: dict[tuple[str, str], Lanes] = {}
_LOCK = threading.Lock()


def lanes(url: str) -> Lanes:
    """The connections of this process to the server of a URL."""
    parts = urlsplit(url)
    with _LOCK:
        return _LANES.setdefault((parts.scheme, parts.netloc), Lanes())


class SharedConnections(adapters.BaseAdapter):
    """What one request's session sends through: any of the shared connections, one at a time.

    :param person: whose requests they are
    :param patience: seconds to wait for a connection that is free
    """

    def __init__(self, person: str, patience: float) -> None:
        super().__init__()
        self._person = person
        self._patience = patience

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request and read its answer to the end, so that the connection is free again.

        :raises NoneFree: no connection was, so nothing was sent
        :raises Hangs: this kind of request hangs just now; nothing was sent
        :raises requests.RequestException: as requests does; also where the answer was cut off
        """
        url = request.url or ""
        server = lanes(url)
        # Asked with a connection in hand: meanwhile those before may have found out that it hangs.
        with (
            server.take(self._person, self._patience) as adapter,
            server.unanswered.asking(kind_of(request.method or "", url)),
        ):
            response = adapter.send(request, **options)
            response.content  # noqa: B018  (reads it)
            # urllib3 1.26, which the OpenStack of 2025.1 and 2025.2 runs on, takes what came before the end for all.
            if getattr(response.raw, "length_remaining", None):
                raise requests.exceptions.ChunkedEncodingError("The answer was cut off.", response=response)
            return response

    def close(self) -> None:
        """Do nothing: the connections are shared."""


def session(person: str, patience: float) -> requests.Session:
    """A session for the requests of one person, over the shared connections.

    :param patience: seconds to wait for a connection that is free
    """
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, SharedConnections(person, patience))
    return made
