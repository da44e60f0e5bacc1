# SPDX-License-Identifier: Apache-2.0
"""One source of page and dialog hangs or is gone: the rest is shown, in time, and what is missing is named."""

import time

from backup_reset_panel.cinder.client import READ_SECONDS
from tests.faults import outages
from tests.faults.outages import Outage
from tests.pages.browser import until

SLACK = 2.0
#: One thing that hangs, and then one that needed it: by the design, 2 s each.
PAGE_SECONDS = 4.0


def test_page_shows_its_rows_in_time_when_volumes_hang_and_says_that_they_are_missing(lab, page, backup_id):
    page.open_whole(backup_id)
    with outages.hanging_table(lab, "volumes"):
        seconds = page.open_at_once()

    assert seconds <= PAGE_SECONDS + SLACK
    assert page.missing.startswith("Could not be read: its volume.")
    assert "Complete." in page.rows[backup_id]


def test_dialog_comes_in_time_with_its_verdict_when_volumes_hang_and_says_that_they_are_missing(lab, page, backup_id):
    page.open_whole(backup_id)
    with outages.hanging_table(lab, "volumes"):
        begun = time.monotonic()
        page.click(backup_id)
        dialog = page.horizon.dialog()
        seconds = time.monotonic() - begun

    assert seconds <= 2 * READ_SECONDS + SLACK
    assert (dialog.verdict, dialog.recommended) == ("complete", "available")
    assert any("volume" in missing for missing in dialog.missing)
    # What could not be looked at is not offered for repair.
    assert (dialog.boxes("ticks"), dialog.boxes("repairs")) == ({}, {})


def test_names_of_projects_are_all_that_a_dead_keystone_takes_from_page_and_dialog(lab, page, one, backup_id):
    project_id = one.backups[backup_id]["project_id"]
    # Cinder keeps the tokens that it has validated for a while, and Horizon the names.
    page.open_whole(backup_id)
    named = page.part().rows[backup_id]
    outages.forget_project_names(lab)
    with Outage(lab, "kill", "keystone"):
        part = page.part()

    assert project_id not in named
    assert part.seconds <= PAGE_SECONDS + SLACK
    assert project_id in part.rows.get(backup_id, "") or "Could not be read: " in part.missing
    assert not part.says_all_is_well

    def is_named() -> bool:
        page.open_whole(backup_id)
        return project_id not in page.rows[backup_id]

    until(is_named, "the page to name the project again")


def test_open_page_follows_an_outage_and_its_end_by_itself(lab, page, backup_id):
    page.open_whole(backup_id)
    with Outage(lab, "freeze", "cinder-api"):
        until(lambda: page.missing, "the open page to say what it cannot read")
        assert not page.says_all_is_well
    until(lambda: backup_id in page.rows and not page.missing, "the open page to show the backup again")
