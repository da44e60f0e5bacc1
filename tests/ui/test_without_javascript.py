# SPDX-License-Identifier: Apache-2.0
"""Our pages in a browser that runs no scripts: the dialog and its result are pages of their own."""

import pytest

from tests.fake_cinder import stamp


@pytest.fixture
def browser(browser_without_javascript):
    return browser_without_javascript


def test_this_browser_runs_no_scripts(horizon, cloud):
    horizon.open_dialog_page(cloud.add_backup())
    assert horizon.visible(".javascript-disabled")


def test_dialog_page_leads_to_the_result_page(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog_page(backup).submit()
    assert result.ending == "applied"
    assert result.text("#backup-reset-change") == "Creating → Available"
    assert cloud.backups[backup["id"]]["status"] == "available"


def test_check_again_works_on_the_result_page(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog_page(backup).submit()
    assert result.ending == "accepted"
    again = result.submit()
    assert again.ending == "accepted"
    cloud.backups[backup["id"]]["status"] = "available"
    assert again.submit().ending == "applied"


def test_check_again_works_on_the_page_of_a_dialog_that_could_not_send(horizon, cloud):
    alive = cloud.services
    cloud.services = [row | {"state": "down", "updated_at": stamp(4000)} for row in alive]
    blocked = horizon.open_dialog_page(cloud.add_backup(object_count=128))
    assert blocked.text("#backup-reset-nothing")
    cloud.services = alive
    assert blocked.submit().chosen == "available"


def test_refused_form_keeps_what_was_chosen(horizon, cloud):
    dialog = horizon.open_dialog_page(cloud.add_backup())
    dialog.choose("available")
    refused = dialog.submit()
    assert refused.chosen == "available"
    assert "Allow Available without proof" in refused.text(".has-error .help-block")
    assert cloud.resets == []


def test_folds_open(horizon, cloud):
    backup = cloud.add_backup()
    dialog = horizon.open_dialog_page(backup)
    dialog.find("#backup-reset-facts summary").click()
    assert backup["id"] in dialog.text("#backup-reset-facts")


def test_cancel_leads_back_to_the_backups(horizon, cloud):
    dialog = horizon.open_dialog_page(cloud.add_backup())
    dialog.find(".cancel").click()
    horizon.wait(lambda: horizon.driver.current_url == horizon.url + "admin/backups/", "the list of backups")


def test_stuck_backups_page_shows_its_rows_and_leads_to_the_dialog(horizon, cloud, owner_down):
    backup = cloud.add_backup(name="nightly-07", object_count=128)
    horizon.open("admin/backup_reset/")
    horizon.find("#tile-error").click()
    horizon.wait(lambda: horizon.visible("#stuck-empty"), "the other tile")
    horizon.find("#tile-needs_attention").click()
    horizon.wait(lambda: horizon.row(backup).is_displayed(), "the first tile")
    horizon.find(f"#stuck_backups__row_{backup['id']}__action_update_status").click()
    assert horizon.dialog().submit().ending == "applied"


def test_plan_page_says_that_it_needs_javascript(horizon, cloud, owner_down):
    cloud.add_backup()
    horizon.open("admin/backup_reset/")
    horizon.find("#stuck-all button").click()
    horizon.wait_for_words("A bulk run needs JavaScript.")
    assert horizon.visible("#bulk-rows, #bulk-mode, #bulk-csv") == []
    horizon.find("noscript .btn").click()
    horizon.wait(lambda: horizon.visible("#stuck_backups"), "the list")
