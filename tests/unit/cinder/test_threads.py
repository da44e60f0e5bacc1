# SPDX-License-Identifier: Apache-2.0
"""The threads in which Cinder is waited for take turns among people."""

import concurrent.futures
import threading

import pytest

from backup_reset_panel.cinder.threads import A_TURN
from backup_reset_panel.cinder.threads import FairPool
from backup_reset_panel.cinder.threads import side_by_side


@pytest.fixture
def gate():
    """What hanging work waits for; opened at the end in any case."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def pool():
    """A FairPool of six threads, two a person; idle at the end."""
    made = FairPool(6, 2)
    yield made
    assert made.wait_until_idle(10)


def test_one_persons_hanging_work_takes_only_their_threads(pool, gate):
    hanging = [pool.submit("ada", lambda: gate.wait(30)) for _number in range(20)]
    quick = [pool.submit(person, lambda: "done") for person in ("grace", "linus", "grace") for _number in range(5)]
    assert [each.result(10) for each in quick] == ["done"] * 15
    assert not any(each.done() for each in hanging)
    gate.set()
    assert all(each.result(10) for each in hanging)


def test_people_take_turns_of_a_dialogs_worth(gate):
    pool = FairPool(1, 1)
    order = []
    pool.submit("somebody", lambda: gate.wait(30))
    for number in range(A_TURN + 2):
        pool.submit("ada", lambda number=number: order.append(f"ada {number}"))
    for number in range(2):
        pool.submit("grace", lambda number=number: order.append(f"grace {number}"))
    gate.set()
    assert pool.wait_until_idle(10)
    first = [f"ada {number}" for number in range(A_TURN)]
    assert order == [*first, "grace 0", "grace 1", f"ada {A_TURN}", f"ada {A_TURN + 1}"]


def test_who_asks_in_steps_keeps_the_turn_from_one_step_to_the_next():
    pool = FairPool(1, 1)
    order, begun, gates = [], threading.Event(), [threading.Event(), threading.Event()]

    def first():
        begun.set()
        gates[0].wait(30)

    step = pool.submit("ada", first)
    assert begun.wait(10)
    pool.submit("grace", lambda: gates[1].wait(30))
    pool.submit("linus", lambda: order.append("linus"))
    gates[0].set()
    step.result(10)
    # Her second step comes when others wait already.
    pool.submit("ada", lambda: order.append("ada"))
    gates[1].set()
    assert pool.wait_until_idle(10)
    assert order == ["ada", "linus"]


def test_nothing_is_remembered_of_people_when_there_is_nothing_to_do(pool):
    for number in range(50):
        pool.submit(f"person-{number}", lambda: None)
    assert pool.wait_until_idle(10)
    assert (pool._turn, pool._given, pool._waiting) == ({}, {}, {})


def test_what_went_wrong_is_raised_where_the_result_is_asked_for(pool):
    def fail():
        raise ZeroDivisionError

    future = pool.submit("ada", fail)
    with pytest.raises(ZeroDivisionError):
        future.result(10)
    assert pool.submit("ada", lambda: "after").result(10) == "after"


def test_work_that_is_cancelled_before_its_turn_is_not_begun(pool, gate):
    begun = []
    holding = [pool.submit("ada", lambda: gate.wait(30)) for _number in range(2)]
    waiting = pool.submit("ada", lambda: begun.append("begun"))
    assert waiting.cancel()
    gate.set()
    concurrent.futures.wait(holding, 10)
    assert pool.wait_until_idle(10)
    assert begun == []


def test_work_that_submits_work_never_waits_for_its_own_thread(pool):
    def nested(number):
        return pool.submit("ada", lambda: pool.submit("ada", lambda: number).result(10)).result(10)

    outer = [pool.submit("ada", lambda number=number: nested(number)) for number in range(20)]
    assert [each.result(10) for each in outer] == list(range(20))


@pytest.mark.parametrize("threads", [1, 3, 50])
def test_side_by_side_keeps_the_order(threads):
    assert side_by_side("ada", lambda number: number * 2, range(50), threads) == [number * 2 for number in range(50)]


def test_side_by_side_raises_what_one_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side("ada", lambda number: 1 // number, [1, 0, 2])


def test_side_by_side_leaves_room_for_what_else_a_person_asks_for():
    running = []
    most = []
    lock = threading.Lock()

    def work(_item):
        with lock:
            running.append(1)
            most.append(len(running))
        with lock:
            running.pop()

    side_by_side("ada", work, range(100), 2)
    assert max(most) <= 2
