# SPDX-License-Identifier: Apache-2.0
"""The threads in which this process waits for Cinder: as many as it has connections, shared fairly among people."""

from __future__ import annotations

import collections
import concurrent.futures
import functools
import itertools
import threading
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from typing import TypeVar

from backup_reset_panel.cinder.connections import MOST
from backup_reset_panel.cinder.connections import MOST_A_PERSON

#: So many questions of one person before it is somebody else's turn: a dialog takes seven or eight. With one each, many
#: people who open a dialog at a slow Cinder would all be told too late. So, those who came first are told in time.
A_TURN = 8

Item = TypeVar("Item")
Made = TypeVar("Made")


class FairPool:
    """Threads that take turns among the people who have work for them.

    With one queue for all, whoever opens five dialogs while one kind of request hangs would keep everybody else
    waiting. A turn is A_TURN pieces of work, some of them at once. Work that submits work does that itself, in its own
    thread: to wait for another one could be to wait for its own.

    :param threads: how many in all
    :param a_person: how many work for one person at once
    """

    def __init__(self, threads: int = MOST, a_person: int = MOST_A_PERSON) -> None:
        self._executor = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="backup-reset-panel")
        self._threads = threads
        self._a_person = a_person
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._running: collections.Counter[str] = collections.Counter()
        self._turns = itertools.count()
        self._turn: dict[str, int] = {}
        self._given: collections.Counter[str] = collections.Counter()
        self._waiting: dict[str, collections.deque[tuple[concurrent.futures.Future[Any], Callable[[], Any]]]] = {}
        self._here = threading.local()

    def submit(self, person: str, work: Callable[[], Made]) -> concurrent.futures.Future[Made]:
        """Have something done for a person, when it is their turn.

        :returns: Future; one that is cancelled before its turn is not begun
        """
        future: concurrent.futures.Future[Made] = concurrent.futures.Future()
        if getattr(self._here, "is_ours", False):
            _do(future, work)
            return future
        with self._lock:
            self._waiting.setdefault(person, collections.deque()).append((future, work))
            if person not in self._turn:
                self._turn[person] = next(self._turns)
            self._dispatch()
        return future

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is being done, and nothing waits for its turn.

        :returns: whether that came to be within so many seconds
        """
        with self._idle:
            return self._idle.wait_for(lambda: not self._running and not self._waiting, seconds)

    def _dispatch(self) -> None:
        """Give free threads to those whose turn it is; called with the lock held."""
        while self._running.total() < self._threads:
            people = [each for each in self._waiting if self._running[each] < self._a_person]
            if not people:
                return
            person = min(people, key=self._turn.__getitem__)
            future, work = self._waiting[person].popleft()
            if not self._waiting[person]:
                del self._waiting[person]
            self._running[person] += 1
            self._count(person)
            self._executor.submit(self._do_for, person, future, work)

    def _count(self, person: str) -> None:
        """Who had a turn comes after all others; who asks in several steps keeps it meanwhile."""
        self._given[person] += 1
        if self._given[person] >= A_TURN:
            self._turn[person] = next(self._turns)
            del self._given[person]

    def _do_for(self, person: str, future: concurrent.futures.Future[Any], work: Callable[[], Any]) -> None:
        self._here.is_ours = True
        try:
            _do(future, work)
        finally:
            with self._lock:
                self._running[person] -= 1
                if not self._running[person]:
                    del self._running[person]
                self._dispatch()
                if not self._running:
                    self._turn.clear()
                    self._given.clear()
                self._idle.notify_all()


def _do(future: concurrent.futures.Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        made = work()
    except BaseException as exc:  # noqa: BLE001  (it is raised where the result is asked for)
        future.set_exception(exc)
    else:
        future.set_result(made)


#: One for the process; threads are started as they are needed.
POOL = FairPool()


#: How much of the same is done at once: one thread is left for what else the person asks for meanwhile.
MOST_SIDE_BY_SIDE = MOST_A_PERSON - 1


def side_by_side(
    person: str,
    work: Callable[[Item], Made],
    items: Iterable[Item],
    threads: int = MOST_SIDE_BY_SIDE,
    pool: FairPool = POOL,
) -> list[Made]:
    """Do the same for many, some at a time.

    :param work: function of one item
    :param threads: how many at a time; no more than MOST_SIDE_BY_SIDE
    :param pool: whose threads do it; what does not ask Cinder has no place in those that wait for Cinder
    :returns: what ``work`` returned, in the order of the items
    """
    left = list(items)
    results: list[Any] = [None] * len(left)
    numbers = iter(range(len(left)))
    running: dict[concurrent.futures.Future[Any], int] = {}

    def fill() -> None:
        while len(running) < min(threads, MOST_SIDE_BY_SIDE) and (number := next(numbers, None)) is not None:
            running[pool.submit(person, functools.partial(work, left[number]))] = number

    fill()
    while running:
        done, _others = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
        for future in done:
            results[running.pop(future)] = future.result()
        fill()
    return results
