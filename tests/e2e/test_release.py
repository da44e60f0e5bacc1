# SPDX-License-Identifier: Apache-2.0
"""An administrator releases really stuck backups with a browser, and what the dialogs say is what the database says."""

import pytest

from tests.e2e.cases import CASES
from tests.e2e.cloud import Statuses

situations = pytest.mark.parametrize("case", CASES, ids=str)
restorable = pytest.mark.parametrize("case", [case for case in CASES if case.restorable], ids=str)


@situations
def test_dialog_says_what_the_record_proves_and_recommends_accordingly(releases, case):
    release = releases.by_plugin(case).release

    assert (release.before.backup, release.verdict, release.recommended) == (
        case.before,
        case.verdict,
        case.recommended,
    )


@situations
def test_repair_is_ticked_beforehand_only_where_no_job_could_still_read_or_write(releases, case):
    repairs = releases.by_plugin(case).repairs

    assert list(repairs.values()) == ([] if case.ticked is None else [case.ticked])


@situations
def test_result_is_told_as_it_stands_in_api_and_database(releases, case):
    seen = releases.by_plugin(case)

    assert seen.ending == case.ending
    assert seen.release.after == Statuses(case.after, case.volume, case.snapshot, case.target)
    assert seen.in_api == seen.release.after
    assert seen.release.is_true


@situations
def test_repair_is_told_as_done_where_there_was_one(releases, case):
    told = releases.by_plugin(case).repairs_told

    assert len(told) == (0 if case.ticked is None else 1)
    assert all("This was read back from Cinder." in text for text in told)


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

    assert release.claimed == "available"
    assert release.after == case.stock
    assert release.restored == (None if case.stock.backup != "available" else case.restorable)
