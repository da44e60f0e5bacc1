# SPDX-License-Identifier: Apache-2.0
"""Five hundred in one run from a real browser: undisturbed, and with every cinder-backup killed in the middle of it.

What the page says is held against Cinder's database id by id, cinder-api's access log and the audit log.
"""

from collections import Counter

import pytest

from backup_reset_panel.cinder.threads import MOST_SIDE_BY_SIDE
from tests.faults import bulk
from tests.faults.bulk import GOOD
from tests.faults.evidence import due
from tests.faults.evidence import is_complete
from tests.faults.outages import Outage
from tests.faults.outages import backup_services
from tests.lab import wait
from tests.pages.stuck import StuckPage

#: So many have a result when cinder-backup is struck.
SOME = 60
QUEUE_SECONDS = 60
VERDICTS = {("creating", True): "complete", ("creating", False): "no_proof", ("restoring", True): "was_available"}
LABELS = {"Available": "available", "Error": "error"}


def freed(row):
    """The volume that a stuck backup holds, and what becomes of it when that is freed."""
    if row["restore_volume_id"]:
        return row["restore_volume_id"], "error_restoring"
    return row["volume_id"], "available"


@pytest.fixture(scope="module")
def undisturbed(lab, stuck, browsers, cinder_log):
    """A Run that nothing happened to."""
    return bulk.release(lab, stuck.all(), StuckPage(browsers()), cinder_log, is_dead=True)


@pytest.fixture(scope="module")
def struck(lab, stuck, browsers, cinder_log):
    """A Run in the middle of which every cinder-backup was killed, and started again when it had paused."""
    before = stuck.all()

    def applied(paused) -> None:
        accepted = [each for each, line in paused.lines.items() if line.result == "accepted"]

        def are_due() -> bool:
            now = before.again(lab)
            return all(now.status(each) == due(before.backups[each]) for each in accepted)

        wait.until(are_due, "what waited for dead services to be applied", QUEUE_SECONDS)

    def strike(page):
        return bulk.struck(lab, Outage(lab, "kill", *backup_services(lab)), page, before, SOME, after=applied)

    return bulk.release(lab, before, StuckPage(browsers()), cinder_log, strike, is_dead=True)


@pytest.fixture(scope="module", params=["undisturbed", "struck"])
def run(request):
    """Each of the two."""
    return request.getfixturevalue(request.param)


def test_plan_counts_what_is_verified_and_what_is_not(run):
    count = Counter(due(row) for row in run.before.backups.values())

    assert len(run.before.backups) == 500
    assert len({row["project_id"] for row in run.before.backups.values()}) == 20
    assert run.plan == f"500 backups: {count['available']} → Available, {count['error']} → Error."


def test_plan_cancels_no_restore_before_somebody_says_that_its_process_is_dead(run):
    of_creates = [row for row in run.before.backups.values() if row["status"] == "creating"]
    count = Counter(due(row) for row in of_creates)

    assert run.first_plan == (
        f"500 backups: {count['available']} → Available, {count['error']} → Error, {500 - len(of_creates)} left out."
    )


def test_every_backup_has_exactly_one_result_and_the_verdict_of_its_record(run):
    assert run.end.lines.keys() == run.before.backups.keys()
    for each, line in run.end.lines.items():
        row = run.before.backups[each]
        assert line.result
        assert line.verdict == VERDICTS[row["status"], is_complete(row)]
        assert LABELS[line.to] == due(row)


def test_summary_counts_what_the_lines_say(run):
    assert run.end.counted == run.end.summary()


def test_status_in_the_database_is_what_each_line_tells(run):
    bulk.assert_true(run, run.end)


def test_volumes_are_freed_where_that_is_told_and_nowhere_else(run):
    told = dict(freed(run.before.backups[each]) for each, line in run.end.lines.items() if line.freed)
    changed = run.before.changed_volumes(run.end.rows)

    assert {each: status for each, status in changed.items() if each not in run.freed_by_start} == told


def test_no_backup_is_sent_more_than_one_reset_and_each_is_written_down(run):
    assert run.sent == dict.fromkeys(run.before.backups, 1)
    assert Counter(record["backup_id"] for record in run.audit) == run.sent


def test_undisturbed_run_releases_every_backup_and_all_that_they_hold(undisturbed):
    before = undisturbed.before

    assert undisturbed.end.results == {"applied": 500}
    assert {record["outcome"] for record in undisturbed.audit} == {"applied"}
    assert before.changed_volumes(undisturbed.end.rows) == dict(map(freed, before.backups.values()))


def test_run_pauses_and_says_so_when_every_cinder_backup_dies_instead_of_failing_for_each(struck):
    assert "No cinder-backup takes resets now." in struck.paused.pause
    assert struck.paused.summary()["failed"] <= MOST_SIDE_BY_SIDE
    assert struck.paused.results[""] > 0


def test_what_cinder_accepted_for_dead_services_is_told_as_accepted_and_never_as_done(struck):
    assert struck.paused.results["accepted"] > 0
    assert struck.paused.results["unknown"] == 0
    bulk.assert_true(struck, struck.paused)
    accepted = [each for each, line in struck.paused.lines.items() if line.result == "accepted"]
    assert all(struck.paused.rows.status(each) == struck.before.status(each) for each in accepted)


def test_resumed_run_completes_and_tells_the_end_of_what_was_accepted(struck):
    for each, line in struck.end.lines.items():
        then = struck.paused.lines[each].result
        if then == "":
            assert line.result == "applied", line
        elif then == "accepted":
            assert line.result in (*GOOD, "reached", "settled_otherwise"), line
            assert struck.end.rows.status(each) == due(struck.before.backups[each])
        else:
            assert line == struck.paused.lines[each]
