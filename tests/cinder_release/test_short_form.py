# SPDX-License-Identifier: Apache-2.0
"""What the plugin decides and does with this Cinder is what it does with the one of every other test."""

import pytest

from tests.e2e.cases import CREATING_AND_RESTORING
from tests.lab import wait

UNDER_WAY = {"removed": "removing"}


@pytest.mark.parametrize("page", ["", "hosts/", "left_overs/", "history/"])
def test_page_reads_all_that_it_asks_for(dashboard, records, page):
    assert "could not be read" not in dashboard.page(page).lower()


def test_stuck_backups_are_found(dashboard, records):
    page = dashboard.page("")
    assert [
        name for name in ("creating-complete", "restoring", "never-started") if records[name]["name"] not in page
    ] == []


@pytest.mark.parametrize("case", CREATING_AND_RESTORING, ids=str)
def test_backup_is_released_as_the_verdict_says(dashboard, lab, records, case):
    record = records[case.situation]
    dialog = dashboard.open_dialog(record["backup_id"])
    assert (dialog.verdict, dialog.chosen) == (case.verdict, case.recommended)

    result = dialog.submit(case.choice, case.ticks)

    # A machine that is busy may take longer than the dialog waits for; it says so.
    assert result.ending in (case.ending, UNDER_WAY.get(case.ending))
    wait.until(
        lambda: lab.backup_row(record["backup_id"])["status"] == case.after.backup,
        f"{case.after.backup} to be there",
        30,
    )
    assert lab.volume_row(record["volume_id"])["status"] == case.after.volume
