# SPDX-License-Identifier: Apache-2.0
"""Things are measured by turns; no test here depends on how long anything takes."""

import pytest

from tests.bench.measure import Spread
from tests.bench.measure import by_turns
from tests.bench.measure import timed


def test_things_are_done_by_turns_and_the_first_round_is_not_counted():
    done = []
    took = by_turns({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, rounds=2)
    assert done == ["a", "b"] * 3
    assert {name: len(spread.seconds) for name, spread in took.items()} == {"a": 2, "b": 2}


def test_what_comes_before_a_run_is_told_its_name():
    told = []
    by_turns({"a": lambda: told.append("run")}, rounds=1, before=told.append)
    assert told == ["a", "run", "a", "run"]


def test_a_thing_is_believed_about_its_own_seconds():
    assert timed(lambda: 12.5) == 12.5


def test_a_thing_that_says_nothing_is_timed():
    assert 0 <= timed(lambda: None) < 12.5


def test_a_failure_is_not_taken_for_a_time():
    with pytest.raises(ZeroDivisionError):
        by_turns({"a": lambda: 1 / 0}, rounds=1)


def test_a_spread_has_median_and_ends():
    spread = Spread((3.0, 1.0, 2.0))
    assert (spread.least, spread.median, spread.most) == (1.0, 2.0, 3.0)
