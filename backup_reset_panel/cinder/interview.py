# SPDX-License-Identifier: Apache-2.0
"""Asking Cinder many things for one purpose: side by side, each once, none of them for ever.

A source of evidence is a generator: it yields the questions that it has and gets their answers, until it returns what
it found out. So sources know nothing of clients and threads, and each goes on as soon as its own answers are there.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import functools
import time
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterable
from typing import Any

from backup_reset_panel.cinder.client import CinderFault
from backup_reset_panel.cinder.client import Cloud
from backup_reset_panel.cinder.questions import Question
from backup_reset_panel.cinder.threads import POOL
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind

#: For all questions together. One that hangs ends by its own time-out long before; this is for a Cinder that answers
#: everything, but slowly, and for waiting until a connection is free.
LONGEST_SECONDS = 6.0

Answers = dict[Question, Any]
#: What a source yields, and what it is given for that.
Asking = Generator["Ask", Answers, Any]


@dataclasses.dataclass(frozen=True)
class Ask:
    """Some questions.

    :param patience: seconds after which the source goes on without the answers that are not there yet (they are
        Unknown then); None: it waits for all of them
    """

    questions: tuple[Question, ...]
    patience: float | None = None


def ask(*questions: Question) -> Ask:
    """All of these at once."""
    return Ask(questions)


@dataclasses.dataclass
class _Turn:
    """A source that waits."""

    source: Asking
    ask: Ask
    since: float


class Interview:
    """One round of questions to a cloud.

    :param cloud: Cloud, made in the calling thread
    :param seconds: for all of it
    """

    def __init__(
        self, cloud: Cloud, seconds: float = LONGEST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.cloud = cloud
        self._clock = clock
        self._end = clock() + seconds
        self._asked: dict[Question, concurrent.futures.Future[Any]] = {}
        self._silent: set[str] = set()
        self.refused: Fault | None = None

    def begin(self, questions: Iterable[Question]) -> None:
        """Have questions asked already that will be needed."""
        for question in questions:
            if question not in self._asked:
                self._asked[question] = POOL.submit(self.cloud.person, functools.partial(self._put, question))

    def _put(self, question: Question) -> Any:
        """The answer to one question, Unknown with the reason where there is none."""
        if question.kind in self._silent or self._clock() > self._end:
            return Unknown(Gap.TIMED_OUT)
        try:
            return question.put(self.cloud)
        except CinderFault as exc:
            return self._missing(question, exc.fault)

    def _missing(self, question: Question, fault: Fault) -> Unknown:
        if fault.kind is FaultKind.TOKEN_REFUSED:
            self.refused = fault
        if fault.kind is FaultKind.TIMED_OUT:
            # The next of its kind would hang as well, and each costs its whole time-out.
            self._silent.add(question.kind)
        return gap(fault)

    def answer(self, question: Question) -> Any:
        """The answer to one question, waited for.

        :raises CinderFault: TOKEN_REFUSED
        """
        return self.run([_one(question)])[0]

    def so_far(self, question: Question) -> Any:
        """The answer to a question that was begun, Unknown if it is not there yet; nobody waits."""
        return self._given(question)

    def run(self, sources: Iterable[Asking]) -> list[Any]:
        """Let sources ask until each has found out what it can.

        :returns: what each returned, in order
        :raises CinderFault: TOKEN_REFUSED: whatever else was found out is worth nothing
        """
        order = list(sources)
        found: dict[int, Any] = {}
        waiting: dict[int, _Turn] = {}
        for number, source in enumerate(order):
            self._go_on(number, source, None, found, waiting)
        while waiting:
            self._wait(waiting)
            for number, turn in list(waiting.items()):
                if self._is_over(turn):
                    del waiting[number]
                    self._go_on(number, turn.source, self._answers(turn), found, waiting)
        if self.refused:
            raise CinderFault(self.refused)
        return [found[number] for number in range(len(order))]

    def _go_on(
        self, number: int, source: Asking, answers: Answers | None, found: dict[int, Any], waiting: dict[int, _Turn]
    ) -> None:
        """Let a source take its answers and ask the next, or end."""
        try:
            wanted = next(source) if answers is None else source.send(answers)
        except StopIteration as end:
            found[number] = end.value
            return
        self.begin(wanted.questions)
        waiting[number] = _Turn(source, wanted, self._clock())

    def _is_over(self, turn: _Turn) -> bool:
        return self._left(turn) <= 0 or all(self._asked[question].done() for question in turn.ask.questions)

    def _left(self, turn: _Turn) -> float:
        """Seconds for which a source still waits."""
        left = self._end - self._clock()
        if turn.ask.patience is None:
            return left
        return min(left, turn.since + turn.ask.patience - self._clock())

    def _wait(self, waiting: dict[int, _Turn]) -> None:
        """Wait until one more answer is there, or one of the sources has waited long enough."""
        if any(self._is_over(turn) for turn in waiting.values()):
            return
        futures = [self._asked[each] for turn in waiting.values() for each in turn.ask.questions]
        pending = {future for future in futures if not future.done()}
        least = min(self._left(turn) for turn in waiting.values())
        concurrent.futures.wait(pending, timeout=max(0.0, least), return_when=concurrent.futures.FIRST_COMPLETED)

    def _answers(self, turn: _Turn) -> Answers:
        return {question: self._given(question) for question in turn.ask.questions}

    def _given(self, question: Question) -> Any:
        future = self._asked[question]
        if future.done() and not future.cancelled():
            return future.result()
        if self._clock() >= self._end:
            future.cancel()
        return Unknown(Gap.TIMED_OUT)


def _one(question: Question) -> Asking:
    answers = yield ask(question)
    return answers[question]


def gap(fault: Fault) -> Unknown:
    """The place of an answer that a fault kept from us."""
    if fault.kind in (FaultKind.TIMED_OUT, FaultKind.BUSY):
        return Unknown(Gap.TIMED_OUT)
    detail = " ".join(part for part in (fault.kind.value, fault.request_id) if part)
    return Unknown(_GAPS.get(fault.kind, Gap.FAILED), detail)


_GAPS = {
    FaultKind.FORBIDDEN: Gap.REFUSED,
    FaultKind.TOKEN_REFUSED: Gap.REFUSED,
    FaultKind.BAD_REQUEST: Gap.NOT_OFFERED,
    FaultKind.NO_SUCH_BACKUP: Gap.NONE_SUCH,
}
