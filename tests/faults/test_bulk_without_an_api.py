# SPDX-License-Identifier: Apache-2.0
"""cinder-api killed or frozen in the middle of a bulk run: it pauses, and goes on when the API is back."""

import pytest

from backup_reset_panel.cinder.threads import MOST_SIDE_BY_SIDE
from tests.faults import bulk
from tests.faults.outages import Outage
from tests.pages.stuck import StuckPage

#: More than the first chunk has, which is to be answered when cinder-api is struck.
COUNT = 110
#: So many have a result when cinder-api is struck, at least: those of the first chunk.
SOME = 20
#: What the run says: a killed one breaks off what was being sent, or cannot be reached for the next row.
TOLD = {
    "kill": ("The connection to Cinder broke off.", "Cinder cannot be reached."),
    "freeze": ("Cinder does not answer in time.",),
}


@pytest.fixture(scope="module", params=list(TOLD))
def how(request):
    """How cinder-api is struck."""
    return request.param


@pytest.fixture(scope="module")
def run(how, lab, stuck, browsers, cinder_log):
    """A Run that cinder-api was struck in the middle of."""
    before = stuck.some(COUNT, is_whole=False)

    def strike(page):
        return bulk.struck(lab, Outage(lab, how, "cinder-api"), page, before, SOME)

    return bulk.release(lab, before, StuckPage(browsers()), cinder_log, strike)


def test_run_pauses_and_says_what_happened_instead_of_failing_for_each(run, how):
    assert any(told in run.paused.pause for told in TOLD[how])
    assert run.paused.summary()["failed"] == 0
    assert run.paused.results["unknown"] <= MOST_SIDE_BY_SIDE
    assert run.paused.results[""] > 0


def test_what_is_told_at_the_pause_and_at_the_end_is_what_the_database_holds(run):
    bulk.assert_true(run, run.paused)
    bulk.assert_true(run, run.end)


def test_resumed_run_completes_without_sending_anything_twice(run):
    assert set(run.end.results) <= {"applied", "unknown"}, run.end
    assert run.end.results["applied"] >= COUNT - MOST_SIDE_BY_SIDE, run.end
    assert set(run.sent.values()) == {1}
