# SPDX-License-Identifier: Apache-2.0
"""An administrator releases really stuck backups with a browser, and what the dialogs say is what the database says."""

import dataclasses

import pytest

from tests.e2e.cases import BY_NAME
from tests.e2e.cases import CASES
from tests.lab import wait

situations = pytest.mark.parametrize("case", CASES, ids=str)
submitted = pytest.mark.parametrize("case", [case for case in CASES if case.choice], ids=str)
restorable = pytest.mark.parametrize("case", [case for case in CASES if case.restorable], ids=str)


@situations
def test_dialog_says_what_the_record_proves_and_recommends_accordingly(releases, case):
    seen = releases.by_plugin(case)

    assert seen.release.before.backup == case.before
    assert (seen.release.verdict, seen.release.recommended) == (case.verdict, case.recommended)
    assert seen.offered == list(case.offered)


@situations
def test_nothing_is_taken_upon_oneself_or_freed_beforehand(releases, case):
    assert releases.by_plugin(case).boxes == dict.fromkeys(case.asked, False)


@situations
def test_result_is_told_as_it_stands_in_api_and_database(releases, case):
    seen = releases.by_plugin(case)

    assert seen.ending == case.ending
    assert seen.release.after == case.after
    assert seen.in_api == seen.release.after
    assert seen.release.is_true


@submitted
def test_repair_is_told_as_done_where_it_was_done_and_only_there(releases, case):
    seen = releases.by_plugin(case)

    assert len(seen.repairs_told) == int(case.is_freed)
    assert all(("This was read back from Cinder." in text) == case.is_released for text in seen.repairs_told)


@submitted
def test_what_stays_locked_after_a_release_is_told(releases, case):
    seen = releases.by_plugin(case)

    assert len(seen.locked_told) == int(case.is_released and case.holds and not case.is_freed)


@restorable
def test_data_that_is_all_there_comes_back_byte_for_byte(releases, case):
    assert releases.by_plugin(case).release.restored


@situations
def test_no_unsound_backup_is_made_available_by_following_the_recommendation(releases, case):
    assert not releases.by_plugin(case).release.is_unsound


@situations
def test_stock_horizon_says_success_whatever_came_of_it(releases, case):
    """The yardstick: if this changes, what the documentation says of stock Horizon has to."""
    release = releases.by_stock(case)
    after = release.after
    if case.situation == "live-restore":
        # The reset cancels the restore, and the restore sets its target to error as soon as it notices.
        assert after.target in (case.stock.target, "error")
        after = dataclasses.replace(after, target=case.stock.target)

    assert (release.claimed == "available") == case.stock_claims
    assert after == case.stock
    assert release.restored == case.stock_restores


@pytest.mark.parametrize(("situation", "held"), [("live-create", "volume_id"), ("live-restore", "restore_volume_id")])
def test_live_job_that_was_left_alone_comes_to_its_end(releases, cloud, situation, held):
    record = releases.by_plugin(BY_NAME[situation]).record

    cloud.lab.gates(record[held]).open("slow")

    wait.until(lambda: cloud.in_database(record).backup == "available", "the live job to end", 60)
    assert cloud.resets(record["backup_id"]) == []
    assert cloud.comes_back(record["backup_id"], record["sha256"])
