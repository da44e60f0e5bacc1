# SPDX-License-Identifier: Apache-2.0
"""Asking many things: each once, side by side, none of them for ever."""

import dataclasses
import threading
import time

import pytest

from backup_reset_panel import cinder
from backup_reset_panel.cinder.interview import Ask
from backup_reset_panel.cinder.interview import Interview
from backup_reset_panel.cinder.interview import ask
from backup_reset_panel.core.evidence import Gap
from backup_reset_panel.core.evidence import Unknown
from backup_reset_panel.core.outcome.types import Fault
from backup_reset_panel.core.outcome.types import FaultKind


@dataclasses.dataclass(frozen=True)
class Question:
    """A question that the test answers: with a value, a fault, or not before the gate is open."""

    name: str
    kind: str = "a kind"
    answer: object = "yes"
    gate: threading.Event | None = None
    times: list = dataclasses.field(default_factory=list, compare=False)

    def put(self, cloud):
        self.times.append(time.monotonic())
        if self.gate:
            self.gate.wait(30)
        if isinstance(self.answer, Fault):
            raise cinder.CinderFault(self.answer)
        return self.answer


@pytest.fixture
def gate():
    """What hanging questions wait for; opened at the end in any case."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def interview(connection):
    """Function: an Interview with so many seconds."""
    return lambda seconds=10: Interview(connection, seconds)


def asking(*rounds):
    """A source that asks one round after the other and returns all answers."""
    answers = {}
    for each in rounds:
        answers |= yield each if isinstance(each, Ask) else ask(*each)
    return {question.name: answer for question, answer in answers.items()}


def test_source_gets_the_answers_to_its_questions(interview):
    found = interview().run([asking([Question("a", answer=1), Question("b", answer=None)], [Question("c", answer=())])])
    assert found == [{"a": 1, "b": None, "c": ()}]


def test_same_question_of_two_sources_is_asked_once(interview):
    question = Question("a")
    assert interview().run([asking([question]), asking([Question("b")], [question])]) == [
        {"a": "yes"},
        {"b": "yes", "a": "yes"},
    ]
    assert len(question.times) == 1


def test_source_goes_on_as_soon_as_its_own_answers_are_there(interview, gate):
    second = Question("second")

    def opens():
        yield ask(Question("first"))
        yield ask(second)
        gate.set()

    found = interview().run([asking([Question("held", gate=gate)]), opens()])
    assert found[0] == {"held": "yes"}
    assert second.times


def test_question_that_hangs_is_given_up_when_the_time_is_over(interview, gate):
    found = interview(0.2).run([asking([Question("held", gate=gate)]), asking([Question("quick", "other")])])
    assert found == [{"held": Unknown(Gap.TIMED_OUT)}, {"quick": "yes"}]


def test_source_with_little_patience_goes_on_without(interview, gate):
    rounds = [Ask((Question("held", gate=gate),), 0.05), [Question("next", "other")]]
    assert interview().run([asking(*rounds)]) == [{"held": Unknown(Gap.TIMED_OUT), "next": "yes"}]


def test_what_timed_out_once_is_not_asked_again_and_other_kinds_are(interview):
    timed_out = Question("a", "slow", Fault(FaultKind.TIMED_OUT))
    again, other = Question("b", "slow"), Question("c", "other")
    assert interview().run([asking([timed_out], [again, other])]) == [
        {"a": Unknown(Gap.TIMED_OUT), "b": Unknown(Gap.TIMED_OUT), "c": "yes"}
    ]
    assert again.times == []


GAPS = [
    (FaultKind.TIMED_OUT, Gap.TIMED_OUT),
    (FaultKind.BUSY, Gap.TIMED_OUT),
    (FaultKind.FORBIDDEN, Gap.REFUSED),
    (FaultKind.BAD_REQUEST, Gap.NOT_OFFERED),
    (FaultKind.NO_SUCH_BACKUP, Gap.NONE_SUCH),
    (FaultKind.SERVER_ERROR, Gap.FAILED),
    (FaultKind.GARBLED, Gap.FAILED),
    (FaultKind.NO_CONNECTION, Gap.FAILED),
    (FaultKind.BROKEN_OFF, Gap.FAILED),
    (FaultKind.OVER_LIMIT, Gap.FAILED),
    (FaultKind.UNTRUSTED, Gap.FAILED),
]


@pytest.mark.parametrize(("kind", "gap"), GAPS)
def test_each_fault_leaves_its_gap(interview, kind, gap):
    ((found),) = interview().run([asking([Question("a", answer=Fault(kind, request_id="req-1"))])])
    assert found["a"].why is gap


def test_token_that_is_refused_ends_it(interview):
    with pytest.raises(cinder.CinderFault) as caught:
        interview().run([asking([Question("a", answer=Fault(FaultKind.TOKEN_REFUSED))]), asking([Question("b")])])
    assert caught.value.fault.kind is FaultKind.TOKEN_REFUSED


def test_our_own_mistakes_are_not_hidden(interview):
    class Broken(Question):
        def put(self, cloud):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interview().run([asking([Broken("a")])])


def test_what_was_begun_can_be_looked_at_without_waiting(interview, gate):
    held = Question("held", gate=gate)
    made = interview()
    made.begin([held])
    assert made.so_far(held) == Unknown(Gap.TIMED_OUT)
    gate.set()
    assert made.answer(held) == "yes"
    assert made.so_far(held) == "yes"
