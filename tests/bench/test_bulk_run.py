# SPDX-License-Identifier: Apache-2.0
"""The bench's bulk run follows the page's own scripts, by the very numbers that stand in them."""

import pytest

from tests.bench import bulk_run
from tests.pages.web import BenchError


@pytest.mark.parametrize(
    "name",
    [
        "FIRST_CHUNK",
        "SMALLEST_CHUNK",
        "SECONDS_A_CHUNK",
        "LOOKS",
        "MOST_LOOKED_AT",
        "PAUSE_BEFORE_LOOKS",
        "PAUSE_BETWEEN_LOOKS",
    ],
)
def test_the_numbers_of_the_scripts_are_found_in_them(name):
    assert bulk_run.constant(name) > 0


def test_a_number_that_the_scripts_have_no_more_stops_the_bench():
    with pytest.raises(BenchError, match="NO_SUCH_NUMBER"):
        bulk_run.constant("NO_SUCH_NUMBER")


def test_the_next_chunk_is_sized_by_the_last_one():
    seconds = bulk_run.constant("SECONDS_A_CHUNK")
    assert bulk_run.next_size(50, seconds, most=100) == 50
    assert bulk_run.next_size(50, seconds / 4, most=100) == 100
    assert bulk_run.next_size(50, seconds * 100, most=100) == bulk_run.constant("SMALLEST_CHUNK")
    assert bulk_run.next_size(50, seconds, most=5) == 5


def test_a_row_that_was_looked_at_again_counts_as_it_ended():
    run = bulk_run.Run(planned=[], plan_seconds=0)
    run.take([{"id": "1", "class": "accepted", "watch": "token"}, {"id": "2", "class": "applied", "watch": ""}])
    assert run.open == {"1": "token"}
    run.take([{"id": "1", "class": "applied", "watch": ""}])
    assert run.open == {}
    assert run.classes == {"applied": 2}
