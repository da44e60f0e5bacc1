# SPDX-License-Identifier: Apache-2.0
"""From a row of the stock table to an outcome that was seen."""

import threading

import pytest
from selenium.webdriver import ActionChains

from tests.fake_cinder import stamp


@pytest.mark.short
def test_row_action_of_the_stock_table_opens_the_dialog_over_it(horizon, cloud):
    dialog = horizon.open_dialog(cloud.add_backup(name="nightly-07"))
    assert dialog.name == "nightly-07"
    assert horizon.driver.current_url == horizon.url + "admin/backups/"


@pytest.mark.parametrize("status", ["creating", "restoring", "error_deleting", "error"])
def test_button_in_the_open_of_a_stuck_row_is_ours_and_not_force_delete(horizon, cloud, status):
    backup = cloud.add_backup(status=status)
    horizon.open_backups()
    assert horizon.action(backup).is_displayed()
    assert horizon.action(backup).text == "Update Backup Status"


def test_button_in_the_open_of_an_available_row_is_still_restore(horizon, cloud):
    backup = cloud.add_backup(status="available", object_count=128)
    horizon.open_backups()
    assert not horizon.action(backup).is_displayed()
    horizon.choose_action(backup)
    assert horizon.dialog().name == "nightly-07"


@pytest.mark.short
def test_action_of_the_detail_page_opens_the_dialog(horizon, cloud):
    backup = cloud.add_backup(name="nightly-07")
    horizon.open_detail(backup)
    horizon.choose_action(backup)
    assert horizon.dialog().name == "nightly-07"


@pytest.mark.short
def test_recommended_choice_is_made_and_one_click_applies_it(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    assert dialog.chosen == "available"
    result = dialog.submit()
    assert result.ending == "applied"
    assert result.name == "nightly-07"
    assert result.text("#backup-reset-change") == "Creating → Available"
    assert (backup["id"], "available") in cloud.resets


def test_another_choice_than_the_recommended_one_is_sent(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    dialog.choose("error")
    assert dialog.chosen == "error"
    result = dialog.submit()
    assert result.text("#backup-reset-change") == "Creating → Error"
    assert cloud.backups[backup["id"]]["status"] == "error"


def test_unproved_available_is_sent_only_with_its_tick(horizon, cloud):
    cloud.services = [cloud.service(state="down", updated_at=stamp(4000)), cloud.service(host="node-2")]
    backup = cloud.add_backup()
    dialog = horizon.open_dialog(backup)
    dialog.choose("available")
    refused = dialog.submit()
    assert "Allow Available without proof" in refused.text(".has-error .help-block")
    assert refused.chosen == "available"
    assert cloud.resets == []
    refused.tick("override")
    assert refused.submit().ending == "applied"
    assert cloud.backups[backup["id"]]["status"] == "available"


@pytest.mark.short
def test_row_behind_the_result_shows_the_new_status(horizon, cloud):
    # Horizon itself asks only for rows in flight again.
    backup = cloud.add_backup(status="available", object_count=128)
    dialog = horizon.open_dialog(backup)
    dialog.choose("error")
    dialog.submit().close()
    horizon.wait(lambda: "Error" in horizon.row(backup).text, "the row to be brought up to date")


def test_accepted_but_not_applied_is_not_told_as_success(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog(backup).submit()
    assert result.ending == "accepted"
    assert "not applied yet" in result.text("#backup-reset-outcome")
    assert result.button.get_attribute("value") == "Check again"


def test_check_again_shows_what_was_applied_meanwhile(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog(backup).submit()
    cloud.backups[backup["id"]]["status"] = "available"
    again = result.submit()
    assert again.ending == "applied"
    assert again.text("#backup-reset-change") == "Creating → Available"
    assert cloud.asked("POST", f"/backups/{backup['id']}/action") == 1


@pytest.mark.short
def test_result_dialog_watches_on_by_itself(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    result = horizon.open_dialog(backup).submit()
    assert result.ending == "accepted"
    cloud.backups[backup["id"]]["status"] = "available"
    horizon.wait(lambda: horizon.dialog().ending == "applied", "the result to change by itself")
    assert [button.text for button in horizon.visible(".modal-footer .btn-primary")] == ["Free it"]
    assert "is still Backing Up" in horizon.dialog().text(".backup-reset-locked")


def test_closing_the_result_opens_no_older_dialog(horizon, cloud):
    cloud.applies = False
    backup = cloud.add_backup(object_count=128)
    horizon.open_dialog(backup).submit().submit().close()
    assert horizon.find_all("#modal_wrapper .modal") == []


def test_cancelling_a_refused_form_opens_no_older_dialog(horizon, cloud):
    dialog = horizon.open_dialog(cloud.add_backup())
    dialog.choose("available")
    dialog.submit().close()
    assert horizon.find_all("#modal_wrapper .modal") == []
    assert cloud.resets == []


def test_dialog_opens_again_after_it_was_closed(horizon, cloud):
    backup = cloud.add_backup(object_count=128)
    horizon.open_dialog(backup).close()
    horizon.choose_action(backup)
    assert horizon.dialog().name == "nightly-07"


def test_double_click_sends_once(horizon, cloud, traffic):
    backup = cloud.add_backup(object_count=128)
    dialog = horizon.open_dialog(backup)
    let_go = threading.Event()
    cloud.before_answer.append(lambda request: request.method == "POST" and let_go.wait(10))
    ActionChains(horizon.driver).double_click(dialog.button).perform()
    horizon.wait(lambda: cloud.asked("POST", "/action"), "the reset to be sent")
    let_go.set()
    assert dialog.replaced().ending == "applied"
    traffic.settle()
    assert cloud.asked("POST", f"/backups/{backup['id']}/action") == 1
